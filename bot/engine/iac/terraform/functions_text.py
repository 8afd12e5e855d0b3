"""Functions on text. https://developer.hashicorp.com/terraform/language/functions"""

from __future__ import annotations

import json
import re

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import number_text, to_bool, to_number, to_text
from bot.engine.iac.terraform.function_kinds import (
    Function,
    UnsupportedError,
    bare,
    lifted,
    mapping,
    part_unknown,
    sequence,
    unsupported,
    wrong,
)
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.templates import merged
from bot.engine.iac.terraform.values import known, unknown
from bot.engine.model.value import Known, Null, Unknown, Value

_VERB = re.compile(r"%(?:\[(\d+)\])?([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])")
_SPACE = " \t\n\v\f\r\x85\xa0"
_BRACKETS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()*+{|]|\?")
_WORK = 2_000_000  # bound of the characters a backtracking match may look at
_MAX_WIDTH = 1000


def _replace(args: list[Value], e: s.Call, scope: Scope) -> Value:
    def plain(text: str, old: str, new: str) -> str:
        if len(old) > 1 and old.startswith("/") and old.endswith("/"):
            pattern = safe_pattern(old[1:-1], text)
            return pattern.sub(_go_template(new), text)
        count = text.count(old)
        scope.run.hold_text(len(text) + count * (len(new) - len(old)))
        return text.replace(old, new)

    if len(args) == 3 and isinstance(args[0], Unknown) and args[0].parts:
        return _replaced_parts(args[0], args, e, scope)
    return lifted("ttt", plain)(args, e, scope)


def _replaced_parts(source: Unknown, args: list[Value], e: s.Call, scope: Scope) -> Value:
    """A partly known text of which each known piece is replaced in; exact for one character, which no hole can split."""
    old, new = (to_text(arg.raw) if isinstance(arg, Known) else None for arg in args[1:])
    if old is None or new is None or len(old) != 1:
        return unknown(source, e.span, args)
    pieces = [piece.replace(old, new) if piece is not None else None for piece in source.parts]
    scope.run.hold_text(sum([len(piece) for piece in pieces if piece]))
    return unknown(source, e.span, args, merged(pieces))


def _go_template(text: str) -> str:
    """Go's `$1`, `${1}` and `$$` as Python writes them."""
    escaped = text.replace("\\", "\\\\")
    return re.sub(r"\$\$|\$\{?(\w+)\}?", lambda found: "$" if found.group(0) == "$$" else f"\\g<{found.group(1)}>", escaped)


def safe_pattern(pattern: str, text: str) -> re.Pattern[str]:
    """The pattern, when it cannot take long on the text: no repeated groups, few open repetitions for the text's length."""
    if "[:" in pattern or "\\p" in pattern or "\\C" in pattern or "\\Q" in pattern or len(pattern) > _MAX_WIDTH:
        raise UnsupportedError("regular expression")
    repeated = sum(mark in ("*", "+", "{") for mark in _BRACKETS.findall(pattern))
    if re.search(r"(?<!\\)\)[*+{]", pattern) or (len(text) + 1) ** (repeated + 1) > _WORK:
        raise UnsupportedError("regular expression")
    try:
        return re.compile(pattern.replace("\\z", "\\Z"), re.ASCII)
    except (re.error, OverflowError, RecursionError) as problem:
        raise ValueError("not a regular expression") from problem


def _captured(found: re.Match[str]) -> object:
    if found.re.groupindex:
        return found.groupdict()
    return found.groups() if found.re.groups else found.group(0)


def _regex(pattern: str, text: str) -> object:
    found = safe_pattern(pattern, text).search(text)
    if found is None:
        raise ValueError("no match")
    return _captured(found)


def _regexall(pattern: str, text: str) -> tuple[object, ...]:
    return tuple([_captured(found) for found in safe_pattern(pattern, text).finditer(text)])


def _substr(text: str, offset: int, length: int) -> str:
    start = max(offset + len(text), 0) if offset < 0 else offset
    return text[start:] if length < 0 else text[start : start + length]


def _split(separator: str, text: str) -> tuple[str, ...]:
    return tuple(text.split(separator) if separator else list(text))


def _indent(spaces: int, text: str) -> str:
    if not 0 <= spaces <= _MAX_WIDTH or text.count("\n") * spaces > _WORK:
        raise ValueError("too many spaces")
    return text.replace("\n", "\n" + " " * spaces)


def _title(text: str) -> str:
    return re.sub(r"(^|[^\w'])(\w)", lambda found: found.group(1) + found.group(2).upper(), text)


def _join(args: list[Value], e: s.Call, scope: Scope) -> Value:
    if len(args) < 2:
        return wrong(e, "wrong number of arguments")
    separator = to_text(args[0].raw) if isinstance(args[0], Known) else None
    cause = args[0] if isinstance(args[0], Unknown) else None
    items: list[Value] = []
    for arg in args[1:]:
        found = sequence(arg)
        if found is None and not isinstance(arg, Unknown):
            return wrong(e, "needs lists")
        items.extend(found if found is not None else (arg,))
    pieces: list[str | None] = []
    for position, item in enumerate(items):
        if position:
            pieces.append(separator)
        text = to_text(item.raw) if isinstance(item, Known) else None
        if text is None and not isinstance(item, Unknown):
            return wrong(e, "needs texts")
        cause = cause or (item if isinstance(item, Unknown) else None)
        pieces.extend(item.parts or (None,) if isinstance(item, Unknown) else (text,))
    scope.run.hold_text(sum([len(piece) for piece in pieces if piece]))
    sources = [*args, *items]
    if cause is not None:
        return unknown(cause, e.span, sources, merged(pieces))
    return known("".join([piece for piece in pieces if piece]), e.span, sources)


def _format(args: list[Value], e: s.Call, scope: Scope) -> Value:
    if not args or isinstance(args[0], Unknown):
        return unknown(args[0], e.span, args) if args and isinstance(args[0], Unknown) else wrong(e, "wrong number of arguments")
    written = to_text(args[0].raw) if isinstance(args[0], Known) else None
    if written is None:
        return wrong(e, "needs text")
    try:
        pieces, cause = _pieces(written, args[1:], scope.run)
    except ValueError as problem:
        return wrong(e, str(problem))
    except UnsupportedError as problem:
        return unsupported(e, args, str(problem))
    scope.run.hold_text(sum([len(piece) for piece in pieces if piece]))
    if cause is not None:
        return unknown(cause, e.span, args, merged(pieces))
    return known("".join([piece for piece in pieces if piece]), e.span, args)


def _pieces(written: str, args: list[Value], run: Run) -> tuple[list[str | None], Unknown | None]:
    pieces: list[str | None] = []
    cause: Unknown | None = None
    end = position = 0
    for found in _VERB.finditer(written):
        pieces.append(written[end : found.start()])
        end = found.end()
        if found.group(5) == "%":
            pieces.append("%")
            continue
        number = int(found.group(1)) - 1 if found.group(1) else position
        position = number + 1
        if not 0 <= number < len(args):
            raise ValueError("not enough arguments")
        unknown_part = part_unknown(args[number], run)
        if unknown_part is None:
            pieces.append(_formatted(found, args[number], run))
        else:
            cause = cause or unknown_part
            plain_verb = found.group(5) in "sv" and not found.group(3) and isinstance(args[number], Unknown)
            pieces.extend(unknown_part.parts if plain_verb and unknown_part.parts else (None,))
    pieces.append(written[end:])
    if position < len(args) and "%[" not in written:
        raise ValueError("too many arguments")
    return pieces, cause


def _formatted(found: re.Match[str], value: Value, run: Run) -> str:
    _, flags, width, precision, verb = found.groups()
    if (width and int(width) > _MAX_WIDTH) or (precision and int(precision) > _MAX_WIDTH):
        raise ValueError("too wide")
    text = _verb(verb, flags, precision, value, run)
    if len(text) >= int(width or 0):
        return text
    if "-" in flags:
        return text.ljust(int(width))
    return text.zfill(int(width)) if "0" in flags and verb in "dfbxXogeE" else text.rjust(int(width), "0" if "0" in flags else " ")


def _verb(verb: str, flags: str, precision: str | None, value: Value, run: Run) -> str:
    raw = value.raw if isinstance(value, Known) else None
    if verb == "v":
        text = "null" if isinstance(value, Null) else to_text(raw)
        return _json(value, run) if text is None else text
    if verb in "sq":
        text = to_text(raw)
        if text is None:
            raise ValueError("needs text")
        text = text[: int(precision)] if precision else text
        return json.dumps(text, ensure_ascii=False) if verb == "q" else text
    if verb == "t":
        truth = to_bool(raw)
        if truth is None:
            raise ValueError("needs a bool")
        return "true" if truth else "false"
    number = to_number(raw)
    if number is None:
        raise ValueError("needs a number")
    if verb in "bodxX":
        return ("+" if "+" in flags and number >= 0 else "") + format(int(number), verb)
    if verb in "eEfFgG":
        return (
            format(float(number), f"{'+' if '+' in flags else ''}.{precision or 6}{verb}")
            if verb not in "gG" or precision
            else number_text(number)
        )
    raise UnsupportedError(f"%{verb}")


def _json(value: Value, run: Run) -> str:
    return json.dumps(bare(value, run), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _formatlist(args: list[Value], e: s.Call, scope: Scope) -> Value:
    lengths = {len(found) for arg in args if (found := sequence(arg)) is not None}
    for arg in args:
        if isinstance(arg, Unknown) or mapping(arg) is not None:
            return unknown(arg, e.span, args) if isinstance(arg, Unknown) else wrong(e, "needs lists or texts")
    if len(lengths) > 1:
        return wrong(e, "lists of different lengths")
    size = lengths.pop() if lengths else 1
    scope.run.hold_collection(size * len(args))
    rows = [[found[row] if (found := sequence(arg)) is not None else arg for arg in args] for row in range(size)]
    return known(tuple([_format(row, e, scope) for row in rows]), e.span, args)


TEXT: dict[str, Function] = {
    "lower": lifted("t", str.lower),
    "upper": lifted("t", str.upper),
    "title": lifted("t", _title),
    "trimspace": lifted("t", lambda text: text.strip(_SPACE)),
    "trim": lifted("tt", str.strip),
    "trimprefix": lifted("tt", str.removeprefix),
    "trimsuffix": lifted("tt", str.removesuffix),
    "chomp": lifted("t", lambda text: re.sub(r"[\r\n]+\Z", "", text)),
    "startswith": lifted("tt", str.startswith),
    "endswith": lifted("tt", str.endswith),
    "strcontains": lifted("tt", lambda text, part: part in text),
    "strrev": lifted("t", lambda text: text[::-1]),
    "substr": lifted("tii", _substr),
    "split": lifted("tt", _split),
    "indent": lifted("it", _indent),
    "replace": _replace,
    "regex": lifted("tt", _regex),
    "regexall": lifted("tt", _regexall),
    "join": _join,
    "format": _format,
    "formatlist": _formatlist,
}
