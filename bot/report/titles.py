"""The title of a verdict: it says whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.engine.model.result import Result
from bot.engine.model.verdict import Coverage, Verdict
from bot.report.phrases import Phrases


def title(verdict: Verdict, phrases: Phrases, owners: Sequence[str] | None = None) -> str:
    """The line of PRODUCT §2 for the verdict's state. `owners`: who may decide, by default as the verdict says."""
    who = deciders(verdict, verdict.owners) if owners is None else owners
    return {
        "violations": _violations,
        "decisions": _decisions,
        "not-known": _not_known,
        "clean": _clean,
        "no-infrastructure": _no_infrastructure,
        "observing": _observing,
        "own-failure": _own_failure,
    }[verdict.state](verdict, phrases, who)


def deciders(verdict: Verdict, owners: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Who of the owners (category → accounts) has to answer what is open, each once."""
    return list(dict.fromkeys(owner for item in decisions(verdict) for owner in owners.get(item.category, ())))


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
    return tuple(
        result
        for result in verdict.results
        if result.baseline_state in ("new", "updated") and result.treatment != "advice" and result.kind != "pass" and not result.suppression
    )


def rules_apply(coverage: Coverage, phrases: Phrases) -> str:
    return phrases.say("count.rules", applicable=coverage.rules_applicable, all=coverage.rules)


def _violations(verdict: Verdict, phrases: Phrases, owners: Sequence[str]) -> str:
    what = phrases.say("title.fix", n=len(violations(verdict)))
    if asked := len(decisions(verdict)):
        what += phrases.say("title.then-decisions", n=asked) + (phrases.say("title.by", owners=_joined(owners)) if owners else "")
    return phrases.say("title.your-turn", what=what)


def _decisions(verdict: Verdict, phrases: Phrases, owners: Sequence[str]) -> str:
    decided = sum(1 for result in verdict.results if result.suppression and result.suppression.kind == "decision")
    who = _joined(owners) if owners else phrases.say("title.someone")
    return phrases.say("title.waiting", owners=who, decided=decided, n=len(decisions(verdict)) + decided)


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
    counts = (("count.violations", fix), ("count.decisions", len(found) - fix))
    return phrases.say("title.observing", what=phrases.say("title.joint").join(phrases.say(key, n=n) for key, n in counts if n))


def _own_failure(_verdict: Verdict, phrases: Phrases, _: Sequence[str]) -> str:
    return phrases.say("title.own-failure")


def _joined(owners: Sequence[str]) -> str:
    return ", ".join(owners)
