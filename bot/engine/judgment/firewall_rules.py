"""The rules of web application firewalls in one form: what each does with the requests it is about, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.resource import Resource
from bot.engine.model.value import Unknown, Value, first_unknown
from bot.engine.views.reading import Body, blocks, body_of, elements, field, inner, pieces, text, truth, whole

Action: TypeAlias = Literal["allow", "check", "count"]
_DECIDING = ("name", "priority", "action", "override_action", "preview")
LAST = float("inf")  # what Azure manages comes after every rule that is written


class Check(Struct, frozen=True):
    """One rule. `check`: it can stop a request. `what`: the requests it is about; `place`: what says what is done with them."""

    name: str
    priority: float
    action: Action
    what: Value | None
    place: Value


def checks(firewall: Resource) -> Iterator[Check]:
    """The rules that are known, in the order they are written."""
    read, kind = FIREWALLS[firewall.type]
    for block in blocks(firewall, kind):
        body = body_of(block)
        found = None if isinstance(body, Unknown) else read(body, block)
        if found is not None:
            yield found
    yield from _managed_by_azure(firewall)


def unread(firewall: Resource) -> Iterator[Unknown]:
    """What of the rules is not known, so that it cannot be told what they do or in which order; one value a block."""
    read, kind = FIREWALLS[firewall.type]
    for block in blocks(firewall, kind):
        body = body_of(block)
        if isinstance(body, Unknown):
            yield body
        elif read(body, block) is None:
            found = (first_unknown(body[name]) for name in _DECIDING if name in body)
            yield from islice((value for value in found if value is not None), 1)


def _of_aws(body: dict[str, Value], block: Value) -> Check | None:
    name, priority = _named(body), whole(field(body, "priority"))
    own, override = inner(body, "action"), inner(body, "override_action")
    if not name or priority is None or any(map(_is_open, (own, override))):
        return None
    action: Action = "count" if _has(own, "count") or _has(override, "count") else "allow" if _has(own, "allow") else "check"
    return Check(name, priority, action, field(body, "statement"), body.get("action", body.get("override_action", block)))


def _of_google(body: dict[str, Value], block: Value) -> Check | None:
    priority, written = whole(field(body, "priority")), text(field(body, "action"))
    if priority is None or written is None:
        return None
    action: Action = "allow" if written == "allow" else "count" if truth(field(body, "preview")) else "check"
    place = body.get("preview" if action == "count" else "action", block)
    return Check(f"priority {priority}", priority, action, field(body, "match"), place)


def _of_azure(body: dict[str, Value], block: Value) -> Check | None:
    priority, written = whole(field(body, "priority")), text(field(body, "action"))
    if priority is None or written is None or truth(field(body, "enabled")) is False:
        return None
    action: Action = "allow" if written == "Allow" else "count" if written == "Log" else "check"
    what = field(body, "match_conditions") or field(body, "match_condition")
    return Check(_named(body) or f"priority {priority}", priority, action, what, body.get("action", block))


def _managed_by_azure(firewall: Resource) -> Iterator[Check]:
    outer = [body_of(block) for block in blocks(firewall, "managed_rules")]
    found = [value for body in outer if not isinstance(body, Unknown) for value in elements(field(body, "managed_rule_set"))]
    for value in (*found, *blocks(firewall, "managed_rule")) if firewall.type.startswith("azurerm_") else ():
        body = body_of(value)
        kind = None if isinstance(body, Unknown) else text(field(body, "type")) or "OWASP"
        if kind is not None:
            yield Check(kind, LAST, "check", None, value)


def _named(body: dict[str, Value]) -> str:
    """The name, with gaps where it is not known; empty where nothing of it is."""
    value = field(body, "name")
    return "" if value is None else text(pieces(value)) or ""


def _has(body: Body | None, name: str) -> bool:
    return isinstance(body, dict) and bool(elements(body.get(name)))


def _is_open(body: Body | None) -> bool:
    """Whether it is not known which action it is: a `dynamic` block for each of them is how modules write a choice."""
    if not isinstance(body, dict):
        return isinstance(body, Unknown)
    return any(isinstance(item, Unknown) for value in body.values() for item in elements(value))


# Type → how its blocks of rules are read, and what they are called.
_Read: TypeAlias = Callable[[dict[str, Value], Value], Check | None]
FIREWALLS: Mapping[str, tuple[_Read, str]] = {
    "aws_wafv2_rule_group": (_of_aws, "rule"),
    "aws_wafv2_web_acl": (_of_aws, "rule"),
    "azurerm_cdn_frontdoor_firewall_policy": (_of_azure, "custom_rule"),
    "azurerm_frontdoor_firewall_policy": (_of_azure, "custom_rule"),
    "azurerm_web_application_firewall_policy": (_of_azure, "custom_rules"),
    "google_compute_security_policy": (_of_google, "rule"),
}
