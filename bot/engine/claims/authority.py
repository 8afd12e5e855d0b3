"""Sentences that rest on somebody's word: approved by, as agreed with, per ticket, the limit by policy.

They hold only where a recorded answer or the organisation's catalogue shows it. That nothing shows it contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.engine.claims.hearing import RESTS
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.model.decision import Decision
from bot.engine.pattern import Pattern
from bot.engine.policy.globs import matches
from bot.engine.policy.policies import Approval, Catalogue, Limit, OwnPolicy

_WHO = (
    r"(?:the\s+|our\s+|my\s+)?(?P<who>@[\w/-]{1,60}|(?:[\w&/-]+\s+){0,3}"
    r"(?:security|infosec|secops|appsec|ciso|cto|cio|dpo|compliance|legal|audit(?:ors?)?|"
    r"architects?|architecture|privacy|risk|governance|board|cab|committee|team|leads?|leadership|managers?|management|owners?|director|engineering|"
    r"platform|operations|ops|sre|finance|customer|client|vendor|stakeholders?)\b(?:\s+(?:team|board|department|group|office|lead|manager))?)"
)
_ACT = r"(?:approved|signed[ -]?off(?: on)?|reviewed(?: and approved)?|authori[sz]ed|agreed(?: upon)?|cleared|sanctioned|sign-off)"
_SAID = Pattern(rf"\b(?P<act>{_ACT})\s+(?:by|with|from)\s+{_WHO}", re.IGNORECASE)
_PER = Pattern(
    r"\b(?:as\s+)?per\s+(?P<who>(?:security|infosec|compliance|legal|audit|architecture)(?:\s+(?:team|review|sign-off|approval|request))?)\b",
    re.IGNORECASE,
)
_TICKET = Pattern(
    r"\b(?:as\s+)?(?:per|approved in|agreed in|according to|authori[sz]ed by|under)\s+(?:the\s+)?"
    r"(?:ticket|change(?: request)?|cr|jira|issue|incident|exception|policy)"
    r"\s+(?:#|no\.?\s)?(?P<ref>[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,8}){0,2}-\d{1,7}|\d{2,7})\b",
    re.IGNORECASE,
)
_LIMIT = Pattern(r"\b(?:limit|maximum|cap|quota|threshold|minimum|retention)\b[^.;]{0,40}?\b(?P<number>\d[\d,.]*)\b", re.IGNORECASE)
# What is wished for, asked for, denied or told of how things go is no claim that it was done.
_NOT_SAID = Pattern(
    r"\b(?:not|never|no|without|un|must|should|shall|will|would|may|might|can|could|needs?|requires?|required|pending|awaiting|once|if|unless|until|"
    r"before|when|whenever|todo|fixme|to be|has to be|have to be|be|being|are|gets?|cannot|isn't|wasn't|hasn't|haven't|want|ask)\b|n't\b",
    re.IGNORECASE,
)
_WORD = Pattern(r"[a-z0-9]+")
_NUMBER = Pattern(r"\d[\d,.]*")
LOOK_BACK = 40  # characters in front of the word that may deny it


def rested(spoken: Sequence[Sentence], scene: Scene) -> Iterator[Stated]:
    """What the sentences rest on somebody's word for."""
    if scene.snapshot is not None:
        yield from authority(spoken, scene.catalogue, scene.snapshot.decisions, scene.snapshot.now)


def authority(spoken: Iterable[Sentence], catalogue: Catalogue, decisions: Iterable[Decision], now: datetime) -> Iterator[Stated]:
    """What each sentence rests on somebody's word for. `decisions`: the recorded answers of the snapshot, `now`: an aware time."""
    answers = tuple(decision for decision in decisions if decision.verb in ("accept", "waive"))
    for sentence in spoken:
        lowered = sentence.content.lower()
        if not sentence.quoted and any(word in lowered for word in RESTS):
            yield from _of(sentence, catalogue, answers, now)


def _of(sentence: Sentence, catalogue: Catalogue, answers: tuple[Decision, ...], now: datetime) -> Iterator[Stated]:
    if (limit := _limited(sentence, catalogue)) is not None:
        yield limit
    found = _SAID.search(sentence.content) or _PER.search(sentence.content)
    if found is not None and _is_claimed(sentence.content, found.start()):
        yield _named(sentence, found[0], found["who"], catalogue, answers, now)
    elif (ticket := _TICKET.search(sentence.content)) is not None and _is_claimed(sentence.content, ticket.start()):
        yield _referred(sentence, ticket[0], ticket["ref"], catalogue, now)


def _is_claimed(said: str, at: int) -> bool:
    return _NOT_SAID.search(said[max(0, at - LOOK_BACK) : at]) is None


def _named(sentence: Sentence, claimed: str, who: str, catalogue: Catalogue, answers: tuple[Decision, ...], now: datetime) -> Stated:
    name = who.lstrip("@").lower()
    answer = next((one for one in answers if one.by.lower() == name), None)
    if answer is not None:
        return _shown(sentence, claimed, "answered", answer.ref)
    for policy, approval in _approvals(catalogue, now):
        if _is_by(approval, who) and _is_about(approval, sentence):
            return _shown(sentence, claimed, "listed", approval.ref or policy.ref)
    return Stated(sentence, "authority", "unverifiable", claimed, key="authority.nothing-shown", fields={"who": who})


def _referred(sentence: Sentence, claimed: str, ref: str, catalogue: Catalogue, now: datetime) -> Stated:
    for policy, approval in _approvals(catalogue, now):
        if approval.ref.upper() == ref.upper() and _is_about(approval, sentence):
            return _shown(sentence, claimed, "listed", policy.ref)
    if (policy_ := catalogue.policy(ref)) is not None:
        return _shown(sentence, claimed, "listed", policy_.ref)
    return Stated(sentence, "authority", "unverifiable", claimed, key="authority.nothing-shown", fields={"who": ref})


def _shown(sentence: Sentence, claimed: str, key: str, ref: str) -> Stated:
    return Stated(sentence, "authority", "supported", claimed, by=ref, key=f"authority.{key}", fields={"ref": ref})


def _approvals(catalogue: Catalogue, now: datetime) -> Iterator[tuple[OwnPolicy, Approval]]:
    return ((policy, approval) for policy in catalogue.policies for approval in policy.approvals if approval.valid(now))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - {"the", "team", "our", "my", "of", "and"}


def _is_by(approval: Approval, who: str) -> bool:
    return bool(_words(approval.by)) and _words(approval.by) <= _words(who)


def _is_about(approval: Approval, sentence: Sentence) -> bool:
    """Whether an approval is of the resource that the text stands at, or of what the sentence names."""
    block = sentence.text.block
    return (bool(block) and matches(approval.what, block)) or _words(approval.what) <= _words(sentence.content)


def _limited(sentence: Sentence, catalogue: Catalogue) -> Stated | None:
    """A number that the text calls a limit, beside one of the organisation's policies."""
    found = _LIMIT.search(sentence.content)
    policy = next((one for one in catalogue.policies if one.id.lower() in sentence.content.lower()), None) if found else None
    if found is None or policy is None or not _is_claimed(sentence.content, found.start()):
        return None
    named = [limit for limit in policy.limits if _words(limit.of) <= _words(sentence.content)]
    if len(named) != 1:
        return Stated(sentence, "authority", "unverifiable", found[0], key="authority.no-limit", fields={"policy": policy.id})
    return _compared(sentence, found, policy, named[0])


def _compared(sentence: Sentence, found: re.Match[str], policy: OwnPolicy, limit: Limit) -> Stated:
    number = _NUMBER.search(limit.value)
    equal = number is not None and _plain(number[0]) == _plain(found["number"])
    fields: dict[str, str | int] = {"policy": policy.id, "of": limit.of, "value": limit.value, "ref": policy.ref}
    status, key = ("supported", "authority.limit") if equal else ("contradicted", "authority.other-limit")
    return Stated(sentence, "authority", status, found[0], by=policy.ref, key=key, fields=fields)  # type: ignore[arg-type] # one of two words


def _plain(number: str) -> str:
    return number.replace(",", "").rstrip(".")
