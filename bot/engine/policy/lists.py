"""What of the files is no setting of a rule: ignored paths, roots and workflows, which add up; owners and where reviews answer, of which
the later file holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.engine.policy.configuration import OwnerList, Section
from bot.engine.policy.reading import below
from bot.engine.policy.resolution import Layer, Said, is_protected

ADDING = ("paths.ignore", "roots", "plans.workflows")


class Patterns(Struct, frozen=True):
    """`held`: what holds; `lost`: what is said and has no effect."""

    held: tuple[Said, ...]
    lost: tuple[Said, ...]


class Owners(Struct, frozen=True):
    """`named`: category, or `fallback` → who may answer; `lost`: what is said and has no effect."""

    named: dict[str, OwnerList]
    lost: tuple[Said, ...]


def patterns(layers: Sequence[Layer], name: str) -> Patterns:
    """The entries of all files under `paths.ignore`, `roots` or `plans.workflows`. Of a protected list later files add nothing."""
    held: list[Said] = []
    lost: list[Said] = []
    for number, layer in enumerate(layers):
        guarded = layer.tightens or is_protected(layers[:number], name)
        for said in _patterns(layer.sections, name, number):
            if all(said.value != other.value for other in held):
                (lost if guarded else held).append(said)
    return Patterns(tuple(held), tuple(lost))


def owners(layers: Sequence[Layer]) -> Owners:
    """Who may decide: of each category the accounts of the last file that names any; of a protected one no later file's."""
    named: dict[str, OwnerList] = {}
    lost: list[Said] = []
    for number, layer in enumerate(layers):
        for section in layer.sections:
            for category, listed in section.owners.items():
                key = f"owners.{category}"
                if not (layer.tightens or is_protected(layers[:number], key)):
                    named[category] = listed
                elif named.get(category) != listed:
                    lost.append(Said(list(listed.accounts), number, below(section.place, key)))
    return Owners(named, tuple(lost))


def reviews(layers: Sequence[Layer]) -> Patterns:
    """The categories on which an approving review is an answer: those of the last file that says any; of a protected list, or by a file
    that may only tighten, some are taken away and none are added."""
    held: tuple[Said, ...] = ()
    lost: list[Said] = []
    for number, layer in enumerate(layers):
        guarded = layer.tightens or is_protected(layers[:number], "reviews")
        for section in layer.sections:
            if section.reviews is None:
                continue
            found = [Said(name, number, below(section.place, f"reviews[{at}]")) for at, name in enumerate(section.reviews)]
            before = {said.value for said in held}
            lost += (said for said in found if guarded and said.value not in before)
            held = tuple(said for said in found if not guarded or said.value in before)
    return Patterns(held, tuple(lost))


def breakers(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The teams that may break the glass: those that the organisation's file names last."""
    named = [section.break_glass for layer in layers for section in layer.sections if section.break_glass is not None]
    return named[-1] if named else ()


def _patterns(sections: Sequence[Section], name: str, layer: int) -> Iterator[Said]:
    for section in sections:
        items = {"paths.ignore": section.paths.ignore, "roots": section.roots, "plans.workflows": section.plans.workflows}[name]
        yield from (Said(item, layer, below(section.place, f"{name}[{number}]")) for number, item in enumerate(items))
