"""`POST /plans`: what a run reads in its log, and that nothing is read before the run has proved what it is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
import requests

from bot.cli.output import phrases
from bot.github.connection import Address
from bot.github.workload import Issuer, Run
from bot.web.application import application
from bot.web.metrics import Metrics
from bot.web.plans import MAX_PLAIN, plans
from bot.web.server import Server
from bot.workflows.uploads import NotTaken
from tests.github.actions_issuer import AUDIENCE, ActionsIssuer, actions_issuer
from tests.web.doors import Keeping

PLAN = b'{"format_version": "1.2", "planned_values": {}}'


class Taking:
    """Keeps what is taken; refuses what names a root that does not exist."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []

    def take(self, run: Run, root: str, data: bytes) -> int:
        if root == "nowhere":
            raise NotTaken("not-a-plan", "a state, not a plan")
        self.taken.append((run.repository, root, data))
        return 12


@pytest.fixture(scope="module")
def github() -> Iterator[ActionsIssuer]:
    with actions_issuer() as issuer:
        yield issuer


@pytest.fixture
def taking() -> Taking:
    return Taking()


@pytest.fixture
def address(github: ActionsIssuer, taking: Taking) -> Iterator[str]:
    github.status = 200
    issuer = Issuer(github.url, AUDIENCE, Address("https://api.github.example"))
    part = plans(issuer.run, taking, phrases())
    server = Server(application(Keeping(), Metrics(), {}, (part,)), "127.0.0.1", 0)
    server.start()
    yield f"{server.url}/plans"
    server.stop()
    issuer.close()


def post(address: str, token: str, body: bytes = PLAN, **headers: str) -> tuple[int, str]:
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | headers
    answer = requests.post(address, body, headers={name.replace("_", "-"): text for name, text in given.items()}, timeout=10)
    return answer.status_code, answer.text.strip()


def test_a_plan_is_taken(address: str, github: ActionsIssuer, taking: Taking) -> None:
    answer = post(f"{address}?root=stacks/network", github.token())
    assert answer == (202, "Taken: the plan is read with the next evaluation of acme/infra#12.")
    assert post(address, github.token(), gzip.compress(PLAN), Content_Encoding="gzip")[0] == 202
    assert taking.taken == [("acme/infra", "stacks/network", PLAN), ("acme/infra", "", PLAN)]


def test_without_proof_nothing_is_taken(address: str, github: ActionsIssuer, taking: Taking) -> None:
    answers = [
        post(address, github.token(), Authorization=""),
        post(address, github.token(), Authorization=f"Basic {github.token()}"),
        post(address, github.token(minutes=-5)),
        post(address, github.token(audience="https://other.example")),
        post(address, github.token(signed_by="unpublished")),
    ]
    assert [status for status, _ in answers] == [401] * 5
    assert [text.split(". ")[0] for _, text in answers[2:]] == [
        "Not taken: the token has expired",
        "Not taken: the token was made for another audience",
        "Not taken: the token is not one that this GitHub signed.",
    ]
    assert "id-token: write" in answers[0][1]
    assert taking.taken == []


def test_keys_that_cannot_be_read_are_no_fault_of_the_run(address: str, github: ActionsIssuer) -> None:
    github.status = 500
    assert post(address, github.token()) == (503, "Not taken: the keys of GitHub Actions could not be read. Try again in a minute.")


def test_what_is_wrong_with_the_file_is_said(address: str, github: ActionsIssuer) -> None:
    status, text = post(f"{address}?root=nowhere", github.token())
    assert (status, text) == (422, "Not taken: a state, not a plan. Send what `terraform show -json PLANFILE` prints.")


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(address: str, github: ActionsIssuer, taking: Taking) -> None:
    bomb = gzip.compress(b"\0" * (MAX_PLAIN + 1))
    assert post(address, github.token(), bomb, Content_Encoding="gzip")[0] == 413
    assert post(address, github.token(), b"no gzip", Content_Encoding="gzip")[0] == 202  # for the reader of plans to refuse
    assert taking.taken == [("acme/infra", "", b"")]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_posted_plans_are_read(address: str, method: str) -> None:
    assert requests.request(method, address, timeout=10).status_code == 405
