"""Functions on text. https://developer.hashicorp.com/terraform/language/functions"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.characters import simple
from bot.engine.iac.terraform.conversions import to_text
from bot.engine.iac.terraform.function_kinds import Function, UnsupportedError, lifted, parts_of, sequence, wrong
from bot.engine.iac.terraform.patterns import captured, expanded, found_in, pattern_for
from bot.engine.iac.terraform.scope import Scope
from bot.engine.iac.terraform.templates import merged
from bot.engine.iac.terraform.values import known, unknown
from bot.engine.model.given import pieces_of
from bot.engine.model.value import Known, Unknown, Value

_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_WORK = 2_000_000  # bound of the characters a backtracking match may look at
_MAX_WIDTH = 1000


def _replace(args: list[Value], e: s.Call, scope: Scope) -> Value:
    def plain(text: str, old: str, new: str) -> str:
        if len(old) > 1 and old.startswith("/") and old.endswith("/"):
            return _replaced(old[1:-1], new, text)
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


def _regex(pattern: str, text: str) -> object:
    found = pattern_for(pattern, text).search(text)
    if found is None:
        raise ValueError("no match")
    return captured(found)


def _regexall(pattern: str, text: str) -> tuple[object, ...]:
    return tuple([captured(found) for found in found_in(pattern_for(pattern, text), text)])


def _replaced(pattern: str, new: str, text: str) -> str:
    made: list[str] = []
    end = 0
    for found in found_in(pattern_for(pattern, text), text):
        made += [text[end : found.start()], expanded(new, found)]
        end = found.end()
    return "".join([*made, text[end:]])


def _substr(text: str, offset: int, length: int) -> str:
    simple(text)
    start = max(offset + len(text), 0) if offset < 0 else offset
    return text[start:] if length < 0 else text[start : start + length]


def _split(separator: str, text: str) -> tuple[str, ...]:
    return tuple(text.split(separator) if separator else list(simple(text)))


def _indent(spaces: int, text: str) -> str:
    if not 0 <= spaces <= _MAX_WIDTH or text.count("\n") * spaces > _WORK:
        raise ValueError("too many spaces")
    return text.replace("\n", "\n" + " " * spaces)


def _title(text: str) -> str:
    """The first letter of each word. An apostrophe ends a word, a letter of any script and `_` do not."""
    made: list[str] = []
    before = " "
    for character in text:
        made.append(_one_character(str.title, character) if _ends_word(before) else character)
        before = character
    return "".join(made)


def _ends_word(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return not character.isalnum() and character in _SPACE


def _one_character(change: Callable[[str], str], character: str) -> str:
    """A letter in another case, one for one as Go does it."""
    changed = change(character)
    if len(changed) == 1:
        return changed
    fixed = {"\u00df": "\u00df", "\u0130": "i"}.get(character)
    if fixed is None:
        raise UnsupportedError("letters that change their number with their case")
    return fixed


def _cased(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: change(text) if text.isascii() else "".join([_one_character(change, character) for character in text])


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
        pieces.extend(pieces_of(item) if isinstance(item, Unknown) else (text,))
    scope.run.hold_text(sum([len(piece) for piece in pieces if piece]))
    sources = parts_of(args)
    if cause is not None:
        return unknown(cause, e.span, sources, merged(pieces))
    return known("".join([piece for piece in pieces if piece]), e.span, sources)


TEXT: dict[str, Function] = {
    "lower": lifted("t", _cased(str.lower)),
    "upper": lifted("t", _cased(str.upper)),
    "title": lifted("t", _title),
    "trimspace": lifted("t", lambda text: text.strip(_SPACE)),
    "trim": lifted("tt", str.strip),
    "trimprefix": lifted("tt", str.removeprefix),
    "trimsuffix": lifted("tt", str.removesuffix),
    "chomp": lifted("t", lambda text: re.sub(r"[\r\n]+\Z", "", text)),
    "startswith": lifted("tt", str.startswith),
    "endswith": lifted("tt", str.endswith),
    "strcontains": lifted("tt", lambda text, part: part in text),
    "strrev": lifted("t", lambda text: simple(text)[::-1]),
    "substr": lifted("tii", _substr),
    "split": lifted("tt", _split),
    "indent": lifted("it", _indent),
    "replace": _replace,
    "regex": lifted("tt", _regex),
    "regexall": lifted("tt", _regexall),
    "join": _join,
}
