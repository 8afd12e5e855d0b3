"""Trust of a role that lets in anybody of a kind: everybody, everybody in an account, every repository of an owner.

A subject of GitHub begins `repo:OWNER/REPOSITORY:`, one of GitLab `project_path:GROUP/PROJECT:`:
https://docs.github.com/en/actions/reference/security/oidc
https://docs.gitlab.com/ci/secrets/id_token_authentication/
Any other condition but the audience bounds, whatever it is.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import attribute, body_of, elements, field, pieces, refers_to, text, truth
from bot.engine.views.statement import statements

_EVERY_REPOSITORY = Pattern(r"\*|(?:repo|project_path):(?:\*.*|[^/:]+/\*.*)")
_ACCOUNT = Pattern(r"AWS:(?:arn:[\w-]+:iam::)?\d{12}(?::root)?")
_AUDIENCE, _SUBJECT = ":aud", ":sub"
_PATTERNS = ("stringlike", "foranyvalue:stringlike", "stringlikeifexists")


class Wide(Struct, frozen=True):
    """Who is let in. `form`: `anyone`, `account`, `repositories`, or why it is not known; `who` as written, at `value`."""

    form: str | Unknown
    who: str
    value: Value
    fact: Subject


def wide_trusts(model: Model, role: Resource) -> Iterator[Wide]:
    """What is wide in the role's trust."""
    policy = attribute(role, "assume_role_policy")
    for fact in statements(model):
        told = fact.attributes
        if text(told.get("document")) != "trust" or text(told.get("effect")) != "Allow":
            continue
        if fact.resource.address == role.address or (fact.resource.mode == "data" and refers_to(policy, fact.resource)):
            yield from _wide(fact)


def spelled(value: Value | None) -> str:
    """A text with gaps where it is not known."""
    return text(pieces(value)) or "" if value is not None else ""


def _wide(fact: Subject) -> Iterator[Wide]:
    told = fact.attributes
    free = truth(told.get("narrowed")) is False
    if free and truth(told.get("everyone")):
        yield Wide("anyone", "*", told["everyone"], fact)
        return
    for item in elements(told.get("principals")):
        name = spelled(item)
        if free and _ACCOUNT.fullmatch(name):
            yield Wide("account", name.partition(":")[2], item, fact)
        elif name.startswith("Federated:") and (found := _subjects(fact)) is not None:
            yield found


def _subjects(fact: Subject) -> Wide | None:
    """The first subject that stands for every repository, where each test of the subject has one."""
    found: list[Wide] = []
    for body in map(body_of, elements(fact.attributes.get("conditions"))):
        key = spelled(field(body, "key")).lower()
        if key.endswith(_AUDIENCE):
            continue
        wide = _subject(fact, elements(field(body, "values"))) if key.endswith(_SUBJECT) else None
        if wide is None or spelled(field(body, "operator")).lower() not in _PATTERNS:
            return None
        found.append(wide)
    return next(iter(found), None)


def _subject(fact: Subject, values: tuple[Value, ...]) -> Wide | None:
    for value in values:
        if _EVERY_REPOSITORY.fullmatch(spelled(value)):
            return Wide("repositories", spelled(value), value, fact)
    unknown = next((value for value in values if isinstance(value, Unknown) and not value.parts), None)
    return None if unknown is None else Wide(unknown, unknown.expression, unknown, fact)
