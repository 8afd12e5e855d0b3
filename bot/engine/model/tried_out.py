"""Directories that only show or try something: what they make runs nowhere for long, and nobody depends on it."""

from __future__ import annotations

import re

from bot.engine.pattern import Pattern

# `test` alone is as often an environment, which runs.
_TRIED_OUT = Pattern(r"(?:^|/)(?:examples?|samples?|fixtures?|testdata|test[-_]fixtures|tests)/", re.IGNORECASE)


def is_tried_out(path: str) -> bool:
    """Whether a path lies in a directory of examples, fixtures or tests."""
    return _TRIED_OUT.search(path) is not None
