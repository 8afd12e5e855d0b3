"""Which version is in force: an invalid file never reaches a pull request, and what the organisation said is never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bot.engine.model.snapshot import Snapshot, Tree
from bot.engine.policy import load_policy
from bot.engine.policy.governed import File, Governing, InForce, LastValid, governed
from tests.engine.policy.build import rule_text

REPOSITORY, ORGANISATION, WAIVERS = ".github/countersign.yml", "countersign/config.yml", ".github/countersign-waivers.yml"
FIRST, LATER, NOW = (datetime(2026, month, 2, 9, tzinfo=UTC) for month in (10, 11, 12))
SHIPPED = {"baseline/ssh-open.yaml": rule_text("{attribute: a, is: true}").replace(b"a-rule", b"ssh-open")}
OWN = {"countersign/rules/acme/acme-tags.yaml": rule_text("{attribute: tags, is: true}").replace(b"a-rule", b"acme-tags")}
GOOD, BAD = File(REPOSITORY, b"level: comment\n"), File(REPOSITORY, b"version: 1\n\nlevel: enforced\n")


def at(now: datetime, last: InForce | None = None, shipped: dict[str, bytes] = SHIPPED, **said: Any) -> InForce:
    """What is in force when this is read; what was in force last goes through JSON, as the edge keeps it."""
    kept = msgspec.json.decode(msgspec.json.encode(last.valid), type=LastValid) if last else LastValid()
    return governed(Governing(now, **{"organisation_seen": True, **said}), kept, shipped)


def told(found: InForce) -> list[str]:
    return [notice.key for notice in found.notices]


def test_nothing_is_said() -> None:
    found = at(NOW, organisation_seen=False)
    assert (found.configuration, found.organisation, found.notices, found.fault, found.policy) == (None, None, (), None, SHIPPED)
    assert found.valid == LastValid()


def test_an_invalid_file_leaves_the_last_valid_version_in_force_and_tells_since_when() -> None:
    first = at(FIRST, configuration=GOOD)
    refused = at(LATER, at(datetime(2026, 10, 20, tzinfo=UTC), first, configuration=GOOD), configuration=BAD)
    again = at(NOW, refused, configuration=File(REPOSITORY, b"lvel: x"))
    assert (refused.configuration, again.configuration) == (GOOD, GOOD)
    (notice,) = refused.notices
    assert (notice.key, notice.fields) == (
        "refused",
        {
            "where": REPOSITORY,
            "problem": f"`{REPOSITORY}:3` `level: enforced` is not a level. One of: observe, comment, enforce. Did you mean `enforce`?",
            "n": 1,
            "since": "2026-10-02",
            "refused": "2026-11-02",
        },
    )
    assert again.notices[0].fields["refused"] == "2026-11-02"
    mended = at(NOW, again, configuration=File(REPOSITORY, b"level: enforce"))
    assert (mended.notices, mended.valid.configuration and mended.valid.configuration.since) == ((), NOW)


def test_a_file_that_was_never_valid_is_not_in_force() -> None:
    found = at(FIRST, configuration=BAD, organisation=File(ORGANISATION, b"protectd: [level]"))
    assert (found.configuration, found.organisation, told(found)) == (None, None, ["never-valid", "never-valid"])
    assert found.valid.organisation is not None
    gone = at(LATER, found, organisation_seen=False)
    assert gone.fault is not None


def test_a_file_that_is_taken_away_is_absent() -> None:
    found = at(LATER, at(FIRST, configuration=GOOD, organisation=File(ORGANISATION, b"level: enforce")))
    assert (found.configuration, found.organisation, found.notices, found.fault) == (None, None, (), None)


def test_waivers_of_rules_that_do_not_exist_are_refused() -> None:
    text = b"- {rule: ssh-opn, path: '*', reason: x, owner: '@a', expires: 2027-01-31}"
    found = at(NOW, waivers=File(WAIVERS, text))
    assert (found.waivers, found.notices[0].fields["problem"]) == (
        None,
        f"`{WAIVERS}:1` `$[0].rule: ssh-opn` is not a rule. One of: ssh-open. Did you mean `ssh-open`?",
    )


def test_a_file_that_cannot_be_read_leaves_the_last_version_in_force() -> None:
    found = at(LATER, at(FIRST, configuration=GOOD), unreadable={REPOSITORY: "larger than 1 MB"})
    assert (found.configuration, found.notices[0].fields["problem"]) == (GOOD, f"`{REPOSITORY}:1` could not be read: larger than 1 MB.")


@pytest.mark.parametrize("path", [ORGANISATION, "countersign/rules/acme/acme-tags.yaml"])
def test_an_organisation_that_cannot_be_read_is_our_fault(path: str) -> None:
    found = at(NOW, unreadable={path: "500"})
    assert found.fault is not None
    assert (found.fault.key, found.fault.fields) == ("organisation-unreadable", {"where": path, "reason": "500"})


def test_an_organisation_once_seen_is_not_absent_because_nobody_looked() -> None:
    first = at(FIRST, organisation=File(ORGANISATION, b"level: enforce"))
    found = at(LATER, first, organisation_seen=False)
    assert found.fault is not None
    assert (found.fault.key, found.fault.fields["since"], found.valid) == ("organisation-gone", "2026-10-02", first.valid)


def test_rules_of_the_organisation_join_the_shipped_ones() -> None:
    found = at(NOW, rules=OWN, configuration=File(REPOSITORY, b"rules: {acme-tags: {level: enforce}, acme: {level: comment}}"))
    assert (found.policy, told(found)) == ({**SHIPPED, **OWN}, [])
    assert [(rule.id, rule.pack) for rule in load_policy(found.policy).rules] == [("acme-tags", "acme"), ("ssh-open", "baseline")]


def test_an_id_that_is_taken_is_an_error_of_the_organisations_file() -> None:
    clash = {"countersign/rules/acme/ssh-open.yaml": SHIPPED["baseline/ssh-open.yaml"]}
    found = at(LATER, at(FIRST, rules=OWN), rules=clash)
    assert found.policy == {**SHIPPED, **OWN}
    assert found.notices[0].fields["problem"] == (
        "`countersign/rules/acme/ssh-open.yaml:1:5` `$.id: ssh-open` is the id of another rule (`baseline/ssh-open.yaml`);"
        " ids are never used again."
    )


def test_a_newer_program_leaves_out_only_the_rule_whose_id_it_took() -> None:
    both = OWN | {"countersign/rules/acme/a-rule.yaml": rule_text("{attribute: a, is: true}")}
    first = at(FIRST, rules=both)
    newer = SHIPPED | {"zz/acme-tags.yaml": OWN["countersign/rules/acme/acme-tags.yaml"]}
    found = at(LATER, first, shipped=newer, rules=both)
    assert sorted(found.policy) == ["baseline/ssh-open.yaml", "countersign/rules/acme/a-rule.yaml", "zz/acme-tags.yaml"]
    assert told(found) == ["stale"]


def test_a_configuration_whose_rule_is_gone_stays_in_force() -> None:
    file = File(REPOSITORY, b"level: comment\nrules: {acme-tags: {level: enforce}}")
    found = at(LATER, at(FIRST, rules=OWN, configuration=file), configuration=file)
    assert (found.configuration, told(found)) == (file, ["stale"])


def test_the_configuration_of_a_listed_branch_joins() -> None:
    listed, branch = File(REPOSITORY, b"branches: [release/*]"), File("release/1:countersign.yml", b"level: enforce")
    assert at(NOW, configuration=listed, branch=branch, branch_name="release/1").branch == branch
    assert at(NOW, configuration=listed, branch=branch, branch_name="develop").branch is None
    refused = at(NOW, configuration=listed, branch=File("b", b"level: x"), branch_name="release/1")
    assert (refused.branch, told(refused)) == (None, ["branch-refused"])


def test_a_snapshot_under_what_is_in_force() -> None:
    found = at(LATER, at(FIRST, configuration=GOOD), configuration=BAD, organisation=File(ORGANISATION, b"level: enforce"), rules=OWN)
    snapshot = found.onto(Snapshot(Tree("a", {}), Tree("b", {}), {}, {}, NOW))
    assert (snapshot.configuration, snapshot.organisation, snapshot.waivers) == (GOOD.data, b"level: enforce", b"")
    assert (snapshot.policy, snapshot.governance) == ({**SHIPPED, **OWN}, found.notices)
