"""View `first-use`: what a root has never had before: a service of a cloud, a region in which data is kept.

Fields: `form` (`service`, `region`; unknown where the number of instances is), `cloud`, `name` (the service, the region).
A root that is new, or has nothing of that cloud yet, begins with everything: nothing of it is a first use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Value
from bot.engine.views.configured import Configurations
from bot.engine.views.location import ATTRIBUTES, region_of
from bot.engine.views.reading import attribute, text
from bot.engine.views.service import are_related, service_of

FIELDS = ("form", "cloud", "name")


def first_uses(difference: Difference) -> Iterator[Subject]:
    """A fact for the first resource of each service and for the first that keeps data in a region. What only moved is not new."""
    yield from _services(difference)
    yield from _regions(difference)


def _services(difference: Difference) -> Iterator[Subject]:
    if not difference.created:
        return
    known: dict[str, set[str]] = defaultdict(set)
    for name in {item.type for item in difference.base.resources if item.mode == "managed"}:
        if found := service_of(name):
            known[found[0]].add(found[1])
    for item in _in_order(difference.created):
        cloud, name = service_of(item.type) or ("", "")
        if known.get(cloud) and not any(are_related(name, other) for other in known[cloud]):
            known[cloud].add(name)
            yield _fact(item, "service", cloud, name)


def _regions(difference: Difference) -> Iterator[Subject]:
    keeping = [item for item in difference.created if (facts := difference.stateful.get(item.type)) and facts.keeps == "data"]
    known = set(_named(difference.base)) if keeping else set()
    configurations = Configurations(difference.head)
    for item in _in_order(keeping) if known else ():
        name = region_of(text(_place(item, configurations)) or "")
        if name and name not in known:
            known.add(name)
            yield _fact(item, "region", item.type.partition("_")[0], name)


def _in_order(found: Iterable[Resource]) -> list[Resource]:
    """What there is for certain first: of several the first is told."""
    return sorted(found, key=lambda item: (item.exists is not None, item.address))


def _named(model: Model) -> Iterator[str]:
    """Every region that a configuration or a resource names."""
    for item in model.resources:
        family = item.name if item.mode == "provider" else item.type.partition("_")[0]
        for path in ATTRIBUTES.get(family, ()):
            if name := region_of(text(attribute(item, path)) or ""):
                yield name


def _place(item: Resource, configurations: Configurations) -> Value | None:
    """Where it names a place itself, else where its configuration does."""
    paths = ATTRIBUTES.get(item.type.partition("_")[0], ())
    configuration = configurations.of(item)
    for owner in (item, configuration) if configuration else (item,):
        found = next((value for path in paths if (value := attribute(owner, path)) is not None), None)
        if found is not None:
            return found
    return None


def _fact(item: Resource, form: str, cloud: str, name: str) -> Subject:
    """One question for everything of the kind that one change begins with."""
    change = Change("", None, item.exists)
    cause = Cause(change, key=("first-use", form))
    return subject("first-use", item, item.span, cause, form=item.exists or form, cloud=cloud, name=name)
