"""One cause is one question, however many roots and calls it reaches; and what differs by root is asked by root."""

from __future__ import annotations

from bot.engine.decisions.binding import bound
from bot.engine.model.result import Result
from tests.changes import review

MODULE = """
variable "name" {}
resource "aws_db_instance" "a" {
  identifier_prefix = "x"
  db_name           = "PREFIX-${var.name}"
}
"""
LOGS = """
resource "aws_cloudwatch_log_group" "a" {
  name = "a"
}
"""


def call(label: str, name: str) -> str:
    return f'module "{label}" {{\n  source = "../modules/db"\n  name   = "{name}"\n}}\n'


def asked(before: dict[str, str], after: dict[str, str]) -> list[Result]:
    return [result for result in review(before, after).results if result.kind == "review" and result.asked]


def tree(module: str, **roots: str) -> dict[str, str]:
    return {"modules/db/main.tf": module} | {f"{name}/main.tf": text for name, text in roots.items()}


def test_a_line_of_a_module_that_all_roots_share_is_asked_about_once() -> None:
    roots = {"live": call("a", "one") + call("b", "two"), "trial": call("a", "three")}
    (question,) = asked(tree(MODULE, **roots), tree(MODULE.replace("PREFIX", "other"), **roots))
    assert (question.rule, question.file, len(question.places)) == ("data-replaced", "modules/db/main.tf", 2)


def test_what_the_calls_of_one_root_hand_in_is_asked_about_once_a_root() -> None:
    before = tree(MODULE, live=call("a", "one") + call("b", "two"), trial=call("a", "three"))
    after = tree(MODULE, live=call("a", "uno") + call("b", "due"), trial=call("a", "tre"))
    assert [(item.rule, item.root, len(item.places)) for item in asked(before, after)] == [
        ("data-replaced", "live", 1),
        ("data-replaced", "trial", 0),
    ]


def test_a_block_that_goes_from_a_module_is_asked_about_once_for_all_roots() -> None:
    roots = {"live": call("a", "one") + call("b", "two"), "trial": call("a", "three")}
    (question,) = asked(tree(MODULE + LOGS, **roots), tree(MODULE, **roots))
    assert (question.rule, len(question.places)) == ("data-destroyed", 2)


def test_calls_that_go_are_asked_about_once_a_root() -> None:
    roots = {"live": call("a", "one") + call("b", "two"), "trial": call("a", "three")}
    found = asked(tree(MODULE, **roots), tree(MODULE, live="# none\n", trial="# none\n"))
    assert [(item.rule, item.root, len(item.places)) for item in found] == [("data-destroyed", "live", 1), ("data-destroyed", "trial", 0)]


def test_an_answer_to_one_question_rests_on_every_place() -> None:
    """Another root that is reached is another question."""

    roots = {"live": call("a", "one"), "trial": call("a", "three")}
    (both,) = asked(tree(MODULE, **roots), tree(MODULE.replace("PREFIX", "other"), **roots))
    (one,) = asked(tree(MODULE, live=roots["live"]), tree(MODULE.replace("PREFIX", "other"), live=roots["live"]))
    assert bound(both) != bound(one)


def test_a_balancer_of_a_module_is_asked_about_once_for_all_calls() -> None:
    balancer = 'variable "name" {}\nresource "aws_lb" "a" {\n  name     = var.name\n  internal = false\n}\n'
    roots = {"live": call("a", "one") + call("b", "two"), "trial": call("a", "three")}
    empty = dict.fromkeys(roots, "# none\n")
    (question,) = asked(tree(balancer, **empty), tree(balancer, **roots))
    assert (question.rule, question.file, question.line, len(question.places)) == ("reachable-from-internet", "modules/db/main.tf", 4, 2)


WAY_IN = '  ingress {\n    from_port   = %s\n    to_port     = %s\n    protocol    = "%s"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n'


def test_one_port_of_a_group_is_asked_about_once_for_both_protocols() -> None:
    ways = WAY_IN % (517, 517, "tcp") + WAY_IN % (517, 517, "udp") + WAY_IN % (30000, 61000, "udp")
    found = asked({}, {"main.tf": f'resource "aws_security_group" "a" {{\n{ways}}}\n'})
    assert [(item.question, [place.line for place in item.places]) for item in found] == [
        ("Is port 517 meant for the whole internet?", [12]),
        ("Are ports 30000-61000 meant for the whole internet?", []),
    ]


def test_more_in_a_line_of_a_module_is_asked_about_once_for_all_calls() -> None:
    group = 'variable "name" {}\nresource "aws_autoscaling_group" "a" {\n  name     = var.name\n  min_size = 1\n  max_size = %s\n}\n'
    roots = {"live": call("a", "one") + call("b", "two"), "trial": call("a", "three")}
    (question,) = asked(tree(group % 2, **roots), tree(group % 200, **roots))
    assert (question.rule, question.line, len(question.places)) == ("capacity-much-larger", 5, 2)
