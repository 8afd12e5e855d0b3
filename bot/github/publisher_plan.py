"""What has to change on a pull request, decided before anything is written.

Every step is found again from what stands, so that the plan made after a crash holds only what is left to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from bot.github.protocols import Posted, Standing
from bot.report import marker
from bot.report.publication import InlineComment, Publication

# https://docs.github.com/graphql/reference/enums#reportedcontentclassifiers
Classifier = Literal["RESOLVED", "DUPLICATE"]


class Plan(Struct, frozen=True):
    """`post`: new comments. `restore`: shown again, its result is back. `edit`: to this text. `minimise`: hidden with a reason.

    `resolve`, `reopen`: threads. `remembered`: key → fingerprint of everything posted before.
    """

    post: tuple[InlineComment, ...] = ()
    restore: tuple[Posted, ...] = ()
    edit: tuple[tuple[Posted, str], ...] = ()
    minimise: tuple[tuple[Posted, Classifier], ...] = ()
    resolve: tuple[Posted, ...] = ()
    reopen: tuple[Posted, ...] = ()
    remembered: Mapping[str, str] = {}


def planned(publication: Publication, standing: Standing) -> Plan:
    """New comments for what does not stand and was not posted before: what a person deleted stays away until its facts change."""
    stands, doubles = _by_key(standing.comments)
    remembered = _remembered(standing, stands.values())
    live = [(stands[item.key], item.body) for item in publication.comments if item.key in stands]
    gone = [(stands[item.key], item.body) for item in publication.fixed if item.key in stands]
    back = [posted for posted, _ in live if _settled(posted)]
    return Plan(
        post=tuple(item for item in publication.comments if item.key not in stands and remembered.get(item.key) != fingerprint(item)),
        restore=tuple(posted for posted in back if posted.minimised),
        edit=tuple((posted, body) for posted, body in (*live, *gone) if not same(posted.body, body)),
        minimise=(*((posted, "RESOLVED") for posted, _ in gone if not posted.minimised), *hidden(doubles), *hidden(standing.doubles)),
        resolve=tuple(posted for posted, _ in gone if not posted.resolved),
        reopen=tuple(posted for posted in back if posted.resolved),
        remembered=remembered | {item.key: fingerprint(item) for item in publication.comments if item.key in stands},
    )


def doubled(standing: Standing) -> Plan:
    """Only what two processes wrote twice: the older is hidden."""
    return Plan(minimise=(*hidden(_by_key(standing.comments)[1]), *hidden(standing.doubles)))


def fingerprint(comment: InlineComment) -> str:
    """Of the result that the comment is about."""
    marked = marker.read(comment.body)
    return marked.print if marked else ""


def same(stored: str, wanted: str) -> bool:
    """Whether GitHub holds the text already; it may change line ends and drop blanks at the end."""
    return stored.replace("\r\n", "\n").rstrip() == wanted.replace("\r\n", "\n").rstrip()


def hidden(comments: Iterable[Posted]) -> tuple[tuple[Posted, Classifier], ...]:
    """Those that are not hidden yet, as duplicates."""
    return tuple((posted, "DUPLICATE") for posted in comments if not posted.minimised)


def _by_key(comments: Iterable[Posted]) -> tuple[dict[str, Posted], tuple[Posted, ...]]:
    """The comment of each key, and the others: one with replies is kept before one without, the newest before older ones."""
    ordered = sorted(comments, key=lambda item: (item.replied, not item.minimised, item.id))
    kept = {item.key: item for item in ordered}
    return kept, tuple(item for item in ordered if kept[item.key] is not item)


def _settled(posted: Posted) -> bool:
    marked = marker.read(posted.body)
    return bool(marked and marked.settled)


def _remembered(standing: Standing, stands: Iterable[Posted]) -> dict[str, str]:
    found: dict[str, str] = {}
    for summary in (*reversed(standing.doubles), *([standing.summary] if standing.summary else [])):
        found |= marker.read_summary(summary.body) or {}
    for posted in stands:
        if posted.key not in found and (marked := marker.read(posted.body)):
            found[posted.key] = marked.print
    return found
