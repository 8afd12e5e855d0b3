"""Statements that another statement of the same document makes void. A denial always wins.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.model.wildcard import covers, meet
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, elements, field, pieces, text

Found = tuple[str, Value, str]  # kind, the value that is wrong (unknown where that decides), what to say of it

# Services whose endpoints are in one region whatever the account uses; a guard by region denies them unless it leaves them out.
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
GLOBAL = frozenset(
    {
        "account",
        "aws-portal",
        "billing",
        "budgets",
        "ce",
        "cloudfront",
        "cur",
        "globalaccelerator",
        "health",
        "iam",
        "importexport",
        "networkmanager",
        "organizations",
        "payments",
        "route53",
        "route53domains",
        "shield",
        "support",
        "tax",
        "trustedadvisor",
        "waf",
    }
)
HOME = "us-east-1"
REGION = "aws:requestedregion"
OTHER_PARTITIONS = Pattern(r"(cn|us-gov|us-iso\w*|eu-isoe|eusc)-")
EXCEPT = Pattern(r"(foranyvalue:|forallvalues:)?stringnot(equals|like|equalsignorecase)(ifexists)?", re.IGNORECASE)
UNKNOWN_PIECE = "\x01\x01"


def void(item: Subject, document: tuple[Subject, ...]) -> Iterator[Found]:
    """Of an Allow: an action that a denial of the document takes back wherever it would hold."""
    if text(item.attributes.get("effect")) != "Allow":
        return
    denials = [other for other in document if _says(other, "Deny")]
    for action in elements(item.attributes.get("actions")) if denials else ():
        reached = [denial.attributes.get("conditions") for denial in denials if _reaches(denial, item, action)]
        if any(_no_stronger(conditions, item.attributes.get("conditions")) for conditions in reached):
            yield "void", pieces(action), _name(action)
            return
        if unknown := next((conditions for conditions in reached if isinstance(conditions, Unknown)), None):
            yield "void", replace(unknown, span=action.span, origin=action.origin), _name(action)
            return


def unlifted(item: Subject, document: tuple[Subject, ...]) -> Iterator[Found]:
    """Of an Allow of global services alone: that it is meant as an exception to a guard by region, which it cannot be."""
    actions = [text(action) for action in elements(item.attributes.get("actions"))]
    if not (_says(item, "Allow") and actions and all(action and _service(action) in GLOBAL for action in actions)):
        return
    for denial in document:
        if any(kind == "region" and isinstance(found, Known) for kind, found, _ in region_guard(denial, document)):
            yield "unlifted", item.attributes["effect"], ", ".join(filter(None, actions))
            return


def region_guard(item: Subject, _: tuple[Subject, ...]) -> Iterator[Found]:
    """Of a denial of everything outside some regions: that it takes global services along."""
    if not _says(item, "Deny") or not _everything(item.attributes.get("resources")):
        return
    everything = next((action for action in elements(item.attributes.get("actions")) if text(action) in {"*", "*:*"}), None)
    regions = _regions(item)
    if everything is None or regions is None:
        return
    names = [text(value) for value in regions]
    if any(name and (covers(name, HOME) or OTHER_PARTITIONS.match(name)) for name in names):
        return
    open_one = next((value for value in regions if isinstance(value, Unknown)), None)
    yield "region", everything if open_one is None else open_one, ", ".join(name for name in names if name)


def _regions(item: Subject) -> tuple[Value, ...] | None:
    """The regions that a denial leaves out; None when that is not what it says, or something else is left out as well."""
    found: tuple[Value, ...] | None = None
    for test in elements(item.attributes.get("conditions")):
        body = body_of(test)
        if isinstance(body, Unknown):
            return None
        if (text(field(body, "key")) or "").lower() == REGION and EXCEPT.fullmatch(text(field(body, "operator")) or ""):
            found = elements(field(body, "values"))
    return found


def _says(item: Subject, effect: str) -> bool:
    return text(item.attributes.get("effect")) == effect


def _everything(resources: Value | None) -> bool:
    return resources is None or any(text(value) == "*" for value in elements(resources))


def _reaches(denial: Subject, item: Subject, action: Value) -> bool:
    """Whether the denial is of the action on all resources and to all principals of the other statement, if it holds."""
    return _denies(denial, action) and _all_resources(denial, item) and _all_principals(denial, item)


def _denies(denial: Subject, action: Value) -> bool:
    excepted = denial.attributes.get("not_actions")
    if excepted is None:
        return _covered(elements(denial.attributes.get("actions")), action, fold=True)
    written = text(action)
    names = [text(value) for value in elements(excepted)]
    return written is not None and bool(names) and all(name is not None and not meet(name.lower(), written.lower()) for name in names)


def _all_resources(denial: Subject, item: Subject) -> bool:
    if "not_resources" in denial.attributes or "not_resources" in item.attributes:
        return False
    wide, narrow = elements(denial.attributes.get("resources")), elements(item.attributes.get("resources"))
    return bool(narrow) and all(_covered(wide, value, fold=False) for value in narrow)


def _all_principals(denial: Subject, item: Subject) -> bool:
    """Documents of identities name none; elsewhere the denial has to be of all that the other allows."""
    if "not_principals" in denial.attributes or "not_principals" in item.attributes:
        return False
    wide, narrow = elements(denial.attributes.get("principals")), elements(item.attributes.get("principals"))
    if not wide or not narrow:
        return not wide and not narrow
    return any(text(value) in {"*", "AWS:*"} for value in wide) or all(_covered(wide, value, fold=False) for value in narrow)


def _no_stronger(denial: Value | None, allowed: Value | None) -> bool:
    """Whether the denial holds wherever the other statement does: each of its tests is one of the other's."""
    if isinstance(denial, Unknown):
        return False
    have = [_identity(test) for test in elements(allowed)]
    return all(None not in (found := _identity(test)) and found in have for test in elements(denial))


def _identity(test: Value) -> tuple[object, ...]:
    """Equal for tests that say the same; has None in it where that cannot be told."""
    body = body_of(test)
    if isinstance(body, Unknown):
        return (None,)
    names = [(text(field(body, name)) or "").lower() for name in ("operator", "key")]
    return (*names, *sorted(map(_name, elements(field(body, "values"))))) if all(names) else (None,)


def _covered(wide: Iterable[Value], narrow: Value, *, fold: bool) -> bool:
    """Whether one of the patterns stands for all that `narrow` stands for, whatever its unknown pieces are."""
    pieces = _pieces(narrow)
    for value in wide:
        pattern = text(value)
        if pattern is None:
            if isinstance(value, Unknown) and value.expression and _name(value) == _name(narrow):
                return True
        elif pattern == "*" or (pieces and covers(*((pattern.lower(), pieces.lower()) if fold else (pattern, pieces)))):
            return True
    return False


def _pieces(value: Value) -> str:
    if isinstance(value, Unknown):
        return "".join(UNKNOWN_PIECE if part is None else part for part in value.parts)
    return text(value) or ""


def _name(value: Value) -> str:
    return f"{value.expression} {value.parts}" if isinstance(value, Unknown) else text(value) or ""


def _service(action: str) -> str:
    return action.partition(":")[0].lower()
