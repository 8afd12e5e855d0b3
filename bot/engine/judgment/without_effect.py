"""View `without-effect`: what a change sets although `lifecycle.ignore_changes` keeps the apply from setting it.

Fields: `name` (the path that differs), `differs` (true; unknown where a value is not known).
https://developer.hashicorp.com/terraform/language/meta-arguments#ignore_changes
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.replacement import ignored_paths, is_ignored
from bot.engine.judgment.subjects import place_of, placed, subject, unknown_of
from bot.engine.model.match import Cause, Subject

FIELDS = ("name", "differs")
META = frozenset({"count", "connection", "depends_on", "for_each", "lifecycle", "provider", "provisioner"})


def without_effect(difference: Difference) -> Iterator[Subject]:
    """A fact for each path that differs, of what was there before and is ignored now."""
    for pair in difference.pairs:
        ignored = tuple(ignored_paths(pair.after))
        for change in difference.changes(pair) if ignored else ():
            if change.path.partition(".")[0] in META or not is_ignored(change.path, ignored):
                continue
            place, unknown = place_of(change.after, pair.after), unknown_of(change)
            differs = pair.after.exists or (True if unknown is None else placed(unknown, place))
            cause = Cause(change, key=(str(place), change.path))
            yield subject("without-effect", pair.after, place, cause, name=change.path, differs=differs)
