"""What uses a resource: those that were read from it, and those that were read from these, through to the end."""

from __future__ import annotations

from collections import defaultdict

from bot.engine.model.resource import Model, Resource
from bot.engine.views.reading import references


class Reach:
    """Dependents by address, of both models: what the head no longer says may have been said on the base. Made when first asked for."""

    def __init__(self, *models: Model) -> None:
        self._models = models
        self._users: dict[str, set[str]] | None = None

    def of(self, resource: Resource) -> tuple[str, ...]:
        """Addresses of the resources that depend on this one, transitively, sorted."""
        users = self._dependents()
        found: set[str] = set()
        pending = [resource.address, resource.definition]
        while pending:
            new = users.get(pending.pop(), set()) - found
            found |= new
            pending.extend(new)
        return tuple(sorted(found - {resource.address, resource.definition}))

    def _dependents(self) -> dict[str, set[str]]:
        if self._users is None:
            self._users = defaultdict(set)
            for item in (item for model in self._models for item in model.resources if item.mode == "managed"):
                for ref in references(item):
                    self._users[ref].add(item.address)
        return self._users
