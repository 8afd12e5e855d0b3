"""Networks of AWS that are made here, with what guards and watches them.

Fields: `logged` (whether a flow log records it), `default_group` (its default security group: `untouched`, which lets members talk
to each other and out to everywhere; `open`, with rules that are written; `closed`, without any). A default group whose network is not
in sight is a fact of its own.
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html · https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.companion import certain, companions_of, doubt
from bot.engine.views.reading import attribute, blocks, constant, fact, managed, refers_to, span_of

GROUP = "aws_default_security_group"
RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")


def vpcs(model: Model) -> Iterator[Subject]:
    """A fact for each network, then one for each default group that belongs to none in sight."""
    own = list(managed(model, ["aws_vpc"]))
    logs, groups = list(managed(model, ["aws_flow_log"])), list(managed(model, [GROUP]))
    rules = list(managed(model, RULES))
    placed: set[str] = set()
    for vpc in own:
        mine = companions_of(vpc, groups, "vpc_id")
        placed.update(group.address for group in mine)
        default = _default_group(vpc, mine, groups, rules)
        yield fact(vpc, "vpc", vpc.span, logged=_logged(vpc, logs), default_group=default)
    for group in groups:
        if group.address not in placed:
            yield fact(group, "vpc", group.span, default_group=_of_group(group, rules))


def _logged(vpc: Resource, logs: Sequence[Resource]) -> Value:
    mine = certain(companions_of(vpc, logs, "vpc_id"))
    return constant(raw=True, span=mine[0].span) if mine else doubt(vpc, logs, "vpc_id") or constant(raw=False, span=vpc.span)


def _default_group(vpc: Resource, mine: Sequence[Resource], groups: Sequence[Resource], rules: Sequence[Resource]) -> Value:
    added = next((rule for rule in rules if _is_of_default_group(rule, vpc)), None)
    if added is not None:
        return constant("open", added.span)
    if mine:
        return mine[0].exists or _of_group(mine[0], rules)
    return doubt(vpc, groups, "vpc_id") or constant("untouched", vpc.span)


def _is_of_default_group(rule: Resource, vpc: Resource) -> bool:
    value = attribute(rule, "security_group_id")
    return isinstance(value, Unknown) and value.expression.endswith(".default_security_group_id") and refers_to(value, vpc)


def _of_group(group: Resource, rules: Sequence[Resource]) -> Value:
    written = [*blocks(group, "ingress"), *blocks(group, "egress")]
    known = next((block for block in written if not isinstance(block, Unknown)), None)
    if known is not None:
        return constant("open", span_of(known, group))
    added = companions_of(group, rules, "security_group_id")
    if added:
        return constant("open", added[0].span)
    return written[0] if written else doubt(group, rules, "security_group_id") or constant("closed", group.span)
