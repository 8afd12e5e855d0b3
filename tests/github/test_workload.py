"""Which tokens prove a run, and which do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from bot.github.connection import Address
from bot.github.workload import Issuer, NotProven
from tests.github.actions_issuer import AUDIENCE, ActionsIssuer, actions_issuer, key


@pytest.fixture(scope="module")
def github() -> Iterator[ActionsIssuer]:
    with actions_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(github: ActionsIssuer) -> Iterator[Issuer]:
    github.published, github.status, github.asked = ["first"], 200, 0
    made = Issuer(github.url, AUDIENCE, Address("https://api.github.example"))
    yield made
    made.close()


def refused(issuer: Issuer, token: str) -> tuple[str, bool]:
    with pytest.raises(NotProven) as told:
        issuer.run(token)
    return told.value.reason, told.value.passing


def test_a_run_is_what_github_signed(issuer: Issuer, github: ActionsIssuer) -> None:
    run = issuer.run(github.token())
    assert (run.repository_id, run.repository, run.ref, run.sha) == (7, "acme/infra", "refs/pull/12/merge", "c" * 40)
    assert run.workflow == "acme/workflows/.github/workflows/plan.yml@refs/heads/main"
    assert issuer.run(github.token(job_workflow_ref=None)).workflow == "acme/infra/.github/workflows/plan.yml@refs/pull/12/merge"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"minutes": -5}, "expired"),
        ({"audience": "https://other.example"}, "audience"),
        ({"iss": "https://token.actions.githubusercontent.com"}, "signature"),
        ({"signed_by": "unpublished"}, "signature"),
        ({"repository_id": "seven"}, "claims"),
        ({"repository_id": 7}, "claims"),
        ({"sha": None}, "claims"),
        ({"sub": None}, "signature"),
    ],
)
def test_a_token_that_proves_nothing(issuer: Issuer, github: ActionsIssuer, claims: dict[str, Any], reason: str) -> None:
    assert refused(issuer, github.token(**claims)) == (reason, False)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e" * 10_000])
def test_what_is_no_token_at_all(issuer: Issuer, token: str) -> None:
    assert refused(issuer, token)[0] in ("no-token", "signature")


def test_a_token_signed_with_the_public_key_as_a_secret_or_not_at_all(issuer: Issuer, github: ActionsIssuer) -> None:
    claims = jwt.decode(github.token(), options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"kid": "first"})  # type: ignore[arg-type]  # as an attacker would
    number = key("first").public_key().public_numbers().n
    shared = jwt.encode(claims, str(number), algorithm="HS256", headers={"kid": "first"})
    assert [refused(issuer, token) for token in (unsigned, shared)] == [("signature", False)] * 2


def test_keys_are_read_once_and_again_for_a_new_one(issuer: Issuer, github: ActionsIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        issuer.run(github.token())
    github.published = ["first", "second"]
    assert refused(issuer, github.token(signed_by="second")) == ("signature", False)  # they were read a moment ago
    assert github.asked == 1
    monkeypatch.setattr("bot.github.workload.AGAIN_SECONDS", 0.0)
    assert issuer.run(github.token(signed_by="second")).number == "99"
    assert github.asked == 2


def test_an_issuer_that_does_not_answer_may_later(issuer: Issuer, github: ActionsIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    github.status = 503
    assert [refused(issuer, github.token()) for _ in range(3)] == [("keys", True)] * 3
    assert github.asked == 1
    monkeypatch.setattr("bot.github.workload.AGAIN_SECONDS", 0.0)
    github.status = 200
    assert issuer.run(github.token()).number == "99"
    github.status, github.published = 503, []
    assert issuer.run(github.token()).number == "99"  # what was read stays good
