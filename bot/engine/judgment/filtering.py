"""View `filtering`: what a web application firewall that was there lets past from now on, one fact a rule of it.

Fields: `kind`, `form`, `name` (of the rule, or of what the firewall stood before), `checks` (how many rules a request that is let past
does not come to). A fact that is `passing` has the form `let past`: a rule that allows, before others that check. One that is `checking`
has `only counted`, `allowed` or `removed`, of a rule that checked, or `taken off`: the firewall before something that is still there.
The form is unknown where the rules are. The first rule that allows or blocks ends the way.
https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-rule-actions.html
https://docs.cloud.google.com/armor/docs/security-policy-overview#eval_order
https://learn.microsoft.com/azure/web-application-firewall/ag/custom-waf-rules-overview
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.judgment.difference import Difference, Pair
from bot.engine.judgment.firewall_rules import FIREWALLS, Check, checks, unread
from bot.engine.judgment.subjects import block_key, place_of, resting, subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Resource
from bot.engine.model.tried_out import is_tried_out
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import attribute, owner

FIELDS = ("kind", "form", "name", "checks")
PASSING, CHECKING = "passing", "checking"
# Type → the argument that says what the firewall stands before.
ASSOCIATIONS = {"aws_wafv2_web_acl_association": "resource_arn", "aws_wafregional_web_acl_association": "resource_arn"}
# Type → the argument that says which firewall stands before it.
GUARDED = {
    "aws_cloudfront_distribution": "web_acl_id",
    "azurerm_application_gateway": "firewall_policy_id",
    "google_compute_backend_service": "security_policy",
}


def filterings(difference: Difference) -> Iterator[Subject]:
    """A fact for each rule that lets past or checks less, and each thing that no firewall stands before any more."""
    for pair in difference.pairs:
        if is_tried_out(pair.after.span.path):
            continue
        if pair.after.type in FIREWALLS:
            yield from _passing(difference, pair)
            yield from _checking(difference, pair)
        if pair.after.type in GUARDED:
            yield from _unguarded(pair, GUARDED[pair.after.type])
    yield from _taken_off(difference)


def _passing(difference: Difference, pair: Pair) -> Iterator[Subject]:
    before, after = tuple(checks(pair.before)), tuple(checks(pair.after))
    names = {item.name for item in before}
    for item in after:
        later = sum(other.action == "check" and other.priority > item.priority for other in after)
        is_new = item.name not in names and not _stands(difference, item, before)
        if item.action == "allow" and later and is_new:
            yield _fact(pair.after, PASSING, "let past", item.name, item.place, str(later))
    stood = {gap.expression for gap in unread(pair.before)}
    gap = next((gap for gap in unread(pair.after) if gap.expression not in stood), None)
    if gap is not None:
        yield _fact(pair.after, PASSING, gap, gap.expression, gap)


def _checking(difference: Difference, pair: Pair) -> Iterator[Subject]:
    after = tuple(checks(pair.after))
    there = {item.name: item for item in after}
    for item in checks(pair.before):
        found = there.get(item.name)
        if item.action != "check" or (found is not None and found.action == "check"):
            continue
        if found is not None:
            yield _fact(pair.after, CHECKING, "allowed" if found.action == "allow" else "only counted", item.name, found.place)
        elif not _stands(difference, item, after):
            yield _fact(pair.after, CHECKING, next(unread(pair.after), None) or "removed", item.name, None)


def _stands(difference: Difference, item: Check, others: tuple[Check, ...]) -> bool:
    """Whether the same is done to the same requests under another name."""
    return any(other.action == item.action and difference.comparison.same(item.what, other.what) for other in others)


def _unguarded(pair: Pair, name: str) -> Iterator[Subject]:
    before, after = attribute(pair.before, name), attribute(pair.after, name)
    if before is not None and after is None:
        yield _fact(pair.after, CHECKING, "taken off", pair.after.address, None)


def _taken_off(difference: Difference) -> Iterator[Subject]:
    """Associations that go while what they name stays, and no other names it."""
    there = {item.definition: item for item in difference.head.resources if item.mode == "managed"}
    named = {owner(attribute(item, ASSOCIATIONS[item.type])) for item in there.values() if item.type in ASSOCIATIONS}
    for loss in difference.losses:
        target = owner(attribute(loss.resource, ASSOCIATIONS.get(loss.resource.type, ""))) if loss.resource.type in ASSOCIATIONS else ""
        if target in there and target not in named and not loss.successor and not loss.anew:
            form = loss.uncertain or "taken off"
            cause = Cause(Change("", None, loss.uncertain), key=block_key("filtering", loss.resource, "taken off"), gone=loss.gone)
            yield subject("filtering", loss.resource, loss.place, cause, kind=CHECKING, form=form, name=target)


def _fact(item: Resource, kind: str, form: str | Unknown, name: str, value: Value | None, number: str | None = None) -> Subject:
    key = block_key("filtering", item, form if isinstance(form, str) else kind)
    cause = Cause(Change("", None, value), key=key, rests=resting(value))
    return subject("filtering", item, place_of(value, item), cause, kind=kind, form=form, name=name, checks=number)
