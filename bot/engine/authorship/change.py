"""The grade of a commit and of a change: every commit is read, never only what a squash leaves of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.authorship import git_ai
from bot.engine.authorship.evidence import Match, match
from bot.engine.authorship.grade import RANK, graded
from bot.engine.authorship.identity import Identity, of_account, of_address
from bot.engine.authorship.index import Index
from bot.engine.authorship.markers import denials, markers, names
from bot.engine.authorship.text import Text, read
from bot.engine.authorship.trailers import AUTHORS, matched, trailers
from bot.engine.authorship.trailers import remarks as trailer_remarks
from bot.engine.model.authorship import Authorship, CommitAuthorship, Evidence, Grade, Remark
from bot.engine.model.snapshot import CommitText, PullText

MOST_FILES, MOST_SHOWN = 5, 20
MOST_TOTAL, AT_LEAST = 1_000_000, 2_000  # characters of all messages together, and of each whatever the others take


class Read(Struct, frozen=True):
    """What one commit or one pull request yields."""

    matches: tuple[Match, ...]
    remarks: tuple[Remark, ...] = ()


def change(commits: Sequence[CommitText], index: Index, pull: PullText | None = None, notes: Mapping[str, str] | None = None) -> Authorship:
    """The grade of a change. `notes`: sha → text of its git-ai note.

    An automation is the author of a change when it opened the pull request, or wrote every commit of it.
    """
    read = [commit_evidence(item, index, (notes or {}).get(item.sha, "")) for item in _within(commits)]
    own = pull_evidence(pull, index) if pull else Read(())
    each = tuple(_commit(item.sha, found) for item, found in zip(commits, read, strict=True))
    grade, tools = _together(own, read, [item.grade for item in each])
    remarks = dict.fromkeys(remark for found in (own, *read) for remark in found.remarks)
    kept = tuple(item for item in remarks if item.key != "declaration-conflicts" or RANK[grade])
    return Authorship(grade, tools, _shown(own), each, kept, index.version)


def _within(commits: Iterable[CommitText]) -> Iterator[CommitText]:
    """The commits, their messages cut to what is read in all."""
    left = MOST_TOTAL
    for item in commits:
        allowed = max(left, AT_LEAST)
        left -= len(item.message)
        yield item if len(item.message) <= allowed else replace(item, message=item.message[-allowed:])


def commit(item: CommitText, index: Index, note: str = "") -> tuple[CommitAuthorship, tuple[Remark, ...]]:
    """The grade of one commit, and what its reader should know."""
    found = commit_evidence(item, index, note)
    return _commit(item.sha, found), found.remarks


def commit_evidence(item: CommitText, index: Index, note: str = "") -> Read:
    """The evidence of one commit."""
    author, committer = of_address(item.author_email), of_address(item.committer_email)
    wrote = _person(item.author_name, item.author_email)
    found = [match(row, "author", wrote) for row in index.identified(author, "author", item.author_name)]
    if (committer, item.committer_name) != (author, item.author_name):
        rows = index.identified(committer, "author", item.committer_name)
        shown = _person(item.committer_name, item.committer_email)
        found += [match(row, "committer", shown) for row in rows if row.role == "writer"]
    text = read(item.message)
    said = _said(text, index)
    return Read(_once([*found, *said.matches, *_noted(note, index)]), (*_unknown(author, index), *said.remarks))


def pull_evidence(pull: PullText, index: Index) -> Read:
    """The evidence of a pull request without its commits."""
    who = of_account(pull.user, pull.account)
    found = [match(row, "account", pull.user) for row in index.identified(who, "account")] if pull.user else []
    branch = pull.head_ref.rpartition(":")[2].removeprefix("refs/heads/")
    found += names([branch] if branch else [], "branch", index)
    found += names(pull.labels, "label", index)
    text = read(pull.body)
    said = _said(text, index)
    conflicts = tuple(Remark("declaration-conflicts", line) for line in denials(text, index))
    return Read(_once([*found, *said.matches]), (*_unknown(who, index), *said.remarks, *conflicts))


def _said(text: Text, index: Index) -> Read:
    found: list[Match] = []
    remarks: list[Remark] = [Remark("cut", "")] if text.cut else []
    for trailer in trailers(text.lines, index.keys | AUTHORS):
        here = matched(trailer, index)
        found += here
        remarks += trailer_remarks(trailer, index, here)
    return Read((*found, *markers(text, index)), tuple(remarks))


def _noted(note: str, index: Index) -> Iterator[Match]:
    lines = git_ai.attested(note) if note else ()
    for row in index.by_place.get("note", ()) if lines else ():
        shown = ", ".join(f"{item.path}:{item.ranges}" for item in lines[:MOST_FILES])
        more = f" (+{len(lines) - MOST_FILES})" if len(lines) > MOST_FILES else ""
        for tool in dict.fromkeys(item.tool for item in lines):
            found = match(row, "note", shown + more)
            yield Match(found.evidence, tool, found.declares)


def _together(own: Read, read: list[Read], grades: list[Grade]) -> tuple[Grade, tuple[str, ...]]:
    opened, _ = graded(own.matches)
    everything = [*own.matches, *(item for found in read for item in found.matches)]
    if opened == "automation" or (grades and all(grade == "automation" for grade in grades) and not RANK[opened]):
        return "automation", graded(everything)[1]
    return graded(item for item in everything if item.evidence.role != "automation")


def _commit(sha: str, found: Read) -> CommitAuthorship:
    grade, tools = graded(found.matches)
    return CommitAuthorship(sha, grade, tools, _shown(found))


def _shown(found: Read) -> tuple[Evidence, ...]:
    return tuple(item.evidence for item in found.matches[:MOST_SHOWN])


def _unknown(who: Identity, index: Index) -> tuple[Remark, ...]:
    return (Remark("unknown-account", who.shown),) if who.is_app and not index.knows(who) else ()


def _once(found: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(dict.fromkeys(found))


def _person(name: str, address: str) -> str:
    return f"{name} <{address}>"
