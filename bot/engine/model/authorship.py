"""Who wrote a change, as far as it says so. There is no grade for people: what carries no evidence may still be a tool's."""

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.signal import Role, Strength

Grade: TypeAlias = Literal["ai-declared", "ai-partial", "ai-suspected", "automation", "no-evidence"]
Found: TypeAlias = Literal["account", "author", "committer", "trailer", "malformed-trailer", "marker", "branch", "label", "note"]


class Evidence(Struct, frozen=True):
    """One match: by which row of the table, where, and the text that matched (data of the change)."""

    rule: str
    role: Role
    strength: Strength
    place: Found
    text: str


class Remark(Struct, frozen=True):
    """What a reader of the grade should know. `key` names the phrase under `authorship`, `text` is data of the change.

    `unknown-account`, `unknown-session`, `unknown-agent`: the table may be out of date. `declaration-conflicts`: the text denies what
    other evidence says. `cut`: a text was longer than is read.
    """

    key: Literal["unknown-account", "unknown-session", "unknown-agent", "declaration-conflicts", "cut"]
    text: str


class CommitAuthorship(Struct, frozen=True):
    """The grade of one commit."""

    sha: str
    grade: Grade
    tools: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Authorship(Struct, frozen=True):
    """The grade of a change. `grade` is None where nothing was graded: absence of a grade is not a grade.

    `evidence`: of the pull request itself, apart from its commits. `commits`: in the order given. `table`: version of the signals.
    """

    grade: Grade | None = None
    tools: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    commits: tuple[CommitAuthorship, ...] = ()
    remarks: tuple[Remark, ...] = ()
    table: str = ""
