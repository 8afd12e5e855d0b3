"""Every dialect that excuses findings: added, made wider, moved, taken away, and inside a text or heredoc."""

from __future__ import annotations

import pytest

from bot.engine.model.result import Result
from tests.changes import Files, review

EXCUSES = {
    "# checkov:skip=CKV_AWS_18:none": ("checkov", "CKV_AWS_18"),
    "# bridgecrew:skip=CKV_AWS_18": ("checkov", "CKV_AWS_18"),
    "#tfsec:ignore:aws-s3-enable-versioning": ("tfsec", "aws-s3-enable-versioning"),
    "#trivy:ignore:AVD-AWS-0088": ("trivy", "AVD-AWS-0088"),
    "#trivy:ignore:AVD-AWS-0088:exp:2024-03-10": ("trivy", "AVD-AWS-0088:exp:2024-03-10"),
    "# kics-scan ignore-line": ("kics", "ignore-line"),
    "# kics-scan disable=0a1b": ("kics", "0a1b"),
    "#ts:skip=AC_AWS_0214": ("terrascan", "AC_AWS_0214"),
    "# nosemgrep": ("semgrep", "everything"),
    "# nosemgrep: terraform.aws.rule": ("semgrep", "terraform.aws.rule"),
    "# tflint-ignore: aws_instance_invalid_type": ("tflint", "aws_instance_invalid_type"),
    "# gitleaks:allow": ("gitleaks", "everything"),
    "# pragma: allowlist secret": ("detect-secrets", "everything"),
}


def asked(before: Files, after: Files) -> list[tuple[str, str, int]]:
    """Id, file and line of what is asked about suppressions."""
    found = [result for result in review(before, after).results if result.rule == "finding-suppressed"]
    return sorted(place for result in found for place in _places(result))


def _places(result: Result) -> list[tuple[str, str, int]]:
    return [(result.resource, result.file, result.line), *((item.resource, item.file, item.line) for item in result.places)]


@pytest.mark.parametrize("line", EXCUSES)
def test_each_dialect_is_known(line: str) -> None:
    dialect, name = EXCUSES[line]
    assert asked({"a.tf": "locals {}\n"}, {"a.tf": f"locals {{}}\n{line}\n"})[:1] == [(f"{dialect} {name}", "a.tf", 2)]


@pytest.mark.parametrize("line", EXCUSES)
def test_what_stood_there_or_elsewhere_before_is_quiet(line: str) -> None:
    assert asked({"a.tf": f"{line}\nlocals {{}}\n"}, {"a.tf": f"locals {{}}\n\n{line}\n"}) == []
    assert asked({"a.tf": f"{line}\n", "b.tf": ""}, {"a.tf": "", "b.tf": f"{line}\n"}) == []
    assert asked({"a.tf": f"{line}\n"}, {"a.tf": "locals {}\n"}) == []


def test_a_second_one_like_the_first_is_new() -> None:
    line = "#trivy:ignore:AVD-AWS-0088\n"
    assert asked({"a.tf": line}, {"a.tf": line + line}) == [("trivy AVD-AWS-0088", "a.tf", 2)]


def test_one_that_gets_wider_names_what_is_more() -> None:
    assert asked({"a.tf": "# tflint-ignore: one\n"}, {"a.tf": "# tflint-ignore: one, two\n"}) == [("tflint two", "a.tf", 1)]


def test_scanners_do_not_ask_whether_a_line_is_a_comment() -> None:
    text = 'locals {\n  a = "checkov:skip=CKV_AWS_18"\n  b = <<-EOT\n    # tfsec:ignore:x\n  EOT\n}\n'
    assert asked({"a.tf": "locals {}\n"}, {"a.tf": text}) == [("checkov CKV_AWS_18", "a.tf", 2), ("tfsec x", "a.tf", 4)]


def test_other_languages_are_looked_at() -> None:
    before = {"a.yaml": "kind: Pod\n", "Dockerfile": "FROM a\n", "a.bicep": ""}
    after = {
        "a.yaml": "kind: Pod\nmetadata:\n  annotations:\n    checkov.io/skip1: CKV_K8S_20=x\n",
        "Dockerfile": "# hadolint ignore=DL3006\nFROM a\n",
        "a.bicep": "#disable-next-line no-hardcoded-env-urls\n",
    }
    assert asked(before, after) == [
        ("bicep no-hardcoded-env-urls", "a.bicep", 1),
        ("checkov CKV_K8S_20", "a.yaml", 4),
        ("hadolint DL3006", "Dockerfile", 1),
    ]


def test_several_of_one_dialect_are_one_question() -> None:
    after = {"a.tf": "#trivy:ignore:A\n#trivy:ignore:B\n", "b.tf": "#trivy:ignore:A\n"}
    found = [result for result in review({"a.tf": "", "b.tf": ""}, after).results if result.rule == "finding-suppressed"]
    assert [len(result.places) for result in found] == [2]
