"""The App as one process over the stand-in: signed webhook in, required check out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.settings import Secret
from bot.standin import Standin
from bot.web.service import Service, Unusable, workflows_url
from tests.web.services import OFFICE, SUPPLIES, Acme, eventually


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Standin.serve(strict=True, automatic=2) as standin:
        yield Acme(standin, tmp_path)
        assert (standin.untrue, standin.crashes, standin.unsupported, standin.refused) == ([], [], [], [])


def test_a_webhook_becomes_a_check_and_a_second_one_changes_nothing(acme: Acme) -> None:
    with acme.served() as service:
        acme.known(service)
        pull = acme.opened()
        assert acme.conclusion(pull) == "failure"
        state = acme.standin.final_state()
        assert [comment["path"] for comment in state["review_comments"]] == ["main.tf"]
        opened = next(made for made in acme.standin.outbox.recorded if made.event == "pull_request")
        acme.standin.outbox.add(opened.again())
        assert acme.standin.outbox.idle()
        assert eventually(lambda: service.workflows.status().counts.get("done"))
        ready = requests.get(f"{service.url}/ready", timeout=5)
        metrics = requests.get(f"{service.url}/metrics", timeout=5).text
        after = acme.standin.final_state()
    assert (after["check_runs"], after["review_comments"]) == (state["check_runs"], state["review_comments"])
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert set(ready.json()["parts"]) == {"database", "queue", "workflows", "supervisor", "credentials"}
    assert 'countersign_deliveries_total{event="pull_request",outcome="known"} 1' in metrics
    assert 'countersign_reviews_total{conclusion="failure"} 1' in metrics
    assert 'countersign_github_requests_total{kind="graphql"}' in metrics
    assert 'countersign_step_seconds_count{step="publish"}' in metrics
    assert 'countersign_github_rate_remaining{resource="core"}' in metrics
    assert "acme" not in metrics


@pytest.mark.slow
def test_a_replay_under_another_name_is_accepted_and_does_nothing(acme: Acme) -> None:
    with acme.served() as service:
        pull = acme.opened()
        assert acme.conclusion(pull) == "failure"
        assert eventually(lambda: acme.standin.outbox.idle() and service.workflows.status().oldest_seconds == 0)
        opened = next(made for made in acme.standin.outbox.recorded if made.event == "pull_request")
        calls = len(acme.standin.calls)
        headers = opened.headers() | {"X-GitHub-Delivery": "00000000-0000-0000-0000-000000000001"}
        answer = requests.post(f"{service.url}/webhook", data=opened.body, headers=headers, timeout=5)
        assert (answer.status_code, answer.text) == (202, "")
        assert service.ledger.deliveries.get("00000000-0000-0000-0000-000000000001") is None
        assert len(acme.standin.calls) == calls


@pytest.mark.slow
def test_both_secrets_hold_while_one_is_replaced(acme: Acme) -> None:
    new = Secret("a-new-secret-that-is-long-enough")
    with acme.served(webhook_secrets=(new, Secret(acme.app.webhook_secret))):
        assert acme.conclusion(acme.opened()) == "failure"
        acme.app.webhook_secret = new.reveal()
        assert acme.conclusion(acme.opened("second", OFFICE + "\n")) == "success"
    assert {made.status for made in acme.standin.outbox.recorded if made.event == "pull_request"} == {"OK"}


def test_deliveries_are_fetched_once_where_none_can_come(acme: Acme) -> None:
    def fetched() -> int:
        return acme.standin.counted()["GET /app/hook/deliveries/{delivery_id}"]

    def all_of_them() -> bool:
        return fetched() == len({made.guid for made in acme.standin.outbox.recorded})

    with acme.served(poll=True) as service:
        pull = acme.opened()
        assert acme.conclusion(pull) == "failure"
        assert eventually(lambda: service.workflows.status().oldest_seconds == 0 and all_of_them())
        looks = acme.standin.counted()["GET /app/hook/deliveries"]
        assert eventually(lambda: acme.standin.counted()["GET /app/hook/deliveries"] > looks + 3)
        assert all_of_them()
        ready = requests.get(f"{service.url}/ready", timeout=5).json()
    assert ready["parts"]["polling"]["ok"] is True
    assert {made.status_code for made in acme.standin.outbox.recorded} <= {0, 502}


@pytest.mark.slow
def test_what_came_while_nobody_listened_is_found(acme: Acme) -> None:
    acme.app.webhook_url = "http://127.0.0.1:9/webhook"
    pull = acme.opened()
    assert acme.standin.outbox.idle()
    with acme.served():
        assert acme.conclusion(pull) == "failure"


@pytest.mark.slow
def test_what_is_stored_and_not_done_is_done_by_the_next_process(acme: Acme) -> None:
    acme.standin.faults.add("POST /graphql", kind="502", times=-1)
    with acme.served(grace_seconds=0.2) as service:
        pull = acme.opened()
        assert eventually(service.ledger.deliveries.counts)
        assert acme.standin.outbox.idle()
    assert acme.standin.runs() == []
    acme.standin.faults.clear()
    with acme.served():
        assert acme.conclusion(pull) == "failure"


def test_a_database_that_cannot_be_used_ends_the_start_and_shows_no_password(acme: Acme, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    settings = acme.settings(ledger_url=Secret(f"sqlite:///{tmp_path}/file/ledger.sqlite"))
    with pytest.raises(Unusable):
        Service(settings, SUPPLIES)


def test_workflows_are_kept_beside_the_ledger(acme: Acme) -> None:
    assert workflows_url(acme.settings()) == f"sqlite:///{acme.place}/ledger-workflows.sqlite"
    url = "postgresql+psycopg://u:p@h/c"
    assert workflows_url(acme.settings(ledger_url=Secret(url))) == url
