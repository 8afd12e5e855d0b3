"""Trailers: `Key: value` at the end of a message, and the malformed ones that tools and shells leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.authorship.evidence import Match, match
from bot.engine.authorship.identity import of_address
from bot.engine.authorship.index import Index, matches, specific
from bot.engine.authorship.text import Line
from bot.engine.model.authorship import Found, Remark
from bot.engine.model.signal import Role, Signal

# https://git-scm.com/docs/git-interpret-trailers
_PLAIN = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]?:[ \t]*(\S.*)")
_LOOSE = re.compile(  # indented, in a list, in bold, its key in words
    r"\s*(?:[-*+•]\s+|\d{1,3}\.\s+)?[*_~]{0,3}([A-Za-z][A-Za-z0-9]*(?:[ _-]{1,2}[A-Za-z0-9]+){0,4})[*_~]{0,3}\s*:\s*[*_~]{0,3}\s*(\S.*)"
)
_WRITTEN_OUT = re.compile(r"(?:\\r)?\\n")  # a line break that a shell did not understand
MOST = 1_000  # characters of one trailer
_SEPARATORS = re.compile(r"[\s_-]+")
_ADDRESS = re.compile(r"[\w.+%\[\]-]{1,100}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_WHOLE = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>")
_BRACKETED = re.compile(r"\s*<[^<>]*>")
_SESSION = re.compile(r"[\w-]+-session(?:-(?:id|url|link))?")
_AGENT_AND_MODEL = re.compile(r"[A-Z][\w .-]{1,30}:[\w.-]*\d[\w.-]*(?:\s.*)?")
_SPELLINGS = dict.fromkeys(
    ("coauthored-by", "co-author", "co-authors", "co-authored", "coauthor", "co-author-by", "co-authored-with"), "co-authored-by"
)
AUTHORS = frozenset({"co-authored-by", "co-developed-by", "signed-off-by"})
DECLARED = frozenset({"assisted-by", "generated-by", "ai-assisted-by", "ai-generated-by", "ai-assistant"})
REVIEWERS = frozenset({"reviewed-by", "acked-by", "tested-by", "reported-by", "suggested-by", "approved-by", "reviewed-on"})


class Trailer(Struct, frozen=True):
    """`key` in its usual spelling, in lower case; `text`: the whole of it. `early`: it stands before the last paragraphs."""

    key: str
    value: str
    text: str
    malformed: bool = False
    early: bool = False

    @property
    def place(self) -> Found:
        return "malformed-trailer" if self.malformed or self.early else "trailer"


def trailers(lines: tuple[Line, ...], known: frozenset[str]) -> Iterator[Trailer]:
    """Every trailer of a text. `known`: the keys by which a malformed one is recognised."""
    for line in lines:
        if ":" not in line.text or (line.introduced and not line.last):
            continue
        first, *rest = _WRITTEN_OUT.split(_without_code(line.text)) if "\\n" in line.text else [line.text]
        for number, piece in enumerate([first, *rest]):
            if (found := _trailer(piece, known)) is not None:
                yield replace(found, malformed=found.malformed or bool(number or rest), early=not line.last)


def matched(trailer: Trailer, index: Index) -> list[Match]:
    """The evidence of one trailer."""
    found = [*_identified(trailer, index), *_by_key(trailer, index)]
    rows = specific(row for row, _ in found)
    taken = {row.id: match(row, place, trailer.text, role=_role(trailer)) for row, place in found if row in rows}
    return list(taken.values())


def remarks(trailer: Trailer, index: Index, found: list[Match]) -> Iterator[Remark]:
    """What the table may lack: an App among the authors, a session of an unknown tool, an unknown agent with its model."""
    if trailer.key in AUTHORS:
        for address in _ADDRESS.findall(trailer.value):
            who = of_address(address)
            if who.is_app and not index.knows(who):
                yield Remark("unknown-account", who.shown)
    if not trailer.malformed and not trailer.early and trailer.key not in index.keys and _SESSION.fullmatch(trailer.key):
        yield Remark("unknown-session", trailer.text[:200])
    if trailer.key == "assisted-by" and not found and _AGENT_AND_MODEL.fullmatch(trailer.value):
        yield Remark("unknown-agent", trailer.text[:200])


def _without_code(text: str) -> str:
    return "".join(re.sub("`+", "`", text).split("`")[::2])


def _trailer(text: str, known: frozenset[str]) -> Trailer | None:
    if len(text) > MOST:
        return None
    plain = _PLAIN.fullmatch(text)
    found = plain or _LOOSE.fullmatch(text)
    if found is None:
        return None
    written = found[1].lower()
    key = _SEPARATORS.sub("-", written)
    key = _SPELLINGS.get(key, key)
    if plain is None and key not in known | AUTHORS | REVIEWERS:
        return None
    return Trailer(key, found[2].strip(), text.strip(), malformed=plain is None or key != written)


def _identified(trailer: Trailer, index: Index) -> Iterator[tuple[Signal, Found]]:
    if trailer.key not in AUTHORS | DECLARED | REVIEWERS:
        return
    value = trailer.value.replace("&lt;", "<").replace("&gt;", ">")
    addresses = _ADDRESS.findall(value)
    whole = _WHOLE.fullmatch(trailer.value.rstrip(" .,;"))
    place: Found = trailer.place if whole or trailer.key in DECLARED else "malformed-trailer"
    for address in addresses:
        yield from ((row, place) for row in index.identified(of_address(address), "trailer"))
    if not addresses and trailer.key in AUTHORS:
        name = value.strip(" .,;<>\"'*_").lower()
        yield from ((row, "malformed-trailer") for row in index.unaddressed if matches(row.unaddressed, name))


def _by_key(trailer: Trailer, index: Index) -> Iterator[tuple[Signal, Found]]:
    rows = index.by_key.get(trailer.key)
    if rows:
        value = _BRACKETED.sub("", trailer.value).strip(" .,;\"'*_") if trailer.key in DECLARED else trailer.value.strip(" .,;*_")
        yield from ((row, trailer.place) for row in rows if matches(row.pattern, value or trailer.value))


def _role(trailer: Trailer) -> Role | None:
    return "reviewer" if trailer.key in REVIEWERS else None
