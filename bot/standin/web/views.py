"""A pull request as a reviewer sees it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pygments.formatters import HtmlFormatter

from bot.standin.state.pulls import PullRequest
from bot.standin.web import diffs, markdown

if TYPE_CHECKING:
    from bot.standin.calls import Request
    from bot.standin.state.issues import Issue
    from bot.standin.state.repository import Repository
    from bot.standin.world import World

Out = tuple[int, bytes, dict[str, str]]
HERE = Path(__file__).parent / "pages"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["markdown"] = lambda text: Markup(markdown.render(text or ""))  # noqa: S704  # sanitised by nh3
    colours = HtmlFormatter(cssclass="code").get_style_defs(".code")  # type: ignore[no-untyped-call]
    made.globals["style"] = Markup((HERE / "style.css").read_text() + colours)  # noqa: S704  # our own file
    return made


def html(template: str, /, status: int = 200, **values: Any) -> Out:
    text = _environment().get_template(template).render(**values)
    return (
        status,
        text.encode(),
        {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'"},
    )


def missing() -> Out:
    return html("missing.html", 404)


def home(world: World, _: Request, __: re.Match[str]) -> Out:
    return html("home.html", repositories=sorted(world.repositories.values(), key=lambda repo: repo.full_name))


def _repo(world: World, match: re.Match[str]) -> Repository | None:
    return world.find_repository(match["owner"], match["repo"])


def repository(world: World, _: Request, match: re.Match[str]) -> Out:
    repo = _repo(world, match)
    return missing() if repo is None else html("repository.html", repo=repo, pulls=list(reversed(repo.pulls)))


def _issue(world: World, match: re.Match[str]) -> Issue | None:
    repo = _repo(world, match)
    return repo.issues.get(int(match["number"])) if repo else None


def _frame(pull: PullRequest, tab: str) -> dict[str, Any]:
    return {
        "repo": pull.repository,
        "pull": pull,
        "tab": tab,
        "state": "merged" if pull.merged else "draft" if pull.draft and pull.is_open else pull.state,
        "commit_count": len(pull.commits),
        "runs": pull.repository.checks.latest(pull.head_sha),
        "statuses": pull.repository.checks.statuses_of(pull.head_sha),
        "additions": sum(change.additions for change in pull.changes),
        "deletions": sum(change.deletions for change in pull.changes),
    }


def conversation(world: World, _: Request, match: re.Match[str]) -> Out:
    issue = _issue(world, match)
    if issue is None:
        return missing()
    if not isinstance(issue, PullRequest):
        return html("issue.html", repo=issue.repository, issue=issue)
    demands = issue.repository.demands(issue.base_ref)
    required = {check.context for check in demands.checks}
    return html("conversation.html", timeline=timeline(issue), box=issue.box(), required=required, **_frame(issue, "conversation"))


def timeline(pull: PullRequest) -> list[dict[str, Any]]:
    """Commits, comments and reviews in the order they came."""
    rows: list[tuple[float, int, dict[str, Any]]] = []
    for oid in pull.commits:
        commit = pull.repository.commit_of(oid)
        rows.append((commit.committer.when, 0, {"kind": "commit", "commit": commit}))
    rows += [(comment.created_at.timestamp(), comment.id, {"kind": "comment", "comment": comment}) for comment in pull.comments]
    for review in pull.reviews:
        threads = [thread for thread in pull.threads if thread.comments and thread.comments[0].review is review]
        if review.state != "PENDING" and review.submitted_at and (review.body or threads or review.state != "COMMENTED"):
            shown = [{"thread": thread, "rows": diffs.excerpt(thread)} for thread in threads]
            rows.append((review.submitted_at.timestamp(), review.id, {"kind": "review", "review": review, "threads": shown}))
    ordered = [row for _, _, row in sorted(rows, key=lambda one: one[:2])]
    return [group for kind, members in groupby(ordered, key=lambda row: row["kind"]) for group in _grouped(kind, list(members))]


def _grouped(kind: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"kind": "commits", "commits": [row["commit"] for row in rows]}] if kind == "commit" else rows


def files(world: World, _: Request, match: re.Match[str]) -> Out:
    pull = _issue(world, match)
    if not isinstance(pull, PullRequest):
        return missing()
    return html("files.html", changes=[diffs.file_view(pull, change) for change in pull.changes[:300]], **_frame(pull, "files"))


def commits(world: World, _: Request, match: re.Match[str]) -> Out:
    pull = _issue(world, match)
    if not isinstance(pull, PullRequest):
        return missing()
    return html("commits.html", commits=[pull.repository.commit_of(oid) for oid in pull.commits], **_frame(pull, "commits"))


def checks(world: World, _: Request, match: re.Match[str]) -> Out:
    pull = _issue(world, match)
    if not isinstance(pull, PullRequest):
        return missing()
    frame = _frame(pull, "checks")
    return html("checks.html", shown=frame["runs"][-1] if frame["runs"] else None, **frame)


def run(world: World, _: Request, match: re.Match[str]) -> Out:
    repo = _repo(world, match)
    found = repo.checks.runs.get(int(match["id"])) if repo else None
    if repo is None or found is None:
        return missing()
    pulls = [pull for pull in repo.pulls if pull.head_sha == found.head_sha]
    if not pulls:
        return html("run.html", repo=repo, shown=found)
    return html("checks.html", shown=found, **_frame(pulls[-1], "checks"))
