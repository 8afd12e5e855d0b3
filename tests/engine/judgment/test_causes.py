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


CLUSTER = """
variable "ranges" {}
resource "aws_eks_cluster" "a" {
  name = "a"
  vpc_config {
    subnet_ids          = ["subnet-1"]
    public_access_cidrs = RANGES
  }
}
"""
HANDED = 'module "a" {\n  source = "../modules/db"\n  ranges = ["0.0.0.0/0"]\n}\n'


def test_a_line_of_a_module_that_takes_what_every_root_handed_in_before_is_asked_about_once() -> None:
    roots = {f"live{number}": HANDED for number in range(6)}
    before, after = (tree(CLUSTER.replace("RANGES", value), **roots) for value in ('["10.0.0.0/8"]', "var.ranges"))
    (question,) = asked(before, after)
    assert (question.rule, question.file, question.line) == ("cluster-endpoint-open-to-world", "modules/db/main.tf", 7)
    assert {question.root, *(place.root for place in question.places)} == set(roots)


def test_what_every_root_hands_in_anew_is_asked_about_in_each() -> None:
    module = CLUSTER.replace("RANGES", "var.ranges")
    before = tree(module, one=HANDED.replace("0.0.0.0/0", "10.0.0.0/8"), two=HANDED.replace("0.0.0.0/0", "10.0.0.0/8"))
    assert [(item.file, item.line, item.root) for item in asked(before, tree(module, one=HANDED, two=HANDED))] == [
        ("modules/db/main.tf", 7, "one"),
        ("modules/db/main.tf", 7, "two"),
    ]


DISK = 'resource "aws_ebs_volume" "%s" {\n  availability_zone = "eu-west-1a"\n  encrypted         = true\n  snapshot_id       = %s\n}\n'


def test_an_image_that_many_machines_put_together_with_something_of_their_own_is_asked_about_once() -> None:
    nodes = ("a", "b", "c")
    own = "".join(f'    {node} = {{ slot = "{node}1" }}\n' for node in nodes)
    disks = "".join(DISK % (node, f'"${{local.image}}-${{local.nodes.{node}.slot}}"') for node in nodes)
    text = f'locals {{\n  image = "snap-IMAGE"\n  nodes = {{\n{own}  }}\n}}\n{disks}'
    (question,) = asked({"main.tf": text.replace("IMAGE", "one")}, {"main.tf": text.replace("IMAGE", "two")})
    assert (question.rule, question.line, len(question.places)) == ("data-replaced", 12, 2)


def test_one_region_that_all_roots_take_from_one_line_is_asked_about_once() -> None:
    root = 'module "place" {\n  source = "../modules/db"\n}\nprovider "aws" {\n  region = module.place.region\n}\n'
    module = 'output "region" {\n  value = "eu-REGION-1"\n}\n'
    roots = {f"live{number}": root for number in range(3)}
    found = asked(tree(module.replace("REGION", "west"), **roots), tree(module.replace("REGION", "central"), **roots))
    assert [(item.rule, item.line, len(item.places)) for item in found] == [("region-changed", 5, 2)]


def test_regions_that_are_written_in_each_root_are_asked_about_in_each() -> None:
    roots = {f"live{number}": 'provider "aws" {\n  region = "eu-REGION-1"\n}\n' for number in range(2)}
    before, after = ({f"{root}/main.tf": text.replace("REGION", name) for root, text in roots.items()} for name in ("west", "central"))
    assert [item.rule for item in asked(before, after)] == ["region-changed", "region-changed"]


def test_roots_that_go_from_one_directory_are_asked_about_once() -> None:
    kept = 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n'
    before = {f"apps/{name}/main.tf": kept for name in ("one", "two")} | {"base/state/main.tf": kept, "main.tf": "locals {}\n"}
    found = asked(before, {"main.tf": "locals {}\n"})
    assert [(item.rule, item.file, len(item.places)) for item in found] == [
        ("data-abandoned", "apps/one/main.tf", 1),
        ("data-abandoned", "base/state/main.tf", 0),
    ]


def test_a_configuration_that_is_not_in_the_tree_is_asked_about_once_for_all_roots() -> None:
    bucket = 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n%s}\n'
    roots = [f"live/{name}" for name in ("one", "two", "three")]
    beside = {f"{root}/terragrunt.hcl": "include {\n  path = find_in_parent_folders()\n}\n" for root in roots}
    before = beside | {f"{root}/main.tf": bucket % "" for root in roots}
    after = beside | {f"{root}/main.tf": bucket % "  provider = aws.elsewhere\n" for root in roots}
    found = [item for item in review(before, after).results if item.rule == "data-left-behind"]
    assert [(item.kind, len(item.places)) for item in found] == [("open", 2)]
