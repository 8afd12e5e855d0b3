"""A rule's examples and its mutants, as the author of a rule sees them."""

from __future__ import annotations

import pytest

from bot.engine.policy import PolicyError
from bot.engine.policy.examples import Deviation, RuleFile, evaluated, lacking, load_rule_with_examples, run
from bot.engine.policy.mutation import mutants, survey
from tests.engine.policy.build import rule_text

WHEN = "all:\n  - {attribute: size, is: less_than, args: [$least]}\n  - {attribute: class, is: one_of, args: [a, b]}"
BODY = rule_text(WHEN, parameters="{least: {default: 7, description: Least}}", anchor="size")
EXAMPLES = """\
examples:
  - name: too small, on its line
    terraform: |
      resource "aws_thing" "a" {
        class = "a"
        size  = 6  # expect: violation
      }
      resource "aws_thing" "b" {
        class = "b"
        size  = 1  # expect: violation
      }
  - name: just right, another class, not set
    terraform: |
      resource "aws_thing" "a" {
        class = "a"
        size  = 7
      }
      resource "aws_thing" "c" {
        class = "c"
        size  = 6
      }
      resource "aws_thing" "d" {
        class = "a"
      }
      resource "aws_thing" "e" {
        size = 6
      }
  - name: not known, in a file of its own
    files:
      main.tf: |
        module "m" {
          source = "./m"
          size   = var.size
        }
        variable "size" {}
      m/main.tf: |
        variable "size" {}
        resource "aws_thing" "a" {
          class = "a"
          size  = var.size  # expect: unverified
        }
"""


def loaded(examples: str = EXAMPLES, body: bytes = BODY) -> RuleFile:
    return load_rule_with_examples("rules/a-rule.yaml", body + examples.encode(), ())


def differences(examples: str, body: bytes = BODY) -> list[Deviation]:
    file = loaded(examples, body)
    return [item for example in file.examples for item in run(file.rule, evaluated(example)).differences]


def test_examples_that_hold() -> None:
    assert differences(EXAMPLES) == []
    assert lacking(loaded()) == ()


def test_an_example_asserts_line_and_kind_exactly() -> None:
    moved = EXAMPLES.replace("size  = 1  # expect: violation", "size  = 1").replace('class = "b"\n', 'class = "b"  # expect: violation\n')
    assert differences(moved) == [Deviation("main.tf", 6, "violation", "missing"), Deviation("main.tf", 7, "violation", "unexpected")]
    other = EXAMPLES.replace("# expect: unverified", "# expect: violation")
    assert differences(other) == [
        Deviation("m/main.tf", 4, "unverified", "unexpected"),
        Deviation("m/main.tf", 4, "violation", "missing"),
    ]


def test_a_known_gap_is_an_error_once_it_is_closed() -> None:
    assert differences(EXAMPLES.replace("size  = 7", "size  = 7  # expect-todo: violation")) == []
    closed = differences(EXAMPLES.replace("size  = 6  # expect: violation", "size  = 6  # expect-todo: violation"))
    assert closed == [Deviation("main.tf", 3, "violation", "gap-closed")]


def test_an_example_that_is_not_read_proves_nothing() -> None:
    found = differences(EXAMPLES.replace("size  = 7\n      }", "size  = 7 7\n      }"))
    assert [(item.file, item.line, item.fault) for item in found] == [("main.tf", 3, "unread"), ("main.tf", 3, "unexpected")]


def test_a_marker_is_no_part_of_the_text() -> None:
    lines = ['resource "aws_thing" "a" {', "  size = <<-E", "    x  # expect: violation", "  E", "}"]
    (example,) = loaded("examples:\n  - name: x\n    terraform: |\n" + "".join(f"      {line}\n" for line in lines)).examples
    assert b"expect" not in example.files["main.tf"]
    assert example.files["main.tf"].count(b"\n") == 5


def test_several_kinds_on_one_line() -> None:
    (example,) = loaded("examples:\n  - name: x\n    terraform: |\n      a {}  # expect: violation, unverified\n").examples
    assert sorted(item.kind for item in example.expected) == ["unverified", "violation"]


def test_parameters_of_an_example() -> None:
    text = EXAMPLES.replace("  - name: just right", "  - parameters: {least: 100}\n    name: just right")
    assert [(item.line, item.fault) for item in differences(text)] == [(3, "unexpected")]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "# expect: violation",
            "# expect: violaton",
            (
                "`rules/a-rule.yaml:21:1` `$.examples[0].terraform: violaton` is not a kind of result."
                " One of: violation, judgment, advice, unverified. Did you mean `violation`?"
            ),
        ),
        ("  - name: too small, on its line\n", "  - \n", None),
        ("    terraform: |\n", "    terrafrm: |\n", None),
        (EXAMPLES, "", "`rules/a-rule.yaml:1:1` `$.examples` is missing: a rule is proved by its own file."),
        (
            EXAMPLES,
            "examples:\n  - {name: x}\n",
            "`rules/a-rule.yaml:17:5` `$.examples[0]` has to have either `terraform`, or `files`, or `before` and `after`.",
        ),
    ],
)
def test_examples_that_cannot_be_used(old: str, new: str, problem: str | None) -> None:
    with pytest.raises(PolicyError) as caught:
        loaded(EXAMPLES.replace(old, new, 1))
    if problem is None:
        assert caught.value.problems
    else:
        assert str(caught.value) == problem


def test_problems_of_rule_and_examples_come_together() -> None:
    with pytest.raises(PolicyError) as caught:
        loaded(EXAMPLES.replace("# expect: violation", "# expect: x", 1), BODY.replace(b"severity: high", b"severity: x"))
    assert [problem.place for problem in caught.value.problems] == ["$.severity", "$.examples[0].terraform"]


def test_a_rule_lacks_what_its_examples_do_not_show() -> None:
    only_silent = 'examples:\n  - name: x\n    terraform: |\n      resource "aws_thing" "a" {}\n'
    assert lacking(loaded(only_silent)) == ("finding", "unverified")


def test_the_mutants_of_a_rule() -> None:
    assert [mutant.name for mutant in mutants(loaded().rule)] == [
        "when.all: any",
        "when.all[0]: dropped",
        "when.all[0]: negated",
        "when.all[0].absent: true",
        "when.all[1]: dropped",
        "when.all[1]: negated",
        "when.all[1].absent: true",
        "when.all[1].args[0]: dropped",
        "when.all[1].args[1]: dropped",
        "parameters.least: 8",
        "parameters.least: 6",
        "anchor: class",
        "disposition: advice",
    ]


def test_the_mutants_of_other_forms() -> None:
    inner = "{any: [{attribute: on, is: true}, {attributes: [from, to], is: covers_port, args: [22]}]}"
    when = f"not:\n  every: block\n  where: {inner}\n  absent: unknown"
    body = rule_text(when).replace(b"{terraform: aws_thing}", b"[{terraform: [a, b]}, {bicep: c}]") + b"element: parts\n"
    names = [mutant.name for mutant in mutants(loaded(body=body).rule)]
    assert names == [
        "when.not: dropped",
        "when.not.every: some",
        "when.not.absent: true",
        "when.not.absent: false",
        "when.not.where.any: all",
        "when.not.where.any[0]: dropped",
        "when.not.where.any[0]: negated",
        "when.not.where.any[0].absent: true",
        "when.not.where.any[1]: dropped",
        "when.not.where.any[1]: negated",
        "when.not.where.any[1].absent: true",
        "when.not.where.any[1].args[0]: 23",
        "when.not.where.any[1].args[0]: 21",
        "anchor: block.from",
        "anchor: block.to",
        "disposition: advice",
        "applies_to: without a",
        "applies_to: without b",
        "applies_to: without c",
        "element: dropped",
    ]


def test_good_examples_kill_every_mutant() -> None:
    found = survey(loaded())
    assert (found.tried, [mutant.name for mutant in found.survivors]) == (13, [])


@pytest.mark.parametrize(
    ("old", "new", "survivor"),
    [
        ("size  = 7\n", "size  = 9\n", "parameters.least: 8"),
        ("size  = 6  # expect: violation", "size  = 5  # expect: violation", "parameters.least: 6"),
        ('class = "b"', 'class = "a"', "when.all[1].args[1]: dropped"),
        ('"aws_thing" "d"', '"aws_other" "d"', "when.all[0].absent: true"),
        ('"aws_thing" "e"', '"aws_other" "e"', "when.all[1].absent: true"),
    ],
)
def test_a_hole_in_the_examples_is_found(old: str, new: str, survivor: str) -> None:
    assert [mutant.name for mutant in survey(loaded(EXAMPLES.replace(old, new))).survivors] == [survivor]


def test_mutants_that_nothing_can_kill_are_listed_with_a_reason() -> None:
    listed = b'equivalent_mutants:\n  - {mutant: "parameters.least: 8", reason: Sizes are even.}\n'
    found = survey(loaded(EXAMPLES.replace("size  = 7\n", "size  = 8\n"), BODY + listed))
    assert ([mutant.name for mutant in found.listed], found.survivors, found.stale) == (["parameters.least: 8"], (), ())
    assert survey(loaded(EXAMPLES, BODY + listed)).stale == ("parameters.least: 8",)
    with pytest.raises(PolicyError):
        loaded(EXAMPLES, BODY + b'equivalent_mutants:\n  - {mutant: "parameters.least: 8"}\n')
