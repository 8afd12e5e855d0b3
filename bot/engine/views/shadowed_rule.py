"""Rules of packet filters that are never reached: an earlier one of the other access takes all that they match.

Fields: `fault` (the access or number of the rule; unknown where the earlier one may not be made), `access` (`allow` or `deny`),
`rule`, `first` (the earlier one). A rule that is only repeated is none, nor one whose match an earlier rule of
its own access takes before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.views.packet_rule import (
    PacketRule,
    covers,
    is_tried_before,
    of_acl,
    of_acl_rule,
    of_firewall,
    of_security_group,
    of_security_rule,
)
from bot.engine.views.reading import constant, fact, managed, span_of

READ: Mapping[str, Callable[[Resource], Iterator[PacketRule]]] = {
    "aws_network_acl": of_acl,
    "aws_network_acl_rule": of_acl_rule,
    "azurerm_network_security_group": of_security_group,
    "azurerm_network_security_rule": of_security_rule,
    "google_compute_firewall": of_firewall,
}
MAX_RULES = 200  # of one filter; none of the three takes many more, and each is held against each


def shadowed_rules(model: Model) -> Iterator[Subject]:
    """A fact for each rule that is never reached, in the order of the text."""
    groups: dict[str, list[PacketRule]] = {}
    for resource in managed(model, READ):
        for rule in READ[resource.type](resource):
            groups.setdefault(rule.group, []).append(rule)
    for rules in groups.values():
        if len(rules) <= MAX_RULES:
            yield from _of_group(rules)


def _of_group(rules: list[PacketRule]) -> Iterator[Subject]:
    tried = sorted(rules, key=lambda rule: (rule.order, rule.allows))
    for rule in rules:
        first = next((earlier for earlier in tried if is_tried_before(earlier, rule) and covers(earlier, rule)), None)
        if first is not None and first.allows is not rule.allows:
            yield _fact(rule, first)


def _fact(rule: PacketRule, first: PacketRule) -> Subject:
    span = span_of(rule.at, rule.resource)
    return fact(
        rule.resource,
        "shadowed-rule",
        span,
        rule.path,
        fault=first.resource.exists or rule.at,
        access=constant("allow" if rule.allows else "deny", span),
        rule=constant(rule.name, span),
        first=constant(first.name, span),
    )
