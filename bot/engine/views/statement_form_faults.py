"""Statements that their document cannot have: principals, resources, identifiers and variables where these have no place.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.value import Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, constant, elements, field, pieces, text, truth
from bot.engine.views.statement_form_resources import resource_forms
from bot.engine.views.statement_void import Found

SID = Pattern(r"[A-Za-z0-9]*")
VARIABLE = Pattern(r"\$\{[^}]+\}")
WITHOUT_VARIABLES = "2008-10-17"
OWN_PRINCIPAL = frozenset({"resource", "trust"})
REPOSITORY = "aws_ecr_repository_policy"
OF_IAM = frozenset({"identity", "trust"})


def form_faults(item: Subject, document: tuple[Subject, ...]) -> Iterator[Found]:
    """Faults of one statement in its document; what is not known as a whole has none."""
    if isinstance(item.attributes.get("effect"), Unknown):
        return
    kind = text(item.attributes["document"])
    yield from _principals(item, kind)
    yield from _resources(item, kind)
    yield from resource_forms(item, kind)
    yield from _sid(item, document, kind)
    yield from _variables(item)


def _principals(item: Subject, kind: str | None) -> Iterator[Found]:
    given = item.attributes.get("principals") or item.attributes.get("not_principals")
    if kind == "identity" and given is not None:
        yield "principal", given, ""
    if kind in OWN_PRINCIPAL and (given is None or isinstance(given, Unknown)):
        yield "no-principal", constant("Principal", item.span) if given is None else given, ""


def _resources(item: Subject, kind: str | None) -> Iterator[Found]:
    """A trust policy names none; a document of an endpoint that looks like one lets everyone in."""
    given = item.attributes.get("resources") or item.attributes.get("not_resources")
    is_endpoint = item.resource.mode == "data" and truth(item.attributes.get("everyone")) is not False
    if kind == "trust" and given is not None and not is_endpoint:
        yield "resource-in-trust", given, ""
    if item.resource.type == REPOSITORY and given is not None:
        yield "resource-in-repository", given, ""


def _sid(item: Subject, document: tuple[Subject, ...], kind: str | None) -> Iterator[Found]:
    """Policies of keys and buckets take any text, and those of roles that nothing here uses may be one of these."""
    sid = item.attributes.get("sid")
    if sid is None or kind not in OF_IAM or (item.resource.mode == "data" and "used" not in item.attributes):
        return
    written = text(sid)
    if written is not None and not SID.fullmatch(written):
        yield "sid", sid, ""
    before = document[: document.index(item)]
    if any(_same(sid, other.attributes.get("sid")) for other in before):
        yield "sid", pieces(sid), ""


def _same(one: Value, other: Value | None) -> bool:
    if isinstance(one, Unknown):
        return isinstance(other, Unknown) and one.expression == other.expression != "" and one.parts == other.parts
    return bool(text(one)) and text(one) == text(other)


def _variables(item: Subject) -> Iterator[Found]:
    """Texts with a policy variable, under a version that has none."""
    version = item.attributes.get("version")
    if version is None or (text(version) or WITHOUT_VARIABLES) != WITHOUT_VARIABLES:
        return
    for value in _texts(item):
        written = value.parts if isinstance(value, Unknown) else (text(value),)
        if any(VARIABLE.search(piece or "") for piece in written):
            yield "variable", version if isinstance(version, Unknown) else pieces(value), ""
            return


def _texts(item: Subject) -> Iterator[Value]:
    for name in ("resources", "not_resources"):
        yield from elements(item.attributes.get(name))
    for test in elements(item.attributes.get("conditions")):
        yield from elements(field(body_of(test), "values"))
