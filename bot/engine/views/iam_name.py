"""Names in IAM statements that do not exist: `kind` (`service`, `action` or `condition-key`), `missing`, `similar`, `table`.

`missing` is unknown where the table may be too old to tell. Case does not count. A pattern has to match some action of its service.
Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from bot.engine.facts import NO_FACTS, Facts
from bot.engine.facts.actions import Actions, Service
from bot.engine.facts.nearest import Near, allowed, edits, nearest
from bot.engine.facts.sdk_names import PREFIX_OF
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.condition_key import missing_key
from bot.engine.views.reading import body_of, constant, elements, fact, field, text
from bot.engine.views.statement import statements

LISTS = ("actions", "not_actions")
ANOTHER = "something else"
FEW = 2  # a name that more services have says nothing about which of them was meant
SEVERAL = 2  # so many actions about a thing tell whose it is
_WORD = Pattern(r"[A-Z]?[a-z0-9]*")
_FORM = Pattern(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")
# What samples of AWS's own documentation write and IAM never had: nobody gains or loses anything by it.
# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
_OF_SAMPLES = frozenset({"logs:putlogeventsbatch"})


class Fault(Struct, frozen=True):
    """A name that the table lacks. `decided`: it does not exist, however new AWS may be."""

    kind: str
    name: str
    similar: str
    decided: bool


def iam_names(model: Model, facts: Facts = NO_FACTS) -> Iterator[Subject]:
    """A fact for each action, pattern or key of a condition that the table lacks."""
    if facts.actions is None:
        return
    for statement in statements(model):
        yield from _keys(statement, facts.actions)
        for name in LISTS:
            for value in elements(statement.attributes.get(name)):
                written = text(value)
                if written is None or written == "*":
                    continue
                if (fault := fault_of(written, facts.actions)) is not None:
                    yield _subject(statement, value, fault, facts.actions)


def _keys(statement: Subject, known: Actions) -> Iterator[Subject]:
    for test in elements(statement.attributes.get("conditions")):
        key = field(body_of(test), "key")
        written = text(key)
        found = missing_key(written, known) if written is not None else None
        if key is not None and written is not None and found is not None:
            yield _subject(statement, key, Fault("condition-key", written, found[0] or ANOTHER, decided=found[1]), known)


@lru_cache(maxsize=4096)
def fault_of(written: str, known: Actions) -> Fault | None:
    """What is wrong with an action or pattern; None when nothing is known to be."""
    service, colon, name = written.partition(":")
    if written.lower() in _OF_SAMPLES:
        return None
    if not _FORM.fullmatch(written):
        return None if colon or not written.isalnum() else _without_service(written, known)
    if "*" in service or "?" in service:
        return None
    found = known.of(service.lower())
    if found is None:
        return _service(service.lower(), name, known)
    if "*" in name or "?" in name:
        return _pattern(service, name, found.actions)
    return None if name.lower() in found.actions else _action(service, name, found, known)


def _without_service(written: str, known: Actions) -> Fault:
    """An action is a service, a colon and a name; either may have been left out."""
    if written.lower() in known.services():
        return Fault("action", written, f"{written}:*", decided=True)
    return Fault("action", written, _of_others(written, known) or ANOTHER, decided=True)


def _of_others(name: str, known: Actions) -> str:
    """The action as the few services that have it write it; empty when there are none or many."""
    others = list(islice(known.having(name), FEW + 1))
    return " or ".join(f"{other}:{name}" for other in others) if len(others) <= FEW else ""


def _service(service: str, name: str, known: Actions) -> Fault:
    """A service nearly of that name that has the very action is what was meant; or the one that an SDK calls so."""
    if (prefix := PREFIX_OF.get(service)) and prefix in known.services():
        return Fault("service", service, prefix, decided=True)
    near = nearest(service, known.services())
    others = list(islice(known.having(name), FEW + 1)) if name.strip("*?") else []
    related = [other for other in others if service.startswith(other) or other.startswith(service)]
    meant = near.name if near else related[0] if related else others[0] if 0 < len(others) <= FEW else ANOTHER
    has_it = name == "*" or known.has(meant, name)
    return Fault("service", service, meant, decided=has_it and (bool(related) or (near is not None and near.strength == "strong")))


def _action(service: str, name: str, found: Service, known: Actions) -> Fault:
    if name.lower() in found.operations:
        return Fault("action", f"{service}:{name}", f"{service}:{found.operations[name.lower()]}", decided=True)
    near = _nearest_action(name, found.actions)
    if near is not None and near.strength == "strong":
        return Fault("action", f"{service}:{name}", f"{service}:{near.name}", decided=True)
    others = _of_others(name, known)
    meant = others or (f"{service}:{near.name}" if near else ANOTHER)
    return Fault("action", f"{service}:{name}", meant, decided=bool(others) and _is_of_another(service, name, known))


def _is_of_another(service: str, name: str, known: Actions) -> bool:
    """Whether one other service alone has the action, and looks after such things, and the service that is written has to do with none.

    Of the 20,732 actions of the table 41 would be taken for another service's if they were new.
    """
    thing = _thing(name)
    owners = list(islice(known.having(name), FEW))
    if not thing or len(owners) != 1 or any(thing in _thing(other) for other in _actions(service, known)):
        return False
    return sum(_thing(other) == thing for other in _actions(owners[0], known)) >= SEVERAL


def _actions(service: str, known: Actions) -> tuple[str, ...]:
    found = known.of(service.lower())
    return tuple(found.actions.values()) if found else ()


def _thing(name: str) -> str:
    """What an action is about: its name without the verb, one or several of it."""
    verb = _WORD.match(name)
    return name[verb.end() :].lower().removesuffix("s") if verb else ""


def _nearest_action(name: str, actions: dict[str, str]) -> Near | None:
    """A slip of the pen in the same verb's actions; reading and writing differ by a verb, and both may exist."""
    verb = _WORD.match(name)
    same_verb = [other for other in actions.values() if verb and other.startswith(verb[0])]
    return nearest(name, same_verb)


def _pattern(service: str, name: str, actions: dict[str, str]) -> Fault | None:
    matcher = re.compile("".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in name.lower()))
    if any(matcher.fullmatch(action) for action in actions):
        return None
    stem = re.split(r"[*?]", name)[0]
    cut = {action[:length] for action in actions.values() for length in range(len(stem) - 1, len(stem) + 2)}
    near = min(((edits(stem, other), other) for other in cut), default=(len(stem), ""))
    decided = len(stem) > 0 and near[0] <= min(1, allowed(stem))
    return Fault("action", f"{service}:{name}", f"{service}:{near[1]}*" if decided else ANOTHER, decided)


def _subject(statement: Subject, value: Value, fault: Fault, known: Actions) -> Subject:
    header = known.table.header
    table = f"IAM actions of {header.date}"
    missing: Value = Known(fault.name, value.span, value.origin)
    if not fault.decided:
        missing = Unknown("table", f"{fault.name} ({table}; nearest: {fault.similar})", value.span, value.origin)
    return fact(
        statement.resource,
        "iam-name",
        value.span,
        f"{statement.path} {fault.name}",
        kind=constant(fault.kind, statement.span),
        missing=missing,
        similar=constant(fault.similar, value.span),
        table=constant(table, value.span),
    )
