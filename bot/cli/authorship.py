"""`countersign authorship`: who wrote commits or pull requests, as far as they say so; of rows, or of a clone's history."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from bot.cli import output, prepared
from bot.cli.authorship_rows import CommitRow, PullRow
from bot.cli.options import Options, Spec, Usage
from bot.cli.review import file_bytes
from bot.cli.status import CLEAN, USAGE
from bot.engine.authorship.change import change, commit
from bot.engine.authorship.index import Index
from bot.engine.model.signal import Signals
from bot.report import authorship as report
from bot.report.phrases import Phrases

SPEC = Spec(
    "authorship",
    values=("--repo", "--head", "--since", "--signals", "--format"),
    flags=("--history", "--notes", "--plain"),
    choices={"--format": ("text", "json")},
    positionals=1,
)
OF_HISTORY = ("--repo", "--head", "--since", "--format")
MOST = 50_000_000  # bytes of one line


def run(options: Options) -> int:
    """Grades, prints. 64 when a line cannot be used; the others are graded all the same."""
    if options.has("--history"):
        if options.positionals:
            raise Usage("authorship-both", word=options.positionals[0])
        from bot.cli import authorship_history

        return authorship_history.run(options, Index(signals(options)))
    for name in (*OF_HISTORY, "--notes"):
        if options.get(name) or options.has(name):
            raise Usage("authorship-history-only", option=name)
    return _rows(options, Index(signals(options)), output.phrases())


def signals(options: Options) -> Signals:
    """The table: the one that is shipped, or a file of one's own. Raises `PolicyError`."""
    path = options.get("--signals")
    if path is None:
        return prepared.signals()
    from bot.engine.authorship.table import load_signals

    return load_signals(file_bytes(path), path)


def _rows(options: Options, index: Index, phrases: Phrases) -> int:
    code = CLEAN
    name = options.positionals[0] if options.positionals else "-"
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            text = _graded(line, index)
        except (msgspec.MsgspecError, UnicodeDecodeError, Unusable) as error:
            place = f"{'standard input' if name == '-' else name}:{number}"
            said = output.said("authorship-line", {"place": place, "detail": str(error)}, phrases)
            sys.stderr.write(phrases.say("usage.prefix", text=said) + "\n")
            code = USAGE
        else:
            sys.stdout.write(text)
    return code


class Unusable(Exception):  # noqa: N818 - said of a line
    """A line of JSON that is no commit and no pull request."""


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield from file
    except OSError as error:
        raise Usage("no-file", path=name, detail=str(error.strerror)) from None


def _decoded(line: bytes) -> Any:
    """The value of a line. Half a surrogate pair, which a text that was cut may end with, reads as a replacement character."""
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        if b"\\ud" not in line.lower():
            raise
        import json

        try:
            text = json.dumps(json.loads(line), ensure_ascii=False)
        except ValueError:
            raise Unusable("not JSON") from None
        return msgspec.json.decode(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _graded(line: bytes, index: Index) -> str:
    row = _decoded(line[:MOST].removeprefix(b"\xef\xbb\xbf"))
    if not isinstance(row, dict) or not ("sha" in row or "number" in row):
        raise Unusable('an object with "sha" (a commit) or "number" (a pull request) is needed')
    if "sha" in row:
        item = msgspec.convert(row, CommitRow)
        found, remarks = commit(item.text(), index, item.note or "")
        return report.commit_line(found, remarks, index.version)
    pull = msgspec.convert(row, PullRow)
    commits = pull.commits or ()
    notes = {item.sha: item.note for item in commits if item.note}
    return report.pull_line(pull.number, change([item.text() for item in commits], index, pull.pull(), notes))
