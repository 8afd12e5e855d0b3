"""Names in IAM statements that do not exist, and what was perhaps meant."""

from __future__ import annotations

import json

import pytest

from bot.confine.tables import facts
from bot.engine.iac.terraform import evaluate
from bot.engine.model.value import Unknown
from bot.engine.views import views
from tests.engine.views.facts import read


def told(action: str) -> list[tuple[object, ...]]:
    """Kind, whether it is decided, what was perhaps meant."""
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
    text = f'resource "aws_iam_policy" "a" {{\n  policy = <<-EOT\n{policy}\nEOT\n}}\n'
    models = evaluate("", {"main.tf": text.encode()})
    found = [subject for model in models for subject in views(facts())["iam-name"](model)]
    return [(read(item, "kind"), not isinstance(item.attributes["missing"], Unknown), read(item, "similar")) for item in found]


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("s3:GetObjects", "s3:GetObject"),
        ("ec2:DescribeInstnaces", "ec2:DescribeInstances"),
        ("s3:HeadObject", "s3:GetObject"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
        ("sqs:sendmessagebatch", "sqs:SendMessage"),
        ("ec2:Descibe*", "ec2:Describe*"),
        ("s3", "s3:*"),
        ("CreateAgentRuntime", "bedrock-agentcore:CreateAgentRuntime"),
        ("ec2:DescribeListeners", "elasticloadbalancing:DescribeListeners"),
        ("ssm:GetSecretValue", "secretsmanager:GetSecretValue"),
    ],
)
def test_an_action_that_does_not_exist(action: str, meant: str) -> None:
    assert told(action) == [("action", True, meant)]


@pytest.mark.parametrize(
    ("action", "meant"), [("lamda:*", "lambda"), ("bedrock-agentcore-control:CreateAgentRuntime", "bedrock-agentcore")]
)
def test_a_service_that_does_not_exist(action: str, meant: str) -> None:
    assert told(action) == [("service", True, meant)]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("s3:FetchEverything", "action"),
        ("s3:Fetch*", "action"),
        ("glue:CopyObject", "action"),  # nobody has it
        ("iam:AssumeRole", "action"),  # another service has it, and this one looks after roles as well
        ("transform:ListMessages", "action"),  # of a service that grows: another service has it
        ("iam:SetUserPolicy", "action"),  # another verb: both may exist
        ("carpet:Fly", "service"),
    ],
)
def test_what_may_be_newer_than_the_table_is_left_open(action: str, kind: str) -> None:
    assert [(found[0], found[1]) for found in told(action)] == [(kind, False)]


@pytest.mark.parametrize("action", ["*", "*:*", "s3:*", "S3:GETOBJECT", "s3:Get?bject", "SNS:Receive", "a:b:c", "not an action", ""])
def test_what_exists_or_has_no_meaning_to_us_is_no_fault(action: str) -> None:
    assert told(action) == []
