"""The one issue of a repository that lists which waivers and answers have lapsed, and which will soon.

Its first line is hidden and remembers what it lists. Whoever closes it has seen that: it comes back for something else alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from bot.engine.pattern import Pattern
from bot.report.clean import cut
from bot.report.comments import Words
from bot.report.hidden import mask
from bot.report.limit import COMMENT, fit
from bot.report.markdown import Safe, code, prose, text
from bot.report.template import render

TEMPLATE = "lapsing.md.j2"
LISTED, REMEMBERED, KEY, MAX_TEXT = 50, 500, 16, 300
_MARK = Pattern(rf"\A<!-- countersign:lapsing listed((?: [0-9a-f]{{{KEY}}})*) seen((?: [0-9a-f]{{{KEY}}})*) -->(?:\r?\n|\Z)")


class Due(Struct, frozen=True):
    """One waiver or answer. `day`: the last on which it holds (UTC). `about`: the rule, or what was asked; `place`: resource, path or
    number (`J-2`). `by`: the owner of a waiver, or the login of who answered. `ref`: where a waiver stands. `pull`: of an answer."""

    kind: Literal["waiver", "accept", "waive"]
    day: date
    about: str
    place: str
    by: str
    reason: str
    ref: str = ""
    pull: int = 0

    @property
    def key(self) -> str:
        """Another day is another thing to see; another line of the file is not."""
        named = "\n".join((self.kind, self.day.isoformat(), self.about, self.place, self.by, str(self.pull)))
        return sha256(named.encode("utf-8", "replace")).hexdigest()[:KEY]


class Stands(Struct, frozen=True):
    """The issue as it stands on GitHub."""

    title: str
    body: str
    open: bool


def is_ours(body: str) -> bool:
    """Whether a text begins as the issue does. Anybody may write that: the author has to be us."""
    return _MARK.match(body) is not None


def issue(dues: Iterable[Due], stands: Stands | None, today: date, words: Words, ahead: int) -> Stands | None:
    """The issue as it has to stand; None where there is nothing to do. `ahead`: so many days before it lapses something is listed."""
    found = sorted((item for item in dues if item.day <= today + timedelta(days=ahead)), key=lambda item: (item.day, item.kind, item.key))
    seen = _seen(stands) & {item.key for item in found}
    listed = [item for item in found if item.key not in seen]
    if not listed:
        return _closed(stands, words) if stands is not None and stands.open else None
    lapsed = [item for item in listed if item.day < today]
    soon = listed[len(lapsed) :]
    title = words.phrases.say("lapsing.title", lapsed=str(len(lapsed)), soon=str(len(soon)))
    body = render(
        words.templates[TEMPLATE],
        words.phrases,
        mark=Safe(_mark((item.key for item in listed), seen)),
        groups=[(name, items[:LISTED], max(0, len(items) - LISTED)) for name, items in (("lapsed", lapsed), ("soon", soon)) if items],
        line=lambda item: _line(item, words),
    )
    return Stands(title, fit(body, COMMENT, words.phrases.say("check.cut")), open=True)


def _closed(stands: Stands, words: Words) -> Stands:
    body = render(words.templates[TEMPLATE], words.phrases, mark=Safe(_mark((), ())), groups=[], line=str)
    return Stands(stands.title, body, open=False)


def _seen(stands: Stands | None) -> set[str]:
    """What somebody has seen: what the issue listed when it was closed, and what it knew of before."""
    found = _MARK.match(stands.body) if stands is not None else None
    if found is None or stands is None:
        return set()
    return {*found[2].split(), *(() if stands.open else found[1].split())}


def _mark(listed: Iterable[str], seen: Iterable[str]) -> str:
    parts = (("listed", [*listed][:REMEMBERED]), ("seen", sorted(seen)[:REMEMBERED]))
    return f"<!-- countersign:lapsing {' '.join(' '.join((name, *keys)) for name, keys in parts)} -->"


def _line(item: Due, words: Words) -> Safe:
    """What comes from files and from people acts in no way; the pull request is linked."""
    phrases = words.phrases

    def short(value: str) -> str:
        return cut(mask(" ".join(value[: 2 * MAX_TEXT].split()), phrases), MAX_TEXT)

    fields: dict[str, object] = {"day": item.day.isoformat(), "place": code(short(item.place)), "by": code(short(item.by))}
    fields |= {"about": code(short(item.about)) if item.kind == "waiver" else prose(short(item.about)), "reason": text(short(item.reason))}
    return Safe(phrases.say(f"lapsing.{item.kind}", **fields, ref=code(short(item.ref)), pull=f"#{item.pull}"))
