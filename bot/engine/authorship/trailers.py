"""Trailers: `Key: value` at the end of a message, and the malformed ones that tools and shells leave behind."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.authorship.evidence import Match, match
from bot.engine.authorship.identity import of_address
from bot.engine.authorship.index import Index, fits, specific
from bot.engine.authorship.text import Line
from bot.engine.model.authorship import Found, Remark
from bot.engine.model.signal import Role, Signal
from bot.engine.pattern import Pattern

MOST = 1_000  # characters of one trailer
WRITTEN_OUT = "\\n"  # a line break that a shell did not understand
SESSIONS = ("-session", "-session-id", "-session-url", "-session-link")
SPELLINGS = dict.fromkeys(
    ("coauthored-by", "co-author", "co-authors", "co-authored", "coauthor", "co-author-by", "co-authored-with"), "co-authored-by"
)
AUTHORS = frozenset({"co-authored-by", "co-developed-by", "signed-off-by"})
DECLARED = frozenset({"assisted-by", "generated-by", "ai-assisted-by", "ai-generated-by", "ai-assisted", "ai-assistant"})
NOUNS = frozenset({"ai-assisted", "ai-assistant", "ai-tool", "ai-agent", "ai-model"})  # parts of a product too: nothing unless well formed
REVIEWERS = frozenset({"reviewed-by", "acked-by", "tested-by", "reported-by", "suggested-by", "approved-by"})
_EMPHASIS, _PUNCTUATION = "*_~", " .,;\"'*_"
_TOOL_AND_VERSION, _TICKS, _BRACKETED = Pattern(r"[A-Z][\w .-]{1,30}:[\w.-]*\d[\w.-]*(?:\s.*)?"), Pattern("`+"), Pattern(r"<[^<>]*>")
_BETWEEN_ADDRESSES = str.maketrans(dict.fromkeys("<>(),;\"'", " "))


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
        first, *rest = _written_out(line.text) if WRITTEN_OUT in line.text else [line.text]
        for number, piece in enumerate([first, *rest]):
            if (found := _trailer(piece, known)) is not None:
                yield replace(found, malformed=found.malformed or bool(number or rest), early=not line.last)


def matched(trailer: Trailer, index: Index) -> list[Match]:
    """The evidence of one trailer."""
    found = [*_identified(trailer, index), *_by_key(trailer, index)]
    rows = specific(row for row, _ in found)
    role: Role | None = "reviewer" if trailer.key in REVIEWERS else None
    return list({row.id: match(row, place, trailer.text, role=role) for row, place in found if row in rows}.values())


def remarks(trailer: Trailer, index: Index, found: list[Match]) -> Iterator[Remark]:
    """What the table may lack: an App among the authors, a session of an unknown tool, an unknown agent with its model."""
    if trailer.key in AUTHORS:
        for who in map(of_address, addresses(trailer.value)):
            if who.is_app and not index.knows(who):
                yield Remark("unknown-account", who.shown)
    if trailer.place == "trailer" and trailer.key not in index.keys and trailer.key.endswith(SESSIONS):
        yield Remark("unknown-session", trailer.text[:200])
    if trailer.key == "assisted-by" and not found and _TOOL_AND_VERSION.fullmatch(trailer.value):
        yield Remark("unknown-agent", trailer.text[:200])


def addresses(value: str) -> list[str]:
    """Everything in a value that is an address, however it is set off."""
    if "@" not in value:
        return []
    words = (word.rpartition("mailto:")[2].strip(" .:*_`") for word in value.translate(_BETWEEN_ADDRESSES).split())
    return [word for word in words if word.count("@") == 1 and word[0] != "@" and "." in word.partition("@")[2]]


def _written_out(text: str) -> list[str]:
    """The pieces between line breaks that were written out; what stands in code is an illustration."""
    runs = _TICKS.sub("`", text).split("`") if "`" in text else [text]
    return "".join(runs[::2]).replace("\\r\\n", WRITTEN_OUT).split(WRITTEN_OUT)


def _trailer(text: str, known: frozenset[str]) -> Trailer | None:
    """https://git-scm.com/docs/git-interpret-trailers: a key of letters, digits and hyphens, a colon, a value. Indented, in a list, in
    bold, or with a key in other spelling it is malformed, and recognised by a key that is known."""
    before, colon, after = text.partition(":")
    value = after.strip()
    if not colon or not value or len(text) > MOST:
        return None
    written = before.rstrip(" \t")
    plain = written[:1].isalpha() and written.isascii() and written.replace("-", "").isalnum()
    if not plain:
        written = before.strip().lstrip("-+•0123456789. ").strip(_EMPHASIS + " ")
        value = value.lstrip(_EMPHASIS + " ")
    key = "-".join(written.lower().replace("_", " ").replace("-", " ").split())
    key = SPELLINGS.get(key, key)
    if not value or (not plain and key not in known | AUTHORS | REVIEWERS):
        return None
    return Trailer(key, value, text.strip(), malformed=not plain or key != written.lower())


def _identified(trailer: Trailer, index: Index) -> Iterator[tuple[Signal, Found]]:
    if trailer.key not in AUTHORS | DECLARED | REVIEWERS:
        return
    value = trailer.value.replace("&lt;", "<").replace("&gt;", ">")
    found = addresses(value)
    place: Found = trailer.place if _is_person(trailer.value) or trailer.key in DECLARED else "malformed-trailer"
    name = value.partition("<")[0].strip()
    for address in found:
        yield from ((row, place) for row in index.identified(of_address(address), "trailer", name))
    if not found and trailer.key in AUTHORS:
        bare = value.strip(_PUNCTUATION + "<>")
        yield from ((row, "malformed-trailer") for row in index.unaddressed if fits(row, row.unaddressed, bare))


def _is_person(value: str) -> bool:
    """Whether it has git's form of a person: a name, and an address in angle brackets."""
    name, bracket, rest = value.rstrip(" .,;").partition("<")
    return bool(bracket) and rest.endswith(">") and rest.count(">") == 1 and ">" not in name and " " not in rest[:-1].strip()


def _by_key(trailer: Trailer, index: Index) -> Iterator[tuple[Signal, Found]]:
    rows = index.by_key.get(trailer.key, ())
    if trailer.place != "trailer":
        rows = [] if trailer.key in NOUNS else [row for row in rows if not row.general or trailer.key != "generated-by"]
    if rows:
        value = _without_brackets(trailer.value) if trailer.key in DECLARED else trailer.value
        value = value.strip(_PUNCTUATION)
        yield from ((row, trailer.place) for row in rows if fits(row, row.pattern, value))


def _without_brackets(value: str) -> str:
    """The value without its addresses; an address alone stays."""
    return " ".join(_BRACKETED.sub(" ", value).split()) or value
