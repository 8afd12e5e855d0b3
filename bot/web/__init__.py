"""Flask: webhook, health, metrics, setup."""
