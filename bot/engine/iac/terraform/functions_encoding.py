"""Encodings. `jsonencode` keeps the value it encodes (`structure`), and the text around what is unknown (`parts`)."""

from __future__ import annotations

import base64
import json
import re

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import number_text
from bot.engine.iac.terraform.function_kinds import Function, UnsupportedError, lifted, unsupported, wrong
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.settle import settled
from bot.engine.iac.terraform.templates import merged
from bot.engine.iac.terraform.values import Rest, known, unknown
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.pattern import Pattern

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def _jsonencode(args: list[Value], e: s.Call, scope: Scope) -> Value:
    if len(args) != 1:
        return wrong(e, "wrong number of arguments")
    pieces: list[str | None] = []
    leaves: list[Value] = []
    _encode(args[0], pieces, leaves, scope.run)
    scope.run.hold_text(sum([len(piece) for piece in pieces if piece]))
    structure = settled(args[0], scope.run)
    cause = next((leaf for leaf in leaves if isinstance(leaf, Unknown)), None)
    if cause is not None:
        return replace(unknown(cause, e.span, leaves, merged(pieces)), structure=structure)
    return replace(known("".join([piece for piece in pieces if piece]), e.span, leaves), structure=structure)


def _encode(value: Value, pieces: list[str | None], leaves: list[Value], run: Run) -> None:
    """Write a value as Terraform does: keys sorted, no blanks."""
    run.spend(1)
    raw = value.raw if isinstance(value, Known) else None
    if isinstance(raw, dict):
        _keep_carried(value, leaves)
        for position, key in enumerate(sorted(raw)):
            pieces.append(("," if position else "{") + json_text(key) + ":")
            _encode(raw[key], pieces, leaves, run)
        pieces.append("}" if raw else "{}")
    elif isinstance(raw, tuple):
        _keep_carried(value, leaves)
        pieces.append("[")
        for position, item in enumerate(raw):
            if position:
                pieces.append(",")
            _encode(item, pieces, leaves, run)
        pieces.append("]")
    else:
        leaves.append(value)
        _leaf(value, pieces)


def _keep_carried(value: Value, leaves: list[Value]) -> None:
    if value.refs or value.sensitive or (isinstance(value, Known) and value.assumed):
        leaves.append(value)


def _leaf(value: Value, pieces: list[str | None]) -> None:
    if isinstance(value, Unknown):
        if value.parts and not isinstance(value, Rest):
            pieces.extend(['"', *[piece if piece is None else json_text(piece)[1:-1] for piece in value.parts], '"'])
        else:
            pieces.append(None)
    elif isinstance(value, Null):
        pieces.append("null")
    elif isinstance(value.raw, bool):
        pieces.append("true" if value.raw else "false")
    else:
        pieces.append(json_text(value.raw) if isinstance(value.raw, str) else number_text(value.raw))  # type: ignore[arg-type]  # a number


def json_text(text: str) -> str:
    """A JSON string as Go writes it."""
    return escaped(json.dumps(text, ensure_ascii=False))


def escaped(written: str) -> str:
    """JSON with the characters as escapes that Go writes so."""
    for character, escape in _ESCAPES.items():
        if character in written:
            written = written.replace(character, escape)
    return written


def _yamlencode(args: list[Value], e: s.Call, scope: Scope) -> Value:
    """The text is not made; what it says is kept."""
    return replace(unsupported(e, args), structure=settled(args[0], scope.run)) if len(args) == 1 else wrong(e, "wrong number of arguments")


def _base64decode(text: str) -> str:
    return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8")


def _textencode(text: str, name: str) -> str:
    return base64.b64encode(text.encode(_charset(name))).decode()


def _textdecode(text: str, name: str) -> str:
    return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode(_charset(name))


def _charset(name: str) -> str:
    """Those whose tables are the same everywhere."""
    found = {"utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "iso-8859-1": "latin-1", "us-ascii": "ascii"}.get(
        name.lower()
    )
    if found is None:
        raise UnsupportedError(f"character encoding {name}")
    return found


_NAMESPACES = {"dns": "0", "url": "1", "oid": "2", "x500": "4"}  # the digit in which those of RFC 9562 differ
_UUID = Pattern(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def _uuidv5(namespace: str, name: str) -> str:
    """Made by hand: the library's module costs every evaluation more than this."""
    within = f"6ba7b81{_NAMESPACES[namespace]}-9dad-11d1-80b4-00c04fd430c8" if namespace in _NAMESPACES else namespace
    if not _UUID.fullmatch(within):
        raise ValueError("not a namespace")
    import hashlib  # noqa: PLC0415 - few roots need it

    digest = bytearray(hashlib.sha1(bytes.fromhex(within.replace("-", "")) + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _csvdecode(text: str) -> list[dict[str, str]]:
    import csv  # noqa: PLC0415 - few roots need it

    if "\r" in text.replace("\r\n", "\n"):
        raise UnsupportedError("a carriage return alone")
    try:
        rows = [row for row in csv.reader(text.replace("\r\n", "\n").splitlines(keepends=True), strict=True) if row]
    except csv.Error as problem:
        raise ValueError(str(problem)) from problem
    if not rows or len(set(rows[0])) != len(rows[0]):
        raise ValueError("no header, or a column named twice")
    if any(len(row) != len(rows[0]) for row in rows) or _has_stray_quote(text):
        raise ValueError("a row of another length, or a quote inside a field")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _has_stray_quote(text: str) -> bool:
    """A quote inside a field that is not quoted as a whole."""
    bare = re.sub(r'(?:(?<=,)|(?<=\n)|\A)"(?:[^"]|"")*"', "", text)
    return '"' in bare


def _urlencode(text: str) -> str:
    kept = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
    pieces = [
        character if character in kept else "+" if character == " " else "".join([f"%{byte:02X}" for byte in character.encode()])
        for character in text
    ]
    return "".join(pieces)


def _digest(name: str, text: str) -> str:
    import hashlib  # noqa: PLC0415 - few roots need it

    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _digest64(name: str, text: str) -> str:
    import hashlib  # noqa: PLC0415 - few roots need it

    return base64.b64encode(hashlib.new(name, text.encode(), usedforsecurity=False).digest()).decode()


ENCODING: dict[str, Function] = {
    "jsonencode": _jsonencode,
    "yamlencode": _yamlencode,
    "base64encode": lifted("t", lambda text: base64.b64encode(text.encode()).decode()),
    "base64decode": lifted("t", _base64decode),
    "urlencode": lifted("t", _urlencode),
    "textencodebase64": lifted("tt", _textencode),
    "textdecodebase64": lifted("tt", _textdecode),
    "uuidv5": lifted("tt", _uuidv5),
    "csvdecode": lifted("t", _csvdecode),
    "md5": lifted("t", lambda text: _digest("md5", text)),
    "sha1": lifted("t", lambda text: _digest("sha1", text)),
    "sha256": lifted("t", lambda text: _digest("sha256", text)),
    "sha512": lifted("t", lambda text: _digest("sha512", text)),
    "base64sha256": lifted("t", lambda text: _digest64("sha256", text)),
    "base64sha512": lifted("t", lambda text: _digest64("sha512", text)),
}
