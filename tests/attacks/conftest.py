"""The App as in the tests of the workflows, and as a process behind its webhook."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.standin import Standin
from tests.standin.conftest import scene, standin
from tests.web.services import Acme
from tests.workflows.conftest import review, supervisor

__all__ = ["review", "scene", "standin", "supervisor"]


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Standin.serve(strict=True) as made:
        yield Acme(made, tmp_path)
