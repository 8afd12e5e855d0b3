"""Issues, labels, comments in a conversation, reactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from bot.standin import shape
from bot.standin.state import events
from bot.standin.state.ids import locked

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.accounts import Account
    from bot.standin.state.apps import App
    from bot.standin.state.repository import Repository


class Label:
    def __init__(self, repo: Repository, name: str, color: str, description: str | None) -> None:
        self.repository, self.name, self.color, self.description = repo, name, color, description
        self.id = repo.world.ids.number()
        self.node_id = repo.world.ids.node(self, self.id)


class Reaction:
    def __init__(self, repo: Repository, by: Account, content: str) -> None:
        self.user, self.content = by, content
        self.id = repo.world.ids.number()
        self.node_id = repo.world.ids.node(self, self.id)
        self.created_at = repo.world.clock.moment()


class Comment:
    """What issue comments and review comments share. `minimised`: GitHub's reason, None when shown."""

    def __init__(self, repo: Repository, by: Account, body: str) -> None:
        self.repository, self.user, self.body = repo, by, body
        self.app: App | None = by.app
        self.id = repo.world.ids.number()
        self.node_id = repo.world.ids.node(self, self.id)
        self.created_at = self.updated_at = repo.world.clock.moment()
        self.minimised: str | None = None
        self.deleted = False
        self.history: list[str] = []
        self.reactions: list[Reaction] = []

    @property
    def lock(self) -> RLock:
        return self.repository.lock

    def rewrite(self, body: str) -> None:
        self.history.append(self.body)
        self.body, self.updated_at = body, self.repository.world.clock.moment()

    @locked
    def react(self, by: Account, content: str) -> tuple[Reaction, bool]:
        """The reaction and whether it is new: one person reacts once with one content."""
        for reaction in self.reactions:
            if reaction.user is by and reaction.content == content:
                return reaction, False
        self.reactions.append(Reaction(self.repository, by, content))
        return self.reactions[-1], True


class IssueComment(Comment):
    """A comment in the conversation of an issue or pull request."""

    def __init__(self, issue: Issue, by: Account, body: str) -> None:
        super().__init__(issue.repository, by, body)
        self.issue = issue

    @locked
    def edit(self, by: Account, body: str) -> None:
        before = self.body
        self.rewrite(body)
        self._tell("edited", by, {"changes": {"body": {"from": before}}})

    @locked
    def delete(self, by: Account) -> None:
        self.deleted = True
        self.issue.comments.remove(self)
        self._tell("deleted", by, {})

    def _tell(self, action: str, by: Account, more: dict[str, Any]) -> None:
        events.emit(
            "issue_comment",
            action,
            self.repository,
            by,
            lambda urls: {"issue": shape.issue(self.issue, urls), "comment": shape.issue_comment(self, urls), **more},
        )


class Issue:
    """`labels`: names. A pull request is an issue too."""

    def __init__(self, repo: Repository, by: Account, title: str, body: str | None) -> None:
        self.repository, self.user, self.title, self.body = repo, by, title, body
        self.app: App | None = by.app
        self.number = repo.next_number()
        self.issue_id = self.id = repo.world.ids.number()
        self.node_id = repo.world.ids.node(self, self.id)
        self.state: Literal["open", "closed"] = "open"
        self.state_reason: str | None = None
        self.labels: list[str] = []
        self.comments: list[IssueComment] = []
        self.reactions: list[Reaction] = []
        self.assignees: list[Account] = []
        self.created_at = self.updated_at = repo.world.clock.moment()
        self.closed_at: datetime | None = None
        self.closed_by: Account | None = None
        repo.issues[self.number] = self

    event = "issues"

    @property
    def lock(self) -> RLock:
        return self.repository.lock

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def opened(self) -> Self:
        self.tell("opened", self.user)
        return self

    def tell(self, action: str, by: Account, more: dict[str, Any] | None = None) -> None:
        events.emit(self.event, action, self.repository, by, lambda urls: {"issue": shape.issue(self, urls), **(more or {})})

    def touch(self) -> None:
        self.updated_at = self.repository.world.clock.moment()

    @locked
    def comment(self, by: Account, body: str) -> IssueComment:
        made = IssueComment(self, by, body)
        self.comments.append(made)
        self.touch()
        made._tell("created", by, {})  # noqa: SLF001  # one module, one concept
        return made

    @locked
    def label(self, names: Iterable[str], by: Account | None = None) -> None:
        for name in names:
            label = self.repository.label(name)
            if label.name not in self.labels:
                self.labels.append(label.name)
                self._tell_label("labeled", label, by)

    @locked
    def unlabel(self, names: Iterable[str], by: Account | None = None) -> None:
        for name in names:
            if name in self.labels:
                self.labels.remove(name)
                self._tell_label("unlabeled", self.repository.label(name), by)

    def _tell_label(self, action: str, label: Label, by: Account | None) -> None:
        self.touch()
        self.tell(action, by or self.repository.owner, {"label": shape.label(label, self.repository.world.urls())})

    @locked
    def close(self, by: Account | None = None) -> None:
        if self.is_open:
            self.state, self.closed_at, self.closed_by = "closed", self.repository.world.clock.moment(), by or self.user
            self.touch()
            self.tell("closed", by or self.user)

    @locked
    def reopen(self, by: Account | None = None) -> None:
        if not self.is_open:
            self.state, self.closed_at, self.closed_by = "open", None, None
            self.touch()
            self.tell("reopened", by or self.user)
