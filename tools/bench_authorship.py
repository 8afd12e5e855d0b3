"""What it costs to read the commits and the body of a pull request for who wrote them."""

from __future__ import annotations

import time
from typing import NamedTuple

from bot.cli import prepared
from bot.engine.authorship.change import change
from bot.engine.authorship.index import Index
from bot.engine.model.snapshot import CommitText, PullText

PARAGRAPH = "The subnets of the second zone were missing from the group, so that a failover found no address to take.\n" * 4
TRAILERS = "Signed-off-by: Kim <kim@example.com>\nCo-Authored-By: Claude <noreply@anthropic.com>"
BODY = f"## Why\n\n{PARAGRAPH}\n\n## What\n\n- one\n- two\n\n{PARAGRAPH}\n\n```\nplan\n```\n\n- [x] Tests were run\n\n{PARAGRAPH}"
MESSAGES = [f"Add the subnets, part {number}\n\n{PARAGRAPH}\n{TRAILERS if number % 2 else ''}" for number in range(9)]
COMMITS = [CommitText(str(number), message, "Kim", "kim@example.com") for number, message in enumerate(MESSAGES)]


class Run(NamedTuple):
    """Milliseconds of processor time."""

    table_ms: float
    change_ms: float


def measure() -> Run:
    """One change, with a table that was loaded before."""
    started = time.process_time()
    index = Index(prepared.signals())
    loaded = time.process_time()
    change(COMMITS, index, PullText("kim", 7, BODY, "kim/subnets"))
    return Run((loaded - started) * 1_000, (time.process_time() - loaded) * 1_000)
