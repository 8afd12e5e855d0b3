"""Results + configuration + waivers → what blocks, and the conclusion, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.facts import Facts
from bot.engine.model.result import Result, Suppression
from bot.engine.model.rule import Disposition, Rule
from bot.engine.model.verdict import Conclusion, Coverage, State
from bot.engine.policy import Policy
from bot.engine.policy.precedence import Governance, Settings
from bot.engine.policy.resolution import NEVER_LOOSENED
from bot.engine.policy.waiver import Waiver

BLOCKING_STATES = ("new", "updated")
UNCALLED = "module-input"  # the inputs of a module that nothing in the tree calls are its future callers' to decide

# https://docs.github.com/pull-requests/reference/status-checks: failure and action_required block a merge, the others do not.
CONCLUSIONS: dict[State, Conclusion] = {
    "violations": "failure",
    "decisions": "action_required",
    "not-known": "success",
    "clean": "success",
    "no-infrastructure": "success",
    "observing": "neutral",
    "own-failure": "failure",
}


class Terms(Struct, frozen=True):
    """What is in force: the policy, what the configurations come to, the waivers, the time, and the tables of facts."""

    policy: Policy
    governance: Governance
    waivers: tuple[Waiver, ...]
    now: datetime
    facts: Facts


def settle(results: Iterable[Result], terms: Terms) -> tuple[Result, ...]:
    """The results with treatment, level, suppression, and whether they block; without those whose rule is off."""
    rules = {rule.id: rule for rule in terms.policy.rules}
    settled = (_settled(result, rules[result.rule], terms) for result in results)
    return tuple(result for result in settled if result is not None)


def _settled(result: Result, rule: Rule, terms: Terms) -> Result | None:
    settings = terms.governance.settings(rule)
    treatment = _treatment(result, settings)
    if treatment is None:
        return None
    waiver = next((item for item in terms.waivers if _covers(item, result) and item.valid(terms.now)), None)
    suppression = Suppression("waiver", waiver.ref) if waiver and result.kind != "pass" else None
    blocking = treatment != "advice" and result.kind != "pass" and result.baseline_state in BLOCKING_STATES
    return replace(
        result,
        treatment=treatment,
        level=settings.level,
        suppression=suppression,
        blocks=blocking and settings.level == "enforce" and suppression is None,
    )


def _treatment(result: Result, settings: Settings) -> Disposition | None:
    """None: the rule is switched off."""
    if settings.disposition == "off":
        return None
    if result.kind != "open":
        return settings.disposition
    return "advice" if result.deciding.reason == UNCALLED and result.rule not in NEVER_LOOSENED else settings.unknown


def _covers(waiver: Waiver, result: Result) -> bool:
    places = ((result.file, result.resource), *((place.file, place.resource) for place in result.places))
    return all(waiver.covers(result.rule, resource, path) for path, resource in places)


def numbered(results: Iterable[Result]) -> tuple[Result, ...]:
    """What is asked of somebody, numbered in order: V-1, V-2 … to fix, J-1, J-2 … to decide."""
    counts = {"V": 0, "J": 0}
    out: list[Result] = []
    for result in results:
        asked = result.treatment != "advice" and result.kind != "pass" and result.baseline_state in BLOCKING_STATES
        letter = ("V" if result.treatment == "violation" else "J") if asked else ""
        if letter:
            counts[letter] += 1
        out.append(replace(result, number=f"{letter}-{counts[letter]}" if letter else ""))
    return tuple(out)


def conclude(results: Iterable[Result], coverage: Coverage, *, infrastructure: bool) -> State:
    """The row of PRODUCT §2 that applies; the first that does. What would block but for its level is never called clean."""
    found = tuple(results)
    if any(result.blocks and result.treatment == "violation" for result in found):
        return "violations"
    if any(result.blocks for result in found):
        return "decisions"
    if any(would_block(result) for result in found):
        return "observing"
    if not infrastructure:
        return "no-infrastructure"
    return "not-known" if _anything_unknown(found, coverage) else "clean"


def would_block(result: Result) -> bool:
    """Whether the result would block if its level were enforce."""
    asked = result.treatment != "advice" and result.kind != "pass"
    return asked and result.baseline_state in BLOCKING_STATES and result.suppression is None


def _anything_unknown(results: tuple[Result, ...], coverage: Coverage) -> bool:
    if coverage.unread or coverage.partly:
        return True
    return any(result.kind == "open" and result.baseline_state != "absent" for result in results)


def valid_until(results: Iterable[Result], terms: Terms) -> datetime | None:
    """When the first waiver that this verdict rests on lapses, or a configuration begins to say something else."""
    used = {result.suppression.ref for result in results if result.suppression and result.suppression.kind == "waiver"}
    ends = [datetime.combine(waiver.expires, time.max, UTC) for waiver in terms.waivers if waiver.ref in used]
    if start := terms.governance.changes:
        ends.append(datetime.combine(start, time.min, UTC))
    return min(ends, default=None)


def deciders(results: Iterable[Result], terms: Terms) -> dict[str, tuple[str, ...]]:
    """Category → who may decide, for the categories of what is asked, in their order."""
    asked = dict.fromkeys(result.category for result in results if result.treatment == "judgment" and would_block(result))
    return {category: terms.governance.owners[category] for category in asked if category in terms.governance.owners}
