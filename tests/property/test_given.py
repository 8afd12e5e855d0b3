"""An identifier that a provider will give is a value that is not known: where a view cannot tell, it never makes a finding."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from bot.confine.tables import facts
from bot.engine.policy.condition import leaves_of
from bot.engine.policy.examples import Example, evaluated, findings
from bot.engine.views.reading import FAULTS
from tests.rules.pack import PATHS, name_of, rule_file

GIVEN = "data.aws_db_snapshot.given.id"
DECLARED = b'\ndata "aws_db_snapshot" "given" {}\n'
_OPEN = re.compile(rb'variable "(\w+)" *\{\s*\}')


def rests_on_presence(path: str) -> bool:
    """Whether it rests on a view's finding alone."""
    rule = rule_file(path).rule
    return bool(FAULTS & {name for _, test in leaves_of(rule.when) if test.predicate == "present" for name in test.paths})


def given_for_variables(example: Example) -> Example:
    """Each variable without default, read whole, becomes the identifier."""
    files = dict(example.files)
    for path, text in example.files.items():
        names = _OPEN.findall(text) if path.endswith(".tf") else []
        if names:
            written = re.sub(rb"\bvar\.(?:" + b"|".join(names) + rb")\b(?![.\[])", GIVEN.encode(), text)
            files[path] = written + DECLARED if written != text else text
    return replace(example, files=files)


def exchanged(path: str) -> list[Example]:
    examples = [item for item in rule_file(path).examples if item.before is None]
    return [given for item in examples if (given := given_for_variables(item)).files != item.files]


OF_FINDINGS = [path for path in PATHS if rests_on_presence(path) and exchanged(path)]


def test_rules_of_findings_are_there() -> None:
    assert len(OF_FINDINGS) > 20


@pytest.mark.parametrize("path", OF_FINDINGS, ids=name_of)
def test_an_identifier_that_is_given_is_no_finding(path: str) -> None:
    rule = rule_file(path).rule
    for example in exchanged(path):
        unsure = {(item.file, item.line) for item in example.expected if item.kind == "unverified"}
        told = {(item.file, item.line) for item in findings(rule, evaluated(example, facts())) if item.kind != "unverified"}
        assert not told & unsure, example.name
