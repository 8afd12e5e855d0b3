"""IAM: which services there are, by the prefix of their actions, and which actions each has."""

from collections.abc import Iterator

import msgspec

from bot.engine.facts.table import Table


class ServiceFacts(msgspec.Struct, frozen=True, array_like=True):
    """`actions` as they are written. `operations`: of the service's API that are no actions → the action that allows each.

    `arns`: of its resources, with `${Variables}`. `granted`: for each action the numbers of the `arns` it is granted on, none where
    it takes `*` alone, None where that is not known. `keys`: its condition keys.
    """

    actions: tuple[str, ...]
    operations: dict[str, str] = {}
    arns: tuple[str, ...] = ()
    granted: tuple[tuple[int, ...] | None, ...] = ()
    keys: tuple[str, ...] = ()


class Service:
    """One service, by names in lower case: case does not count in IAM."""

    def __init__(self, facts: ServiceFacts) -> None:
        self.actions = {name.lower(): name for name in facts.actions}
        self.operations = {name.lower(): action for name, action in facts.operations.items()}
        self.keys = facts.keys
        self._arns = facts.arns
        self._granted = facts.granted

    def granted_on(self, action: str) -> tuple[str, ...] | None:
        """The ARNs, with `${Variables}`, that an action is granted on: none where it takes `*` alone; None where that is not known."""
        place = list(self.actions).index(action.lower()) if self._granted and action.lower() in self.actions else -1
        numbers = self._granted[place] if place >= 0 else None
        return None if numbers is None else tuple([self._arns[number] for number in numbers])


class Actions:
    """The table of actions."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._services: dict[str, Service] = {}

    def services(self) -> tuple[str, ...]:
        """All prefixes, sorted; they are in lower case."""
        return self.table.names

    def of(self, service: str) -> Service | None:
        """What a service has; None when the table does not have it."""
        found = self._services.get(service)
        if found is None and (record := self.table.record(service)) is not None:
            found = self._services[service] = Service(msgspec.msgpack.decode(record, type=ServiceFacts))
        return found

    def has(self, service: str, action: str) -> bool:
        """Whether a service has an action of this name."""
        found = self.of(service)
        return found is not None and action.lower() in found.actions

    def having(self, action: str) -> Iterator[str]:
        """The services that have an action of this name. Reads the whole table."""
        return (service for service in self.services() if self.has(service, action))
