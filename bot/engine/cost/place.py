"""The region whose prices hold for a resource: what it says itself, what it belongs to, else its provider's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.cost.arguments import NotKnown, at, written
from bot.engine.cost.spec import Spec
from bot.engine.model.price import Reason
from bot.engine.model.resource import Model, Resource
from bot.engine.pattern import Pattern
from bot.engine.views.configured import Configurations
from bot.engine.views.location import ATTRIBUTES, ZONE

AWS_ZONE = Pattern(r"([a-z]{2}(?:-[a-z]+)+-\d)[a-z]")
MAX_STEPS = 4
GROUP = "resource_group_name"


class Places:
    """The places of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._by_address: dict[str, Resource] | None = None
        self._configurations = Configurations(model)

    def target(self, item: Resource, paths: tuple[str, ...]) -> Resource | None:
        """The resource of the model that an argument refers to; None when none of them refers to one."""
        for path in paths:
            value = at(item.attributes, path)
            for ref in value.refs if value is not None else ():
                if found := self._resources().get(ref):
                    return found
        return None

    def of(self, item: Resource, spec: Spec) -> str:
        """The region, as the provider names it in small letters. Raises `NotKnown`."""
        found = next(self._said(item, spec, MAX_STEPS), None)
        if found is None:
            raise NotKnown(Reason("no-region"))
        return _region(found)

    def _said(self, item: Resource, spec: Spec, left: int) -> Iterator[str]:
        family = item.type.partition("_")[0]
        names = ATTRIBUTES.get(family, ())
        for name in (*names, *(("availability_zone",) if family == "aws" else ())):
            text = written(item.attributes, name)
            if text is not None:
                yield text
        if left and (owner := self.target(item, (spec.place, GROUP) if spec.place else (GROUP,))):
            yield from self._said(owner, spec, left - 1)
        configuration = self._configurations.of(item)
        for name in names:
            text = written(configuration.attributes, name) if configuration is not None else None
            if text is not None:
                yield text

    def _resources(self) -> dict[str, Resource]:
        if self._by_address is None:
            managed = [item for item in self._model.resources if item.mode in ("managed", "data")]
            self._by_address = {item.definition: item for item in reversed(managed)} | {item.address: item for item in managed}
        return self._by_address


def _region(text: str) -> str:
    zone = ZONE.fullmatch(text) or AWS_ZONE.fullmatch(text)
    return zone[1] if zone else text.replace(" ", "").lower()
