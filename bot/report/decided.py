"""What people answered to a result, in sentences: by whom, why, until when; what no longer holds, and what is different since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC

from bot.engine.model.decision import Decision, Lapsed
from bot.engine.model.result import Deciding, Result
from bot.engine.model.verdict import Verdict
from bot.report.clean import cut
from bot.report.hidden import mask
from bot.report.phrases import Phrases
from bot.report.values import deciding, former

NAMED = 3  # of the values that are different, and of the disputes
MAX_VALUE, MAX_REASON = 120, 300


def said(result: Result, phrases: Phrases) -> tuple[str, ...]:
    """Everything that was answered, a sentence each; backticks mark code, and what people wrote is still to be escaped."""
    return tuple(_said(result, phrases))


def bypassed(verdict: Verdict, phrases: Phrases) -> str:
    """By whom the change passes although something blocks; empty where it does not."""
    return phrases.say("answer.break-glass", **_fields(verdict.bypass, phrases)) if verdict.bypass else ""


def told(result: Result, phrases: Phrases) -> dict[str, str]:
    """What decides, as it is shown: path → value, and of a change what stood there before; how many resources depend on it."""
    found = {item.path: _shown(item, phrases) for item in (result.deciding, *result.further) if item.path}
    reach = {phrases.say("answer.dependents"): str(fact.fields["n"]) for fact in result.facts if "dependents" in fact.fields}
    places = {phrases.say("answer.places"): str(1 + len(result.places))} if result.places else {}
    return found | reach | places


def difference(before: Mapping[str, str], after: Mapping[str, str], phrases: Phrases) -> str:
    """Which of the shown values are different, in words; that something else is, where none is."""
    paths = [path for path in dict.fromkeys((*before, *after)) if before.get(path) != after.get(path)]
    absent = phrases.say("answer.none")
    parts = [
        phrases.say("answer.was-is", path=path.replace("`", "'"), was=before.get(path, absent), now=after.get(path, absent))
        for path in paths[:NAMED]
    ]
    return phrases.say("answer.joint").join(parts) or phrases.say("answer.otherwise")


def _said(result: Result, phrases: Phrases) -> Iterator[str]:
    if result.answer is not None:
        yield _answer(result.answer, phrases)
    if result.lapsed is not None:
        yield _again(result.lapsed, result, phrases)
    if result.disputes:
        count, fields = len(result.disputes), _fields(result.disputes[-1], phrases)
        yield phrases.say("answer.disputed", n=count, **fields)


def _answer(answer: Decision, phrases: Phrases) -> str:
    until = phrases.say("answer.until", day=answer.until.isoformat()) if answer.until else ""
    origin = phrases.say("answer.carried", pull=answer.pull) if answer.carried else ""
    return phrases.say(f"answer.{answer.verb}", until=until, origin=origin, **_fields(answer, phrases))


def _again(lapsed: Lapsed, result: Result, phrases: Phrases) -> str:
    fields = _fields(lapsed.decision, phrases)
    if lapsed.why == "expired" and lapsed.decision.until:
        return phrases.say("answer.again.expired", day=lapsed.decision.until.isoformat(), **fields)
    if lapsed.why == "commit":
        return phrases.say("answer.again.commit", **fields)
    return phrases.say("answer.again.facts", difference=difference(lapsed.decision.told, told(result, phrases), phrases), **fields)


def _fields(answer: Decision, phrases: Phrases) -> dict[str, str]:
    reason = mask(cut(" ".join(answer.reason[: 2 * MAX_REASON].replace("`", "'").split()), MAX_REASON), phrases)
    return {"by": answer.by, "on": answer.at.astimezone(UTC).date().isoformat(), "reason": reason.rstrip("."), "head": answer.head[:7]}


def _shown(item: Deciding, phrases: Phrases) -> str:
    now, before = deciding(item, phrases), former(item, phrases)
    text = now if before is None else phrases.say("answer.from-to", before=before, after=now)
    return cut(text[: 2 * MAX_VALUE].replace("`", "'"), MAX_VALUE)
