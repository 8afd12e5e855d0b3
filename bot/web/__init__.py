"""Flask: webhook, health, metrics; and the service that is made of all parts."""
