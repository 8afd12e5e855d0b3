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
from bot.engine.iac.terraform.file_patterns import glob_pattern
from bot.engine.iac.terraform.function_kinds import Function, UnsupportedError, first_whole_unknown, lifted, mapping, unsupported, wrong
from bot.engine.iac.terraform.parse import parse_template
from bot.engine.iac.terraform.references import joined_path
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.values import Elements, element_of, failure, known, trace, unknown
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value, moved_to
from bot.engine.pattern import Pattern

LISTED_PER_STEP = 16  # paths that are looked at for one step
# From the last opening before the call: looking on from each of many openings would take their number squared.
_TEMPLATE_CALL = Pattern(rb"[$%]\{(?:[^}$%]|[$%](?!\{))*\btemplate(?:file|string)\(")


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


def _fileset(args: list[Value], e: s.Call, scope: Scope) -> Value:
    """The files of the tree below a directory. Without the tree's listing, or outside of it, that is not known."""
    cause = first_whole_unknown(args)
    texts = [to_text(arg.raw) if isinstance(arg, Known) else None for arg in args]
    if cause is not None or len(texts) != 2 or texts[0] is None or texts[1] is None:
        return unknown(cause, e.span, args) if cause else wrong(e, "needs a directory and a pattern")
    run = scope.run
    directory = joined_path(run.root, texts[0])
    if not run.paths or directory is None:
        return Unknown("environment", describe(e), e.span, *trace(args)[:3], detail="fileset")
    start = f"{directory}/" if directory else ""
    run.spend(len(run.paths) // LISTED_PER_STEP)
    try:
        pattern = glob_pattern(texts[1])
    except ValueError as problem:
        return wrong(e, str(problem))
    except UnsupportedError as problem:
        return unsupported(e, args, str(problem))
    below = [path[len(start) :] for path in run.paths if path.startswith(start)]
    names = sorted(path for path in below if pattern.fullmatch(path))
    run.hold_collection(len(names))
    return known(Elements([known(name, e.span, args) for name in names]), e.span, args)


def _pathexpand(args: list[Value], e: s.Call, _: Scope) -> Value:
    """Only a path from `~` on depends on who runs Terraform."""
    if len(args) != 1 or isinstance(args[0], Null):
        return wrong(e, "needs a path")
    text = to_text(args[0].raw) if isinstance(args[0], Known) else None
    if isinstance(args[0], Unknown):
        certain = args[0].parts and args[0].parts[0] is not None and not args[0].parts[0].startswith("~")
        return unknown(args[0], e.span, args, args[0].parts if certain else ())
    if text is None:
        return wrong(e, "needs a path")
    if text.startswith("~"):
        return Unknown("environment", describe(e), e.span, *trace(args)[:3], detail="pathexpand")
    return moved_to(args[0], e.span)


def _templatefile(args: list[Value], e: s.Call, scope: Scope) -> Value:
    found = _found(args, e, scope.run)
    if not isinstance(found, tuple):
        return found
    path, data = found
    if _TEMPLATE_CALL.search(data):
        return unsupported(e, args, "a template that reads templates")
    try:
        return _rendered(data.decode(), Span(path, 1), args, e, scope)
    except UnicodeDecodeError:
        return failure(f"{path} is not UTF-8", e.span, describe(e))


def _templatestring(args: list[Value], e: s.Call, scope: Scope) -> Value:
    """Only of a reference, as Terraform allows it: a text that is written in the call would be a template already."""
    if len(args) != 2 or not isinstance(e.args[0], (s.Variable, s.GetAttr, s.Index)):
        return wrong(e, "needs a reference and a map of values")
    text = to_text(args[0].raw) if isinstance(args[0], Known) else None
    if text is None:
        return unknown(args[0], e.span, args) if isinstance(args[0], Unknown) else wrong(e, "needs text")
    return _rendered(text, args[0].span, args, e, scope)


def _rendered(text: str, place: Span, args: list[Value], e: s.Call, scope: Scope) -> Value:
    names = mapping(args[1]) if len(args) == 2 else None
    if names is None:
        return unknown(args[1], e.span, args) if len(args) == 2 and isinstance(args[1], Unknown) else wrong(e, "needs a map of values")
    value = evaluate(parse_template(text, place), Scope(scope.run, None, {name: element_of(args[1], item) for name, item in names.items()}))
    return _from_file(value, e, place, args)


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


def _hashed(name: str) -> Callable[[bytes], str]:
    return lambda data: _digest(name, data).hex()


def _hashed64(name: str) -> Callable[[bytes], str]:
    return lambda data: _encoded(_digest(name, data))


def _digest(name: str, data: bytes) -> bytes:
    import hashlib  # noqa: PLC0415 - few roots need it

    return hashlib.new(name, data, usedforsecurity=False).digest()


FILE: dict[str, Function] = {
    "file": _reading(lambda data: data.decode("utf-8"), structured=True),
    "filebase64": _reading(_encoded),
    "fileexists": _fileexists,
    "fileset": _fileset,
    "templatefile": _templatefile,
    "templatestring": _templatestring,
    **{f"file{name}": _reading(_hashed(name)) for name in ("md5", "sha1", "sha256", "sha512")},
    **{f"filebase64{name}": _reading(_hashed64(name)) for name in ("sha256", "sha512")},
    "pathexpand": _pathexpand,
    "basename": lifted("t", _basename),
    "dirname": lifted("t", _dirname),
}
