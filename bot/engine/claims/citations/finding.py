"""Sentences → what their citations of controls come to. That a control exists says nothing about whether it is met."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.engine.claims.citations.grammar import BY_TABLE
from bot.engine.claims.citations.lookup import PLATFORMS, Found, look_up
from bot.engine.claims.citations.mentions import Mention, mentions
from bot.engine.claims.citations.near import Near, near
from bot.engine.claims.hearing import CITES
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.facts.controls import Controls
from bot.engine.pattern import Pattern

_WORD = Pattern(r"\S+")
_PATH = Pattern(r"[\w-]/[\w-]++/.*\.(?:md|tf|html?|ya?ml|json|pdf)\b")
_SCHEME = Pattern(r"(?<!\w)\w++://.")
_SAYS_SO = Pattern(
    r"\b(?:invalid|non-?existent|(?:does|do|did)(?: not|n't) exist|no such|removed|renumbered|retired|typo|wrong|incorrect|bogus|"
    r"made[- ]up|fake|example of)\b",
    re.IGNORECASE,
)
_PROVIDERS = {"aws": "cis aws", "azurerm": "cis azure", "azuread": "cis azure", "google": "cis gcp", "kubernetes": "cis kubernetes"}
# What runs an operating system, a container runtime or a cluster, for which there are benchmarks that the table does not have.
_HOSTS = Pattern(
    r"_(?:ami|instance|launch|imagebuilder|ssm|ecs|eks|batch|lightsail|autoscaling|virtual_machine|image|container|kubernetes|compute|db|sql)"
)
_NAMES = {
    "cis aws": "CIS AWS",
    "cis azure": "CIS Azure",
    "cis gcp": "CIS Google Cloud",
    "cis kubernetes": "CIS Kubernetes",
    "cis github": "CIS GitHub",
    "cis m365": "CIS Microsoft 365",
    "cis oracle": "CIS Oracle Cloud",
    "cis alibaba": "CIS Alibaba Cloud",
    "cis workspace": "CIS Google Workspace",
    "cis controls": "CIS Controls",
}
_STATUS = {
    "exists": "supported",
    "withdrawn": "unverifiable",
    "unknown": "unverifiable",
    "elsewhere": "nonexistent",
    "absent": "nonexistent",
}


def citations(spoken: Iterable[Sentence], controls: Controls | None) -> Iterator[Stated]:
    """What each sentence cites that nobody else said; without a table nothing."""
    if controls is None:
        return
    for text, sentences in groupby(spoken, key=lambda sentence: sentence.text):
        if speaks_of(text.content):
            for sentence in sentences:
                if not sentence.quoted and speaks_of(sentence.content):
                    yield from _of(sentence, controls, platforms(text))


def speaks_of(content: str) -> bool:
    """Whether a text has a word that names a framework. Cheap, and never false where one is named."""
    lowered = content.lower()
    return any(word in lowered for word in CITES)


def platforms(text: Text) -> tuple[str, ...]:
    """The benchmarks that an identifier may be of where none is named: those of the block's provider, else any."""
    kind = text.block.removeprefix("data.").partition(".")[0]
    known = _PROVIDERS.get(kind.partition("_")[0])
    if known is None or _HOSTS.search(kind):
        return PLATFORMS
    return (known, "cis controls")


def _of(sentence: Sentence, controls: Controls, tables: tuple[str, ...]) -> Iterator[Stated]:
    said = _WORD.sub(_without_address, sentence.content) if "/" in sentence.content else sentence.content
    for mention in mentions(said):
        found = look_up(mention, controls, tables)
        if _is_worth_it(mention, found, said, tables):
            yield _stated(sentence, mention, found, controls)


def _without_address(word: re.Match[str]) -> str:
    """Blanks for the characters of an address or of the path of a document: the numbers in it cite nothing."""
    found = _PATH.search(word[0]) or _SCHEME.search(word[0])
    kept = len(word[0]) if found is None else found.start() if "://" in found[0] else 0
    return word[0][:kept].ljust(len(word[0]))


def _is_worth_it(mention: Mention, found: Found, said: str, tables: tuple[str, ...]) -> bool:
    """What is missing is said only where the framework is surely named for it, and not by a text that says so itself."""
    if found.standing == "unknown":
        return mention.direct and (mention.table != "cis" or bool(mention.platform) or tables != PLATFORMS)
    if found.standing in ("absent", "elsewhere"):
        return mention.near and not _SAYS_SO.search(said)
    return True


def _stated(sentence: Sentence, mention: Mention, found: Found, controls: Controls) -> Stated:
    fields: dict[str, str | int] = {
        "id": mention.identifier,
        "framework": name(found.table),
        "edition": _edition(found.table, found.edition),
        "table": found.table,
        "named": mention.edition,
    }
    key = _key(found)
    if found.standing in ("exists", "withdrawn", "elsewhere"):
        fields |= {"title": found.title, "others": ", ".join(_edition(found.table, one) for one in found.others)}
    if found.standing == "absent":
        hint = near(mention.identifier, found.table, controls, found.edition)
        key = f"absent{_hinted(hint)}"
        fields |= {"near": ", ".join(hint.ids), "last": hint.last, "other": name(hint.table) if hint.table else ""}
        fields["edition"] = fields["edition"] or fields["framework"]
    if found.standing == "unknown":
        fields["date"] = controls.table.header.date
    return Stated(
        sentence,
        "citation",
        _STATUS[found.standing],  # type: ignore[arg-type] # the values of a table of our own
        claimed=_claimed(mention, found),
        by=str(fields["edition"] or fields["framework"]),
        key=f"citation.{key}",
        fields=fields,
    )


def _key(found: Found) -> str:
    if found.standing == "exists":
        return "exists-titled" if found.title else "exists"
    if found.standing == "withdrawn":
        return "withdrawn-before" if found.others else "withdrawn"
    return found.standing


def _hinted(hint: Near) -> str:
    """The one hint that helps most, as a suffix of the key: what has it as it is written, a slip of the pen, where the chapter ends."""
    if hint.table and not hint.ids:
        return "-other"
    if hint.ids:
        return "-near"
    return "-last" if hint.last else ""


def _claimed(mention: Mention, found: Found) -> str:
    return f"{_edition(found.table, found.edition) if mention.edition and found.edition else name(found.table)} {mention.identifier}"


def name(table: str) -> str:
    """The name of a framework, as a reader knows it."""
    return _NAMES.get(table) or BY_TABLE[table.partition(" ")[0]].title


def _edition(table: str, version: str) -> str:
    """The name of an edition; empty for none."""
    if not version:
        return ""
    if table == "nist53":
        return f"NIST SP 800-53 revision {version}"
    if table in ("hipaa", "gdpr", "fsbp"):
        return {"hipaa": "45 CFR 164 Subpart C", "gdpr": "GDPR", "fsbp": f"AWS FSBP ({version})"}[table]
    return f"{name(table)}{':' if table == 'iso27001' else ' '}{version}"
