"""A plan beside the source: what it adds, what it settles, and what it may not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from bot.engine.documents import NotReadable
from bot.engine.iac.terraform import evaluate
from bot.engine.iac.terraform.plan import read_plan
from bot.engine.iac.terraform.planned import Side, under
from bot.engine.model.plan import Plan
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, plain

SOURCE = """
variable "cidr" {}
variable "names" { type = set(string) }
resource "aws_security_group" "web" {
  name = "web"
  ingress {
    from_port   = 22
    cidr_blocks = [var.cidr, "10.0.0.0/8"]
  }
}
resource "aws_ebs_volume" "data" {
  for_each = var.names
  size     = 10
}
module "db" {
  source = "terraform-aws-modules/rds/aws"
}
"""
WEB = {"name": "web", "ingress": [{"from_port": 22, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], "self": False}], "arn": None}


def change(address: str, after: dict[str, Any] | None, before: dict[str, Any] | None = None, **masks: Any) -> dict[str, Any]:
    kind, name = address.partition("[")[0].split(".")[-2:]
    return {"address": address, "type": kind, "name": name, "change": {"actions": ["create"], "before": before, "after": after, **masks}}


def document(*changes: dict[str, Any], **keys: Any) -> bytes:
    return json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": changes, **keys}).encode()


def put(*changes: dict[str, Any], trusted: bool = True, side: Side = "after", source: str = SOURCE, **keys: Any) -> tuple[Model, str, str]:
    models = evaluate("", {"main.tf": source.encode()})
    found = under(read_plan(document(*changes, **keys), "plan.json", trusted=trusted), models, side)
    return found.models[-1], found.standing, found.place


def resource(model: Model, address: str) -> Resource:
    return next(item for item in model.resources if item.address == address)


def test_trusted_plan_settles_what_is_open_and_keeps_the_lines_of_the_source() -> None:
    model, standing, _ = put(change("aws_security_group.web", WEB))
    ingress = resource(model, "aws_security_group.web").attributes["ingress"]
    assert standing == "settles"
    assert plain(ingress) == [{"from_port": 22, "cidr_blocks": ["0.0.0.0/0", "10.0.0.0/8"], "self": False}]
    assert isinstance(ingress, Known)
    prefixes = ingress.raw[0].raw["cidr_blocks"]  # type: ignore[index, union-attr, call-overload]  # asserted above
    assert [(item.span.line, [step.path for step in item.origin]) for item in prefixes.raw] == [  # type: ignore[union-attr]
        (8, ["main.tf", "plan.json"]),
        (8, []),
    ]


def test_plan_that_is_not_trusted_stands_beside_the_source() -> None:
    models = evaluate("", {"main.tf": SOURCE.encode()})
    found = under(read_plan(document(change("aws_security_group.web", WEB)), "plan.json"), models, "after")
    assert (found.standing, found.models[0], found.models[1].environment) == ("adds", models[0], "plan")


def test_instances_that_the_source_does_not_list_are_told_at_its_block() -> None:
    model, standing, _ = put(change("aws_security_group.web", WEB), change('aws_ebs_volume.data["a"]', {"size": 10, "encrypted": False}))
    volume = resource(model, 'aws_ebs_volume.data["a"]')
    assert (standing, volume.span.line, volume.exists, plain(volume.attributes["encrypted"])) == ("settles", 11, None, False)
    assert not [item for item in model.resources if item.address == "aws_ebs_volume.data"]


def test_resources_of_a_module_that_is_not_in_the_tree_stand_at_its_call() -> None:
    model, standing, _ = put(change("aws_security_group.web", WEB), change("module.db.aws_db_instance.this[0]", {"engine": "postgres"}))
    found = resource(model, "module.db.aws_db_instance.this[0]")
    assert (standing, found.span.line, [call.name for call in found.calls]) == ("settles", 15, ["db"])
    assert found.definition == "module.db.aws_db_instance.this"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ([change("aws_security_group.web", {**WEB, "name": "other"})], "aws_security_group.web.name"),
        ([change("aws_security_group.web", {**WEB, "ingress": []})], "aws_security_group.web.ingress"),
        ([], "aws_security_group.web"),
        ([change("aws_security_group.web", WEB), change("aws_vpc.main", {})], "aws_vpc.main"),
    ],
    ids=["another value", "no block", "resource not in the plan", "resource not in the source"],
)
def test_trusted_plan_of_something_else_only_adds(changes: list[dict[str, Any]], place: str) -> None:
    model, standing, found = put(*changes)
    assert (standing, found, model.environment) == ("disagrees", place, "plan")


def test_plan_of_one_of_two_environments_that_both_fit_settles_neither() -> None:
    files = {"main.tf": SOURCE.encode(), "a.tfvars": b'names = ["a"]\n', "b.tfvars": b'names = ["a"]\n'}
    models = evaluate("", files)
    assert len(models) == 2
    changes = document(change("aws_security_group.web", WEB), change('aws_ebs_volume.data["a"]', {"size": 10}))
    found = under(read_plan(changes, "plan.json", trusted=True), models, "after")
    assert (found.standing, found.models[:2]) == ("adds", models)


def test_plan_says_before_only_of_what_the_source_does_not_list() -> None:
    changes = (change("aws_security_group.web", WEB, WEB), change("module.db.aws_db_instance.this[0]", {}, {"engine": "postgres"}))
    model, _, _ = put(*changes, trusted=False, side="before")
    assert [item.address for item in model.resources if item.mode == "managed"] == ["module.db.aws_db_instance.this[0]"]


def test_unknown_after_apply_stays_unknown_and_what_is_hidden_is_not_kept() -> None:
    masks: dict[str, Any] = {
        "after_unknown": {"password": False, "kms_key_id": True},
        "after_sensitive": {"password": True, "tags": {"k": True}},
    }
    after = {"password": "hunter2hunter2", "kms_key_id": None, "tags": {"k": "hunter2", "l": "seen"}}
    source = 'variable "x" {}\nresource "aws_db_instance" "d" {\n  password = var.x\n  kms_key_id = var.x\n}\n'
    data = document(change("aws_db_instance.d", after, **masks), variables={"x": {"value": "hunter2"}}, configuration={
        "root_module": {"variables": {"x": {"sensitive": True}}}
    })  # fmt: skip
    plan = read_plan(data, "plan.json", trusted=True)
    assert b"hunter2" not in msgspec.json.encode(plan)
    found = under(plan, evaluate("", {"main.tf": source.encode()}), "after")
    attributes = resource(found.models[-1], "aws_db_instance.d").attributes
    assert {name: value.reason for name, value in attributes.items() if isinstance(value, Unknown)} == {
        "password": "module-input",
        "kms_key_id": "module-input",
    }
    assert plain(attributes["tags"]) == {"k": "<hidden>", "l": "seen"}


def test_plan_survives_the_way_into_the_child() -> None:
    plan = read_plan(document(change("aws_security_group.web", WEB, after_unknown={"arn": True})), "plan.json")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(plan), type=Plan) == plan


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "not what `terraform show -json` prints"),
        (b"[]", "not what `terraform show -json` prints"),
        (b'{"format_version": "1.0", "values": {}}', "a state, not a plan"),
        (b'{"format_version": "2.0", "resource_changes": []}', "format version 2.0; 1 is read"),
        (b'{"format_version": "1.2", "resource_changes": [], "errored": true}', "the plan ended in an error"),
        (b'{"format_version": "1.2", "resource_changes": [], "planned_values": ' + b"[" * 5000 + b"]" * 5000 + b"}", "not what"),
    ],
    ids=["empty", "list", "state", "version", "errored", "nested"],
)
def test_what_is_no_plan_is_refused_with_the_reason(data: bytes, detail: str) -> None:
    with pytest.raises(NotReadable, match=r"plan\.json:1") as problem:
        read_plan(data, "plan.json")
    assert problem.value.detail.startswith(detail)
