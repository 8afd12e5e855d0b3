"""Pull requests (CONTRACT 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, invalid, link, not_found
from bot.standin.git import FileChange
from bot.standin.rest.routing import route
from bot.standin.state.accounts import Organisation
from bot.standin.state.merging import Blocked
from bot.standin.state.pulls import PullRequest, can_review
from bot.standin.state.repository import Repository

PULLS = "/repos/{owner}/{repo}/pulls"
ONE = PULLS + "/{pull_number}"
FILES, COMMITS = 3000, 250
NOT_COLLABORATOR = (
    "Reviews may only be requested from collaborators. "
    "One or more of the users or teams you specified is not a collaborator of the repository."
)
DIFF_FILES, DIFF_ROWS, DIFF_BYTES = 300, 20_000, 1024 * 1024


@route(f"GET {PULLS}")
def list_pulls(call: Call) -> Answer:
    query = call.query
    state = query.get("state", "open")
    found = [
        pull
        for pull in call.repo.pulls
        if state in {"all", pull.state}
        and query.get("base") in {None, pull.base_ref}
        and query.get("head") in {None, f"{pull.head_owner.login}:{pull.head_ref}"}
    ]
    sort = query.get("sort", "created")
    newest = query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    found.sort(key=lambda pull: (pull.updated_at, pull.number) if sort == "updated" else (pull.created_at, pull.number), reverse=newest)
    return call.paged([shape.pull(pull, call.urls, simple=True) for pull in found])


@route(f"POST {PULLS}", content=True)
def create(call: Call) -> Answer:
    fields = call.body
    owner, colon, branch = fields["head"].partition(":")
    source = _network(call, owner) if colon else call.repo
    name = branch if colon else fields["head"]
    if source is None or source.branch(name) is None:
        raise invalid("PullRequest", "head")
    if call.repo.branch(fields["base"]) is None:
        raise invalid("PullRequest", "base")
    if any(
        pull.is_open and pull.head_ref == name and pull.head_repo is source and pull.base_ref == fields["base"] for pull in call.repo.pulls
    ):
        sentence = f"A pull request already exists for {source.owner.login}:{name}."
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": sentence}])
    if source.branch(name) == call.repo.branch(fields["base"]):
        sentence = f"No commits between {fields['base']} and {name}"
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": sentence}])
    pull = call.repo.pull_request(
        name,
        by=call.account,
        title=fields.get("title"),
        body=fields.get("body"),
        base=fields["base"],
        draft=bool(fields.get("draft")),
        head=source,
    )
    return Answer(201, shape.pull(pull, call.urls))


def _network(call: Call, owner: str) -> Repository | None:
    repos = call.world.repositories.values()
    return next((repo for repo in repos if repo.store is call.repo.store and repo.owner.login.lower() == owner.lower()), None)


@route(f"GET {ONE}")
def get(call: Call) -> Any:
    pull, accept = call.pull(), call.request.headers.get("accept", "")
    if ".diff" in accept:
        return whole_diff(pull.changes, "PullRequest")
    body = shape.pull(pull, call.urls)
    pull.look()
    return body


def whole_diff(changes: Sequence[FileChange], resource: str) -> Answer:
    """406 above 300 files, 20,000 lines or 1 MB."""
    rows = sum(change.rows for change in changes)
    sentence = None
    if len(changes) > DIFF_FILES:
        sentence = f"Sorry, the diff exceeded the maximum number of files ({DIFF_FILES}). Consider using 'List pull requests files' API."
    elif rows > DIFF_ROWS:
        sentence = f"Sorry, the diff exceeded the maximum number of lines ({DIFF_ROWS})"
    text = "" if sentence else "".join(change.diff() for change in changes)
    if sentence or len(text) > DIFF_BYTES:
        error = {"resource": resource, "field": "diff", "code": "too_large"}
        raise Refusal(406, sentence or "Sorry, the diff exceeded the maximum size", [error])
    return Answer(200, text.encode(), {"Content-Type": "application/vnd.github.diff; charset=utf-8"})


@route(f"PATCH {ONE}")
def update(call: Call) -> Any:
    pull, fields = call.pull(), call.body or {}
    base = fields.get("base")
    if base and call.repo.branch(base) is None:
        raise invalid("PullRequest", "base")
    pull.edit(by=call.account, title=fields.get("title"), body=fields.get("body"), base=base)
    if fields.get("state") == "closed":
        pull.close(call.account)
    elif fields.get("state") == "open":
        if pull.merged:
            raise invalid("PullRequest", "state", "custom", "state cannot be changed. The pull request is merged.")
        pull.reopen(call.account)
    return shape.pull(pull, call.urls)


@route(f"GET {ONE}/files")
def files(call: Call) -> Answer:
    pull = call.pull()
    known = pull.changes[:FILES]
    number, size = call.page()
    shown = [shape.file_change(change, call.repo, pull.head_sha, call.urls) for change in known[(number - 1) * size : number * size]]
    return Answer(200, shown, link(call.request, number, max((len(known) + size - 1) // size, 1)))


@route(f"GET {ONE}/commits")
def commits(call: Call) -> Answer:
    return call.paged([shape.commit(call.repo, oid, call.urls) for oid in call.pull().commits[:COMMITS]])


@route(f"GET {ONE}/merge")
def is_merged(call: Call) -> Answer:
    if not call.pull().merged:
        raise not_found()
    return Answer(204)


@route(f"PUT {ONE}/merge")
def merge(call: Call) -> Any:
    pull, fields = call.pull(), call.body or {}
    if fields.get("sha") and fields["sha"] != pull.head_sha:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    title, text = fields.get("commit_title"), fields.get("commit_message")
    message = "\n\n".join(part for part in (title, text) if part) or None
    try:
        oid = pull.merge(call.account, fields.get("merge_method", "merge"), message)
    except Blocked as blocked:
        raise Refusal(405, str(blocked)) from None
    return {"sha": oid, "merged": True, "message": "Pull Request successfully merged"}


@route(f"PUT {ONE}/update-branch")
def update_branch(call: Call) -> Answer:
    pull, wanted = call.pull(), (call.body or {}).get("expected_head_sha")
    if wanted and wanted != pull.head_sha:
        raise invalid("PullRequest", "expected_head_sha", "custom", "expected head sha didn't match current head ref.")
    if not pull.update_branch(call.account):
        raise Refusal(422, "There are no new commits on the base branch.")
    return Answer(202, {"message": "Updating pull request branch.", "url": f"{call.urls.repo(call.repo)}/pulls/{pull.number}"})


def _requested(pull: PullRequest, call: Call) -> dict[str, Any]:
    return {
        "users": [shape.user(person, call.urls) for person in pull.reviewers],
        "teams": [shape.team(team, call.urls) for team in pull.teams],
    }


@route(f"GET {ONE}/requested_reviewers")
def requested(call: Call) -> Any:
    return _requested(call.pull(), call)


def _named(call: Call) -> tuple[list[Any], list[Any]]:
    organisation = call.repo.owner
    known = organisation.teams if isinstance(organisation, Organisation) else {}
    people = [call.world.accounts.get(login.lower()) for login in call.body.get("reviewers", [])]
    teams = [known.get(slug) for slug in call.body.get("team_reviewers", [])]
    return people, teams


@route(f"POST {ONE}/requested_reviewers", content=True)
def request(call: Call) -> Answer:
    """One who cannot be asked makes the whole request fail."""
    pull = call.pull()
    people, teams = _named(call)
    if pull.user in people:
        raise Refusal(422, "Review cannot be requested from pull request author.")
    if not all(person and can_review(person, pull) for person in people):
        raise Refusal(422, NOT_COLLABORATOR)
    if not all(team and call.repo.id in team.repositories for team in teams):
        raise Refusal(422, "Could not resolve to a node with the global id of the team.")
    pull.request(people, teams, call.account)
    return Answer(201, shape.pull(pull, call.urls, simple=True))


@route(f"DELETE {ONE}/requested_reviewers")
def unrequest(call: Call) -> Any:
    pull = call.pull()
    people, teams = _named(call)
    pull.unrequest(people, teams, call.account)
    return shape.pull(pull, call.urls, simple=True)
