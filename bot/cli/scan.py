"""`countersign scan`: every result of a tree, without a change to compare."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.cli import evaluate, output
from bot.cli.options import Options, Spec, Usage
from bot.cli.review import TERMS, policy, with_terms
from bot.cli.status import CLEAN, NOT_EVALUATED, OPEN, VIOLATIONS
from bot.engine.model.result import Result
from bot.engine.model.snapshot import Snapshot
from bot.report.phrases import Phrases

SPEC = Spec(
    "scan",
    values=(*TERMS, "--format", "--level", "--rules"),
    flags=("--standalone", "--include-pass", "--plain"),
    choices={"--format": ("text", "jsonl", "sarif"), "--level": ("observe", "comment", "enforce")},
    positionals=1,
)


def run(options: Options) -> int:
    """Reads, evaluates, prints; the exit code."""
    if not options.positionals:
        raise Usage("scan-path")
    from bot.local import directory

    phrases = output.phrases()
    snapshot, source = directory.tree(options.positionals[0], datetime.now(UTC), policy(options))
    snapshot = with_terms(snapshot, options)
    standalone, include_pass = options.has("--standalone"), options.has("--include-pass")
    found = evaluate.scan(snapshot, source, phrases, standalone=standalone, include_pass=include_pass)
    for text in _rendered(found, options, snapshot, phrases):
        output.write(text)
    if found.failure:
        sys.stderr.write(phrases.say("usage.prefix", text=phrases.say("terminal.died", reason=found.failure)) + "\n")
        return NOT_EVALUATED
    return _exit_code(found.results)


def _exit_code(results: tuple[Result, ...]) -> int:
    blocking = [result for result in results if result.blocks]
    if any(result.treatment == "violation" for result in blocking):
        return VIOLATIONS
    return OPEN if blocking else CLEAN


def _rendered(found: evaluate.Scanned, options: Options, snapshot: Snapshot, phrases: Phrases) -> Iterable[str]:
    form = options.get("--format") or "text"
    if form == "jsonl":
        from bot.report import document

        return document.lines(found.results, found.coverage, phrases)
    if form == "sarif":
        from bot.engine.policy import load_policy
        from bot.report import sarif

        return (sarif.log(found.results, found.coverage, load_policy(snapshot.policy).rules, phrases),)
    from bot.report import listing, terminal

    page = terminal.Page(phrases, output.style(plain=options.has("--plain")), lambda _: ())
    return (listing.render(options.positionals[0], found.results, found.coverage, page),)
