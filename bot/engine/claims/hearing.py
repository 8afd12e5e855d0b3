"""Which finder may hear something in some words: cheap, and true of much that says nothing. More is not loaded for such texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.engine.claims.text import Text
from bot.engine.pattern import Pattern

May: TypeAlias = Callable[[Text, str], bool]  # of a text, and of what belongs together in it in lower case

_DIGIT = Pattern("[0-9]")
_OWN = Pattern(r"[a-z][-_.]\d")
# Parts of words of which one stands in every phrase of the vocabulary: what has none of them asserts nothing.
_STEMS = Pattern(
    "crypt|priva|public|intern|https|tls|ssl|plain|privilege|permission|read[ -]only|logg|logs|back|snapshot|time[ -]rec|pitr|versio"
    "|multi|single|protect|prevent|scoped|limited|restrict|sse|secure|reachab|expos|access|open to|transit"
)
_CHANGES = ("change", "refactor", "rename", "formatting", "whitespace", "comment")
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
    return text.source in ("title", "body", "commit") and any(stem in lowered for stem in _CHANGES)


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
    """Whether a control can be named in these words."""
    return any(word in lowered for word in CITES) or ("-" in lowered and _OWN.search(lowered) is not None)


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
    "authority": may_rest,
    "instruction": may_instruct,
}
