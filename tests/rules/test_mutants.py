"""Each condition, argument, anchor and disposition of each rule is held by an example."""

from __future__ import annotations

import pytest

from bot.engine.policy.mutation import survey
from tests.rules.pack import PATHS, examples_of, name_of, rule_file


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_every_mutant_dies(path: str) -> None:
    found = survey(rule_file(path), examples_of(path))
    assert found.tried > 0
    assert [mutant.name for mutant in found.survivors] == []
    assert found.stale == ()
