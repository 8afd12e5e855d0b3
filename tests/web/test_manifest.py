"""`app.yaml` asks for what the code needs, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.cli.setup import manifest
from bot.github.webhook import READERS
from bot.standin import Standin
from bot.standin.manifests import Manifests
from bot.standin.state.events import NEEDS
from bot.standin.world import World
from tests.cli.command import ROOT
from tests.web.services import Acme, eventually

MANIFEST: dict[str, Any] = manifest("")
PERMISSIONS: dict[str, str] = MANIFEST["default_permissions"]
EVENTS: list[str] = MANIFEST["default_events"]
# Sent to every App, whatever it subscribes to.
UNASKED = {"installation", "installation_repositories"}
# Subscribed for who may decide.
FOR_DECISIONS = {"member", "membership"}
# Not needed by a call of a review: delivered with it, selectable with it, read by `doctor`, written by what follows a merge.
WITHOUT_A_CALL = {"merge_queues", "statuses", "members", "issues", "metadata"}


def test_github_would_take_it() -> None:
    assert Manifests(World()).problems(MANIFEST) == []


def test_nothing_that_merges_pushes_or_administers_is_asked_for() -> None:
    assert PERMISSIONS["contents"] == "read"
    assert {"administration", "workflows", "actions", "secrets", "deployments", "security_events"}.isdisjoint(PERMISSIONS)
    assert MANIFEST["public"] is False


def test_every_event_is_delivered_with_the_permissions_and_read_by_the_code() -> None:
    assert [event for event in EVENTS if not any(need in PERMISSIONS for need in NEEDS[event])] == []
    assert set(READERS) - UNASKED == set(EVENTS) - FOR_DECISIONS


def test_every_line_says_why() -> None:
    lines = (ROOT / "app.yaml").read_text().split("default_permissions:")[1].split("\n")
    asked = [line for line in lines if re.match(r"  (?:- )?\w", line)]
    assert len(asked) == len(PERMISSIONS) + len(EVENTS)
    unexplained = [line for line in asked if " # " not in line]
    assert unexplained == ["  - membership"]  # with the line above it


def _seen(acme: Acme) -> tuple[bool, bool]:
    """Whether a pull request that breaks a rule gets its failure, and its comment."""
    with acme.served() as service:
        acme.known(service)
        pull = acme.opened()
        done = eventually(lambda: [run for run in acme.standin.runs() if run.head_sha == pull.head_sha and run.conclusion == "failure"], 8)
        title = str(done[0].title) if done else ""
        commented = eventually(lambda: acme.standin.final_state()["review_comments"], 0.5)
        return title.startswith("Your turn"), bool(commented)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(PERMISSIONS) - WITHOUT_A_CALL))
def test_without_a_permission_something_is_lost(tmp_path: Path, name: str) -> None:
    with Standin.serve(automatic=2) as standin:
        acme = Acme(standin, tmp_path)
        acme.installation.permissions.pop(name)
        assert _seen(acme) != (True, True)


@pytest.mark.slow
def test_with_them_and_no_more_nothing_is_refused(tmp_path: Path) -> None:
    with Standin.serve(automatic=2) as standin:
        acme = Acme(standin, tmp_path)
        assert _seen(acme) == (True, True)
        assert [call for call in standin.calls if call[2] in (401, 403)] == []
