"""Which finder may hear something in some words: cheap, and true of much that says nothing. More is not loaded for such texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from bot.engine.claims.text import Text
from bot.engine.pattern import Pattern

May: TypeAlias = Callable[[Text, str], bool]  # of a text, and of what belongs together in it in lower case

_DIGIT = Pattern("[0-9]")
_COUNTS = ("one ", "two ", "three ", "four ", "five ", "six ", "single ")
_OWN = Pattern(r"[a-z][-_.]\d")
# Parts of words of which one stands in every phrase of the vocabulary: what has none of them asserts nothing.
ASSERTS = (
    *(
        "crypt",
        "priva",
        "public",
        "intern",
        "https",
        "tls",
        "ssl",
        "plain",
        "privilege",
        "permission",
        "read-only",
        "read only",
        "readonly",
        "logg",
    ),
    *(
        "logs",
        "customer managed",
        "customer-managed",
        "cmk",
        "cmek",
        "back",
        "snapshot",
        "time-rec",
        "time rec",
        "pitr",
        "versio",
        "multi",
        "single",
        "protect",
        "prevent",
        "scoped",
        "limited",
    ),
    *("restrict", "sse", "secure", "reachab", "expos", "access", "open to", "transit"),
)
DENIES = ("change", "refactor", "rename", "formatting", "whitespace", "comment")
CITES = (
    *("cis", "800-", "nist", "csf", "fedramp", "fisma", "pci", "soc", "aicpa", "tsc", "trust service", "hipaa", "164.3", "2700", "fsbp"),
    *("foundational", "security hub", "securityhub", "mcsb", "benchmark", "asb", "gdpr", "dsgvo", "data protection", "cmmc"),
)
RESTS = (
    *("approved", "signed off", "signed-off", "sign-off from", "reviewed by", "reviewed with", "authoris", "authoriz", "agreed", "cleared"),
    *("per ticket", "per policy", "per change", "per security", "per compliance", "per legal", "ticket", "limit", "maximum", "sanctioned"),
)
INSTRUCTS = (
    *("ignore", "disregard", "forget", "override", "approve", "skip", "countersign", "no need", "need not", "not necessary"),
    *("flag", "prompt", "verdict", "conclusion", "treat", "mark ", "system", "assistant", "reviewer", "instruction", "merge"),
    *("you are", "respond", "pass this", "false positive", "unnecessary", "jailbreak", "do not report", "don't report", "lgtm"),
    *("block", "exempt", "/waive", "review", "llm", "consider ", "classify", "reply with", "answer with", "disable", "[inst", "turn off"),
)


class Hearing(NamedTuple):
    """`finder` may hear something where one of the words is, in lower case, and `also` is true; with no words where `also` is."""

    finder: str
    words: tuple[str, ...] = ()
    also: May | None = None


def _beside_an_argument(text: Text, lowered: str) -> bool:
    return text.argument is not None and ("able" in lowered or "activ" in lowered or _DIGIT.search(lowered) is not None)


def _states_a_value(text: Text, lowered: str) -> bool:
    if text.source == "code" and not text.block:
        return False
    if _DIGIT.search(lowered) or any(word in lowered for word in _COUNTS):
        return True
    return "_" in lowered and ("able" in lowered or "true" in lowered or "false" in lowered)


def _tells_a_default(text: Text, lowered: str) -> bool:
    if text.source == "document":
        return "default" in lowered or ("`" in lowered and lowered.startswith("|"))
    if text.source != "code":
        return "default" in lowered and "_" in lowered
    return text.block.startswith("var.") and "default" in lowered


def _narrows(text: Text, lowered: str) -> bool:
    return text.source != "document" and _DIGIT.search(lowered) is not None


def _counts(_: Text, lowered: str) -> bool:
    return _DIGIT.search(lowered) is not None


def _is_no_document(text: Text, _: str) -> bool:
    return text.source != "document"


def _is_at_a_block(text: Text, _: str) -> bool:
    return text.source == "code" and bool(text.block)


def _is_a_message(text: Text, _: str) -> bool:
    return text.source in ("title", "body", "commit")


def _names_its_own(_: Text, lowered: str) -> bool:
    return "-" in lowered and _OWN.search(lowered) is not None


def _hides(_: Text, lowered: str) -> bool:
    return not lowered.isascii()


# In the order in which what is found is told; of two that find the same the last is.
HEARING = (
    Hearing("properties", ASSERTS),
    Hearing("altered", (" to ", "->", "=>", "\u2192"), _is_a_message),
    Hearing("values", (*"0123456789", "_", *_COUNTS), _states_a_value),
    Hearing("arguments", (*"0123456789", "able", "activ"), _beside_an_argument),
    Hearing(
        "bounded",
        ("most", "least", "more than", "longer than", "less than", "fewer", "exceed", "capped", "up to", "max", "min", "limit"),
        _counts,
    ),
    Hearing("defaults", ("default", "`"), _tells_a_default),
    Hearing("narrowed", ("only", "restricted", "limited to", "exclusively", "solely", "nothing but"), _narrows),
    Hearing("assumed_by", ("assum",), _is_no_document),
    Hearing("sources", ("from", " by ", "restricted to", "limited to"), _is_at_a_block),
    Hearing("placed", ("subnet",), _is_no_document),
    Hearing("lifecycle", ("ignor", "prevent", "avoid", "volume")),
    Hearing("referred", ("existing", "shared", "central")),
    Hearing("conditional", ("only", "conditional", "optional", "if ", "when ")),
    Hearing("tagged", ("tag", "label")),
    Hearing("costs", ("$",)),
    Hearing("compatible", ("backward", "breaking"), _is_a_message),
    Hearing("unchanged", DENIES, _is_a_message),
    Hearing("citations", CITES),
    Hearing("own", also=_names_its_own),
    Hearing("authority", RESTS),
    Hearing("instruction", INSTRUCTS),
    Hearing("instruction", also=_hides),
)
_OWN_ONLY = frozenset({"own"})
# What is taken out of the middle of a word, and the two letters of other alphabets whose small letters are of this one.
_REMADE = ("<!--", "\u0130", "\u212a")
_SIGNS = (b"#", b"//", b"escription", b"omment")
_JOINS = (b"/*", b"<<", b"<!--")  # by these a text goes on over lines, or is put together anew


def live(every: str, *, catalogue: bool) -> tuple[Hearing, ...]:
    """What may hear something in texts that are told as one, with the words that are there.

    Of words that a line's end or a sign may part, the longest piece has to be there. `catalogue`: whether the organisation has one.
    """
    hearing = HEARING if catalogue else tuple([item for item in HEARING if item.finder not in _OWN_ONLY])
    if any(sign in every for sign in _REMADE):
        return hearing
    lowered = every.lower()
    there = [item._replace(words=tuple([word for word in item.words if max(word.split(), key=len) in lowered])) for item in hearing]
    return tuple([item for item, whole in zip(there, hearing, strict=True) if item.words or not whole.words])


def unheard(code: Iterable[bytes], prose: Iterable[bytes], *, catalogue: bool) -> frozenset[str]:
    """The finders that certainly hear nothing in the files that a change alters, nor in its documents and messages.

    The bytes are looked at, and nothing is parsed.
    """
    every = b"\n".join([*map(_commented, code), *prose]).decode("utf-8", "replace")
    heard = {item.finder for item in live(every, catalogue=catalogue) if item.also is not _hides or not every.isascii()}
    return frozenset(item.finder for item in HEARING) - heard


def _commented(data: bytes) -> bytes:
    """The lines of code on which something can be said; all of them where a text goes on over lines."""
    if any(sign in data for sign in _JOINS):
        return data
    return b"\n".join([line for line in data.split(b"\n") if any(sign in line for sign in _SIGNS)])


class Listener:
    """Hears for all finders at once."""

    def __init__(self, every: str, *, catalogue: bool) -> None:
        self._live = live(every, catalogue=catalogue)

    def hears(self, text: Text, lowered: str) -> tuple[str, ...]:
        """The finders that may hear something in these words: no other has to read them."""
        heard: list[str] = []
        for finder, words, also in self._live:
            if words:
                for word in words:
                    if word in lowered:
                        break
                else:
                    continue
            if finder not in heard and (also is None or also(text, lowered)):
                heard.append(finder)
        return tuple(heard)
