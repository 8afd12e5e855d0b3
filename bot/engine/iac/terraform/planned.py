"""A root's model under a plan: what the source leaves open is told by the plan, at the place where the source says it.

A plan is testimony. The model under it stands beside those of the source, so that it can add results and take none away.
Only a plan that is trusted, and agrees with everything that the source does tell, takes the place of the source's model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.iac.terraform.merging import Merging
from bot.engine.model.notice import Notice
from bot.engine.model.plan import Plan, PlannedResource
from bot.engine.model.resource import Call, Model, Resource
from bot.engine.model.span import NOWHERE, Span
from bot.engine.model.value import Plain
from bot.engine.pattern import Pattern

Side: TypeAlias = Literal["before", "after"]
Standing: TypeAlias = Literal["settles", "adds", "disagrees", "no-root"]
ENVIRONMENT = "plan"
_KEY = Pattern(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]')
_MODULE = Pattern(r"module\.([\w-]+)\.")


class Planned(Struct, frozen=True):
    """The models with a plan put to them. `standing`: what the plan was good for; `place`: the first place it disagrees with."""

    models: tuple[Model, ...]
    standing: Standing
    place: str = ""


def under(plan: Plan, models: tuple[Model, ...], side: Side) -> Planned:
    """The models of one side under a plan of one of their roots."""
    mine = [model for model in models if model.root == plan.root and model.files]
    if not mine:
        return Planned(models, "no-root")
    written = [(model, *_under(plan, model, side)) for model in mine]
    agreeing = [(model, settled) for model, settled, differences in written if not differences]
    if plan.trusted and len(agreeing) == 1:
        source, settled = agreeing[0]
        return Planned(tuple([settled if model is source else model for model in models]), "settles")
    source, nearest, differences = min(written, key=lambda item: len(item[2]))
    added = replace(nearest if side == "after" else _beside(source, nearest), environment=ENVIRONMENT)
    return Planned((*models, added), "disagrees" if differences else "adds", differences[0] if differences else "")


def _beside(source: Model, planned: Model) -> Model:
    """What a plan that settles nothing may say of the time before: of what the source does not list, so that it excuses nothing else."""
    listed = {item.address for item in source.resources if item.exists is None and not item.is_published}
    return replace(planned, resources=tuple([item for item in planned.resources if item.address not in listed]))


def _under(plan: Plan, model: Model, side: Side) -> tuple[Model, list[str]]:
    """The model under the plan, and where they differ. What is known of public modules gives way to what the plan says of them."""
    body = _Body(plan, replace(model, resources=tuple([item for item in model.resources if not item.is_published])), side)
    resources = tuple(body.resources())
    return replace(model, resources=resources), body.differences


class _Body:
    """The instances of one model, each with what the plan says of it."""

    def __init__(self, plan: Plan, model: Model, side: Side) -> None:
        self.plan = plan
        self.model = model
        self.side = side
        self.differences: list[str] = []
        self.planned = {_address(item, side): item for item in plan.resources if _values(item, side) is not None}
        self.modules = {item.definition: item for item in model.resources if item.mode == "module"}
        self.templates = {item.definition: item for item in model.resources if item.exists is not None}
        self.opened = {"", *(_inside(item.definition) for item in model.resources if item.mode != "module")}

    def resources(self) -> Iterator[Resource]:
        taken: set[str] = set()
        for item in self.model.resources:
            if item.mode not in ("managed", "data"):
                yield item
                continue
            planned = self.planned.get(item.address)
            if planned is not None:
                taken.add(item.address)
                yield self._told(item, planned)
            elif item.exists is None:
                self._missing(item)
                yield item
        for address, planned in self.planned.items():
            if address not in taken:
                yield self._told(self._template(address, planned), planned)

    def _missing(self, item: Resource) -> None:
        """A data source that is read during the plan need not be in it; nothing is said of the time before a resource was made."""
        if item.mode == "managed" and self.side == "after":
            self.differences.append(item.address)

    def _told(self, item: Resource, planned: PlannedResource) -> Resource:
        merging = Merging(Span(self.plan.path, 1))
        attributes = merging.body(item.attributes, _values(planned, self.side) or {}, item.span)
        self.differences.extend(f"{item.address}.{path}" for path in merging.differences)
        return replace(item, address=_address(planned, self.side), attributes=attributes, exists=None)

    def _template(self, address: str, planned: PlannedResource) -> Resource:
        """What an instance that the source does not list looks like there: the block whose number is unknown, or its call."""
        definition = _KEY.sub("", address)
        if definition in self.templates:
            return self.templates[definition]
        calls = tuple(self._calls(definition))
        span = next((call.span for call in reversed(calls) if call.span.line), Span(self.model.files[0], 1))
        if _inside(definition) in self.opened or not any(call.span.line for call in calls):
            self.differences.append(address)
        provider = planned.type.partition("_")[0]
        model = self.model
        names = (address, definition, planned.type, planned.name)
        return Resource(*names, planned.mode, model.language, model.root, span, {}, calls, provider)

    def _calls(self, definition: str) -> Iterator[Call]:
        """The calls on the way to an address, as far as the source shows them."""
        for found in _MODULE.finditer(definition):
            call = self.modules.get(definition[: found.end() - 1])
            yield Call(found[1], call.span if call is not None else NOWHERE)


def _inside(definition: str) -> str:
    """The module that an address stands in, empty for the root: what stands before its type."""
    return definition[: max((found.end() for found in _MODULE.finditer(definition)), default=0)]


def _address(item: PlannedResource, side: Side) -> str:
    return item.previous if side == "before" and item.previous else item.address


def _values(item: PlannedResource, side: Side) -> dict[str, Plain] | None:
    return item.before if side == "before" else item.after


def under_all(plans: Iterable[Plan], models: tuple[Model, ...], side: Side) -> tuple[tuple[Model, ...], tuple[Notice, ...]]:
    """The models of one side under all plans, one after the other, and what the reader should know about each."""
    notices: list[Notice] = []
    for plan in plans:
        found = under(plan, models, side)
        models = found.models
        notices.append(Notice(f"plan-{found.standing}", {"where": plan.path, "root": plan.root or ".", "place": found.place}))
    return models, tuple(notices)
