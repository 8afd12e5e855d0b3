"""Publication → GitHub. Called again after it died half-way, it does what is left: nothing is lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.github import conversation, kept_issue, people
from bot.github import standing as page
from bot.github.check_runs import CheckRuns
from bot.github.facts import CheckRun, CommentRef, PullRequest, RepositoryRef
from bot.github.ours import Ours
from bot.github.protocols import Gateway, Kept, Posted, Standing, Superseded
from bot.github.publisher_changes import documents, of_comments, of_threads
from bot.github.publisher_plan import Plan, doubled, fingerprint, planned, same
from bot.github.refusal import Refusal
from bot.report import marker
from bot.report.lapsing import Stands
from bot.report.limit import COMMENT, fit
from bot.report.publication import InlineComment, Publication
from bot.report.publish import Notes

LOOKS = 3
# Their permission may be missing, or their target gone since it was read: the check is not held up by that.
REFUSED = "refused"  # the whole document, by a status; one field of it may be forbidden, and what stands beside it is done
UNDONE = ("changes-not-found", "changes-invalid", f"changes-{REFUSED}")
TOLERATED = ("forbidden", "not-found", "invalid", "conflict", "too-large")


class AppPublisher(Struct, frozen=True):
    """`app_id`: whose check runs are ours. `resolves`: whether the installation has `contents: write`, which resolving a thread needs.
    `own`: our login."""

    gateway: Gateway
    app_id: int
    notes: Notes
    resolves: bool = False
    own: Callable[[], str] = str

    @property
    def _ours(self) -> Ours:
        return Ours(str(self.app_id), self.own)

    @property
    def checks(self) -> CheckRuns:
        return CheckRuns(self.gateway, self.app_id, self.notes)

    def begin(
        self, repository: RepositoryRef, head_sha: str, name: str, external_id: str, *, fresh: bool = False, known: int = 0
    ) -> CheckRun:
        """The check run of this name and head, in progress."""
        return self.checks.begin(repository, head_sha, name, external_id, fresh=fresh, known=known)

    def standing(self, pull: PullRequest, expected: Collection[str] = ()) -> Standing:
        """What of ours stands on the pull request; one call up to a hundred threads. What is expected and not there is waited for a little:
        an answer may come from a copy that has not caught up. What is not there then, somebody deleted."""
        found = page.read(self.gateway, pull)
        for attempt in range(1, LOOKS):
            if found.state != "open" or not set(expected) - _keys(found):
                break
            self.gateway.pause(attempt)
            found = page.read(self.gateway, pull)
        return found

    def complete(self, repository: RepositoryRef, run: CheckRun, publication: Publication, completed_at: datetime) -> None:
        """The check run alone."""
        self.checks.complete(repository, run, publication, completed_at)

    def publish(self, pull: PullRequest, publication: Publication, run: CheckRun, standing: Standing) -> tuple[str, ...]:
        """Comments, then the check; a word for each write.

        Raises `Superseded` when head or base moved. A refusal of comments that may pass is raised once the check is completed.
        """
        if standing.head_sha != pull.head_sha or standing.base_ref != pull.base_ref:
            raise Superseded(f"{pull.repository.full_name}#{pull.number}: {pull.head_sha} on {pull.base_ref} is not the latest")
        done: list[str] = []
        refused: Refusal | None = None
        try:
            if standing.state == "open":
                self._comments(pull, publication, standing, done)
        except Refusal as refusal:
            done.append(f"comments-{refusal.kind}")
            refused = refusal
        now = self.checks.complete(pull.repository, run, publication)
        done.append("check")
        if refused is not None and refused.kind not in TOLERATED:
            raise refused
        if run.contested or now.external_id != run.external_id:
            done += self._change(pull, doubled(self.standing(pull)))
        return tuple(done)

    def react(self, repository: RepositoryRef, ref: CommentRef, content: conversation.Reaction) -> None:
        """One reaction of ours to the comment."""
        conversation.react(self.gateway, repository, ref, content)

    def reply(self, pull: PullRequest, ref: CommentRef, text: str) -> bool:
        """One answer of ours to the comment, found again by its hidden marker."""
        return conversation.reply(self.gateway, self._ours, pull, ref, text)

    def issue(self, repository: RepositoryRef, ref: CommentRef, title: str, text: str) -> bool:
        """One issue, found again by its hidden marker."""
        return conversation.issue(self.gateway, self._ours, repository, ref, title, text)

    def keep_issue(self, repository: RepositoryRef, wanted: Callable[[Stands | None], Stands | None]) -> Kept:
        """The one issue about what lapses."""
        return kept_issue.keep(self.gateway, repository, self.own(), wanted)

    def remind(self, pull: PullRequest, category: str, since: datetime, text: str) -> bool:
        """One comment about what waits, found again by its hidden marker."""
        return conversation.remind(self.gateway, self._ours, pull, category, since, text)

    def request(self, pull: PullRequest, owner: str) -> bool:
        """Asks for a review."""
        return people.request(self.gateway, pull, owner)

    def _comments(self, pull: PullRequest, publication: Publication, standing: Standing, done: list[str]) -> None:
        plan = planned(publication, standing)
        unplaced = self._post(pull, plan.post, done)
        done += self._change(pull, plan)
        if publication.summary_comment is not None:
            remembered = {**plan.remembered, **{item.key: fingerprint(item) for item in plan.post if item not in unplaced}}
            self._summary(pull, self._summary_text(publication.summary_comment, remembered, unplaced), standing.summary, done)

    def _post(self, pull: PullRequest, comments: Sequence[InlineComment], done: list[str]) -> list[InlineComment]:
        """One review; where GitHub refuses it, each comment alone, then on its file. What no place takes is given back."""
        lines = [item for item in comments if item.line is not None]
        if lines and self._review(pull, lines):
            done.append(f"review-{len(lines)}")
            lines = []
        alone = [*lines, *(item for item in comments if item.line is None)]
        unplaced = [item for item in alone if not self._single(pull, item)]
        done += ["comment"] * (len(alone) - len(unplaced))
        return unplaced

    def _review(self, pull: PullRequest, comments: Sequence[InlineComment]) -> bool:
        """One line outside the hunks refuses the whole review (https://docs.github.com/rest/pulls/reviews)."""
        body = {"commit_id": pull.head_sha, "event": "COMMENT", "comments": [_placed(item) for item in comments]}
        for attempt in range(2):
            try:
                self.gateway.create(f"{_pull(pull)}/reviews", body, find=lambda: self._there(pull, comments))
            except Refusal as refusal:
                if refusal.kind != "invalid":
                    raise
                if attempt or not self._drop_pending(pull):
                    return False
            else:
                return True
        return False

    def _drop_pending(self, pull: PullRequest) -> bool:
        """A review of ours that was begun and never submitted refuses every other one; nobody else sees it."""
        found = [review for review in self.gateway.pages(f"{_pull(pull)}/reviews") if review["state"] == "PENDING"]
        for review in found:
            self.gateway.delete(f"{_pull(pull)}/reviews/{review['id']}")
        return bool(found)

    def _single(self, pull: PullRequest, comment: InlineComment) -> bool:
        own: dict[str, Any] = {"commit_id": pull.head_sha, "path": comment.path, "body": comment.body}
        places = ([{**own, **_placed(comment)}] if comment.line is not None else []) + [{**own, "subject_type": "file"}]
        for body in places:
            try:
                self.gateway.create(f"{_pull(pull)}/comments", body, find=lambda: self._there(pull, [comment]))
            except Refusal as refusal:
                if refusal.kind not in ("invalid", "not-found"):
                    raise
            else:
                return True
        return False

    def _there(self, pull: PullRequest, comments: Iterable[InlineComment]) -> bool | None:
        """Whether any of them stands: a review is written whole or not at all."""
        keys = {item.key for item in comments}
        return any(posted.key in keys for posted in self.standing(pull).comments) or None

    def _change(self, pull: PullRequest, plan: Plan) -> list[str]:
        changes = [*documents(of_comments(plan)), *documents(of_threads(plan) if self.resolves else ())]
        done = [self._mutate(*change) for change in changes]
        if plan.edit and any(word in UNDONE for word in done):
            done += [self._edited(pull, posted, body) for posted, body in plan.edit]
        return done

    def _edited(self, pull: PullRequest, posted: Posted, body: str) -> str:
        """Where GraphQL is not there or did not take it; what was edited already becomes the same again."""
        try:
            self.gateway.update(f"/repos/{pull.repository.full_name}/pulls/comments/{posted.id}", {"body": body})
        except Refusal as refusal:
            if refusal.kind not in TOLERATED:
                raise
            return f"edit-{refusal.kind}"
        return "edit"

    def _mutate(self, document: str, variables: Mapping[str, Any], count: int) -> str:
        try:
            self.gateway.graphql(document, variables)
        except Refusal as refusal:
            if refusal.kind not in TOLERATED:
                raise
            return f"changes-{REFUSED if (refusal.kind, refusal.status) == ('forbidden', 403) else refusal.kind}"
        return f"changes-{count}"

    def _summary_text(self, text: str, remembered: Mapping[str, str], unplaced: Sequence[InlineComment]) -> str:
        body = marker.summary_line(remembered.items()) + marker.without(text)
        if unplaced:
            said = "\n\n---\n\n".join(marker.without(item.body).strip() for item in unplaced)
            body = f"{body.rstrip()}\n\n{self.notes.unplaced}\n\n{said}\n"
        return fit(body, COMMENT, self.notes.cut)

    def _summary(self, pull: PullRequest, body: str, stands: Posted | None, done: list[str]) -> None:
        root = f"/repos/{pull.repository.full_name}/issues"
        if stands is None:
            self.gateway.create(f"{root}/{pull.number}/comments", {"body": body}, find=lambda: self.standing(pull).summary)
        elif same(stands.body, body):
            return
        else:
            self.gateway.update(f"{root}/comments/{stands.id}", {"body": body})
        done.append("summary-comment")


def _keys(found: Standing) -> set[str]:
    return {item.key for item in (*found.comments, *((found.summary,) if found.summary else ()))}


def _pull(pull: PullRequest) -> str:
    return f"/repos/{pull.repository.full_name}/pulls/{pull.number}"


def _placed(comment: InlineComment) -> dict[str, Any]:
    fields = {"path": comment.path, "body": comment.body, "line": comment.line, "side": comment.side}
    return fields if comment.start_line is None else {**fields, "start_line": comment.start_line, "start_side": comment.side}
