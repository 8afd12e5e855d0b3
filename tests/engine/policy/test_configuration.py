"""Configuration: what it says of a rule, and what its author reads when something is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from bot.engine.policy import ConfigurationError, load_policy
from bot.engine.policy.configuration import check, load_configuration
from bot.engine.policy.precedence import Governance, Settings, governance
from bot.engine.policy.resolution import Where
from tests.engine.policy.build import rule_text

PATH = ".github/countersign.yml"
WHOLE = b"""\
version: 1
level: comment
rules:
  aws-ssh-open: {level: enforce, parameters: {days: 3}}
  baseline: {disposition: judgment, level: observe}
  aws-*: {unknown: advice, parameters: {days: 1, sizes: [a]}}
paths:
  ignore: [examples/, "**/test/*.tf"]
owners:
  data: ["@kim", "@acme/data-owners"]
roots: [stacks/*]
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(text.encode(), PATH)
    return str(caught.value).split("\n")


DAYS = "{days: {default: 7, topic: age-days, description: Days}}"
RULE = rule_text("{attribute: age, is: less_than, args: [$days]}", parameters=DAYS).replace(b"a-rule", b"aws-ssh-open")
POLICY = load_policy({"rules/baseline/aws/aws-ssh-open.yaml": RULE, "rules/cost/a-rule.yaml": rule_text("{attribute: a, is: true}")}, ())


def alone(data: bytes) -> Governance:
    """What one repository's file comes to."""
    return governance([(load_configuration(data, PATH), False)], Where(date(2026, 11, 28)))


def test_a_whole_configuration() -> None:
    found = alone(WHOLE)
    assert (found.owners, found.roots) == ({"data": ("@kim", "@acme/data-owners")}, ("stacks/*",))
    cost, ssh = POLICY.rules
    assert found.settings(ssh) == Settings("enforce", "judgment", "advice", {"days": 3, "sizes": ["a"]})
    assert found.settings(cost) == Settings("comment", "violation", "judgment")
    assert found.parameters(POLICY) == {"aws-ssh-open": {"days": 3, "sizes": ["a"]}}


def test_a_stated_baseline_sets_the_parameters_of_its_topic_below_what_is_said_of_the_rule() -> None:
    assert alone(b"baseline: {age-days: 30}").parameters(POLICY) == {"aws-ssh-open": {"days": 30}}
    of_the_pack = b"baseline: {age-days: 30}\nrules: {baseline: {parameters: {days: 3}}}"
    assert alone(of_the_pack).parameters(POLICY) == {"aws-ssh-open": {"days": 3}}


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("examples/a/main.tf", True),
        ("examples.tf", False),
        ("a/b/test/x.tf", True),
        ("test/x.tf", True),
        ("a/test/b/x.tf", False),
        ("a/examples/x.tf", False),
    ],
)
def test_ignored_paths(path: str, ignored: bool) -> None:  # noqa: FBT001 - a table
    assert alone(WHOLE).ignores(path) is ignored


@pytest.mark.parametrize("data", [b"", b"\n  \n", b"# nothing yet\n"])
def test_an_empty_file_says_nothing(data: bytes) -> None:
    found = alone(data)
    assert found.settings(POLICY.rules[0]) == Settings("enforce", "violation", "judgment")
    assert (found.ignores("a.tf"), found.parameters(POLICY)) == (False, {})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "rules:\n  aws-ssh-open:\n    disposition: violaton\n",
            (
                "`{at}:3` `rules.aws-ssh-open.disposition: violaton` is not a disposition. One of: violation, judgment, advice, off."
                " Did you mean `violation`?"
            ),
        ),
        ("level: enforced", "`{at}:1` `level: enforced` is not a level. One of: observe, comment, enforce. Did you mean `enforce`?"),
        ("version: 2", "`{at}:1` `version: 2` is not a version. One of: 1."),
        (
            "lvel: observe",
            (
                "`{at}:1` `lvel` is not a key here. One of: version, level, rules, frameworks, budgets, baseline, paths, plans,"
                " waivers, lapsing, roots, reviews, owners, accepted, branches, scopes. Did you mean `level`?"
            ),
        ),
        ("rules: [a]", "`{at}:1` `rules` has to be keys with values."),
        ("rules:\n  a: {unknown: off}", "`{at}:2` `rules.a.unknown: off` is not a disposition. One of: violation, judgment, advice."),
        ("rules:\n  a: {}\n  a: {}", "`{at}:3` `rules.a` stands here twice."),
        ("paths: {ignored: [a]}", "`{at}:1` `paths.ignored` is not a key here. One of: ignore. Did you mean `ignore`?"),
        (
            "owners: {dta: ['@a']}",
            (
                "`{at}:1` `owners.dta` is not a key here. One of: data, identity, network, residency-and-crypto, dependency,"
                " scale-and-cost, state-and-delivery, governance, claims, evaluation, fallback. Did you mean `data`?"
            ),
        ),
        (
            "owners: {data: {accounts: ['@kim'], lest: write}}",
            "`{at}:1` `owners.data.lest` is not a key here. One of: accounts, least. Did you mean `least`?",
        ),
        ("owners: {data: {least: write}}", "`{at}:1` `owners.data.accounts` is missing."),
        (
            "owners: {data: {accounts: ['@kim'], least: read}}",
            "`{at}:1` `owners.data.least: read` is not a permission that a repository's list may ask for. One of: write, maintain, admin.",
        ),
        (
            "owners: {fallback: {accounts: ['@kim'], least: mantain}}",
            (
                "`{at}:1` `owners.fallback.least: mantain` is not a permission that a repository's list may ask for."
                " One of: write, maintain, admin. Did you mean `maintain`?"
            ),
        ),
        ("owners: {data: [kim]}", "`{at}:1` `owners.data[0]: kim` is not an account: `@user`, `@organisation/team` or `codeowners`."),
        ("a: b: c", "`{at}:1` is not readable: a second colon in one line; put the value in quotes."),
        ("rules:\n\ta: {}", "`{at}:2` is not readable: the line begins with a tab; YAML is indented with blanks."),
        (
            "rules:\n  a:\n    level: enforce\n   unknown: advice",
            "`{at}:4` is not readable: a key was expected; the line is not indented like the lines it belongs to.",
        ),
        ('level: "observe', "`{at}:1` is not readable: a quote is not closed."),
        ("rules: {ssh-open: enforce}", "`{at}:1` `rules.ssh-open: enforce` has to be keys with values."),
        ("scopes:\n  - level: enforce", "`{at}:2` `scopes[0].from` is missing."),
        ("scopes:\n  - from: 15.1.2027", "`{at}:2` `scopes[0].from: 15.1.2027` is not a day. Write it as 2027-01-31."),
        ("accepted: latest", "`{at}:1` `accepted: latest` is not a version. Write it as 0.1.0."),
        ("roots: [null]", "`{at}:1` `roots[0]: null` is empty."),
        ("- a", "`{at}:1` has to be keys with values."),
        ("level: observe\n---\nlevel: observe", "`{at}:3` has more than one document."),
    ],
)
def test_a_configuration_that_cannot_be_used(text: str, problem: str) -> None:
    assert problems(text) == [problem.replace("{at}", PATH)]


def test_all_problems_are_found_at_once() -> None:
    assert len(problems("level: x\nrules:\n  a: {level: y}\nmore: 1\n")) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "rules: {aws-ssh-opn: {level: observe}}",
            ["`{at}:1` `rules.aws-ssh-opn` is not a rule or pack. One of: aws-ssh-open. Did you mean `aws-ssh-open`?"],
        ),
        (
            "rules: {aws-ssh-open: {parameters: {day: 1}}}",
            ["`{at}:1` `rules.aws-ssh-open.parameters.day` is not a parameter of this rule. One of: days. Did you mean `days`?"],
        ),
        (
            "rules: {aws-ssh-open: {parameters: {days: many}}}",
            ["`{at}:1` `rules.aws-ssh-open.parameters.days` does not fit: `less_than` takes one number."],
        ),
        (
            "baseline: {age-day: 1}",
            ["`{at}:1` `baseline.age-day` is not a topic of any rule. One of: age-days. Did you mean `age-days`?"],
        ),
        (
            "baseline: {age-days: many}",
            ["`{at}:1` `baseline.age-days` does not fit: `less_than` takes one number."],
        ),
        ("baseline: {age-days: 30}", []),
        ("rules: {baseline: {level: observe}, 'baseline/aws-*': {level: observe}, aws-ssh-open: {parameters: {days: 3}}}", []),
    ],
)
def test_what_no_rule_answers_to(text: str, expected: list[str]) -> None:
    assert list(map(str, check(load_configuration(text.encode(), PATH), POLICY))) == [line.replace("{at}", PATH) for line in expected]
