"""View `ignored`: arguments whose changes are ignored from now on (`lifecycle.ignore_changes`).

Fields: `name` (the argument, or `all`), `everything` (whether it is `all`; not known of a resource that may not be there).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.guards import value_of
from bot.engine.judgment.replacement import ignored_paths
from bot.engine.judgment.subjects import place_of, subject
from bot.engine.model.match import Cause, Change, Subject

FIELDS = ("name", "everything")
PATH, EVERYTHING = "lifecycle.ignore_changes", "all"


def ignored(difference: Difference) -> Iterator[Subject]:
    """A fact for each argument that was not ignored before, of what was there before. Where all were, fewer are now."""
    for pair in difference.pairs:
        before, after = value_of(pair.before, PATH), value_of(pair.after, PATH)
        change = Change(PATH, before, after)
        place = place_of(after, pair.after)
        exists = pair.after.exists
        former = set(ignored_paths(pair.before))
        for name in sorted(set(ignored_paths(pair.after)) - former) if EVERYTHING not in former else ():
            cause = Cause(change, key=(str(place), name))
            yield subject("ignored", pair.after, place, cause, name=name, everything=exists or name == EVERYTHING)
