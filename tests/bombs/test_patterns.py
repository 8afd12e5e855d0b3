"""No pattern of ours doubles its work with each character that somebody else writes."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import bot.engine
import bot.report
from bot.engine.pattern import Pattern
from tests.changes import review

SECONDS_OF_A_TEXT = 2.0
SECONDS = 0.1  # of the processor, for what is read in microseconds where nothing doubles
REPEATED = 22
PIECES = (
    *("a_", "a.", "a-", "a", "_", "1.", "1_", "a ", " ", "a=", "[a]", '"a" ', 'a "b" ', "a/", "a:", "(a)", "*", "~", "`", "<", "-->"),
    *("\t", "$", "{a}"),
)
ENDS = ("/", "!", "\x00", "")
LONG = (
    "resource " + "a_" * 30_000,
    "resource" + " " * 60_000 + "!",
    "# " + "~" * 60_000 + "!",
    "a/" * 30_000 + ".md",
    "# CIS 1.1 " + "a/" * 280 + "!",
)
METHODS = ("search", "match", "fullmatch")


def _patterns() -> Iterator[tuple[str, Pattern[str] | re.Pattern[str]]]:
    for package in (bot.engine, bot.report):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Pattern | re.Pattern) and isinstance(value.pattern, str):
                    yield f"{module.name}.{name}", value


def test_no_pattern_doubles_its_work() -> None:
    found = dict(_patterns())
    assert len(found) > 100
    slow = []
    for name, pattern in found.items():
        pattern.search("")  # compiled when it is first used
        for said in (piece * REPEATED + end for piece in PIECES for end in ENDS):
            started = time.process_time()
            for method in METHODS:
                getattr(pattern, method)(said)
            if time.process_time() - started > SECONDS:
                slow.append((name, said))
    assert slow == []


@pytest.mark.parametrize("name", ["main.tf", "README.md", "main.bicep", "values.yaml", "Dockerfile"])
@pytest.mark.parametrize("line", LONG)
def test_no_long_line_is_read_for_long(name: str, line: str) -> None:
    """Found by fuzzing: a header that never ends was tried at each of its characters."""
    started = time.process_time()
    lines = "\n".join([*[line] * (200_000 // len(line)), "# Encrypted at rest."])
    review({"main.tf": 'resource "aws_vpc" "one" {}\n'}, {"main.tf": 'resource "aws_vpc" "one" {}\n', name: lines})
    assert time.process_time() - started < SECONDS_OF_A_TEXT
