"""The issue about what lapses, as a repository shows it: opened once, kept up to date, closed, and never doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.confine import Supervisor
from bot.standin.state.issues import Issue
from bot.standin.state.pulls import PullRequest
from tests.workflows.deciding import CONFIGURATION, Desk, desk

WAIVER = """- rule: database-port-open-to-world
  resource: aws_security_group_rule.db
  reason: INC-7
  owner: "@acme/net-owners"
  expires: {day}
"""


pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path, supervisor: Supervisor) -> Iterator[Desk]:
    with desk(tmp_path, supervisor) as made:
        yield made


def in_days(office: Desk, days: int) -> str:
    return (office.review.parts.now() + timedelta(days=days)).date().isoformat()


def accepted(office: Desk, days: int) -> PullRequest:
    pull = office.asking()
    office.says(pull, "ada", f"/countersign accept J-1 until {in_days(office, days)} because the cache is expendable")
    return pull


def issues(office: Desk) -> list[Issue]:
    return [found for found in office.scene.repo.issues.values() if not isinstance(found, PullRequest)]


def said(issue: Issue) -> list[str]:
    return [line.replace("\u200b", "") for line in (issue.body or "").splitlines() if line.startswith(("#", "- "))]


def passes(office: Desk, days: int) -> list[str]:
    office.later(86_400.0 * days)
    return office.review.told()


def test_what_lapses_is_listed_once_and_closed_when_nothing_does(office: Desk, supervisor: Supervisor) -> None:
    """An answer on a change that was merged, one on a change that was given up, and a waiver of the file. The answer to the writing of
    the issue is lost, and the work that was begun is taken up again."""
    merged, dropped = accepted(office, 5), accepted(office, 5)
    merged.merge(office.people["mona"])
    dropped.close(office.people["mona"])
    office.scene.repo.commit({".github/countersign-waivers.yml": WAIVER.format(day=in_days(office, 3))}, by=office.people["mona"])
    office.review.deliver()
    accepted(office, 60)
    fault = office.scene.standin.faults.add("POST */issues", kind="502-after-write")
    assert "opened" in office.review.told()
    assert "opened" not in office.review.told()
    (issue,) = issues(office)
    assert fault.hits == 1
    assert issue.title == "Waivers and answers that lapse: 0 lapsed, 2 soon"
    first, second = said(issue)[1:]
    assert "waiver of `database-port-open-to-world` for `aws_security_group_rule.db`" in first
    assert f"`J-1` in #{merged.number} · " in second
    assert "accepted by `@ada` · the cache is expendable" in second
    office.restart(supervisor)
    assert "changed" in passes(office, 4)
    assert issue.title == "Waivers and answers that lapse: 1 lapsed, 1 soon"
    issue.close(office.people["ada"])
    office.scene.repo.commit({".github/countersign-waivers.yml": "[]\n"}, by=office.people["mona"])
    office.review.deliver()
    assert "unchanged" in passes(office, 1)
    assert (issue.state, issues(office)) == ("closed", [issue])


def test_a_waiver_that_is_gone_closes_the_issue_and_another_opens_it_again(office: Desk) -> None:
    path = ".github/countersign-waivers.yml"
    office.scene.repo.commit({path: WAIVER.format(day=in_days(office, 3))}, by=office.people["mona"])
    office.asking()
    office.review.told()
    (issue,) = issues(office)
    office.scene.repo.commit({path: "[]\n"}, by=office.people["mona"])
    assert "changed" in passes(office, 1)
    assert (issue.state, said(issue)) == ("closed", [])
    office.scene.repo.commit({path: WAIVER.format(day=in_days(office, 6))}, by=office.people["mona"])
    assert "changed" in passes(office, 1)
    assert (issue.state, issue.title) == ("open", "Waivers and answers that lapse: 0 lapsed, 1 soon")
    assert issues(office) == [issue]


def test_there_is_no_issue_where_none_is_wanted_or_granted(office: Desk) -> None:
    path = ".github/countersign-waivers.yml"
    files = {path: WAIVER.format(day=in_days(office, 3)), ".github/countersign.yml": CONFIGURATION + "lapsing: {issue: never}\n"}
    office.scene.repo.commit(files, by=office.people["mona"])
    office.asking()
    assert "not wanted" in office.review.told()
    office.scene.repo.commit({".github/countersign.yml": CONFIGURATION}, by=office.people["mona"])
    office.scene.standin.faults.add("POST */issues", kind="422")
    assert "no issue: invalid" in passes(office, 1)
    assert issues(office) == []
