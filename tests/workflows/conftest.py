"""One supervisor for all tests here: it is the process that evaluates, and holds nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import msgpack

from bot.cli import prepared, resources
from bot.confine import Supervisor
from bot.confine.registry import Brought
from tests.standin.conftest import Scene, scene, standin
from tests.workflows.app import Application, application

__all__ = ["scene", "standin"]


@pytest.fixture(scope="session")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as made:
        made.supply(msgpack.encode(Brought(resources.rules(), prepared.policy())))  # as the service does
        yield made


@pytest.fixture
def review(scene: Scene, tmp_path: Path, supervisor: Supervisor) -> Iterator[Application]:
    made = application(scene, tmp_path, supervisor)
    yield made
    made.app.close()
    made.parts.ledger.close()
