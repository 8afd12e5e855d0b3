"""What a rule says of its own examples has no gap where a value was to stand."""

from __future__ import annotations

import re

import pytest

from bot.engine.policy.dispatch import judge
from bot.engine.policy.load import policy_of
from bot.engine.results import message
from tests.rules.pack import PATHS, examples_of, name_of, rule_file

GAP = re.compile(r"``| [,.;](?: |$)|  ")


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_a_message_has_no_gaps(path: str) -> None:
    rule = rule_file(path).rule
    policy = policy_of([rule])
    for given in examples_of(path):
        models = given.models if given.example.before is None else ()
        matches = [match for model, views in models for match in judge(policy, model, views=views) if match.truth == "true"]
        assert [said for said in (message(rule, match) for match in matches) if GAP.search(said)] == []
