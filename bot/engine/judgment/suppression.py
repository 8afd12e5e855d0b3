"""View `suppression`: findings of a scanner that are excused now and were not before, in any dialect.

Fields: `dialect`, `name` (the id that is excused, or `everything`), `form` (`comment`; `check` where a workflow can no longer fail).
What stood anywhere in the changed files before is not new: it was moved. Nor is what excuses less than something that is gone. What was
moved from one block to another, both of which are there, excuses something else and is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice

from msgspec.structs import replace

from bot.engine.judgment.excuses import EVERYTHING, Excuse, excuses, headers
from bot.engine.judgment.files import Files, place
from bot.engine.judgment.subjects import resting, subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown
from bot.engine.pattern import Pattern

FIELDS = ("form", "dialect", "name")
MOST, PATTERNS, FAR = 500, 50, 300
CHECKS = Pattern(r"^\s*-?\s*(?P<ids>soft[_-]fail:\s*[\"']?true|continue-on-error:\s*true)|(?P<flag>--soft-fail\b|\|\|\s*true\s*$)")


def suppressions(files: Files) -> Iterator[Subject]:
    """A fact for each id that is excused in a dialect and was not before."""
    for path, found in groupby(_new(files), lambda pair: pair[0]):
        lines = files.after[path].split("\n")
        for number, items in groupby((item for _, item in found), lambda item: item.line):
            rests = resting(f"{path}\n{_around(lines, number)}")
            for item in items:
                yield _fact(path, Span(path, number, item.column), "comment", item.dialect, item.name, rests)
    yield from _checks(files)
    for path, reason in sorted(files.unfetched.items()):
        span = Span(path, 1)
        unknown = Unknown("file", path, span, detail=reason)
        cause = Cause(Change("", None, unknown), key=("unfetched", path))
        yield subject("suppression", place(path, "file", span), span, cause, form=unknown, dialect="", name="")


def _checks(files: Files) -> Iterator[Subject]:
    """Steps of workflows that can no longer fail."""
    for path, before, after in files.pairs():
        if not path.startswith(".github/workflows/"):
            continue
        stood = Counter(line.strip() for line in (before or "").split("\n"))
        lines = (after or "").split("\n")
        for number, line in enumerate(lines, start=1):
            found = CHECKS.search(line)
            if found and stood[line.strip()] > 0:
                stood[line.strip()] -= 1
            elif found:
                name = " ".join((found["ids"] or found["flag"]).split())
                yield _fact(path, Span(path, number), "check", "workflow", name, resting(f"{path}\n{_around(lines, number)}"))


def _fact(path: str, span: Span, form: str, dialect: str, name: str, rests: tuple[str, ...]) -> Subject:
    """What one change excuses in one dialect is one question; the ids stand at their places."""
    cause = Cause(Change("", None, Known(name, span)), key=(form, dialect), rests=rests)
    made = subject("suppression", place(f"{dialect} {name}", dialect, span), span, cause, form=form, dialect=dialect, name=name)
    return replace(made, path=path)


def _around(lines: list[str], number: int) -> str:
    """What an excuse may be about, whatever its line: the line itself, what it stands in, and the first line below that says anything."""
    own = lines[number - 1]
    depth = len(own) - len(own.lstrip())
    before = (lines[at] for at in range(number - 2, max(-1, number - 2 - FAR), -1))
    above = (line for line in before if line.strip() and len(line) - len(line.lstrip()) < max(depth, 1))
    below = (line for line in lines[number : number + FAR] if line.strip() and not line.lstrip().startswith(("#", "//")))
    return "\n".join(" ".join(line.split()) for line in (next(above, ""), own, next(below, "")))


def _new(files: Files) -> Iterator[tuple[str, Excuse]]:
    """Path and excuse of what the head excuses more than the base: what stayed is put together first, then what moved, then what became
    narrower."""
    standing = frozenset(header for text in files.after.values() for header in headers(text))
    left = _Left((item for text in files.before.values() for item in excuses(text)), standing)
    found = [(path, item) for path, _, text in files.pairs() for item in excuses(text or "")]
    for taken in (left.stayed, left.moved, left.wider):
        found = [(path, item) for path, item in found if not taken(item)]
    yield from found


class _Left:
    """What the base excused and nothing of the head was put together with yet. `standing`: headers of the blocks that the head has."""

    def __init__(self, before: Iterable[Excuse], standing: frozenset[str]) -> None:
        self._standing = standing
        self._left: dict[tuple[str, str], list[Excuse]] = {}
        self._patterns: dict[str, dict[str, None]] = {}
        for item in before:
            self._left.setdefault((item.dialect, item.id), []).append(item)
            if item.id == EVERYTHING or "*" in item.id:
                self._patterns.setdefault(item.dialect, {})[item.id] = None

    def stayed(self, item: Excuse) -> bool:
        """Whether the same stood in the same block; then it is taken."""
        return self._take((item.id,), lambda one: one.same(item) and one.target == item.target, item)

    def moved(self, item: Excuse) -> bool:
        """Whether the same stood elsewhere, and what it stood in is not there any more, or was no block."""
        return self._take((item.id,), lambda one: one.same(item) and self._is_free(one, item), item)

    def wider(self, item: Excuse) -> bool:
        """Whether something that is gone excused all of this, and more."""
        patterns = islice(self._patterns.get(item.dialect, ()), PATTERNS)
        return self._take((item.id, *patterns), lambda one: one.covers(item) and self._is_free(one, item), item)

    def _is_free(self, one: Excuse, item: Excuse) -> bool:
        return not one.target or not item.target or one.target == item.target or one.target not in self._standing

    def _take(self, names: Iterable[str], fits: Callable[[Excuse], bool], item: Excuse) -> bool:
        for name in names:
            found = self._left.get((item.dialect, name), [])
            at = next((at for at, one in enumerate(found[:MOST]) if fits(one)), None)
            if at is not None:
                del found[at]
                return True
        return False
