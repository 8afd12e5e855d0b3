"""Durable workflows: review a head, reconcile, sweep. Steps run at least once; what they publish is found again by its key."""
