"""What differs between base and head and needs a person: one view of the difference a module, for rules like any other view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from bot.engine.judgment import (
    bounding,
    budget,
    carried_exposure,
    carried_trust,
    claim,
    custody,
    delivery,
    dependency,
    exposure,
    filtering,
    first_use,
    growth,
    guard_file,
    handed_on,
    ignored,
    lock,
    loss,
    power,
    repeated_over,
    suppression,
    trust,
    unseen,
    weakening,
    without_effect,
)
from bot.engine.judgment.arrivals import Arrival, arrivals
from bot.engine.judgment.budget import Costs
from bot.engine.judgment.claim import Said, Spoken
from bot.engine.judgment.difference import Difference, differences
from bot.engine.judgment.files import Files, files, guards, is_looked_at
from bot.engine.judgment.moved import moved
from bot.engine.model.match import Subject
from bot.engine.model.resource import Mode

Differing: TypeAlias = Arrival | Difference | Files | Costs | Spoken

OF_MODELS: Mapping[str, Callable[[Difference], Iterable[Subject]]] = {
    "bounding": bounding.boundings,
    "carried-exposure": carried_exposure.carried_exposures,
    "carried-trust": carried_trust.carried_trusts,
    "custody": custody.custodies,
    "delivery": delivery.deliveries,
    "dependency": dependency.dependencies,
    "exposure": exposure.exposures,
    "filtering": filtering.filterings,
    "first-use": first_use.first_uses,
    "growth": growth.growths,
    "handed-on": handed_on.handed_on,
    "ignored": ignored.ignored,
    "loss": loss.losses,
    "power": power.powers,
    "repeated-over": repeated_over.repeated_over,
    "trust": trust.trusts,
    "unseen-loss": unseen.unseen_losses,
    "weakening": weakening.weakenings,
    "without-effect": without_effect.without_effect,
}
# Of those, what also looks at a root that is new.
OF_ARRIVALS: frozenset[str] = frozenset({"bounding", "handed-on", "power"})
OF_TEXTS: Mapping[str, Callable[[Files], Iterable[Subject]]] = {
    "dependency": lock.majors,
    "guard-file": guard_file.guard_files,
    "lock": lock.locks,
    "suppression": suppression.suppressions,
}
OF_COSTS: Mapping[str, Callable[[Costs], Iterable[Subject]]] = {"budget": budget.budgets}
OF_CLAIMS: Mapping[str, Callable[[Spoken], Iterable[Subject]]] = {"claim": claim.claims}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "bounding": bounding.FIELDS,
    "budget": budget.FIELDS,
    "carried-exposure": carried_exposure.FIELDS,
    "carried-trust": carried_trust.FIELDS,
    "claim": claim.FIELDS,
    "custody": custody.FIELDS,
    "delivery": delivery.FIELDS,
    "dependency": dependency.FIELDS,
    "exposure": exposure.FIELDS,
    "filtering": filtering.FIELDS,
    "first-use": first_use.FIELDS,
    "growth": growth.FIELDS,
    "guard-file": guard_file.FIELDS,
    "handed-on": handed_on.FIELDS,
    "ignored": ignored.FIELDS,
    "lock": lock.FIELDS,
    "loss": loss.FIELDS,
    "power": power.FIELDS,
    "repeated-over": repeated_over.FIELDS,
    "suppression": suppression.FIELDS,
    "trust": trust.FIELDS,
    "unseen-loss": unseen.FIELDS,
    "weakening": weakening.FIELDS,
    "without-effect": without_effect.FIELDS,
}
VIEWS: tuple[str, ...] = tuple(FIELDS)
# The modes of the resources that any of these views looks at.
MODES: frozenset[Mode] = frozenset({"managed", "data", "module", "provider", "terraform", "output"})


def facts(differing: Differing, wanted: Iterable[str]) -> Iterator[tuple[str, Subject]]:
    """The facts of the wanted views, each with its view."""
    for name in sorted(wanted):
        if isinstance(differing, Files) and name in OF_TEXTS:
            yield from ((name, fact) for fact in OF_TEXTS[name](differing))
        elif isinstance(differing, Costs) and name in OF_COSTS:
            yield from ((name, fact) for fact in OF_COSTS[name](differing))
        elif isinstance(differing, Difference) and name in OF_MODELS:
            yield from ((name, fact) for fact in OF_MODELS[name](differing))
        elif isinstance(differing, Arrival) and name in OF_ARRIVALS:
            yield from ((name, fact) for fact in OF_MODELS[name](differing.difference) if differing.is_new(fact))
        elif isinstance(differing, Spoken) and name in OF_CLAIMS:
            yield from ((name, fact) for fact in OF_CLAIMS[name](differing))


__all__ = [
    "FIELDS",
    "MODES",
    "OF_CLAIMS",
    "OF_TEXTS",
    "VIEWS",
    "Arrival",
    "Costs",
    "Difference",
    "Differing",
    "Files",
    "Said",
    "Spoken",
    "arrivals",
    "differences",
    "facts",
    "files",
    "guards",
    "is_looked_at",
    "moved",
]
