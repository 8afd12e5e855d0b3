"""The title of a verdict: it says whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engine.model.result import Result
from bot.engine.model.verdict import Coverage, Verdict, owners_of
from bot.report.phrases import Phrases


def title(verdict: Verdict, phrases: Phrases, owners: Sequence[str] | None = None) -> str:
    """The line of PRODUCT §2 for the verdict's state. `owners`: who may decide, by default as the verdict says."""
    who = deciders(verdict, verdict.owners) if owners is None else owners
    return {
        "violations": _violations,
        "decisions": _decisions,
        "bypassed": _bypassed,
        "decided": _decided,
        "not-known": _not_known,
        "clean": _clean,
        "no-infrastructure": _no_infrastructure,
        "observing": _observing,
        "own-failure": _own_failure,
    }[verdict.state](verdict, phrases, who)


def deciders(verdict: Verdict, owners: Mapping[str, tuple[str, ...]]) -> Sequence[str]:
    """Who of the owners (category → accounts) has to answer what is open, each once."""
    waiting = (item for item in decisions(verdict) if item.answer is None)
    return list(dict.fromkeys(owner for item in waiting for owner in owners_of(owners, item)))


def violations(verdict: Verdict) -> tuple[Result, ...]:
    """The blocking results that the author has to fix."""
    return tuple(result for result in verdict.results if result.blocks and result.treatment == "violation")


def decisions(verdict: Verdict) -> tuple[Result, ...]:
    """The blocking results that a person has to decide."""
    return tuple(result for result in verdict.results if result.blocks and result.treatment != "violation")


def unknowns(verdict: Verdict) -> tuple[Result, ...]:
    """What is not known and does not block."""
    return tuple(result for result in verdict.results if result.kind == "open" and not result.blocks and result.baseline_state != "absent")


def would_block(verdict: Verdict) -> tuple[Result, ...]:
    """What would block if the level were enforce."""
    return tuple(result for result in verdict.results if result.asked and not result.suppression)


def answered(verdict: Verdict) -> tuple[Result, ...]:
    """What does not block because a person answered it."""
    return tuple(result for result in verdict.results if result.suppression and result.suppression.kind == "decision")


def waived(verdict: Verdict) -> tuple[Result, ...]:
    """What does not block because a file makes an exception of it."""
    found = (result for result in verdict.results if result.suppression and result.suppression.kind != "decision")
    return tuple(result for result in found if result.baseline_state in ("new", "updated"))


def rejected(verdict: Verdict) -> tuple[Result, ...]:
    """The decisions that a person gave against the change: they go on blocking."""
    return tuple(result for result in decisions(verdict) if result.answer is not None and result.answer.verb == "reject")


def rules_apply(coverage: Coverage, phrases: Phrases) -> str:
    return phrases.say("count.rules", applicable=coverage.rules_applicable, all=coverage.rules)


def _violations(verdict: Verdict, phrases: Phrases, owners: Sequence[str]) -> str:
    what = phrases.say("title.fix", n=len(violations(verdict)))
    if asked := len(decisions(verdict)) - len(rejected(verdict)):
        what += phrases.say("title.then-decisions", n=asked) + (phrases.say("title.by", owners=_joined(owners)) if owners else "")
    return phrases.say("title.your-turn", what=what) + _refused(verdict, phrases)


def _decisions(verdict: Verdict, phrases: Phrases, owners: Sequence[str]) -> str:
    """Whose turn it is: who was asked, until all is answered; then the author's, about what was rejected."""
    refused, every = len(rejected(verdict)), _every(verdict)
    if refused == len(decisions(verdict)):
        return phrases.say("title.your-turn", what=phrases.say("title.rejected", n=refused))
    who = _joined(owners) if owners else phrases.say("title.someone")
    decided = every - len(decisions(verdict)) + refused
    return phrases.say("title.waiting", owners=who, decided=decided, n=every) + _refused(verdict, phrases)


def _refused(verdict: Verdict, phrases: Phrases) -> str:
    count = len(rejected(verdict))
    return phrases.say("title.also-rejected", n=count) if count else ""


def _every(verdict: Verdict) -> int:
    """How many decisions were asked for, whatever became of them."""
    return len(decisions(verdict)) + sum(1 for result in answered(verdict) if result.treatment == "judgment")


def _bypassed(verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    by = verdict.bypass.by if verdict.bypass else phrases.say("title.someone")
    found = len(violations(verdict)), len(decisions(verdict))
    return phrases.say("title.bypassed", by=by, what=_counted(*found, phrases))


def _decided(verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    """Everything was answered, and what is not known is still said: an answer makes nothing known."""
    waived = sum(1 for result in answered(verdict) if result.treatment == "violation")
    every, unknown, unread = _every(verdict), len(unknowns(verdict)), verdict.coverage.unread + verdict.coverage.partly
    parts = [phrases.say("title.decided", n=every)] if every else []
    parts += [phrases.say("title.waived", n=waived)] if waived else [phrases.say("title.no-violations")]
    parts += [phrases.say("count.not-known", n=unknown)] if unknown else []
    parts += [phrases.say("count.not-read", n=unread)] if unread else []
    return phrases.say("title.answered").join(parts)


def _not_known(verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    if count := len(unknowns(verdict)):
        return phrases.say("title.not-known", n=count)
    return phrases.say("title.not-read", n=verdict.coverage.unread + verdict.coverage.partly)


def _clean(verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    seen = verdict.coverage
    files = phrases.say("count.files", n=seen.files_seen)
    resources = phrases.say("count.resources", n=seen.resources)
    key = "title.clean" if seen.rules_applicable else "title.no-rule"
    return phrases.say(key, files=files, resources=resources, rules=rules_apply(seen, phrases))


def _no_infrastructure(verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    count = verdict.coverage.files_seen
    return phrases.say("title.no-infrastructure", n=count) if count else phrases.say("title.nothing-changed")


def _observing(verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    found = would_block(verdict)
    fix = sum(1 for result in found if result.treatment == "violation")
    return phrases.say("title.observing", what=_counted(fix, len(found) - fix, phrases))


def _counted(fix: int, decide: int, phrases: Phrases) -> str:
    counts = (("count.violations", fix), ("count.decisions", decide))
    return phrases.say("title.joint").join(phrases.say(key, n=n) for key, n in counts if n)


def _own_failure(_verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    return phrases.say("title.own-failure")


def _joined(owners: Sequence[str]) -> str:
    return ", ".join(owners)
