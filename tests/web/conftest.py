from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.web.server import Server
from tests.web.doors import Keeping, serving


@pytest.fixture
def door() -> Keeping:
    return Keeping()


@pytest.fixture
def server(door: Keeping) -> Iterator[Server]:
    with serving(door) as made:
        yield made
