"""View `carried-trust`: a role that anybody of a kind may become already, and that gains actions. One fact a role.

Fields: `trusted` (`anyone`, `account`, `repositories`; unknown where the subjects are), `who` (as written in the trust), `where` (its
place), `bearer`, `action` (the first that is new, or the policy that is attached). The trust is from before: who is let in anew is asked
about by itself. What lists and describes is no gain:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from bot.engine.judgment.bearers import ROLE, Bearers
from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import block_key, place_of, resting, subject
from bot.engine.judgment.wide_trust import Wide, wide_trusts
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.notice import Notice
from bot.engine.model.resource import Model, Resource
from bot.engine.model.tried_out import is_tried_out
from bot.engine.model.value import Value
from bot.engine.model.wildcard import covers
from bot.engine.pattern import Pattern
from bot.engine.views.reading import attribute, elements, text
from bot.engine.views.statement import statements

FIELDS = ("trusted", "who", "where", "bearer", "action")
_LOOKS = Pattern(r"[\w-]+:(?:list|describe)[\w*?]*")
_ATTACHED = {"aws_iam_policy_attachment": "policy_arn", "aws_iam_role_policy_attachment": "policy_arn", ROLE: "managed_policy_arns"}


class Given(Struct, frozen=True):
    """An action, or a whole policy by its name, that a resource gives."""

    action: Value
    resource: Resource

    @property
    def name(self) -> str:
        """As names are compared."""
        return (text(self.action) or "").strip().lower()


def carried_trusts(difference: Difference) -> Iterator[Subject]:
    """A fact for each role of both sides that is wide on both and gains something."""
    wide = {}
    for pair in difference.pairs:
        if pair.after.type == ROLE and not is_tried_out(pair.after.span.path):
            before = {item.who for item in wide_trusts(difference.base, pair.before)}
            still = [item for item in wide_trusts(difference.head, pair.after) if item.who in before]
            if still:
                wide[pair.after.address] = pair.before.address, min(still, key=lambda item: not isinstance(item.form, str))
    if wide:
        had, has = _given(difference.base), _given(difference.head)
        for name, (former, trust) in sorted(wide.items()):
            globs = {item.name for item in had[former]}
            gained = [item for item in has[name] if not any(covers(glob, item.name) for glob in globs)]
            if gained:
                yield _fact(name, trust, gained)


def _given(model: Model) -> dict[str, list[Given]]:
    """By bearer what it may do, in the order of the text."""
    found: dict[str, list[Given]] = defaultdict(list)
    bearers = Bearers(model)
    for fact in statements(model):
        if text(fact.attributes.get("document")) == "identity" and text(fact.attributes.get("effect")) == "Allow":
            _add(found, bearers, fact.resource, elements(fact.attributes.get("actions")))
    for item in model.resources:
        if item.mode == "managed" and item.type in _ATTACHED:
            _add(found, bearers, item, elements(attribute(item, _ATTACHED[item.type])))
    return found


def _add(found: dict[str, list[Given]], bearers: Bearers, resource: Resource, actions: tuple[Value, ...]) -> None:
    given = [Given(action, resource) for action in actions]
    for bearer in bearers.of(resource):
        found[bearer] += [item for item in given if item.name and not _LOOKS.fullmatch(item.name)]


def _fact(bearer: str, trust: Wide, gained: list[Given]) -> Subject:
    first, *others = sorted(gained, key=lambda item: place_of(item.action, item.resource))
    names = {item.name for item in others} - {first.name}
    told = (Notice("gains-more", {"n": len(names)}),) if names else ()
    conditions = trust.fact.attributes.get("conditions")
    rests = resting(trust.value, conditions, *sorted(names))
    cause = Cause(Change("", None, first.action), key=block_key("carried-trust", first.resource, trust.who), facts=told, rests=rests)
    at = place_of(trust.value, trust.fact.resource)
    words = {"who": trust.who, "where": f"{at.path}, line {at.line}", "bearer": bearer, "action": text(first.action) or ""}
    return subject("carried-trust", first.resource, place_of(first.action, first.resource), cause, trusted=trust.form, **words)
