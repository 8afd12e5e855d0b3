"""`countersign backtest`: what would have happened on the last changes of a clone, each against its first parent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from bot.cli import evaluate, output
from bot.cli.options import Options, Spec, number
from bot.cli.review import policy
from bot.cli.status import CLEAN, NOT_EVALUATED
from bot.engine.model.verdict import Verdict
from bot.local import clone
from bot.local.git import Commit, Repository
from bot.local.problem import Problem
from bot.report.phrases import Phrases

SPEC = Spec(
    "backtest",
    values=("--last", "--repo", "--head", "--format", "--rules"),
    flags=("--plain",),
    choices={"--format": ("text", "json")},
)
LAST = 50


class Replayed(msgspec.Struct, frozen=True):
    """One change of the history, its verdict, and what it counts as."""

    commit: Commit
    verdict: Verdict

    @property
    def outcome(self) -> str:
        """`none` (no infrastructure), `failed`, `stop`, `ask`, `unread` (infrastructure, but nothing of it was read) or `silent`."""
        seen = self.verdict.coverage
        if self.verdict.state in ("no-infrastructure", "own-failure", "violations", "decisions"):
            return {"no-infrastructure": "none", "own-failure": "failed", "violations": "stop"}.get(self.verdict.state, "ask")
        return "unread" if seen.unread and not seen.read + seen.partly else "silent"


def run(options: Options) -> int:
    """Replays, counts, prints. 0, or 3 when a change could not be evaluated."""
    last = number(options, "--last", LAST, SPEC.command)
    phrases = output.phrases()
    rules = policy(options)
    progress = output.Progress(plain=options.has("--plain"))
    with Repository(options.get("--repo") or ".") as repository:
        found = []
        for replayed in _replay(repository, options.get("--head") or "HEAD", last, rules, phrases):
            found.append(replayed)
            progress.show(phrases.say("backtest.progress", done=len(found), all=last))
    progress.done()
    output.write(_json(found, phrases) if options.get("--format") == "json" else _text(found, phrases, options))
    return NOT_EVALUATED if any(item.outcome == "failed" for item in found) else CLEAN


def _replay(repository: Repository, head: str, last: int, rules: dict[str, bytes], phrases: Phrases) -> Iterator[Replayed]:
    start = clone.named_commit(repository, head)
    now = datetime.now(UTC)
    for sha in repository.first_parents(start.sha, last):
        commit = repository.commit(sha)
        if commit is None or not commit.parents or repository.commit(commit.parents[0]) is None:
            continue
        yield Replayed(commit, _verdict(repository, commit, now, rules, phrases))


def _verdict(repository: Repository, commit: Commit, now: datetime, rules: dict[str, bytes], phrases: Phrases) -> Verdict:
    ends = clone.Endpoints(commit.parents[0], commit, commit.parents[0], commit.sha)
    try:
        snapshot, source, _ = clone.committed(repository, ends, now, rules)
    except Problem as problem:
        return evaluate.failed(output.said(problem.key, problem.fields, phrases))
    return evaluate.review(snapshot, source, phrases)


def _counts(found: list[Replayed]) -> dict[str, int]:
    count = Counter(item.outcome for item in found)
    names = ("silent", "ask", "stop", "unread", "failed")
    return {"changes": len(found), "infrastructure": len(found) - count["none"], **{name: count[name] for name in names}}


def _text(found: list[Replayed], phrases: Phrases, options: Options) -> str:
    from bot.report import listing, terminal

    if not found:
        return phrases.say("backtest.none") + "\n"
    page = terminal.Page(phrases, output.style(plain=options.has("--plain")), lambda _: ())
    count = _counts(found)
    closing = phrases.say("backtest.closing", **count)
    closing += "".join(phrases.say(f"backtest.{name}", n=count[name]) for name in ("unread", "failed") if count[name])
    lines = [page.style.paint("strong", closing)]
    for item in found:
        lines += listing.change(item.commit.sha, item.commit.text.message, item.verdict, page)
    return page.style.finish("\n".join(lines) + "\n")


def _json(found: list[Replayed], phrases: Phrases) -> str:
    from bot.report import document

    shown = [item for item in found if item.outcome in ("stop", "ask", "unread", "failed")]
    changes = [{"sha": item.commit.sha, "outcome": item.outcome, "review": document.review(item.verdict, phrases)} for item in shown]
    return msgspec.json.format(msgspec.json.encode({**_counts(found), "found": changes}), indent=2).decode() + "\n"
