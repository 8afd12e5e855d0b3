"""Which finder may hear something in some words: cheap, and true of much that says nothing. More is not loaded for such texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from bot.engine.claims.text import Text
from bot.engine.pattern import Pattern

May: TypeAlias = Callable[[Text, str], bool]  # of a text, and of what belongs together in it in lower case

_DIGIT = Pattern("[0-9]")
_OWN = Pattern(r"[a-z][-_.]\d")
# Parts of words of which one stands in every phrase of the vocabulary: what has none of them asserts nothing.
ASSERTS = (
    *("crypt", "priva", "public", "intern", "https", "tls", "ssl", "plain", "privilege", "permission", "read-only", "read only", "logg"),
    *("logs", "back", "snapshot", "time-rec", "time rec", "pitr", "versio", "multi", "single", "protect", "prevent", "scoped", "limited"),
    *("restrict", "sse", "secure", "reachab", "expos", "access", "open to", "transit"),
)
_STEMS = Pattern("|".join(ASSERTS))
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


def may_assert(_: Text, lowered: str) -> bool:
    """Whether words can assert a property."""
    return _STEMS.search(lowered) is not None


def may_say(text: Text, lowered: str) -> bool:
    """Whether words can say anything of the argument beside them."""
    return text.argument is not None and ("able" in lowered or "activ" in lowered or _DIGIT.search(lowered) is not None)


def may_value(text: Text, lowered: str) -> bool:
    """Whether words can state the value of anything."""
    if text.source == "code" and not text.block:
        return False
    return _DIGIT.search(lowered) is not None or ("_" in lowered and ("able" in lowered or "true" in lowered or "false" in lowered))


def may_tell(text: Text, lowered: str) -> bool:
    """Whether words can say what a default is."""
    if text.source == "document":
        return "`" in lowered and (lowered.startswith("|") or "default" in lowered)
    return text.block.startswith("var.") and "default" in lowered


def may_deny(text: Text, lowered: str) -> bool:
    """Whether words can say that nothing changes."""
    return text.source in ("title", "body", "commit") and any(stem in lowered for stem in DENIES)


def may_narrow(text: Text, lowered: str) -> bool:
    """Whether words can say who alone is let in, or by what."""
    narrows = "only" in lowered or "restricted" in lowered or "limited to" in lowered or "exclusively" in lowered
    return narrows and text.source != "document" and _DIGIT.search(lowered) is not None


def may_condition(text: Text, lowered: str) -> bool:
    """Whether a comment can say that its block is only made on a condition."""
    return text.source == "code" and bool(text.block) and ("only" in lowered or "conditional" in lowered)


def may_tag(_: Text, lowered: str) -> bool:
    """Whether words can tell of tags."""
    return "tag" in lowered or "label" in lowered


def may_keep(text: Text, lowered: str) -> bool:
    """Whether words can say that callers keep working."""
    return ("backward" in lowered or "breaking" in lowered) and text.source in ("title", "body", "commit")


def may_cite(_: Text, lowered: str) -> bool:
    """Whether a control of a public framework can be named in these words."""
    return any(word in lowered for word in CITES)


def may_cite_own(_: Text, lowered: str) -> bool:
    """Whether a control of an organisation's own can be named in these words."""
    return "-" in lowered and _OWN.search(lowered) is not None


def may_rest(_: Text, lowered: str) -> bool:
    """Whether somebody's word can be named in these words."""
    return any(word in lowered for word in RESTS)


def may_instruct(_: Text, lowered: str) -> bool:
    """Whether a reviewer or a tool can be told something in these words, or something can hide in them."""
    return not lowered.isascii() or any(word in lowered for word in INSTRUCTS)


# In the order in which what is found is told; of two that find the same the last is.
HEARING: Mapping[str, May] = {
    "properties": may_assert,
    "values": may_value,
    "arguments": may_say,
    "defaults": may_tell,
    "narrowed": may_narrow,
    "conditional": may_condition,
    "tagged": may_tag,
    "compatible": may_keep,
    "unchanged": may_deny,
    "citations": may_cite,
    "own": may_cite_own,
    "authority": may_rest,
    "instruction": may_instruct,
}

# Finder → words of which one is in every text in which it hears something; a finder that is not named may hear in any.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "properties": ASSERTS,
    "defaults": ("default", "`"),
    "narrowed": ("only", "restricted", "limited", "exclusively"),
    "conditional": ("only", "conditional"),
    "tagged": ("tag", "label"),
    "compatible": ("backward", "breaking"),
    "unchanged": DENIES,
    "citations": CITES,
    "authority": RESTS,
    "instruction": INSTRUCTS,
}
# Of words that a line's end or a sign may part the longest piece.
_PIECES = {name: tuple(max(word.split(), key=len).encode() for word in words) for name, words in _WORDS.items()}
_SIGNS = (b"#", b"//", b"escription", b"omment")
_JOINS = (b"/*", b"<<", b"<!--")  # by these a text goes on over lines, or is put together anew
# What is taken out of the middle of a word, and the two letters of other alphabets whose small letters are of this one.
_REMADE = (b"<!--", "\u0130".encode(), "\u212a".encode())


def unheard(code: Iterable[bytes], prose: Iterable[bytes], *, catalogue: bool) -> frozenset[str]:
    """The finders that certainly hear nothing in the files that a change alters, nor in its documents and messages.

    Bytes are looked at, and nothing is parsed. `catalogue`: whether the organisation has one.
    """
    every = b"\n".join([*map(_commented, code), *prose]).lower()
    own: frozenset[str] = frozenset() if catalogue else frozenset({"own"})
    if any(sign in every for sign in _REMADE):
        return own
    silent = {name for name, pieces in _PIECES.items() if not any(piece in every for piece in pieces)}
    return own | (silent if every.isascii() else silent - {"instruction"})  # what is hidden may be of other letters


def _commented(data: bytes) -> bytes:
    """The lines of code on which something can be said; all of them where a text goes on over lines."""
    if any(sign in data for sign in _JOINS):
        return data
    return b"\n".join([line for line in data.split(b"\n") if any(sign in line for sign in _SIGNS)])
