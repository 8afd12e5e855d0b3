"""What a person is asked about the difference of two directories."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from tests.cli.command import countersign
from tests.cli.conftest import PROVIDER

Files = dict[str, str]


class Shown(Struct, frozen=True):
    """`code`: the exit code. `asked`: each question with its line. `text`: everything."""

    code: int
    asked: list[tuple[str, str]]
    text: str


def review(tmp_path: Path, before: Files, after: Files) -> Shown:
    for name, files in (("before", before), ("after", after)):
        for path, text in {"provider.tf": PROVIDER, **files}.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text)
    done = countersign("review", "--before", tmp_path / "before", "--after", tmp_path / "after", "--plain")
    assert done.error == ""
    asked = re.findall(r"^decide\[J-\d+\]: (.*)\n  --> (\S+)", done.out, re.MULTILINE)
    return Shown(done.code, asked, " ".join(done.out.split()))


BUCKET = 'resource "aws_s3_bucket" "%s" {\n  bucket = "%s"\n}\n'
DATABASE = """resource "aws_db_instance" "orders" {
  storage_encrypted   = %s
  deletion_protection = %s
  skip_final_snapshot = true
}
resource "aws_route53_record" "orders" {
  records = [aws_db_instance.orders.address]
}
resource "aws_cloudwatch_metric_alarm" "orders" {
  alarm_name = aws_route53_record.orders.fqdn
}
"""


def test_a_database_that_is_replaced_says_why_and_how_far_it_reaches(tmp_path: Path) -> None:
    shown = review(tmp_path, {"rds.tf": DATABASE % ("false", "false")}, {"rds.tf": DATABASE % ("true", "false")})
    question = (
        "Applying this deletes aws_db_instance.orders (database) and creates an empty one, because `storage_encrypted` changes. Intended?"
    )
    assert (shown.code, shown.asked) == (2, [(question, "rds.tf:2:25")])
    assert "was: false" in shown.text
    assert "fact: `deletion_protection` is off" in shown.text
    assert "fact: `skip_final_snapshot` is true: no last snapshot is kept" in shown.text
    assert "fact: 2 resources depend on it: aws_cloudwatch_metric_alarm.orders, aws_route53_record.orders" in shown.text


def test_deletion_protection_makes_the_apply_stop(tmp_path: Path) -> None:
    shown = review(tmp_path, {"rds.tf": DATABASE % ("false", "true")}, {"rds.tf": DATABASE % ("true", "true")})
    assert "fact: `deletion_protection` is on: the apply stops until it is off" in shown.text


def test_what_is_gone_is_shown_as_it_was(tmp_path: Path) -> None:
    shown = review(tmp_path, {"a.tf": BUCKET % ("logs", "logs") + "# end\n"}, {"a.tf": "# end\n"})
    assert shown.asked == [("Applying this deletes aws_s3_bucket.logs (object store) and what it keeps. Intended?", "a.tf:1")]
    assert "in aws_s3_bucket.logs, as it was on the base" in shown.text
    assert '1 | resource "aws_s3_bucket" "logs" {' in shown.text


def test_a_module_call_that_goes_is_one_question(tmp_path: Path) -> None:
    module = {"m/main.tf": "".join(BUCKET % (name, name) for name in "abcd")}
    shown = review(tmp_path, {"a.tf": 'module "m" {\n  source = "./m"\n}\n', **module}, {"a.tf": "", **module})
    assert [place for _, place in shown.asked] == ["a.tf:1"]
    assert "also: a.tf:1 module.m.aws_s3_bucket.b and at 2 more places" in shown.text


def test_count_on_a_module_call_destroys_what_it_holds(tmp_path: Path) -> None:
    module = {"m/main.tf": BUCKET % ("a", "a")}
    call = 'module "m" {\n  source = "./m"\n%s}\n'
    shown = review(tmp_path, {"a.tf": call % "", **module}, {"a.tf": call % "  count  = 1\n", **module})
    assert [place for _, place in shown.asked] == ["a.tf:1"]
    moved = "moved {\n  from = module.m\n  to   = module.m[0]\n}\n"
    assert review(tmp_path, {"a.tf": call % "", **module}, {"a.tf": call % "  count  = 1\n" + moved, **module}).code == 0


def test_a_rename_without_moved_names_what_would_keep_the_data(tmp_path: Path) -> None:
    shown = review(tmp_path, {"a.tf": BUCKET % ("old", "x")}, {"a.tf": BUCKET % ("new", "x")})
    assert [place for _, place in shown.asked] == ["a.tf:1"]
    assert "a `moved` block from `aws_s3_bucket.old` to it keeps what is there" in shown.text


def test_a_refactoring_is_quiet(tmp_path: Path) -> None:
    moved = 'moved {\n  from = aws_s3_bucket.old\n  to   = module.m.aws_s3_bucket.new\n}\nmodule "m" {\n  source = "./m"\n}\n'
    shown = review(tmp_path, {"a.tf": BUCKET % ("old", "x")}, {"a.tf": moved, "m/main.tf": BUCKET % ("new", "x")})
    assert (shown.code, shown.asked) == (0, [])
    assert "1 resource moved, 0 values changed" in shown.text


def test_a_number_that_is_not_known_is_said(tmp_path: Path) -> None:
    counted = (BUCKET % ("a", "a")).replace("{\n", "{\n  count = var.n\n", 1) + 'variable "n" {}\n'
    shown = review(tmp_path, {"a.tf": BUCKET % ("a", "a")}, {"a.tf": counted})
    assert shown.asked == [("Applying this deletes something that keeps data? Not known from this change", "a.tf:2:11")]
    assert "needs: var.n: a variable without default that nothing in the tree sets" in shown.text


def test_protection_taken_away_is_asked_even_where_nothing_is_destroyed(tmp_path: Path) -> None:
    shown = review(tmp_path, {"rds.tf": DATABASE % ("true", "true")}, {"rds.tf": DATABASE % ("true", "false")})
    assert shown.asked == [("`deletion_protection` of aws_db_instance.orders is off now. Intended?", "rds.tf:3:25")]


def test_a_suppression_is_asked_where_it_is_added_and_not_where_it_was_moved(tmp_path: Path) -> None:
    bucket, skip = BUCKET % ("a", "a"), "# checkov:skip=CKV_AWS_18: none\n"
    added = review(tmp_path / "added", {"a.tf": bucket}, {"a.tf": skip + bucket})
    assert added.asked == [("A finding of checkov is suppressed (`CKV_AWS_18`). Is it wrong, or is the risk accepted?", "a.tf:1:3")]
    moved = review(tmp_path / "moved", {"a.tf": skip + bucket, "b.tf": ""}, {"a.tf": bucket, "b.tf": skip})
    assert moved.asked == []


def test_files_that_guard_are_asked_about_though_they_are_no_infrastructure(tmp_path: Path) -> None:
    shown = review(tmp_path, {"CODEOWNERS": "* @acme/platform\n"}, {"CODEOWNERS": "* @acme/all\n"})
    question = "CODEOWNERS (code owners) is changed by this change. Is it meant to guard less, or otherwise, from now on?"
    assert (shown.code, shown.asked) == (2, [(question, "CODEOWNERS:1")])


def test_a_state_that_moves_is_asked(tmp_path: Path) -> None:
    backend = 'terraform {\n  backend "s3" {\n    key = "%s"\n  }\n}\n'
    shown = review(tmp_path, {"a.tf": backend % "one"}, {"a.tf": backend % "two"})
    assert shown.asked == [("The state moves, because `backend.key` changes. Is it migrated before the next apply?", "a.tf:3:11")]
    assert 'was: "one"' in shown.text


def test_a_module_source_is_asked_about_once(tmp_path: Path) -> None:
    calls = "".join(f'module "{name}" {{\n  source  = "acme-labs/vpc/aws"\n  version = "1.0.0"\n}}\n' for name in "ab")
    shown = review(tmp_path, {"a.tf": ""}, {"a.tf": calls})
    assert shown.asked == [("`acme-labs/vpc/aws` is a new source of code. Is it one that may be used?", "a.tf:2:13")]
