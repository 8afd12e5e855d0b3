"""A pull request: its head and base, its diff, what happens to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from bot.standin import shape
from bot.standin.git import FileChange, Person, between
from bot.standin.state import accounts, events, mergebox, merging, reviews, sight, threads
from bot.standin.state.ids import locked
from bot.standin.state.issues import Issue

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account, Team
    from bot.standin.state.repository import Content, Repository

Files = Mapping[str, "Content"]


class PullRequest(Issue):
    """`head_repo` None: the fork is gone. `base_sha`: tip of the base when the head or base last changed."""

    event = "pull_request"

    def __init__(self, repo: Repository, by: Account, text: tuple[str, str | None], head: tuple[Repository, str], base: str) -> None:
        """`text`: title and body; `head`: repository and branch."""
        super().__init__(repo, by, *text)
        self.id = repo.world.ids.number()
        self.draft = False
        self.head_source, self.head_ref = head
        self.head_owner, self.base_ref = self.head_source.owner, base
        self.head_sha, self.base_sha = _tip(*head), _tip(repo, base)
        self.merged_by: Account | None = None
        self.merge_commit_sha: str | None = None
        self.reviews: list[reviews.Review] = []
        self.threads: list[threads.Thread] = []
        self.reviewers: list[Account] = []
        self.teams: list[Team] = []
        self.previous_heads: list[str] = []
        self.queued = False
        self._mergeable_known = False
        repo.refs[f"refs/pull/{self.number}/head"] = self.head_sha

    # Reading

    @property
    def head_repo(self) -> Repository | None:
        return None if self.head_source.deleted else self.head_source

    @property
    def merged(self) -> bool:
        return self.merged_by is not None

    @property
    def base_tip(self) -> str:
        """Where the base branch is now; where it was, once merged or when the branch is gone."""
        return self.base_sha if not self.is_open else self.repository.branch(self.base_ref) or self.base_sha

    @property
    def merge_base(self) -> str | None:
        return self.repository.merge_base(self.base_tip, self.head_sha)

    @property
    def changes(self) -> tuple[FileChange, ...]:
        return self.repository.diff(self.merge_base, self.head_sha)

    @property
    def commits(self) -> list[str]:
        return between(self.repository.store, self.base_tip, self.head_sha)

    @property
    def review_comments(self) -> list[threads.ReviewComment]:
        """Published ones, in the order they were made."""
        found = [comment for thread in self.threads for comment in thread.comments if not comment.pending]
        return sorted(found, key=lambda comment: comment.id)

    def mergeable(self) -> bool | None:
        """None until somebody has looked at the pull request since the last push: GitHub computes it only then."""
        return merging.test_merge(self) is not None if self._mergeable_known else None

    def look(self) -> None:
        self._mergeable_known = True

    def box(self) -> mergebox.Box:
        return mergebox.box(self)

    def seen(self) -> sight.Seen:
        """What a person sees on the page."""
        return sight.seen(self)

    # Acts

    def tell(self, action: str, by: Account, more: dict[str, Any] | None = None) -> None:
        def build(urls: shape.Urls) -> dict[str, Any]:
            return {"number": self.number, "pull_request": shape.pull(self, urls), **(more or {})}

        events.emit("pull_request", action, self.repository, by, build)

    def opened(self) -> PullRequest:
        self.tell("opened", self.user)
        return self

    @locked
    def push(
        self,
        files: Files,
        *,
        by: Account | None = None,
        message: str = "Change files",
        author: Person | None = None,
    ) -> str:
        """A further commit on the head branch."""
        return self._source().commit(files, message=message, by=by or self.user, branch=self.head_ref, author=author)

    @locked
    def force_push(self, files: Files, *, by: Account | None = None, message: str = "Change files", onto: str | None = None) -> str:
        """One new commit on the merge base (or on `onto`) instead of everything that was there."""
        account, source = by or self.user, self._source()
        start = onto or self.merge_base
        oid = source.write_commit([start] if start else [], files, message, account.person())
        source.update_ref(f"refs/heads/{self.head_ref}", oid, account, forced=True)
        return oid

    def _source(self) -> Repository:
        if self.head_repo is None:
            raise ValueError("the head repository was deleted")
        return self.head_repo

    def synchronise(self, before: str, after: str, by: Account) -> None:
        """The head branch moved."""
        self.previous_heads.append(self.head_sha)
        self.head_sha, self.base_sha = after, self.base_tip
        self.repository.refs[f"refs/pull/{self.number}/head"] = after
        self._mergeable_known = self.queued = False
        self.touch()
        self.tell("synchronize", by, {"before": before, "after": after})

    @locked
    def edit(self, *, by: Account | None = None, title: str | None = None, body: str | None = None, base: str | None = None) -> None:
        """One `edited` event with what changed; nothing when nothing did."""
        changed: dict[str, Any] = {}
        if title is not None and title != self.title:
            changed["title"] = {"from": self.title}
            self.title = title
        if body is not None and body != self.body:
            changed["body"] = {"from": self.body}
            self.body = body
        if base is not None and base != self.base_ref:
            changed["base"] = {"ref": {"from": self.base_ref}, "sha": {"from": self.base_sha}}
            self.base_ref, self.base_sha = base, _tip(self.repository, base)
            self._mergeable_known = False
        if changed:
            self.touch()
            self.tell("edited", by or self.user, {"changes": changed})

    @locked
    def ready(self, by: Account | None = None) -> None:
        if self.draft:
            self.draft = False
            self.tell("ready_for_review", by or self.user)

    @locked
    def to_draft(self, by: Account | None = None) -> None:
        if not self.draft:
            self.draft = True
            self.tell("converted_to_draft", by or self.user)

    @locked
    def merge(self, by: Account, how: Literal["merge", "squash", "rebase", "bypass"] = "merge", message: str | None = None) -> str:
        """Merge as a person would; `bypass` is an administrator's merge past the rules. Raises `Blocked`."""
        return merging.merge(self, by, how, message)

    @locked
    def update_branch(self, by: Account) -> bool:
        """Merge the base branch into the head branch; False when there is nothing to merge."""
        tree = merging.test_merge(self)
        if self.merge_base == self.base_tip or tree is None:
            return False
        text = f"Merge branch '{self.base_ref}' into {self.head_ref}"
        oid = self.repository.store.commit(tree, [self.head_sha, self.base_tip], by.person(), text)
        self._source().update_ref(f"refs/heads/{self.head_ref}", oid, by)
        return True

    def landed(self, by: Account, commit: str) -> None:
        """The head is in the base branch: merged and closed."""
        self.merged_by, self.merge_commit_sha, self.queued = by, commit, False
        self.close(by)

    @locked
    def reopen(self, by: Account | None = None) -> None:
        if not self.is_open and not self.merged:
            self.head_sha = self.head_source.branch(self.head_ref) or self.head_sha
            super().reopen(by)
            self.base_sha = self.base_tip

    @locked
    def request(self, people: Sequence[Account] = (), teams: Sequence[Team] = (), by: Account | None = None) -> None:
        urls, sender = self.repository.world.urls(), by or self.user
        for person in people:
            if person not in self.reviewers:
                self.reviewers.append(person)
                self.tell("review_requested", sender, {"requested_reviewer": shape.user(person, urls)})
        for team in teams:
            if team not in self.teams:
                self.teams.append(team)
                self.tell("review_requested", sender, {"requested_team": shape.team(team, urls)})

    @locked
    def unrequest(self, people: Sequence[Account] = (), teams: Sequence[Team] = (), by: Account | None = None) -> None:
        urls, sender = self.repository.world.urls(), by or self.user
        for person in [person for person in people if person in self.reviewers]:
            self.reviewers.remove(person)
            self.tell("review_request_removed", sender, {"requested_reviewer": shape.user(person, urls)})
        for team in [team for team in teams if team in self.teams]:
            self.teams.remove(team)
            self.tell("review_request_removed", sender, {"requested_team": shape.team(team, urls)})

    @locked
    def review(self, by: Account, event: str = "APPROVE", body: str = "") -> reviews.Review:
        """A review without comments: APPROVE, REQUEST_CHANGES or COMMENT."""
        made = reviews.Review(self, by, body, self.head_sha)
        self.reviews.append(made)
        return made.submit(event)

    def review_shell(self, by: Account) -> reviews.Review:
        """The review GitHub puts around a reply."""
        made = reviews.Review(self, by, "", self.head_sha)
        self.reviews.append(made)
        made.state, made.submitted_at = "COMMENTED", self.repository.world.clock.moment()
        return made

    @locked
    def comment_on(self, by: Account, path: str, line: int, body: str, *, side: Literal["LEFT", "RIGHT"] = "RIGHT") -> threads.Thread:
        """A person's single comment at a line of the diff."""
        place = threads.Place(path, line, side)
        return reviews.single(self, by, place, body, self.head_sha).thread


def _tip(repo: Repository, branch: str) -> str:
    found = repo.branch(branch)
    if found is None:
        raise ValueError(f"{repo.full_name} has no branch {branch}")
    return found


def can_review(account: Account, pull: PullRequest) -> bool:
    """Whether a person may be asked for a review: a collaborator other than the author."""
    return account is not pull.user and accounts.RANK[accounts.role_of(account, pull.repository)] >= accounts.RANK["read"]
