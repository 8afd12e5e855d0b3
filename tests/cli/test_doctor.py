"""An installation on the stand-in with each thing missing in turn: what `countersign doctor` says, and its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.setup import manifest
from bot.standin import Standin
from bot.standin.state.accounts import Organisation
from bot.standin.state.apps import App, Installation
from bot.standin.state.repository import Repository
from tests.cli.command import Finished, countersign
from tests.settings.keys import KEY

PUBLIC = "https://countersign.acme.example"
MANIFEST: dict[str, Any] = manifest("")


class Scene:
    """An installation that lacks nothing; `doctor` asks about it."""

    def __init__(self, standin: Standin, place: Path) -> None:
        standin.key = KEY
        self.standin, self.place = standin, place
        self.org: Organisation = standin.organisation("acme")
        owners = "owners:\n  data: ['@acme/data']\n"
        self.repo: Repository = self.org.repository("infra", files={"main.tf": "", ".github/countersign.yml": owners})
        team = self.org.team("data")
        for login in ("mona", "lee"):
            team.add(self.org.member(login))
        permissions, events = MANIFEST["default_permissions"], MANIFEST["default_events"]
        self.app: App = standin.app(permissions=permissions, events=events, webhook_url=f"{PUBLIC}/webhook", owner=self.org)
        self.installation: Installation = self.app.install(self.org)
        self.repo.ruleset("required", [("countersign", self.app.id)])
        for made in standin.outbox.recorded:
            made.status, made.status_code = "OK", 202
        self.variables: dict[str, str] = {}

    def doctor(self, *more: str) -> Finished:
        (self.place / "key.pem").write_text(self.app.pem)
        (self.place / "key.pem").chmod(0o600)
        variables = {
            "COUNTERSIGN_APP_ID": str(self.app.id),
            "COUNTERSIGN_PRIVATE_KEY_FILE": str(self.place / "key.pem"),
            "COUNTERSIGN_WEBHOOK_SECRET": self.app.webhook_secret,
            "COUNTERSIGN_GITHUB_URL": self.standin.url,
            "COUNTERSIGN_API_URL": self.standin.api,
            "COUNTERSIGN_PUBLIC_URL": PUBLIC,
            "COUNTERSIGN_STATE_DIRECTORY": str(self.place),
        }
        return countersign("doctor", *more, cwd=self.place, **{**variables, **self.variables})

    def told(self) -> tuple[int, list[tuple[str, str, str]]]:
        """Exit code, and what is not in order: step, state, key. Confinement apart, which is this machine's."""
        done = self.doctor("--format", "json")
        findings = json.loads(done.out)["findings"]
        wrong = [(one["step"], one["state"], one["key"]) for one in findings if one["state"] != "done" and one["step"] != "confinement"]
        return done.code, wrong


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Standin.serve(strict=True) as standin:
        yield Scene(standin, tmp_path)
        assert (standin.untrue, standin.crashes, standin.unsupported, standin.refused) == ([], [], [], [])


def test_nothing_is_missing_and_nothing_is_changed(scene: Scene) -> None:
    before = scene.standin.final_state()["check_runs"]
    done = scene.doctor("--plain")
    assert done.error == ""
    assert "required check: acme/infra: countersign is required on main, from this App alone" in done.out
    assert "deciders: acme/infra: at least two people can decide" in done.out
    assert done.code == 0, done.out
    assert scene.standin.final_state()["check_runs"] == before
    reading = ("/access_tokens", "/graphql")
    assert {method for method, template, _, _ in scene.standin.calls if not template.endswith(reading)} == {"GET"}
    assert scene.app.webhook_secret not in done.out


def _permission(scene: Scene) -> None:
    scene.app.ask({**MANIFEST["default_permissions"], "checks": "read"})


def _pending(scene: Scene) -> None:
    del scene.installation.permissions["merge_queues"]


def _unprotected(scene: Scene) -> None:
    scene.repo.rulesets.clear()


def _unpinned(scene: Scene) -> None:
    scene.repo.rulesets.clear()
    scene.repo.protect(checks=[("countersign", -1)])


def _elsewhere(scene: Scene) -> None:
    scene.app.webhook_url = "https://old.acme.example/webhook"


def _failed(scene: Scene) -> None:
    scene.standin.outbox.recorded[0].status = "timed out"


def _few(scene: Scene) -> None:
    scene.org.teams["data"].members.pop()


def _key(scene: Scene) -> None:
    scene.variables["COUNTERSIGN_APP_ID"] = "999999"


LATER = ("permissions", "webhook", "installations", "required-check", "organisation", "deciders", "deliveries")
CASES: list[tuple[Callable[[Scene], None], list[tuple[str, str, str]]]] = [
    (_permission, [("permissions", "to-do", "permissions-lacking")]),
    (_pending, [("installations", "to-do", "installation-pending")]),
    (lambda scene: scene.installation.suspend(), [("installations", "to-do", "installation-suspended")]),
    (lambda scene: scene.installation.delete(), [("installations", "to-do", "installations-none")]),
    (_unprotected, [("required-check", "to-do", "check-not-required")]),
    (_unpinned, [("required-check", "to-do", "check-not-pinned")]),
    (_elsewhere, [("webhook", "to-do", "webhook-elsewhere")]),
    (_failed, [("deliveries", "to-do", "deliveries-failed")]),
    (_few, [("deciders", "to-do", "deciders-few")]),
    (_key, [("credentials", "to-do", "credentials-refused"), *((step, "later", "after") for step in LATER)]),
]


QUICK = (_pending, _unpinned, _key)  # each costs a second


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [pytest.param(*case, marks=() if case[0] in QUICK else pytest.mark.slow, id=case[0].__name__.strip("_<>")) for case in CASES],
)
def test_each_thing_missing(scene: Scene, spoil: Callable[[Scene], None], expected: list[tuple[str, str, str]]) -> None:
    spoil(scene)
    for made in scene.standin.outbox.recorded:
        made.status = "OK" if made.status == "PENDING" else made.status
    assert scene.told() == (1, expected)


@pytest.mark.slow
def test_github_that_does_not_answer_is_not_called_fine(scene: Scene) -> None:
    scene.variables["COUNTERSIGN_API_URL"] = "http://127.0.0.1:9"
    code, wrong = scene.told()
    assert code == 3
    assert wrong[:2] == [("clock", "unknown", "refused-unavailable"), ("credentials", "unknown", "refused-unavailable")]
    assert {state for _, state, _ in wrong[2:]} == {"later"}


def test_settings_come_first(scene: Scene) -> None:
    scene.variables |= {"COUNTERSIGN_WORKERS": "many", "COUNTERSIGN_LISTEN": "x"}
    done = scene.doctor("--plain")
    assert done.code == 1
    assert "  1. settings: COUNTERSIGN_LISTEN: x is not ADDRESS:PORT" in done.out
    assert "  2. settings: COUNTERSIGN_WORKERS: many is not a whole number from 1 to 64" in done.out
    assert "Asked after that:" in done.out
