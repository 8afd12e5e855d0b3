"""Where a resource and the schema of its provider disagree: which table tells, and how far it is believed."""

from __future__ import annotations

from textwrap import dedent

import pytest

from bot.confine.tables import facts
from bot.engine.evaluation import evaluate as decide
from bot.engine.facts import NO_FACTS
from bot.engine.iac.terraform import evaluate
from bot.engine.model.match import Subject
from bot.engine.model.value import Unknown
from bot.engine.views import views
from tests.changes import snapshot
from tests.engine.views.facts import read


def found(text: str, **files: str) -> list[Subject]:
    sources = {"main.tf": dedent(text).strip("\n"), **files}
    models = evaluate("", {path: data.encode() for path, data in sources.items()})
    return [subject for model in models for subject in views(facts())["schema"](model)]


def told(text: str) -> list[tuple[object, ...]]:
    """Kind, line, whether it is decided, what it is called, what was perhaps meant."""
    subjects = found(text)
    return [
        (
            read(item, "kind"),
            item.span.line,
            not isinstance(item.attributes["missing"], Unknown),
            item.path.partition(" ")[2],
            read(item, "similar"),
        )
        for item in subjects
    ]


def test_names_path_block_and_what_was_meant() -> None:
    text = """
        resource "aws_instance" "a" {
          ami = "ami-12345678"
          root_block_device {
            volume_sizes = 20
          }
        }
    """
    assert told(text) == [("argument", 4, True, "root_block_device.volume_sizes", "volume_size")]
    (fault,) = found(text)
    assert read(fault, "inside") == "aws_instance.root_block_device"
    assert read(fault, "table") == "aws 6.58.0 of 2026-08-05"


def test_an_open_name_carries_the_table_and_its_date() -> None:
    (fault,) = found('resource "aws_instance" "a" {\n  ami = "a"\n  profile = "b"\n}')
    missing = fault.attributes["missing"]
    assert isinstance(missing, Unknown)
    assert missing.reason == "table"
    assert missing.expression == "profile in aws_instance (aws 6.58.0 of 2026-08-05; nearest: something else)"


def test_a_place_is_told_once_for_all_instances() -> None:
    assert len(told('resource "aws_sns_topic" "a" {\n  count = 20\n  name = "a"\n  display_nam = "b"\n}')) == 1


@pytest.mark.parametrize(
    ("constraint", "decided"),
    [
        ("", True),
        ("~> 6.0", True),
        (">= 5.0, < 7.0", True),
        ("6.58.0", True),
        ("= 5.46.0", True),
        ("~> 5.0", True),
        ("6.58.1", False),
        ("~> 6.59", False),
        (">= 6.58.1", False),
        ("> 6.58.0", False),
        ("~> 7.0", False),
        ("~> 4.0", False),
        ("< 5.0", False),
    ],
)
def test_a_slip_of_the_pen_is_decided_by_a_table_that_is_new_and_old_enough(constraint: str, decided: bool) -> None:  # noqa: FBT001
    text = f"""
        terraform {{
          required_providers {{
            aws = {{
              source  = "hashicorp/aws"
              version = "{constraint}"
            }}
          }}
        }}
        resource "aws_sns_topic" "a" {{
          nmae         = "a"
          display_nam  = "b"
        }}
    """
    assert [row[2] for row in told(text) if row[3] == "display_nam"] == [decided]


@pytest.mark.parametrize(
    ("constraint", "decided"), [("6.40.0", True), ("<= 6.58", True), ("~> 5.40", True), ("~> 6.0", False), ("", False)]
)
def test_the_same_words_decide_where_the_provider_is_certainly_not_newer(constraint: str, decided: bool) -> None:  # noqa: FBT001
    text = f"""
        terraform {{
          required_providers {{
            aws = "{constraint}"
          }}
        }}
        resource "aws_cloudwatch_alarm" "a" {{}}
    """
    assert told(text) == [("type", 6, decided, "aws_cloudwatch_alarm", "aws_cloudwatch_metric_alarm")]


@pytest.mark.parametrize(
    "source",
    ["hashicorp/aws", "registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws", "opentofu/aws", "HashiCorp/AWS"],
)
def test_knows_the_provider_by_its_source(source: str) -> None:
    settings = f'terraform {{\n  required_providers {{\n    aws = {{ source = "{source}" }}\n  }}\n}}\n'
    assert len(told(settings + 'resource "aws_s3_bukcet" "a" {}')) == 1


@pytest.mark.parametrize("source", ["acme/aws", "registry.acme.example/hashicorp/aws"])
def test_says_nothing_of_a_provider_from_elsewhere(source: str) -> None:
    settings = f'terraform {{\n  required_providers {{\n    aws = {{ source = "{source}" }}\n  }}\n}}\n'
    assert told(settings + 'resource "aws_s3_bukcet" "a" {}') == []


def test_the_constraint_of_a_module_holds_for_all() -> None:
    text = 'module "a" {\n  source = "./a"\n}\nterraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
    inside = 'terraform {\n  required_providers {\n    aws = { version = "~> 7.0" }\n  }\n}\nresource "aws_s3_bukcet" "a" {}\n'
    (fault,) = found(text, **{"a/main.tf": inside})
    assert isinstance(fault.attributes["missing"], Unknown)


@pytest.mark.parametrize(
    "body",
    [
        'timeouts {\n    create = "1m"\n  }',
        "lifecycle {\n    prevent_destroy = true\n  }",
        'provisioner "local-exec" {\n    command = "true"\n  }',
        "tags = { Nmae = 1 }",
    ],
)
def test_what_the_language_has_is_no_fault(body: str) -> None:
    assert told(f'resource "aws_vpc" "a" {{\n  cidr_block = "10.0.0.0/16"\n  {body}\n}}') == []


def test_without_tables_nothing_is_said() -> None:
    (model,) = evaluate("", {"main.tf": b'resource "aws_s3_bukcet" "a" {}'})
    assert list(views(NO_FACTS)["schema"](model)) == []


def test_the_verdict_names_the_tables_it_was_made_under() -> None:
    case = snapshot({}, {"main.tf": 'resource "aws_s3_bukcet" "a" {}\n'})
    assert decide(case, facts()).facts_digest == facts().digest != ""
    assert decide(case).facts_digest == ""
    assert decide(case).snapshot_digest == decide(case, facts()).snapshot_digest
