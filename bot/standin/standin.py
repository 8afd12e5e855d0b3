"""The stand-in: a world with a server and a door for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from bot.standin.server import Server
from bot.standin.shape import iso
from bot.standin.state.sight import SeenRun, run_seen
from bot.standin.world import World


class Standin(World):
    """GitHub on loopback. Deliveries wait for `deliver()` unless `serve` is told to send them by itself."""

    @classmethod
    @contextmanager
    def serve(cls, *, port: int = 0, ghes: bool = False, strict: bool = False, automatic: int = 0) -> Iterator[Self]:
        """`automatic`: number of threads that send deliveries as they arise, 0 for none."""
        standin = cls(ghes=ghes, strict=strict)
        server = Server(standin, port)
        standin.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        standin.outbox.start(automatic)
        try:
            yield standin
        finally:
            standin.outbox.stop()
            server.shutdown()
            server.server_close()

    @property
    def api(self) -> str:
        """Root of the REST interface, as PyGithub's `base_url` wants it."""
        return self.urls().api

    def deliver(self) -> int:
        """Send what waits and what that causes; how many were sent."""
        return self.outbox.deliver()

    def expire_tokens(self) -> None:
        """Every installation token is refused from now on."""
        self.tokens.clear()

    def runs(self) -> list[SeenRun]:
        """Every check run there is, oldest first."""
        with self.lock:
            found = [run for repo in self.repositories.values() for run in repo.checks.runs.values()]
            return [run_seen(run) for run in sorted(found, key=lambda run: run.id)]

    def final_state(self) -> dict[str, Any]:
        """What is left on GitHub, as JSON."""
        with self.lock:
            pulls = [pull for repo in self.repositories.values() for pull in repo.pulls]
            issues = [issue for repo in self.repositories.values() for issue in repo.issues.values()]
            return {
                "check_runs": [_run(repo.full_name, run) for repo in self.repositories.values() for run in repo.checks.runs.values()],
                "review_comments": [_review_comment(comment) for pull in pulls for comment in pull.review_comments],
                "issue_comments": [_issue_comment(comment) for issue in issues for comment in issue.comments],
                "deliveries": [made.summary() for made in self.outbox.recorded],
                "api_calls": len(self.calls),
            }


def _run(repository: str, run: Any) -> dict[str, Any]:
    return {
        "repository": repository,
        "id": run.id,
        "name": run.name,
        "head_sha": run.head_sha,
        "status": run.status,
        "conclusion": run.conclusion,
        "external_id": run.external_id,
        "output": dict(run.output),
        "annotations": len(run.annotations),
        "app": run.app.slug,
        "completed_at": iso(run.completed_at),
    }


def _review_comment(comment: Any) -> dict[str, Any]:
    thread = comment.thread
    return {
        "repository": comment.repository.full_name,
        "pull_request": thread.pull.number,
        "id": comment.id,
        "user": comment.user.login,
        "path": thread.place.path,
        "line": thread.line,
        "start_line": thread.start_line,
        "side": thread.place.side,
        "original_line": thread.place.line,
        "body": comment.body,
        "minimised": comment.minimised,
        "resolved": thread.resolved_by is not None,
        "outdated": thread.outdated,
        "in_reply_to": comment.in_reply_to.id if comment.in_reply_to else None,
    }


def _issue_comment(comment: Any) -> dict[str, Any]:
    return {
        "repository": comment.repository.full_name,
        "issue": comment.issue.number,
        "id": comment.id,
        "user": comment.user.login,
        "body": comment.body,
        "minimised": comment.minimised,
        "edits": len(comment.history),
    }
