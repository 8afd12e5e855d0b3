"""An App of the stand-in's scene with a gateway, and a clock that only sleeping moves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.connection import Address
from bot.github.gateway import InstallationGateway
from bot.github.limiter import Clock
from tests.standin.conftest import Scene


@dataclass
class Moments:
    """A clock that only sleeping moves; `slept` holds each sleep."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        return Clock(now=lambda: time.time() + self.at, monotonic=lambda: self.at, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@dataclass
class Line:
    """An App of the scene and its gateway. `asked`: what reached the stand-in, tokens left out."""

    scene: Scene
    app: App
    moments: Moments

    @property
    def gateway(self) -> InstallationGateway:
        return self.app.gateway(self.scene.installation.id)

    def asked(self) -> list[str]:
        calls = self.scene.standin.calls
        return [f"{method} {path} {status}" for method, path, status, _ in calls if not path.endswith("access_tokens")]


@pytest.fixture
def line(scene: Scene) -> Iterator[Line]:
    moments = Moments()
    manner = Manner(write_spacing=0.0, clock=moments.clock())
    credentials = AppCredentials(scene.app.id, scene.app.pem.encode())
    with App(credentials, Address(scene.standin.api, timeout=0.4), manner) as app:
        yield Line(scene, app, moments)


REPO = "/repos/acme/infra"
CHECKS = f"{REPO}/check-runs"
NAMED = 'query($name: String!) { repository(owner: "acme", name: $name) { nameWithOwner } }'


def begin(line: Line) -> Any:
    body = {"name": "countersign", "head_sha": line.scene.pull.head_sha, "status": "in_progress", "external_id": "e-1"}

    def find() -> Any | None:
        runs = line.gateway.pages(f"{REPO}/commits/{line.scene.pull.head_sha}/check-runs", key="check_runs")
        return next((run for run in runs if run["external_id"] == "e-1"), None)

    return line.gateway.create(CHECKS, body, find=find)
