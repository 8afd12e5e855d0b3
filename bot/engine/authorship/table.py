"""The file of signals → the table. All problems are found before anything is refused."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec

from bot.engine.model.signal import Place, Role, Signal, Signals, Strength
from bot.engine.model.span import Span
from bot.engine.policy.forms import ANY_TEXT, DAY_TEXT, Fields, Key, Many, Text, Word, matching
from bot.engine.policy.forms import Reading as Formed
from bot.engine.policy.problem import PolicyError
from bot.engine.policy.reading import Reader

# Where the name of a tool stands in the value of a declaration: first, or after a word or sign that introduces it.
AGENT = r"(?:.*\b(?:via|using|with|and|by|through)\s+|.*[,;+&]\s*|[\w.-]+/)?(?:%s)(?:(?=[\s:/@(,;+&.\d\[-])(?! ?<).*)?"
READER_ONLY = ("source", "since")
MATCHERS = ("accounts", "logins", "addresses", "pattern", "agent", "name", "unaddressed")


def _pattern_fault(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        return f"is not a regular expression: {error}."
    return ""


_PATTERN = Text(fault=_pattern_fault)
_LOWER = Text(fault=lambda text: "" if text == text.lower() else "has to be in small letters: texts are compared so.")
_TRUTH = Word("true or false", ("true", "false"))
_ROW = Fields(
    (
        Key("id", matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "has to be small letters, digits and single hyphens."), "", required=True),
        Key("role", Word("a role", get_args(Role)), "", required=True),
        Key("strength", Word("a strength", get_args(Strength)), "", required=True),
        Key("place", Many(Word("a place", get_args(Place))), "", required=True),
        Key("source", ANY_TEXT, "", required=True),
        Key("tool", ANY_TEXT, ""),
        Key("since", DAY_TEXT, ""),
        Key("accounts", Many(matching(r"[1-9]\d{0,11}", "is not the number of an account.")), ""),
        Key("logins", Many(_LOWER), ""),
        Key("addresses", Many(_LOWER), ""),
        Key("keys", Many(_LOWER), ""),
        Key("contains", Many(_LOWER, single=True), ""),
        *(Key(name, _PATTERN, "") for name in ("pattern", "agent", "name", "unaddressed")),
        *(Key(name, _TRUTH, "") for name in ("general", "comment")),
    )
)


def load_signals(data: bytes, path: str) -> Signals:
    """The table of one file. Raises `PolicyError` with every problem and its place."""
    reader = Reader()
    reading = Formed(reader)
    node = reader.document(data, path)
    if node is None:
        reader.report(Span(path, 1), "", "is empty.")
        raise PolicyError(reader.problems)
    found = reader.fields(node, "$", ("version", "known_keys", "denials", "signals"), ("version", "signals"))
    version = reader.text(found.get("version"), "$.version")
    lists = {
        name: reading.read(Many(form), found[name], f"$.{name}") if name in found else []
        for name, form in (("known_keys", _LOWER), ("denials", _PATTERN))
    }
    rows = []
    for row, place in reader.entries(found.get("signals"), "$.signals"):
        plain = reading.read(_ROW, row, place)
        if isinstance(plain, dict):
            rows.append((plain, row.span, place))
    _checked(reader, rows)
    if reader.problems:
        raise PolicyError(reader.problems)
    keys, denials = (tuple(msgspec.convert(found, list[str])) for found in lists.values())
    return Signals(version, tuple(_signal(row) for row, _, _ in rows), keys, denials)


def _checked(reader: Reader, rows: list[tuple[dict[str, Any], Span, str]]) -> None:
    """What no single key can get wrong."""
    taken: set[str] = set()
    for row, span, place in rows:
        if row.get("id") in taken:
            reader.report(span, f"{place}.id", "is the id of another row.", str(row["id"]))
        taken.add(str(row.get("id")))
        if not any(row.get(name) for name in MATCHERS) and row.get("place") != ["note"]:
            reader.report(span, place, f"matches nothing: one of {', '.join(MATCHERS)} is needed.")
        if row.get("pattern") and row.get("agent"):
            reader.report(span, f"{place}.agent", "cannot stand beside `pattern`.")
        if ("agent" in row) and not row.get("keys"):
            reader.report(span, f"{place}.keys", "is missing: an agent is named in the value of a trailer.")


def _signal(row: dict[str, Any]) -> Signal:
    if agent := row.pop("agent", ""):
        row["pattern"] = AGENT % agent
    row["places"] = row.pop("place")
    row["accounts"] = [int(number) for number in row.get("accounts", ())]
    for name in ("general", "comment"):
        row[name] = row.get(name) == "true"
    return msgspec.convert({name: value for name, value in row.items() if name not in READER_ONLY}, Signal)
