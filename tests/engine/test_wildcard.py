"""Patterns of IAM: which stands for all that another stands for, and which two have a name in common."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model.wildcard import RUN, covers, meet

NAMES = ["".join(letters) for length in range(5) for letters in product("a:", repeat=length)]
GLOBS = st.text(alphabet="a:*?", max_size=3)


def _fitting(glob: str) -> set[str]:
    """Every short name that fits, by a regular expression."""
    pattern = re.compile("".join({"*": ".*", "?": ".", RUN: "[^:]*"}.get(letter, re.escape(letter)) for letter in glob))
    return {name for name in NAMES if pattern.fullmatch(name)}


@given(GLOBS, GLOBS)
def test_two_patterns_meet_where_a_name_fits_both(one: str, other: str) -> None:
    assert meet(one, other) == bool(_fitting(one) & _fitting(other))


@given(st.text(alphabet=f"a:{RUN}", max_size=3), GLOBS)
def test_a_run_has_no_colon(one: str, other: str) -> None:
    assert meet(one, other) == bool(_fitting(one) & _fitting(other))


@given(GLOBS, GLOBS)
def test_what_covers_a_pattern_fits_all_that_it_fits(wide: str, narrow: str) -> None:
    if covers(wide, narrow):
        assert _fitting(narrow) <= _fitting(wide)


@pytest.mark.parametrize(
    ("arn", "pattern", "fits"),
    [
        (f"arn:{RUN}:s3:::*/*", "arn:aws:s3:::logs", False),
        (f"arn:{RUN}:s3:::*/*", "arn:aws:s3:::logs*", True),
        (f"arn:{RUN}:secretsmanager:{RUN}:{RUN}:secret:*", "arn:aws:secretsmanager:*:*:sqlworkbench!*", True),
        (f"arn:{RUN}:iam::{RUN}:role/{RUN}", "arn:aws:iam::*:user/a", False),
    ],
)
def test_arns(arn: str, pattern: str, *, fits: bool) -> None:
    assert meet(arn, pattern) is fits
