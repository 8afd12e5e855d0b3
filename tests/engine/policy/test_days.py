"""How long a command may waive, and how soon what lapses is told of: which file holds, and what is wrong with a number."""

from __future__ import annotations

from datetime import date

import pytest

from bot.engine.decisions.command import parse
from bot.engine.decisions.question import Command, Refused
from bot.engine.policy.days import Days
from tests.changes import review
from tests.engine.policy.test_configuration import problems
from tests.engine.policy.test_precedence import both, told

TODAY = date(2026, 11, 28)
SHIPPED = Days(30, 14, issue=True)


@pytest.mark.parametrize(
    ("organisation", "repository", "branch", "expected"),
    [
        ("", "", "", SHIPPED),
        ("waivers: {longest-days: 60}", "", "", Days(60, 14, issue=True)),
        ("waivers: {longest-days: 60}", "waivers: {longest-days: 90}", "", Days(90, 14, issue=True)),
        ("protected: [waivers]\nwaivers: {longest-days: 60}", "waivers: {longest-days: 7}", "", Days(7, 14, issue=True)),
        ("lapsing: {days: 3}", "lapsing: {issue: never}", "", Days(30, 3, issue=False)),
        ("", "lapsing: {issue: never}", "waivers: {longest-days: 10}\nlapsing: {issue: kept, days: 20}", Days(10, 20, issue=True)),
    ],
)
def test_the_later_file_holds(organisation: str, repository: str, branch: str, expected: Days) -> None:
    assert both(organisation, repository, branch).days == expected


def test_nothing_protected_gets_weaker_and_its_author_reads_so() -> None:
    organisation = "protected: [waivers.longest-days, lapsing]\n"
    repository = "waivers:\n  longest-days: 60\nlapsing:\n  issue: never\n  days: 2\n"
    found = both(organisation, repository).days
    assert (found.longest, found.told, found.issue) == (30, 14, True)
    assert [(key, fields["where"], fields["value"]) for key, fields in told(organisation, repository)] == [
        ("list-protected", ".github/countersign.yml:2", "60"),
        ("list-protected", ".github/countersign.yml:4", "never"),
        ("list-protected", ".github/countersign.yml:5", "2"),
    ]


def test_what_is_no_number_of_days_is_told_with_its_line() -> None:
    assert problems("waivers:\n  longest-days: 0\nlapsing:\n  days: a week\n  issue: open\n") == [
        "`.github/countersign.yml:2` `waivers.longest-days: 0` is not a number of days from 1 to 365.",
        "`.github/countersign.yml:4` `lapsing.days: a week` is not a number of days from 1 to 365.",
        "`.github/countersign.yml:5` `lapsing.issue: open` is not what becomes of the issue. One of: kept, never.",
    ]
    assert problems("waivers: {longest: 3}\n") == [
        "`.github/countersign.yml:1` `waivers.longest` is not a key here. One of: longest-days. Did you mean `longest-days`?"
    ]


def test_a_command_waives_as_long_as_is_configured() -> None:
    body = "/countersign waive V-1 until 2027-01-20 because INC-1"
    refused = parse(body, TODAY)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.fields["days"], refused.fields["latest"]) == ("too-long", 30, "2026-12-28")
    assert parse(body, TODAY, longest=60) == Command("waive", "V-1", date(2027, 1, 20), "INC-1")
    shorter = parse("/countersign waive V-1 until 2026-12-20 because INC-1", TODAY, longest=7)
    assert isinstance(shorter, Refused)
    assert (shorter.fields["days"], shorter.fields["latest"]) == (7, "2026-12-05")


def test_whoever_is_asked_reads_that_waivers_would_last_longer() -> None:
    path = ".github/countersign.yml"
    before, after = "level: enforce\n", "level: enforce\nwaivers: {longest-days: 90}\nlapsing: {issue: never}\n"
    (result,) = review({path: before}, {path: after}).results
    assert [(fact.key, fact.fields) for fact in result.facts] == [
        ("longest-waiver", {"before": 30, "n": 90}),
        ("lapsing-untold", {}),
    ]
