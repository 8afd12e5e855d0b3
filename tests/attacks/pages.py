"""Everything that a pull request shows of ours, as texts."""

from __future__ import annotations

from bot.standin.state.pulls import PullRequest
from tests.standin.conftest import Scene


def texts(scene: Scene, pull: PullRequest) -> list[str]:
    """The check's title, summary and text; the comments in threads and conversation."""
    seen = pull.seen()
    runs = [run for run in scene.standin.runs() if run.head_sha == pull.head_sha]
    checks = [text for run in runs for text in (run.title, run.summary, run.text) if text]
    return [
        *checks,
        *(comment.body for thread in seen.threads for comment in thread.comments),
        *(comment.body for comment in seen.comments),
    ]
