"""The pure evaluation inside one process, with the time split over its parts."""

from __future__ import annotations

import gc
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from types import ModuleType

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.cli import output, resources
from bot.cli.render import markdown
from bot.confine import tables
from bot.engine import evaluation
from bot.engine.iac import terraform
from bot.engine.iac.terraform import parse, parse_text, roots
from bot.engine.iac.terraform.evaluate import _configured
from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.engine.supply import complete
from bot.local import clone
from bot.local.git import Repository
from bot.local.problem import Problem
from tools.fuzz_cases import Grower

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Timing(Struct, frozen=True):
    """One change. `parts`: milliseconds that each part spent itself; `lines`: of all files that were read. `again_ms`: the same
    evaluation once more, with every file parsed already, as in a process that keeps what it has parsed."""

    name: str
    total_ms: float
    again_ms: float
    lines: int
    parts: dict[str, float]


class Clock:
    """Exclusive CPU times: a part that calls another does not pay for it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._last = 0.0

    def _switch(self) -> None:
        now = time.process_time()
        if self._stack:
            self.spent[self._stack[-1]] += (now - self._last) * 1000
        self._last = now

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._switch()
        self._stack.append(name)
        try:
            yield
        finally:
            self._switch()
            self._stack.pop()

    def wrap(self, module: ModuleType, function: str, name: str) -> None:
        """Puts a function of a module under the clock; callers look it up there at each call."""
        original: Callable[..., object] = getattr(module, function)

        def timed(*args: object, **named: object) -> object:
            with self.part(name):
                return original(*args, **named)

        setattr(module, function, timed)


CLOCK = Clock()
KEPT = (parse._parse_file, parse_text.parse_template, roots._glance, _configured)  # noqa: SLF001 - emptied before each change
CLOCK.wrap(parse, "_parse_file", "parsing")
CLOCK.wrap(terraform, "evaluate", "evaluation")
CLOCK.wrap(terraform, "find_roots", "evaluation")
CLOCK.wrap(evaluation, "judge", "policy")
CLOCK.wrap(evaluation, "load_policy", "policy")


def generated(count: int) -> list[Timing]:
    """Changes of made-up roots of one to forty blocks; the same ones every time."""
    chance = random.Random(7)  # noqa: S311 - reproducible, not secret
    grower = Grower(chance, None)
    rules = resources.rules()
    changes = []
    for number in range(count):
        before = {f"{name}.tf": grower.fragments(chance.randint(1, 20)) for name in ("main", "network")}
        after = before | {"main.tf": before["main.tf"] + grower.fragments(chance.randint(1, 3))}
        changes.append((f"generated {number}", _snapshot(before, after, rules)))
    return [_timed(name, snapshot) for name, snapshot in (changes[0], *changes)][1:]


def real(path: str, span: str, most: int) -> list[Timing]:
    """The first-parent commits of a range, each against its parent; those without infrastructure are left out."""
    with Repository(path) as repository:
        listed = repository.git("rev-list", "--first-parent", f"--max-count={most}", span).output.decode().split()
        found = [timing for sha in listed for timing in _of_range(repository, f"{sha}~1..{sha}", sha[:12])]
    return _with_slowest(found)


def listed(index: str, clones: str) -> list[Timing]:
    """The changes that an index names, one JSON object a line: `repo` (`owner/name`, in `clones` as `owner__name`), `base`, `head`."""
    found: list[Timing] = []
    for line in Path(index).read_text().splitlines():
        change = msgspec.json.decode(line)
        with Repository(f"{clones}/{change['repo'].replace('/', '__')}") as repository:
            found += _of_range(repository, f"{change['base']}..{change['head']}", f"{change['repo']} {change['head'][:9]}")
    return _with_slowest(found)


def _of_range(repository: Repository, span: str, name: str) -> Iterator[Timing]:
    """One timing; none when git does not know the range or it touches no infrastructure."""
    try:
        snapshot, source, _ = clone.committed(repository, clone.endpoints(repository, span), NOW, resources.rules())
    except Problem:
        return
    whole = complete(snapshot, source, evaluation.needs)
    if whole.blobs:
        yield _timed(name, whole)


def _with_slowest(found: list[Timing]) -> list[Timing]:
    for slow in sorted(found, key=lambda item: -item.total_ms)[:3]:
        print(f"    slowest: {slow.name} {slow.total_ms:.0f} ms, {slow.lines} lines")
    return found


def _timed(name: str, snapshot: Snapshot) -> Timing:
    """Without garbage collection, as in the child that evaluates (`bot.confine.child`)."""
    for kept in KEPT:
        kept.cache_clear()
    gc.enable()
    gc.collect()
    gc.disable()
    CLOCK.spent.clear()
    with CLOCK.part("rest"):
        verdict = evaluation.evaluate(snapshot, tables.facts())
    total, parts = sum(CLOCK.spent.values()), dict(CLOCK.spent)
    with CLOCK.part("again"):
        evaluation.evaluate(snapshot, tables.facts())
    again = sum(CLOCK.spent.values()) - total
    CLOCK.spent.clear()
    words = output.phrases()
    with CLOCK.part("report"):
        markdown(verdict, words)
    lines = sum(data.count(b"\n") for data in snapshot.blobs.values())
    return Timing(name, total, again, lines, parts | CLOCK.spent)


def _snapshot(before: dict[str, str], after: dict[str, str], rules: dict[str, bytes]) -> Snapshot:
    sides = [{path: text.encode() for path, text in files.items()} for files in (before, after)]
    blobs = {_oid(data): data for files in sides for data in files.values()}
    base, head = (
        Tree(name, {path: Entry(_oid(data)) for path, data in files.items()}) for name, files in zip(("base", "head"), sides, strict=True)
    )
    return replace(Snapshot(base, head, {}, rules, NOW), blobs=blobs)


def _oid(data: bytes) -> str:
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
