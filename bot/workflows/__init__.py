"""Durable workflows: review a head, reconcile, sweep. Steps run at least once; what they publish is found again by its key."""

from bot.workflows.page import Parts
from bot.workflows.terms import Shipped

__all__ = ["Parts", "Shipped"]
