"""PyGithub, which knows the real thing, works against the stand-in, on both forms of address."""

from collections.abc import Iterator

import github
import pytest
from github import Auth, Github, GithubIntegration

from bot.standin import Standin
from bot.standin.state.pulls import PullRequest
from tests.standin.conftest import EVENTS, KEY, LINES, PERMISSIONS


@pytest.fixture(params=[False, True], ids=["github.com", "GHES"])
def met(request: pytest.FixtureRequest) -> Iterator[tuple[Standin, PullRequest, Github]]:
    with Standin.serve(ghes=request.param, strict=True) as standin:
        standin.key = KEY
        org = standin.organisation("acme")
        repo = org.repository("infra", files={"main.tf": LINES, "a.json": '{"a": 1}'})
        app = standin.app(permissions=PERMISSIONS, events=EVENTS)
        inst = app.install(org)
        pull = repo.pull_request("change", files={"main.tf": LINES.replace("line 5\n", "line five\n")}, by=org.member("mona"))
        auth = Auth.AppAuth(app.client_id, app.pem)
        integration = GithubIntegration(auth=auth, base_url=standin.api, seconds_between_requests=0, seconds_between_writes=0)
        assert integration.get_app().slug == "countersign"
        assert integration.get_repo_installation("acme", "infra").id == inst.id
        own = integration.get_github_for_installation(inst.id)
        hub = Github(
            auth=Auth.Token(integration.get_access_token(inst.id).token),
            base_url=standin.api,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        yield standin, pull, hub
        own.close()
        hub.close()
        integration.close()
        assert (standin.untrue, standin.unsupported) == ([], [])


def test_check_runs_reviews_comments(met: tuple[Standin, PullRequest, Github]) -> None:
    _, pull, hub = met
    repo = hub.get_repo("acme/infra")
    shown = repo.get_pull(1)
    assert (shown.head.sha, shown.changed_files) == (pull.head_sha, 1)
    run = repo.create_check_run("countersign", shown.head.sha, status="in_progress", external_id="1")
    run.edit(
        conclusion="action_required", output={"title": "t", "summary": "s"}, actions=[{"label": "a", "description": "d", "identifier": "i"}]
    )
    assert [one.conclusion for one in repo.get_commit(shown.head.sha).get_check_runs()] == ["action_required"]
    commit = repo.get_commit(shown.head.sha)
    review = shown.create_review(commit, "b", "COMMENT", [{"path": "main.tf", "line": 5, "side": "RIGHT", "body": "x"}])
    assert review.state == "COMMENTED"
    (comment,) = shown.get_review_comments()
    shown.create_review_comment_reply(comment.id, "reply").edit("edited")
    shown.create_review_comment("file", commit, "main.tf", subject_type="file")
    issue_comment = shown.create_issue_comment("summary")
    issue_comment.create_reaction("eyes")
    issue_comment.edit("again")
    assert issue_comment.performed_via_github_app
    assert issue_comment.minimize()
    seen = pull.seen()
    assert [one.body for thread in seen.threads for one in thread.comments] == ["x", "edited", "file"]
    assert [(one.body, one.minimised) for one in seen.comments] == [("again", "OUTDATED")]
    with pytest.raises(github.GithubException) as refused:
        shown.create_review(commit, "b", "COMMENT", [{"path": "main.tf", "line": 40, "side": "RIGHT", "body": "x"}])
    assert refused.value.data["errors"] == ["Pull request review thread line must be part of the diff"]


def test_files_trees_contents_graphql(met: tuple[Standin, PullRequest, Github]) -> None:
    _, pull, hub = met
    repo = hub.get_repo("acme/infra")
    (file,) = repo.get_pull(1).get_files()
    assert (file.filename, file.status, file.patch.count("\n")) == ("main.tf", "modified", 8)
    assert [entry.path for entry in repo.get_git_tree("main", recursive=True).tree] == ["a.json", "main.tf"]
    content = repo.get_contents("a.json", ref=pull.head_sha)
    assert not isinstance(content, list)
    assert content.decoded_content == b'{"a": 1}'
    assert repo.get_git_blob(content.sha).size == 8
    assert repo.compare("main", pull.head_sha).merge_base_commit.sha == pull.base_sha
    assert [one.sha for one in repo.get_pull(1).get_commits()] == [pull.head_sha]
    assert repo.get_collaborator_permission("mona") == "read"
    assert repo.get_branch("main").commit.sha == pull.base_sha
    query = 'query($n: Int!) { repository(owner: "acme", name: "infra") { pullRequest(number: $n) { headRefOid } } }'
    _, data = hub.requester.graphql_query(query, {"n": 1})
    assert data["data"]["repository"]["pullRequest"]["headRefOid"] == pull.head_sha


def test_limits_are_off_on_ghes(met: tuple[Standin, PullRequest, Github]) -> None:
    standin, _, hub = met
    if not standin.ghes:
        assert hub.get_rate_limit().resources.core.limit == 5000
        return
    with pytest.raises(github.GithubException, match="Rate limiting is not enabled"):
        hub.get_rate_limit()


def test_errors_become_its_exceptions(met: tuple[Standin, PullRequest, Github]) -> None:
    standin, _, hub = met
    with pytest.raises(github.UnknownObjectException):
        hub.get_repo("acme/nope")
    standin.expire_tokens()
    with pytest.raises(github.BadCredentialsException):
        hub.get_repo("acme/infra")
