"""No class is first decoded by two threads at once: that ends the process."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from bot.engine.model.verdict import Verdict
from bot.engine.policy.compiled import Packed
from bot.github import payload
from bot.github.facts import Work
from bot.report.publication import Publication
from bot.workflows import shapes
from bot.workflows.page import Judged
from tests.cli.command import ROOT, environment


@pytest.mark.slow
def test_many_threads_decode_the_policy_at_once() -> None:
    """Without `learn` one of eight such processes died."""
    for _ in range(4):
        done = subprocess.run([sys.executable, "-m", "tests.workflows.decoding", "learn"], cwd=ROOT, env=environment(), check=False)
        assert done.returncode == 0


def test_what_the_app_decodes_is_among_them() -> None:
    known = {*shapes.LATE, *shapes._shapes(msgspec.Struct)}
    assert known >= {Work, Judged, Verdict, Publication, Packed, payload.PullRequestPayload}
    assert shapes.learn() > 150
