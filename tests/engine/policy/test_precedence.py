"""Several files: which of them holds, what the organisation protects, and what the author of a statement without effect reads."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from bot.engine.policy import load_policy
from bot.engine.policy.configuration import load_configuration, load_organisation
from bot.engine.policy.dropped import notices
from bot.engine.policy.load import policy_of
from bot.engine.policy.precedence import Governance, Settings, governance
from bot.engine.policy.problem import ConfigurationError
from bot.engine.policy.resolution import Where
from tests.engine.policy.build import rule_text

ORGANISATION, REPOSITORY = "countersign/config.yml", ".github/countersign.yml"
TODAY = date(2026, 11, 28)
WHERE = Where(TODAY, "observe", "acme/payments-api", {"tier": "critical"})


def a_rule(name: str, **more: str) -> bytes:
    parameters = "{days: {default: 7, description: Days}}"
    text = rule_text("{attribute: age, is: less_than, args: [$days]}", parameters=parameters, **more)
    return text.replace(b"a-rule", name.encode())


POLICY = load_policy(
    {
        "baseline/ssh-open.yaml": a_rule("ssh-open"),
        "baseline/rdp-open.yaml": a_rule("rdp-open", since="0.3.0"),
        "cost/size.yaml": a_rule("size"),
        "baseline/countersign-not-read.yaml": a_rule("countersign-not-read"),
    },
    (),
)
RULES = {rule.id: rule for rule in POLICY.rules}


def both(organisation: str = "", repository: str = "", branch: str = "", where: Where = WHERE) -> Governance:
    return governance(
        (
            (load_organisation(organisation.encode(), ORGANISATION), False),
            (load_configuration(repository.encode(), REPOSITORY), False),
            (load_configuration(branch.encode(), "branch"), True),
        ),
        where,
    )


def ssh(organisation: str = "", repository: str = "", branch: str = "", where: Where = WHERE) -> Settings:
    return both(organisation, repository, branch, where).settings(RULES["ssh-open"])


def told(organisation: str, repository: str, branch: str = "") -> list[tuple[str, dict[str, str | int]]]:
    return [(notice.key, notice.fields) for notice in notices(both(organisation, repository, branch), POLICY.rules)]


def test_a_list_of_owners_may_name_the_permission_they_need_and_a_fallback() -> None:
    organisation = (
        "owners:\n  data: {accounts: ['@acme/data'], least: read}\n  fallback: {accounts: ['@acme/leads'], least: admin}\n"
        "break-glass: ['@acme/on-call']\n"
    )
    found = both(organisation, "owners: {network: ['@kim']}")
    assert (found.asked("data"), found.eligible("data"), found.permission("data")) == (
        ("@acme/data",),
        ("@acme/data", "@acme/leads"),
        "read",
    )
    assert (found.asked("network"), found.eligible("network"), found.permission("network")) == (("@kim",), ("@kim", "@acme/leads"), "write")
    assert (found.asked("identity"), found.eligible("identity"), found.permission("identity")) == (
        ("@acme/leads",),
        ("@acme/leads",),
        "admin",
    )
    assert found.break_glass == ("@acme/on-call",)


def test_the_glass_is_the_organisations_alone() -> None:
    assert both("", "").break_glass == ()
    scoped = "break-glass: ['@acme/on-call']\nscopes: [{repositories: ['*'], break-glass: []}]"
    assert both(scoped, "").break_glass == ()
    with pytest.raises(ConfigurationError, match="is not a key here"):
        both("", "break-glass: ['@acme/on-call']")
    with pytest.raises(ConfigurationError, match="`break-glass\\[0\\]: @kim` is not a team: `@organisation/team`"):
        both("break-glass: ['@kim']", "")


@pytest.mark.parametrize(
    ("organisation", "repository", "level"),
    [
        ("", "", "observe"),
        ("level: comment", "", "comment"),
        ("level: comment", "level: enforce", "enforce"),
        ("level: enforce", "level: observe", "observe"),
        ("rules: {ssh-open: {level: enforce}}", "level: observe", "enforce"),
        ("rules: {ssh-open: {level: enforce}}", "rules: {baseline: {level: observe}}", "enforce"),
        ("rules: {ssh-open: {level: enforce}}", "rules: {ssh-open: {level: observe}}", "observe"),
        ("rules: {baseline: {level: enforce}}", "rules: {'*-open': {level: comment}}", "comment"),
    ],
)
def test_the_more_exact_entry_holds_and_of_equals_the_later_file(organisation: str, repository: str, level: str) -> None:
    assert ssh(organisation, repository).level == level


@pytest.mark.parametrize("protected", ["level", "rules", "rules.ssh-open", "rules.ssh-open.level", "rules.baseline", "rules.base*.level"])
@pytest.mark.parametrize("repository", ["level: observe", "rules: {ssh-open: {level: comment}}", "rules: {baseline: {level: observe}}"])
def test_a_protected_level_is_only_raised(protected: str, repository: str) -> None:
    organisation = f"rules: {{ssh-open: {{level: %s}}}}\nprotected: [{protected}]"
    assert ssh(organisation % "enforce", repository).level == "enforce"
    assert ssh(organisation % "observe", "rules: {ssh-open: {level: enforce}}").level == "enforce"


def test_what_is_protected_without_being_said_holds_as_it_would_without_the_repository() -> None:
    organisation = "protected: [disposition, unknown, parameters]"
    repository = "rules: {ssh-open: {disposition: off, unknown: advice, parameters: {days: 1}}}"
    assert ssh(organisation, repository) == Settings("observe", "violation", "judgment")
    assert ssh("", repository) == Settings("observe", "off", "advice", {"days": 1})


def test_protected_parameters_stay_as_the_organisation_sets_them() -> None:
    organisation = "rules: {ssh-open: {parameters: {days: 3}}}\nprotected: [rules.ssh-open.parameters]"
    assert ssh(organisation, "rules: {ssh-open: {parameters: {days: 1}}}").parameters == {"days": 3}


def test_an_attempt_to_loosen_is_told_with_its_line() -> None:
    organisation = (
        "level: enforce\nprotected: [level, paths.ignore, owners.data]\npaths: {ignore: [vendor/]}\nowners: {data: ['@acme/data']}\n"
    )
    repository = (
        "level: observe\nrules:\n  ssh-open:\n    level: comment\n  size: {disposition: advice}\n"
        "paths:\n  ignore:\n    - vendor/\n    - stacks/\nowners: {data: ['@kim'], network: ['@kim']}\n"
    )
    found = both(organisation, repository)
    assert (found.ignored, found.owners) == (("vendor/",), {"data": ("@acme/data",), "network": ("@kim",)})
    assert told(organisation, repository) == [
        ("protected", {"where": f"{REPOSITORY}:1", "place": "level", "value": "observe", "held": "enforce", "n": 3}),
        ("protected", {"where": f"{REPOSITORY}:4", "place": "rules.ssh-open.level", "value": "comment", "held": "enforce", "n": 1}),
        ("list-protected", {"where": f"{REPOSITORY}:9", "place": "paths.ignore[1]", "value": "stacks/"}),
        ("list-protected", {"where": f"{REPOSITORY}:10", "place": "owners.data", "value": "@kim"}),
    ]


def test_without_protection_nothing_is_told() -> None:
    assert told("level: enforce\nrules: {ssh-open: {level: enforce}}", "level: observe\nrules: {ssh-open: {disposition: off}}") == []


def test_lists_add_up_and_owners_are_those_of_the_later_file() -> None:
    organisation = "paths: {ignore: [a/]}\nroots: [x]\nowners: {data: ['@a'], network: ['@b']}"
    found = both(organisation, "paths: {ignore: [b/]}\nroots: [y]\nowners: {data: ['@c']}")
    assert (found.ignored, found.roots, found.owners) == (("a/", "b/"), ("x", "y"), {"data": ("@c",), "network": ("@b",)})


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ("repositories: [payments-*]", True),
        ("repositories: [acme/payments-api]", True),
        ("repositories: [web, 'acme/*']", True),
        ("repositories: [web]", False),
        ("properties: {tier: critical}", True),
        ("properties: {tier: [low, critical]}", True),
        ("properties: {tier: low}", False),
        ("properties: {team: critical}", False),
        ("repositories: [payments-*]\n    properties: {tier: low}", False),
        ("from: 2026-11-28", True),
        ("from: 2026-11-29", False),
    ],
)
def test_a_scope_of_an_organisation_holds_where_it_says(selector: str, holds: bool) -> None:  # noqa: FBT001 - a table
    found = ssh(f"level: comment\nscopes:\n  - level: enforce\n    {selector}\n    protected: [level]\n", "level: observe")
    assert found.level == ("enforce" if holds else "observe")


def test_from_its_day_on() -> None:
    rules = "rules:\n  ssh-open:\n    - {level: comment}\n    - {level: enforce, from: 2027-01-15}\n"
    text = f"{rules}scopes: [{{from: 2027-03-01, level: comment}}]\n"
    before, after = both(repository=text), both(repository=text, where=replace(WHERE, today=date(2027, 1, 15)))
    assert (before.settings(RULES["ssh-open"]).level, before.changes) == ("comment", date(2027, 1, 15))
    assert (after.settings(RULES["ssh-open"]).level, after.changes) == ("enforce", date(2027, 3, 1))


def test_rules_of_a_newer_release_observe_until_they_are_accepted_or_named() -> None:
    new = RULES["rdp-open"]

    def level(text: str) -> str:
        return both("", f"level: enforce\n{text}").settings(new).level

    assert [level(text) for text in ("", "accepted: 0.3", "accepted: 0.3.0", "accepted: 1.0.0")] == ["enforce"] * 4
    assert level("accepted: 0.2") == "observe"
    assert level("accepted: 0.2\nrules: {rdp-open: {level: comment}}") == "comment"
    assert level("accepted: 0.2\nrules: {baseline: {level: comment}}") == "observe"
    assert both("level: enforce\nprotected: [level]", "accepted: 0.1.0").settings(new).level == "enforce"
    own = replace(new, span=replace(new.span, path="countersign/rules/acme/rdp-open.yaml"))
    assert both("", "level: enforce\naccepted: 0.1.0").settings(own).level == "enforce"


def test_a_branch_may_only_tighten() -> None:
    branch = "level: observe\nrules: {ssh-open: {disposition: off, unknown: violation}}\npaths: {ignore: [a/]}\nowners: {data: ['@x']}"
    found = both("", "level: comment", branch)
    assert found.settings(RULES["ssh-open"]) == Settings("comment", "violation", "violation")
    assert (found.ignored, found.owners) == ((), {})
    assert both("", "level: comment", "level: enforce").settings(RULES["size"]).level == "enforce"


def test_what_keeps_a_verdict_honest_is_never_loosened() -> None:
    honest = RULES["countersign-not-read"]
    for text in ("rules: {'*': {disposition: off}}", "rules: {countersign-not-read: {disposition: off, unknown: advice}}"):
        assert both(text).settings(honest) == Settings("observe", "violation", "judgment")
    assert both("rules: {countersign-not-read: {unknown: violation}}").settings(honest).unknown == "violation"
    assert [fields["place"] for _, fields in told("", "rules: {'*': {disposition: off}, countersign-not-read: {disposition: off}}")] == [
        "rules.countersign-not-read.disposition"
    ]


def test_an_empty_repository_configuration_changes_nothing() -> None:
    organisation = "level: comment\nrules: {'*': {unknown: violation}}\npaths: {ignore: [a/]}\nprotected: [rules]"
    with_file, without = both(organisation, "version: 1"), governance([(load_organisation(organisation.encode(), "o"), False)], WHERE)
    assert [with_file.settings(rule) for rule in POLICY.rules] == [without.settings(rule) for rule in POLICY.rules]
    assert (with_file.ignored, with_file.roots, with_file.owners) == (without.ignored, without.roots, without.owners)
    assert policy_of(list(POLICY.rules)).rules == POLICY.rules


CENTRAL = "acme/ci/.github/workflows/plan.yml@refs/heads/main"
OWN = "acme/payments-api/.github/workflows/plan.yml@refs/heads/main"


def test_workflows_whose_plans_settle_add_up_unless_the_organisation_protects_the_list() -> None:
    said = f"plans: {{workflows: ['{CENTRAL}']}}\n"
    own = f"plans: {{workflows: ['{OWN}']}}\n"
    assert both(said, own).workflows == (CENTRAL, OWN)
    assert both(said + "protected: [plans]\n", own).workflows == (CENTRAL,)
    assert told(said + "protected: [plans.workflows]\n", own)[0][1]["place"] == "plans.workflows[0]"


@pytest.mark.parametrize("entry", ["plan.yml", CENTRAL.partition("@")[0], CENTRAL.replace("heads", "tags"), "acme/ci/x.yml@main"])
def test_a_workflow_is_named_in_full(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a workflow on a branch"):
        both(repository=f"plans: {{workflows: ['{entry}']}}\n")


def test_reviews_answer_where_the_last_file_says_so_and_a_protected_list_only_shrinks() -> None:
    assert both().reviews == frozenset()
    assert both("reviews: [data]", "reviews: [network, claims]").reviews == {"network", "claims"}
    assert both("reviews: [data]\nprotected: [reviews]", "reviews: [network]").reviews == frozenset()
    assert both("reviews: [data, network]", "", "reviews: [network, claims]").reviews == {"network"}
    assert told("protected: [reviews]", "level: comment\nreviews: [network]") == [
        ("list-protected", {"where": f"{REPOSITORY}:2", "place": "reviews[0]", "value": "network"})
    ]
    with pytest.raises(ConfigurationError, match="`reviews\\[0\\]: nets` is not a category"):
        both("", "reviews: [nets]")
