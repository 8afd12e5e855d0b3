"""Which configuration of a provider a resource is managed under: by its name in the root, through the calls that pass it on.

https://developer.hashicorp.com/terraform/language/modules/develop/providers
"""

from __future__ import annotations

from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown


class Configurations:
    """The configurations of one model. Each part is made when it is first asked for."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._found: dict[str, Resource] | None = None
        self._passed: dict[str, dict[str, str]] | None = None

    def of(self, item: Resource) -> Resource | None:
        """The `provider` block; None where the root has none of that name."""
        return self._configurations().get(self.name(item))

    def name(self, item: Resource) -> str:
        """`aws.west`, as the root calls it."""
        name, calls = item.provider, [call.name for call in item.calls]
        while calls:
            given = self._given().get(".".join(f"module.{call}" for call in calls), {})
            name = given.get(name, name)
            calls.pop()
        return name

    def _configurations(self) -> dict[str, Resource]:
        if self._found is None:
            self._found = {item.address.removeprefix("provider."): item for item in self._model.resources if item.mode == "provider"}
        return self._found

    def _given(self) -> dict[str, dict[str, str]]:
        """Address of a call → name in the module → name in its caller."""
        if self._passed is None:
            self._passed = {}
            for item in self._model.resources:
                value = item.attributes.get("providers") if item.mode == "module" else None
                if isinstance(value, Known) and isinstance(value.raw, dict):
                    names = {name: str(given.raw) for name, given in value.raw.items() if isinstance(given, Known)}
                    self._passed[item.definition] = names
                elif isinstance(value, Unknown):
                    self._passed[item.definition] = {}
        return self._passed
