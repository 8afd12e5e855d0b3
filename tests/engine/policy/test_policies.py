"""The organisation's catalogue of its policies: how it is read, what is wrong in it, and what is in force."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.engine.policy.governed import File, Governing, LastValid, governed
from bot.engine.policy.policies import Approval, Limit, load_policies
from bot.engine.policy.problem import ConfigurationError
from tests.changes import snapshot

PATH = "countersign/policies.yml"
FILE = b"""\
complete: [SEC-LOG]
policies:
  - id: SEC-LOG-007
    title: Logs are kept for a year
    url: https://wiki.example.com/sec-log-007
    limits:
      - {of: log retention, value: 365 days}
  - id: NET-3
    title: No public endpoints
    approvals:
      - {by: security, what: aws_lb.edge, ref: SEC-1234, until: 2026-12-31}
"""


def test_it_is_read_with_the_places_of_its_policies() -> None:
    catalogue = load_policies(FILE, PATH)
    first, second = catalogue.policies
    assert (first.id, first.title, first.ref) == ("SEC-LOG-007", "Logs are kept for a year", f"{PATH}:3")
    assert first.limits == (Limit("log retention", "365 days"),)
    (approval,) = second.approvals
    assert (approval.by, approval.what, approval.ref) == ("security", "aws_lb.edge", "SEC-1234")
    assert second.ref == f"{PATH}:8"


def test_prefixes_are_those_of_its_identifiers() -> None:
    catalogue = load_policies(FILE, PATH)
    assert catalogue.prefixes == {"SEC-LOG", "NET"}
    assert catalogue.policy("sec-log-007") == catalogue.policies[0]
    assert catalogue.policy("SEC-LOG-008") is None
    assert [catalogue.is_complete(one) for one in ("SEC-LOG-008", "NET-4")] == [True, False]


def test_an_approval_holds_to_the_end_of_its_last_day() -> None:
    (approval,) = load_policies(FILE, PATH).policies[1].approvals
    assert approval.valid(datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert not approval.valid(datetime(2027, 1, 1, tzinfo=UTC))
    assert Approval("security", "all").valid(datetime(2030, 1, 1, tzinfo=UTC))


def test_no_file_is_an_empty_catalogue() -> None:
    assert load_policies(b"", PATH).policies == ()
    assert load_policies(b"policies: []\n", PATH).policies == ()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"policies:\n  - id: A-1\n", "`countersign/policies.yml:2` `$.policies[0].title` is missing."),
        (b"policies:\n  - {id: A-1, title: x, owner: y}\n", "`countersign/policies.yml:2` `$.policies[0].owner` is not a key here."),
        (b"policies:\n  - id: A-1\n    title: x\n    approvals: [{by: s, what: t, until: soon}]\n", "`countersign/policies.yml:4`"),
        (b"- id: A-1\n", "`countersign/policies.yml:1`"),
        (b"complete: [A]\n", "`countersign/policies.yml:1` `$.policies` is missing."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data: bytes, problem: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load_policies(data, PATH)
    assert str(error.value).startswith(problem)


NOW = datetime(2026, 11, 29, tzinfo=UTC)


def test_what_stands_in_the_organisation_is_in_the_snapshot() -> None:
    found = governed(Governing(NOW, organisation_seen=True, policies=File(PATH, FILE)), LastValid(), {})
    after = found.onto(snapshot({}, {}))
    assert (after.policies, after.policies_path) == (FILE, PATH)


def test_an_invalid_one_leaves_the_last_valid_one_in_force() -> None:
    first = governed(Governing(NOW, organisation_seen=True, policies=File(PATH, FILE)), LastValid(), {})
    spoilt = governed(Governing(NOW, organisation_seen=True, policies=File(PATH, b"policies: 3\n")), first.valid, {})
    assert spoilt.onto(snapshot({}, {})).policies == FILE
    assert [notice.key for notice in spoilt.notices] == ["refused"]
