"""A number of five thousand digits, wherever a file may have a number, ends no evaluation.

The interpreter makes no number of more than 4,300 digits (https://docs.python.org/3/library/stdtypes.html#int-max-str-digits).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import pytest

from bot.confine.tables import facts
from bot.engine.evaluation import evaluate
from tests.changes import snapshot
from tests.rules.pack import PATHS, rule_file

DIGITS = b"9" * 5_000
EXAMPLES, ALONE = 2, 2  # of a rule; of the numbers of a file, each alone
_NUMBER = re.compile(rb"\d+")


def _with_digits(files: dict[str, bytes]) -> Iterator[dict[str, bytes]]:
    """The files with all their numbers that long, and with one of them."""
    yield {path: _NUMBER.sub(DIGITS, data) for path, data in files.items()}
    for path, data in files.items():
        for found in islice(_NUMBER.finditer(data), ALONE):
            yield {**files, path: data[: found.start()] + DIGITS + data[found.end() :]}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_a_number_of_any_length_ends_no_evaluation(part: int) -> None:
    for path in PATHS[part::8]:
        for example in rule_file(path).examples[:EXAMPLES]:
            for files in _with_digits(example.files):
                assert evaluate(snapshot(example.before or {}, files), facts()).state, path
