"""Conditions of IAM statements that can never do what they say.

Operators, and what each compares: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.model.wildcard import meet
from bot.engine.pattern import Pattern
from bot.engine.views.prefixes import parse_range
from bot.engine.views.reading import body_of, elements, field, pieces, text
from bot.engine.views.statement_void import Found

STRINGS = r"string(?:not)?(?:equals(?:ignorecase)?|like)"
NUMBERS = r"numeric(?:(?:not)?equals|(?:less|greater)than(?:equals)?)"
DATES = r"date(?:(?:not)?equals|(?:less|greater)than(?:equals)?)"
OTHERS = r"bool|binaryequals|(?:not)?ipaddress|arn(?:not)?(?:equals|like)"
OPERATOR = Pattern(rf"(?:for(?:allvalues|anyvalue):)?(?:{STRINGS}|{NUMBERS}|{DATES}|{OTHERS})(?:ifexists)?|null", re.IGNORECASE)
EXACT = Pattern(r"(?:for(?:allvalues|anyvalue):)?string(?:not)?equals(?:ignorecase)?(?:ifexists)?", re.IGNORECASE)
VARIABLE = Pattern(r"\$\{[^}]*\}")
RANGE_AS_TEXT = Pattern(r"(?![0-9a-fA-F.:]+/\d+$).*", re.DOTALL)
ASKED = ("numeric", "date")  # what is unknown there is rarely meant to be anything else; of addresses and names it usually is
# What a value of each family looks like; a policy variable in it may stand for anything.
FORMS = (
    ("bool", Pattern(r"true|false", re.IGNORECASE)),
    ("null", Pattern(r"true|false", re.IGNORECASE)),
    ("numeric", Pattern(r"[+-]?\d+(\.\d+)?")),
    ("date", Pattern(r"\d{4}(-\d\d){0,2}([Tt ].*)?|\d+")),
    ("arn", Pattern(r"arn:.*|.*[*?].*")),
    ("ipaddress", Pattern(r"\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/\d{1,3})?")),
)
# Names of hosts, and headers, in which a star stands for itself.
STARS_STAND = Pattern(r"acm:domainnames|route53:.*|s3:if-(?:none-)?match", re.IGNORECASE)
# What the service itself is to be let in by, as its documentation writes it:
# https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html
AS_DOCUMENTED = Pattern(r"arn:[^:]*:cur:[^:]*:[^:]*:definition/\*")
ADDRESSES = frozenset({"aws:sourceip", "aws:vpcsourceip"})
PUBLIC_SOURCE = "aws:sourceip"
PRIVATE = tuple(filter(None, map(parse_range, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"))))


class Test(Struct, frozen=True):
    """One test of a condition, in lower case but for its values; `operator` is None where it is not known."""

    operator: str | None
    key: str
    values: tuple[Value, ...]
    at: Value

    @property
    def names(self) -> tuple[str | None, ...]:
        return tuple(map(text, self.values))


def condition_faults(item: Subject, _: tuple[Subject, ...]) -> Iterator[Found]:
    """Faults of each test of the statement, and of its tests together."""
    tests = tuple(_tests(item))
    for test in tests:
        yield from _operator(test)
        yield from _wildcard(test)
        yield from _form(test)
        yield from _private(test, is_alone=len(tests) == 1)
    yield from _contradiction(tests)


def _tests(item: Subject) -> Iterator[Test]:
    for value in elements(item.attributes.get("conditions")):
        body = body_of(value)
        if isinstance(body, Unknown):
            continue
        operator, key, values = (field(body, name) for name in ("operator", "key", "values"))
        if operator is not None and values is not None:
            name = text(operator)
            yield Test(None if name is None else name.lower(), (text(key) or "").lower(), elements(values), operator)


def _operator(test: Test) -> Iterator[Found]:
    if isinstance(test.at, Unknown) or not OPERATOR.fullmatch(test.operator or ""):
        yield "operator", test.at, test.key


def _wildcard(test: Test) -> Iterator[Found]:
    """A star that an operator without patterns compares as a star."""
    if STARS_STAND.fullmatch(test.key) or (test.operator is not None and not EXACT.fullmatch(test.operator)):
        return
    for value in test.values:
        written = _known_pieces(value)
        if "*" in VARIABLE.sub("", written) and not AS_DOCUMENTED.fullmatch(written):
            yield "wildcard", pieces(value) if test.operator is not None else test.at, test.key
            return


def _known_pieces(value: Value) -> str:
    if isinstance(value, Unknown):
        return "".join(part or "" for part in value.parts)
    return text(value) or ""


def _form(test: Test) -> Iterator[Found]:
    """A value that is nothing of the kind that the operator compares, or a range that is compared as a text."""
    operator = test.operator or ""
    family = next((pattern for name, pattern in FORMS if name in operator), RANGE_AS_TEXT if _is_text_of_address(test) else None)
    if family is None:
        return
    for value in test.values:
        written = text(value)
        if written is None and operator.startswith(ASKED) and not _known_pieces(value):
            yield "form", value, f"{operator} {test.key}"
        if written == "" and isinstance(value, Known) and value.assumed:  # a default that says that something has to be given
            continue
        if written is not None and not VARIABLE.search(written) and not family.fullmatch(written):
            yield "form", value, f"{text(test.at)} {test.key}"
            return


def _is_text_of_address(test: Test) -> bool:
    return test.key in ADDRESSES and (test.operator or "").rpartition(":")[2].startswith("string")


def _private(test: Test, *, is_alone: bool) -> Iterator[Found]:
    """Private ranges as the source of requests, which always come from public addresses or have no such key."""
    if test.key != PUBLIC_SOURCE or not (test.operator == "ipaddress" or (test.operator == "notipaddress" and is_alone)):
        return
    known = [value for value in test.values if not isinstance(value, Unknown)]
    if known and all(_is_private(text(value) or "") for value in known):
        unknown = next((value for value in test.values if isinstance(value, Unknown)), None)
        yield "private", unknown or known[0], ", ".join(text(value) or "" for value in known)


def _is_private(written: str) -> bool:
    found = parse_range(written)
    return found is not None and any(found[0] == other[0] and other[1] <= found[1] <= found[2] <= other[2] for other in PRIVATE)


def _contradiction(tests: tuple[Test, ...]) -> Iterator[Found]:
    """Tests of one key that no value can pass together."""
    for one in tests:
        for other in tests if one.operator == "stringequals" and one.values else ():
            excludes = _excludes(other, one) if one.key and other.key == one.key and other is not one else False
            if excludes is not False:
                unknown = next((value for value in (*one.values, *other.values) if isinstance(value, Unknown)), other.at)
                yield "contradiction", other.at if excludes else unknown, one.key
                return


def _excludes(other: Test, exact: Test) -> bool | None:
    """Whether nothing that equals a value of `exact` passes `other`; None where an unknown value decides."""
    if other.operator == "null":
        return [name and name.lower() for name in other.names] == ["true"]
    if None in other.names or None in exact.names:
        return None if other.operator == "stringnotequals" else False
    names, patterns = ([name or "" for name in test.names] for test in (exact, other))
    if any("${" in name for name in (*names, *patterns)):
        return False
    taken = [any(meet(pattern, name) for pattern in patterns) for name in names]
    return {
        "stringlike": not any(taken),
        "stringnotlike": all(taken),
        "stringnotequals": all(name in patterns for name in names),
    }.get(other.operator or "", False)
