"""Functions on files of the tree, and on paths. A file that is not in the tree is unknown: it may be made before the run."""

from __future__ import annotations

import base64
from collections.abc import Callable

from msgspec.structs import replace

from bot.engine.documents import NotReadable
from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import to_text
from bot.engine.iac.terraform.decoding import document
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.dispatch import evaluate
from bot.engine.iac.terraform.function_kinds import Function, lifted, mapping, wrong
from bot.engine.iac.terraform.parse import parse_template
from bot.engine.iac.terraform.references import joined_path
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.values import failure, known, unknown
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value


def _found(args: list[Value], e: s.Call, run: Run) -> tuple[str, bytes] | Value:
    """Path and bytes of the file that the first argument names, or what the call is instead."""
    if not args:
        return wrong(e, "wrong number of arguments")
    if isinstance(args[0], Unknown):
        return unknown(args[0], e.span, args)
    written = to_text(args[0].raw) if isinstance(args[0], Known) else None
    if written is None:
        return wrong(e, "needs a path")
    path = joined_path(run.root, written)
    data = run.files.get(path) if path is not None else None
    if path is None or data is None:
        return Unknown("file", describe(e), e.span, detail=path or written)
    run.read.add(path)
    if len(data) > run.limits.file_bytes:
        return Unknown("limit", describe(e), e.span, detail=path)
    run.hold_text(len(data))
    return path, data


def _reading(decode: Callable[[bytes], str], *, structured: bool = False) -> Function:
    def apply(args: list[Value], e: s.Call, scope: Scope) -> Value:
        found = _found(args, e, scope.run)
        if not isinstance(found, tuple):
            return found
        path, data = found
        try:
            text = Known(decode(data), e.span, (Span(path, 1),), args[0].refs, args[0].sensitive)
        except UnicodeDecodeError:
            return failure(f"{path} is not UTF-8", e.span, describe(e))
        return replace(text, structure=_structure(path, data, scope.run)) if structured and path.endswith(".json") else text

    return apply


def _structure(path: str, data: bytes, run: Run) -> Value | None:
    """What a JSON file says, at its lines; None when it cannot be read."""
    try:
        return document(data, path, json=True, run=run)
    except NotReadable:
        return None


def _fileexists(args: list[Value], e: s.Call, scope: Scope) -> Value:
    found = _found(args, e, scope.run)
    return known(True, e.span, args) if isinstance(found, tuple) else found  # noqa: FBT003 - the value


def _templatefile(args: list[Value], e: s.Call, scope: Scope) -> Value:
    found = _found(args, e, scope.run)
    if not isinstance(found, tuple):
        return found
    path, data = found
    names = mapping(args[1]) if len(args) == 2 else None
    if names is None:
        return unknown(args[1], e.span, args) if len(args) == 2 and isinstance(args[1], Unknown) else wrong(e, "needs a map of values")
    expression = parse_template(data.decode("utf-8", "replace"), Span(path, 1))
    value = evaluate(expression, Scope(scope.run, None, names))
    return _from_file(value, e, Span(path, 1), args)


def _from_file(value: Value, e: s.Call, place: Span, args: list[Value]) -> Value:
    if isinstance(value, Known):
        return known(value.raw, e.span, [Known("", origin=(place,)), *args, value])
    return unknown(value, e.span, [*args, value], value.parts) if isinstance(value, Unknown) else failure("null", e.span)


def _basename(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or ("/" if path.startswith("/") else ".")


def _dirname(path: str) -> str:
    head = path.rpartition("/")[0]
    if not head:
        return "/" if path.startswith("/") else "."
    return _clean(head)


def _clean(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", ".") and not (part == ".." and path.startswith("/")):
            parts.append(part)
    return ("/" if path.startswith("/") else "") + "/".join(parts) or "."


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _hashed64(data: bytes) -> str:
    import hashlib  # noqa: PLC0415 - few roots need it

    return base64.b64encode(hashlib.sha256(data).digest()).decode()


FILE: dict[str, Function] = {
    "file": _reading(lambda data: data.decode("utf-8"), structured=True),
    "filebase64": _reading(_encoded),
    "fileexists": _fileexists,
    "templatefile": _templatefile,
    "filebase64sha256": _reading(_hashed64),
    "basename": lifted("t", _basename),
    "dirname": lifted("t", _dirname),
}
