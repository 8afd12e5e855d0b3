"""A control that is cited beside a resource on which a rule that rests on this control finds the contrary.

Which rule rests on which control stands in the rule's references: https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Stated
from bot.engine.model.match import Match
from bot.engine.pattern import Pattern
from bot.engine.policy import judge
from bot.engine.policy.load import Policy, policy_of

_ANCHOR = Pattern(r"/securityhub/latest/userguide/[\w-]+-controls\.html#([a-z0-9]+)-(\d+)$")
# Who writes so does not say that the control is met.
_OTHERWISE = Pattern(
    r"\b(?:not|no|never|without|except\w*|exempt\w*|todo|fixme|skip\w*|ignor\w*|violat\w*|fail\w*|waive\w*|accept\w*|risk|until|will|should|must|"
    r"needs?|gap|finding|suppress\w*|disabled?|deviat\w*|non-?complian\w*|see|cannot)\b|n't\b",
    re.IGNORECASE,
)


def held(found: Iterable[Stated], scene: Scene) -> Iterator[Stated]:
    """What was found, with what the rules refute among it."""
    judged: Mapping[str, Sequence[Match]] | None = None
    for stated in found:
        rules = _resting(scene.policy).get(str(stated.fields.get("id", "")).lower(), frozenset())
        block = stated.sentence.text.block
        if not rules or not block or stated.status != "supported" or _OTHERWISE.search(stated.sentence.content):
            yield stated
            continue
        judged = _judged(scene) if judged is None else judged
        yield next((_refuted(stated, match) for match in judged.get(block, ()) if match.rule.id in rules), stated)


@lru_cache(maxsize=4)
def _resting(policy: Policy) -> dict[str, frozenset[str]]:
    """Identifier of Security Hub in lower case → the rules that rest on it."""
    found: dict[str, set[str]] = {}
    for rule in policy.rules:
        for reference in rule.references:
            if (anchor := _ANCHOR.search(reference)) is not None:
                found.setdefault(f"{anchor[1]}.{anchor[2]}", set()).add(rule.id)
    return {identifier: frozenset(rules) for identifier, rules in found.items()}


def _judged(scene: Scene) -> dict[str, list[Match]]:
    """Address → what rules that rest on a control find there, and surely."""
    wanted = frozenset(rule for rules in _resting(scene.policy).values() for rule in rules)
    some = policy_of(list(scene.policy.rules.named(wanted)), f"controls {scene.policy.digest}")
    found: dict[str, list[Match]] = {}
    for model in scene.head:
        for match in judge(some, model, views=scene.views):
            if match.truth == "true" and match.evidence and match.evidence[0].value is not None:
                found.setdefault(match.subject.resource.address, []).append(match)
    return found


def _refuted(stated: Stated, match: Match) -> Stated:
    item = match.evidence[0]
    assert item.value is not None
    span = item.value.span
    fields = stated.fields | {"rule": match.rule.id, "path": item.path, "where": f"{span.path}:{span.line}"}
    shown = f"{item.path} ({span.path}:{span.line})"
    resource = match.subject.resource.address
    return replace(stated, status="contradicted", by=shown, resource=resource, key="citation.not-met", fields=fields, at=span)
