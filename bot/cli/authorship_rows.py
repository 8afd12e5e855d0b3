"""Commits and pull requests as lines of JSON, the way git and GitHub tell them. Fields that are not asked for are ignored."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.model.snapshot import CommitText, PullText


class Account(Struct, frozen=True):
    """An account as GitHub's interface shows it."""

    login: str | None = None
    id: int | None = None


class Label(Struct, frozen=True):
    name: str


class CommitRow(Struct, frozen=True):
    """A commit. `note`: the text of its git-ai note."""

    sha: str
    message: str | None = None
    author_name: str | None = None
    author_email: str | None = None
    committer_name: str | None = None
    committer_email: str | None = None
    note: str | None = None

    def text(self) -> CommitText:
        people = (self.author_name, self.author_email, self.committer_name, self.committer_email)
        return CommitText(self.sha, self.message or "", *(value or "" for value in people))


class PullRow(Struct, frozen=True):
    """A pull request. `commits`: those of its own, where they are at hand."""

    number: int | str
    user: str | Account | None = None
    title: str | None = None
    body: str | None = None
    head_ref: str | None = None
    labels: tuple[str | Label, ...] | None = None
    commits: tuple[CommitRow, ...] | None = None

    def pull(self) -> PullText:
        user = self.user if isinstance(self.user, Account) else Account(self.user)
        labels = tuple(label if isinstance(label, str) else label.name for label in self.labels or ())
        return PullText(user.login or "", user.id, self.body or "", self.head_ref or "", labels)
