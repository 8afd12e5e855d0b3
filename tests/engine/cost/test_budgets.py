"""Budgets, as a configuration writes them and as a reader of a verdict meets them."""

from __future__ import annotations

import pytest

from bot.confine.tables import facts
from bot.engine.evaluation import evaluate
from bot.engine.model.verdict import Verdict
from bot.engine.policy import load_policy
from bot.engine.policy.inforce import configuration_problems
from tests.changes import shipped_rules, snapshot
from tests.engine.cost.changes import US

SMALL = US + 'resource "aws_instance" "a" {\n  instance_type = "m5.large"\n}\n'  # 0.096 * 730 = 70.08
LARGE = SMALL.replace("m5.large", "m5.4xlarge")  # 0.768 * 730 = 560.64


def verdict(budgets: str, before: str = SMALL, after: str = LARGE, path: str = "stacks/prod/main.tf", **fields: object) -> Verdict:
    configuration = f"budgets:\n{budgets}".encode()
    return evaluate(snapshot({path: before}, {path: after}, configuration=configuration, **fields), facts())


def found(budgets: str, **fields: object) -> list[tuple[str, str, bool]]:
    """Rule, kind, and whether it blocks, of what is said of budgets."""
    results = verdict(budgets, **fields).results  # type: ignore[arg-type]  # the fields of a test are its own
    return [(item.rule, item.kind, item.blocks) for item in results if item.rule.startswith("budget-")]


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ("lower: 600, upper: 1000", []),
        ("lower: 500, upper: 1000", [("budget-lower-band-exceeded", "review", True)]),
        ("lower: 100, upper: 500", [("budget-upper-band-exceeded", "fail", True)]),
        ("upper: 1000", []),
        ("lower: 500, roots: [stacks/dev*]", []),
        ("lower: 500, roots: [stacks/*]", [("budget-lower-band-exceeded", "review", True)]),
    ],
)
def test_below_the_lower_band_nothing_between_a_question_above_the_upper_no(bands: str, expected: list[tuple[str, str, bool]]) -> None:
    assert found(f"  - {{{bands}}}") == expected


def test_says_that_the_change_crosses_it_and_by_how_much() -> None:
    (item,) = (item for item in verdict("  - {name: prod, lower: 500}").results if item.rule.startswith("budget-"))
    assert item.message == "stacks/prod goes from 70 to 561 USD a month by list prices, 61 above the lower band of the budget prod."
    assert [(fact.key, fact.fields) for fact in item.facts] == [("budget-crossed", {"before": 70, "limit": 500})]
    assert (item.line, item.resource, item.category) == (4, "aws_instance.a", "scale-and-cost")


def test_a_price_that_nobody_knows_is_asked_about_where_there_is_a_budget_and_only_there() -> None:
    unlisted = LARGE.replace("m5.4xlarge", "m5.unlisted")
    assert found("  - {lower: 500}", after=unlisted) == [("budget-lower-band-exceeded", "open", True)]
    assert found("  []", after=unlisted) == []


def test_another_sum_is_another_question() -> None:
    first, second = (
        next(item for item in verdict("  - {lower: 500}", after=text).results if item.rule.startswith("budget-"))
        for text in (LARGE, LARGE.replace("m5.4xlarge", "m5.8xlarge"))
    )
    assert (first.id, first.fingerprint != second.fingerprint) == (second.id, True)


def test_a_level_and_a_waiver_hold_as_for_any_rule() -> None:
    waiver = b"- {rule: budget-upper-band-exceeded, path: stacks/**, reason: load test, owner: '@a/b', expires: 2026-12-31}"
    assert found("  - {upper: 500}", waivers=waiver) == [("budget-upper-band-exceeded", "fail", False)]
    assert found("  - {upper: 500}\nrules:\n  budget-upper-band-exceeded: {level: observe}")[0][2] is False


def test_a_budget_of_the_organisation_holds_beside_the_repository_s() -> None:
    organisation = b"budgets:\n  - {name: all, upper: 500}"
    names = [item[0] for item in found("  - {name: own, lower: 10, upper: 9000}", organisation=organisation)]
    assert sorted(names) == ["budget-lower-band-exceeded", "budget-upper-band-exceeded"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "budgets:\n  - {lower: much}",
            "`c.yml:2` `budgets[0].lower: much` is not an amount of US dollars a month. Write it as 500 or 499.90.",
        ),
        ("budgets:\n  - {lower: 500, upper: 100}", "`c.yml:2` `budgets[0].lower: 500` is above `upper`, 100."),
        ("budgets:\n  - {roots: [a]}", "`c.yml:2` `budgets[0]` has to have `lower` or `upper`."),
        (
            "budgets:\n  - {uper: 3}",
            "`c.yml:2` `budgets[0].uper` is not a key here. One of: name, roots, labels, lower, upper. Did you mean `upper`?",
        ),
    ],
)
def test_says_what_is_wrong_with_a_budget_and_where(text: str, problem: str) -> None:
    (first, *_) = configuration_problems(text.encode(), "c.yml", load_policy(shipped_rules()))
    assert str(first) == problem
