"""A control that is cited beside a resource on which a rule that rests on this control finds the contrary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from bot.engine.claims.citations.implied import edition_of, implied
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Stated
from bot.engine.model.match import Match
from bot.engine.pattern import Pattern
from bot.engine.policy import judge
from bot.engine.policy.load import Policy, policy_of

# Who writes so does not say that the control is met.
_OTHERWISE = Pattern(
    r"\b(?:not|no|never|without|except\w*|exempt\w*|todo|fixme|skip\w*|ignor\w*|violat\w*|fail\w*|waive\w*|accept\w*|risk|until|will|should|must|"
    r"needs?|gap|finding|suppress\w*|disabled?|deviat\w*|non-?complian\w*|see|cannot)\b|n't\b",
    re.IGNORECASE,
)


def held(found: Iterable[Stated], scene: Scene) -> Iterator[Stated]:
    """What was found, with what the rules refute among it."""
    judged: Mapping[tuple[str, str], Sequence[Match]] | None = None
    for stated in found:
        text = stated.sentence.text
        rules = _resting(stated, scene.policy) if text.block and stated.status == "supported" else frozenset()
        if not rules or _OTHERWISE.search(stated.sentence.content):
            yield stated
            continue
        judged = _judged(scene) if judged is None else judged
        there = judged.get((text.path, text.block), ())
        yield next((_refuted(stated, match) for match in there if match.rule.id in rules), stated)


def _resting(stated: Stated, policy: Policy) -> frozenset[str]:
    """The rules that rest on the control which is cited."""
    table, named = str(stated.fields.get("table", "")), str(stated.fields.get("named", ""))
    return implied(policy).get((table, edition_of(table, named), str(stated.fields["id"]).lower()), frozenset())


def _judged(scene: Scene) -> dict[tuple[str, str], list[Match]]:
    """File and block → what rules that rest on a control find there, and surely."""
    wanted = frozenset(rule for rules in implied(scene.policy).values() for rule in rules)
    some = policy_of(list(scene.policy.rules.named(wanted)), f"controls {scene.policy.digest}")
    found: dict[tuple[str, str], list[Match]] = {}
    for model in scene.head:
        for match in judge(some, model, views=scene.views):
            if match.truth == "true" and match.evidence and match.evidence[0].value is not None:
                resource = match.subject.resource
                found.setdefault((resource.span.path, f"{resource.type}.{resource.name}"), []).append(match)
    return found


def _refuted(stated: Stated, match: Match) -> Stated:
    item = match.evidence[0]
    assert item.value is not None
    span = item.value.span
    fields = stated.fields | {"rule": match.rule.id, "path": item.path, "where": f"{span.path}:{span.line}"}
    shown = f"{item.path} ({span.path}:{span.line})"
    resource = match.subject.resource.address
    return replace(stated, status="contradicted", by=shown, resource=resource, key="citation.not-met", fields=fields, at=span)
