"""One supervisor for all tests here: it is the process that evaluates, and holds nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.confine import Supervisor
from tests.standin.conftest import Scene, scene, standin
from tests.workflows.app import Application, application

__all__ = ["scene", "standin"]


@pytest.fixture(scope="session")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as made:
        yield made


@pytest.fixture
def review(scene: Scene, tmp_path: Path, supervisor: Supervisor) -> Iterator[Application]:
    made = application(scene, tmp_path, supervisor)
    yield made
    made.app.close()
    made.parts.ledger.close()
