"""Values, resources and models built by hand."""

from __future__ import annotations

from textwrap import indent
from typing import Any

from bot.engine.model.match import Match
from bot.engine.model.resource import Mode, Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.policy import judge, load_rule
from bot.engine.policy.load import policy_of

SPAN = Span("main.tf", 1)


def value(raw: object, line: int = 0) -> Value:
    """Plain data as located values; values inside stay as they are. Line by line in reading order when `line` is 0."""
    span = Span("main.tf", line or 1)
    if isinstance(raw, Known | Unknown | Null):
        return raw
    if raw is None:
        return Null(span)
    if isinstance(raw, list | tuple):
        return Known(tuple(value(item, line) for item in raw), span)
    if isinstance(raw, dict):
        return Known({key: value(item, line) for key, item in raw.items()}, span)
    assert isinstance(raw, str | bool | int | float)
    return Known(raw, span)


def unknown(expression: str = "var.x", *parts: str | None, line: int = 1, reason: str = "variable") -> Unknown:
    return Unknown(reason, expression, Span("main.tf", line), parts=parts)  # type: ignore[arg-type]  # a reason


def resource(
    kind: str = "aws_thing", name: str = "a", mode: Mode = "managed", incomplete: Unknown | None = None, **attributes: Any
) -> Resource:
    """A resource whose attributes stand on lines of their own, from line 2."""
    located = {key: value(raw, line) for line, (key, raw) in enumerate(attributes.items(), start=2)}
    address = f"{kind}.{name}"
    return Resource(address, address, kind, name, mode, "terraform", "", SPAN, located, incomplete=incomplete)


def model(*resources: Resource) -> Model:
    return Model("", None, "terraform", resources)


RULE = """\
id: a-rule
title: A thing is wrong
disposition: violation
severity: high
category: data
applies_to: {terraform: aws_thing}
when:
%s
message: Wrong.
fix: Mend it.
rationale: Because.
"""


def rule_text(when: str, **more: str) -> bytes:
    """A rule file with this `when`; `more` are further keys."""
    return (RULE % indent(when, "  ") + "".join(f"{key}: {text}\n" for key, text in more.items())).encode()


def matches(when: str, *resources: Resource, include_pass: bool = False, **more: str) -> tuple[Match, ...]:
    """What the rule with this `when` finds."""
    rule = load_rule("rules/a-rule.yaml", rule_text(when, **more), ())
    return judge(policy_of([rule]), model(*resources), include_pass=include_pass)


def truth(when: str, incomplete: Unknown | None = None, **attributes: Any) -> str:
    """The one truth of this `when` on a resource with these attributes."""
    (match,) = matches(when, resource(incomplete=incomplete, **attributes), include_pass=True)
    return match.truth
