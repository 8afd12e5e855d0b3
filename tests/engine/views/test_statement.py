"""IAM statements, wherever they are written, with the line of every value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, plain
from bot.engine.views.policy_text import structure_of
from tests.engine.views.facts import facts, lines, read


def test_a_heredoc_tells_the_line_inside_the_text() -> None:
    (found,) = facts(
        "statement",
        """
        resource "aws_iam_policy" "a" {
          policy = <<-EOF
            {
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "s3:GetObject",
                    "s3:PutObject"
                  ],
                  "Resource": "*"
                }
              ]
            }
          EOF
        }
        """,
    )
    assert lines(found, "actions") == [7, 8, 9]
    assert lines(found, "resources") == [11, 11]
    assert (read(found, "effect"), read(found, "document"), read(found, "has_condition")) == ("Allow", "identity", False)


def test_a_text_in_a_local_is_read_at_the_reference_and_remembers_its_own_line() -> None:
    (found,) = facts(
        "statement",
        """
        locals {
          text = <<EOF
        {
          "Statement": {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*"
          }
        }
        EOF
        }
        resource "aws_iam_policy" "a" {
          policy = local.text
        }
        """,
    )
    value = found.attributes["actions"]
    assert value.span.line == 13
    assert value.origin[0].line == 6


def test_an_encoded_value_keeps_the_lines_of_its_parts() -> None:
    (found,) = facts(
        "statement",
        """
        resource "aws_iam_role" "a" {
          assume_role_policy = jsonencode({
            Statement = [{
              Effect    = "Allow"
              Principal = {
                Service = ["ec2.amazonaws.com"]
                AWS     = "111122223333"
              }
              Action    = "sts:AssumeRole"
            }]
          })
        }
        """,
    )
    assert read(found, "principals") == ["AWS:111122223333", "Service:ec2.amazonaws.com"] or read(found, "principals") == [
        "Service:ec2.amazonaws.com",
        "AWS:111122223333",
    ]
    assert lines(found, "actions") == [9, 9]
    assert read(found, "document") == "trust"


def test_one_unknown_part_does_not_hide_the_rest() -> None:
    (found,) = facts(
        "statement",
        """
        variable "bucket" {}
        resource "aws_iam_policy" "a" {
          policy = <<EOF
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": ["arn:aws:s3:::${var.bucket}", "*"], "Condition": ${var.bucket}}]}
        EOF
        }
        """,
    )
    assert read(found, "actions") == ["*"]
    resources = found.attributes["resources"]
    assert isinstance(resources, Known)
    assert isinstance(resources.raw, tuple)
    first = resources.raw[0]
    assert isinstance(first, Unknown)
    assert first.parts == ("arn:aws:s3:::", None)
    assert "<unknown" in str(read(found, "has_condition"))


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ('resource "aws_iam_role" "a" { assume_role_policy = data.aws_iam_policy_document.a.json }', "trust"),
        ('resource "aws_sqs_queue_policy" "a" { policy = data.aws_iam_policy_document.a.json }', "resource"),
        ('resource "aws_vpc_endpoint" "a" { policy = data.aws_iam_policy_document.a.json }', "endpoint"),
        ("", "resource"),
    ],
)
def test_a_document_is_what_it_is_used_for(use: str, expected: str) -> None:
    document = """
data "aws_iam_policy_document" "a" {
  statement {
    actions = ["sqs:SendMessage"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
"""
    (found,) = facts("statement", document + use)
    assert (read(found, "document"), read(found, "effect"), read(found, "principals")) == (expected, "Allow", ["AWS:*"])


def test_a_document_that_is_not_in_sight_is_a_fact_of_unknowns() -> None:
    (found,) = facts("statement", 'variable "text" {}\nresource "aws_iam_policy" "a" {\n  policy = var.text\n}')
    assert {str(read(found, name)) for name in ("effect", "actions", "resources", "principals")} == {"<unknown: var.text>"}


def test_a_text_that_is_no_json_is_not_read() -> None:
    (found,) = facts("statement", 'resource "aws_iam_policy" "a" {\n  policy = "{\\"Statement\\": ["\n}')
    value = found.attributes["actions"]
    assert isinstance(value, Unknown)
    assert value.reason == "not-read"


@pytest.mark.parametrize(
    ("condition", "narrowed"),
    [
        ('{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}', True),
        ('{"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:b"}}', True),
        ('{"Bool": {"aws:SecureTransport": "true"}}', False),
        ('{"ArnLike": {"aws:SourceArn": "*"}}', False),
        ('{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}', False),
        ('{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}', False),
        ('{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}', False),
        ('{"StringEqualsIfExists": {"aws:SourceAccount": "1"}}', False),
        ('{"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceAccount": "1"}}', True),
    ],
)
def test_a_condition_narrows_only_when_it_says_who(condition: str, narrowed: bool) -> None:  # noqa: FBT001
    text = json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": json.loads(condition)}})
    (found,) = facts("statement", f'resource "aws_s3_bucket_policy" "a" {{\n  policy = {json.dumps(text)}\n}}')
    assert (read(found, "has_condition"), read(found, "narrowed")) == (True, narrowed)


PRINCIPAL = """
variable "account" {{}}
data "aws_caller_identity" "current" {{}}
resource "aws_iam_role" "other" {{}}
data "aws_iam_policy_document" "a" {{
  statement {{
    actions = ["sqs:SendMessage"]
    principals {{
      type        = "{kind}"
      identifiers = [{identifier}]
    }}
  }}
}}
"""


@pytest.mark.parametrize(
    ("kind", "identifier", "expected"),
    [
        ("AWS", '"*"', True),
        ("*", '"*"', True),
        ("AWS", '"arn:aws:iam::*:role/reader"', True),
        ("AWS", '"111122223333", "*"', True),
        ("AWS", '"111122223333"', False),
        ("Service", '"s3.amazonaws.com"', False),
        ("AWS", "aws_iam_role.other.arn", False),
        ("AWS", "data.aws_caller_identity.current.account_id", False),
        ("AWS", '"arn:aws:iam::${var.account}:root"', False),
        ("Service", "var.account", False),
        ("AWS", "var.account", "<unknown: var.account>"),
        ("AWS", 'var.account, "*"', True),
    ],
)
def test_who_is_everyone(kind: str, identifier: str, expected: object) -> None:
    (found,) = facts("statement", PRINCIPAL.format(kind=kind, identifier=identifier))
    assert read(found, "everyone") == expected


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ue000"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1, 2]), st.booleans())
def test_reads_json_as_the_standard_library_does(document: object, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    assert plain(structure_of(Known(text, Span("a.tf", 1)))) == document


@given(st.text(alphabet='{}[]",:\\ \n1e-trufalsn\ue000a', max_size=60))
def test_never_fails_on_any_text(text: str) -> None:
    assert structure_of(Known(text, Span("a.tf", 1))) is not None


DENIED = """
resource "aws_s3_bucket_policy" "a" {{
  bucket = "b"
  policy = jsonencode({{
    Statement = [
      {{ Effect = "Allow", Principal = "*", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::b/*"] }},
      {{ Effect = "Deny", Principal = "*", Action = {action}, Resource = {resource}, Condition = {condition} }},
    ]
  }})
}}
"""
OUTSIDE = '{ StringNotEquals = { "aws:PrincipalOrgID" = "o-1" } }'


@pytest.mark.parametrize(
    ("action", "resource", "condition", "narrowed"),
    [
        ('"s3:*"', '"*"', OUTSIDE, True),
        ('["s3:GetObject"]', '["arn:aws:s3:::b/*"]', OUTSIDE, True),
        ('"s3:PutObject"', '"*"', OUTSIDE, False),
        ('"s3:*"', '"arn:aws:s3:::other/*"', OUTSIDE, False),
        ('"s3:*"', '"*"', '{ StringEquals = { "aws:PrincipalOrgID" = "o-1" } }', False),
        ('"s3:*"', '"*"', '{ NotIpAddress = { "aws:SourceIp" = "0.0.0.0/0" } }', False),
        ('"s3:*"', '"*"', '{ StringNotEquals = { "aws:PrincipalOrgID" = "o-1", "s3:prefix" = "a" } }', False),
        (
            '"s3:*"',
            '"*"',
            '{ StringNotEqualsIfExists = { "aws:SourceVpc" = "vpc-1" }, BoolIfExists = { "aws:PrincipalIsAWSService" = "false" } }',
            True,
        ),
    ],
)
def test_what_is_denied_to_all_others_is_allowed_to_some(action: str, resource: str, condition: str, narrowed: bool) -> None:  # noqa: FBT001
    allow, _ = facts("statement", DENIED.format(action=action, resource=resource, condition=condition))
    assert read(allow, "narrowed") is narrowed
