"""`countersign rules explain ID [PATH] --at FILE:LINE`: why a rule found something there or did not, value by value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from os.path import splitext

from bot.cli import evaluate, output
from bot.cli.options import Options, Usage
from bot.cli.review import policy, with_terms
from bot.cli.status import CLEAN, NOT_EVALUATED
from bot.engine.model.result import Deciding, Line, Result
from bot.engine.model.rule import Rule
from bot.report.clean import line
from bot.report.phrases import Phrases
from bot.report.values import deciding

_AT = re.compile(r"(?P<file>.+):(?P<line>\d+)\Z")
NEAR = 40  # lines above the one that is asked about, in which the header of its block may stand


def explain(rule: Rule, options: Options, phrases: Phrases) -> int:
    """Reads the tree with this rule alone, and prints every answer that has to do with the line."""
    at = _place(options.get("--at"))
    from bot.local import directory

    top = options.positionals[2] if len(options.positionals) > 2 else "."
    only = {path: data for path, data in policy(options).items() if splitext(path)[0].rpartition("/")[2] == rule.id}
    snapshot, source = directory.tree(top, datetime.now(UTC), only)
    found = evaluate.scan(with_terms(snapshot, options), source, phrases, standalone=False, include_pass=True)
    style = output.style(plain=options.has("--plain"))
    if found.failure:
        output.write(style.finish(phrases.say("terminal.died", reason=found.failure) + "\n"))
        return NOT_EVALUATED
    answers = nearest(found.results, at)
    lines = [text for result in answers for text in _answer(result, phrases)] or [_nothing(rule, at, phrases)]
    output.write(style.finish("\n".join(lines) + "\n"))
    return CLEAN


def _place(text: str | None) -> Line:
    found = _AT.match(text or "")
    if found is None:
        raise Usage("at-needs-line", given=text or "")
    return Line(found["file"].removeprefix("./"), int(found["line"]))


def nearest(results: Iterable[Result], at: Line) -> Sequence[Result]:
    """The results that were decided at the line or came through it; else those of the nearest block that begins above it."""
    found = [result for result in results if at in (*result.trail, Line(result.file, result.line))]
    if found:
        return found
    above = [(at.line - max(heads), result) for result in results if (heads := _heads(result, at))]
    distance = min((far for far, _ in above), default=NEAR + 1)
    return [result for far, result in above if far == distance <= NEAR]


def _heads(result: Result, at: Line) -> list[int]:
    return [place.line for place in result.trail if place.file == at.file and place.line <= at.line]


def _answer(result: Result, phrases: Phrases) -> Iterator[str]:
    where = f"{line(result.file)}:{result.line}"
    yield phrases.say(f"explain.{result.kind}", rule=result.rule, resource=line(result.resource), where=where)
    yield from dict.fromkeys("\n".join(_value(item, phrases)) for item in (result.deciding, *result.further))


def _value(item: Deciding, phrases: Phrases) -> Iterator[str]:
    yield "  " + phrases.say("explain.value", path=line(item.path), value=deciding(item, phrases))
    yield from ("    " + phrases.say("explain.through", file=line(place.file), line=place.line) for place in item.origin)
    if item.state == "unknown" and phrases.has(f"reason.{item.reason}"):
        yield "    " + phrases.say(f"reason.{item.reason}")


def _nothing(rule: Rule, at: Line, phrases: Phrases) -> str:
    reads = ", ".join(name for target in rule.targets for name in (target.types or (target.view,)))
    return phrases.say("explain.nothing", rule=rule.id, where=f"{line(at.file)}:{at.line}", reads=reads)
