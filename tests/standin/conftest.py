"""One stand-in for each test: an organisation, a repository, an installed App and a pull request."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.standin import Standin
from bot.standin.state.accounts import Account, Organisation
from bot.standin.state.apps import App, Installation
from bot.standin.state.pulls import PullRequest
from bot.standin.state.repository import Repository
from tests.standin.client import Client, signed, token_for

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "members": "read",
    "merge_queues": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = (
    "pull_request",
    "issue_comment",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "check_run",
    "check_suite",
    "merge_group",
    "push",
    "repository",
    "status",
)
LINES = "".join(f"line {number}\n" for number in range(1, 41))


@dataclass
class Scene:
    """`pull` changes line 5 of main.tf and adds new.tf; `client` calls as the installation."""

    standin: Standin
    org: Organisation
    mona: Account
    repo: Repository
    app: App
    installation: Installation
    pull: PullRequest
    client: Client
    as_app: Client


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin.serve(strict=True) as made:
        made.key = KEY
        yield made
        assert (made.untrue, made.crashes) == ([], [])


@pytest.fixture
def scene(standin: Standin) -> Iterator[Scene]:
    org = standin.organisation("acme")
    mona = org.member("mona")
    repo = org.repository("infra", files={"main.tf": LINES, "docs/guide.md": "guide\n"})
    repo.collaborator(mona, "write")
    app = standin.app(permissions=PERMISSIONS, events=EVENTS, webhook_url="http://127.0.0.1:9/unreachable")
    installation = app.install(org)
    changed = LINES.replace("line 5\n", "line five\n")
    pull = repo.pull_request("change", files={"main.tf": changed, "new.tf": "one\ntwo\n"}, by=mona, message="Change five")
    with Client(standin, token_for(installation)) as client, Client(standin, signed(app)) as as_app:
        yield Scene(standin, org, mona, repo, app, installation, pull, client, as_app)
        assert standin.unsupported == []
