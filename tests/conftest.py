"""`pytest` runs what is quick; `pytest -m slow` runs the rest, as the CI does; what is marked `alone` with nothing beside it."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Hypothesis would time each case by the clock on the wall, which tells how busy the machine is. What has to be quick is timed by
# the processor, in tests of its own.
settings.register_profile("repository", deadline=None)
settings.load_profile("repository")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("markexpr"):
        return
    slow = [item for item in items if item.get_closest_marker("slow") or item.get_closest_marker("alone")]
    config.hook.pytest_deselected(items=slow)
    kept = set(items) - set(slow)
    items[:] = [item for item in items if item in kept]
