"""What a review says of references to what does not exist: which are new, which were there, and how they are told."""

from __future__ import annotations

import pytest

from bot.engine.evaluation import needs
from bot.engine.model.result import Result
from tests.changes import Files, review, scanned, snapshot

OWN = 'terraform {\n  backend "s3" {}\n}\n'
VARIABLE = 'variable "curve" {\n  default = "P384"\n}\n'
KEY = '\n\n\n\n\nresource "tls_private_key" "a" {\n  algorithm   = "ECDSA"\n  ecdsa_curve = var.curve\n}\n'


def told(before: Files, after: Files) -> list[tuple[str, str, str, int, bool]]:
    """Rule, state, file, line, and whether it blocks, of each result about a reference."""
    found = [result for result in review(before, after).results if is_about_a_reference(result)]
    return [(result.rule, result.baseline_state, result.file, result.line, result.blocks) for result in found]


def is_about_a_reference(result: Result) -> bool:
    return result.rule.endswith(("-not-declared", "-missing", "-not-in-tree", "-twice", "-to-itself"))


def only(before: Files, after: Files) -> Result:
    (found,) = [result for result in review(before, after).results if is_about_a_reference(result)]
    return found


def test_a_new_reference_to_nothing_blocks_at_its_line_and_names_the_near_one() -> None:
    result = only({"key/main.tf": VARIABLE}, {"key/main.tf": VARIABLE + KEY.replace("var.curve", "var.curv")})
    assert (result.rule, result.kind, result.blocks, result.severity) == ("variable-not-declared", "fail", True, "high")
    assert (result.file, result.line, result.column, result.end_column) == ("key/main.tf", 11, 17, 25)
    assert result.resource == "tls_private_key.a"
    assert result.message == "var.curv is not declared in this module. The nearest name there: var.curve."
    assert result.anchor is not None
    assert (result.anchor.path, result.anchor.line, result.anchor.side) == ("key/main.tf", 11, "RIGHT")


def test_where_no_name_is_near_none_is_told() -> None:
    assert only({}, {"main.tf": KEY}).message == "var.curve is not declared in this module."


def test_what_was_there_before_does_not_block_an_unrelated_change() -> None:
    broken = {"main.tf": KEY}
    assert told(broken, {**broken, "other.tf": 'variable "size" {\n  default = 1\n}\n'}) == [
        ("variable-not-declared", "unchanged", "main.tf", 8, False)
    ]
    assert told(broken, {"main.tf": "\n\n" + KEY}) == [("variable-not-declared", "unchanged", "main.tf", 10, False)]
    assert told(broken, {"main.tf": VARIABLE + KEY}) == [("variable-not-declared", "absent", "main.tf", 8, False)]


def test_another_name_in_the_same_place_is_new() -> None:
    found = told({"main.tf": KEY}, {"main.tf": KEY.replace("var.curve", "var.bend")})
    assert [(state, blocks) for _, state, _, _, blocks in found] in ([("updated", True)], [("new", True)])


def test_a_deleted_variable_makes_its_untouched_references_new_and_is_one_result() -> None:
    uses = KEY + KEY.replace('"a"', '"b"')
    result = only({"main.tf": uses, "variables.tf": VARIABLE}, {"main.tf": uses, "variables.tf": ""})
    assert (result.baseline_state, result.blocks, result.file, result.line) == ("new", True, "main.tf", 8)
    assert [(place.file, place.line, place.resource) for place in result.places] == [("main.tf", 17, "tls_private_key.b")]
    assert result.anchor is not None
    assert (result.anchor.path, result.anchor.line, result.anchor.side) == ("variables.tf", 1, "LEFT")


def test_a_new_required_input_fails_the_calls_that_do_not_set_it_and_is_told_where_it_is_declared() -> None:
    call = OWN + 'module "m" {\n  source = "./m"\n}\nmodule "n" {\n  source = "./m"\n}\n'
    result = only({"main.tf": call, "m/main.tf": ""}, {"main.tf": call, "m/main.tf": 'variable "name" {}\n'})
    assert (result.rule, result.file, result.line, result.message) == (
        "module-input-missing",
        "main.tf",
        4,
        "module.m does not set name, which has no default.",
    )
    assert [(place.file, place.line) for place in result.places] == [("main.tf", 7)]
    assert result.anchor is not None
    assert (result.anchor.path, result.anchor.line) == ("m/main.tf", 1)


def test_a_module_that_begins_to_be_called_keeps_what_it_had() -> None:
    module = {"m/main.tf": "locals {\n  a = local.gone\n}\n"}
    called = {**module, "main.tf": OWN + 'module "m" {\n  source = "./m"\n}\n'}
    before = {**module, "main.tf": OWN}
    assert [(state, blocks) for _, state, _, _, blocks in told(called, {**called, "m/other.tf": ""})] == [("unchanged", False)]
    assert [blocks for *_, blocks in told(before, {**called, "m/other.tf": ""})] == [False]


def test_a_renamed_resource_keeps_its_reference() -> None:
    assert told({"main.tf": KEY}, {"main.tf": KEY.replace('"a"', '"b"')}) == [("variable-not-declared", "unchanged", "main.tf", 8, False)]


def test_a_moved_directory_keeps_its_references() -> None:
    before, after = {"old/main.tf": KEY}, {"new/main.tf": KEY}
    found = review(before, after, renames={"new/main.tf": "old/main.tf"}).results
    assert [(result.baseline_state, result.blocks) for result in found if is_about_a_reference(result)] == [("unchanged", False)]


def test_an_added_reference_beside_an_old_one_is_the_new_one() -> None:
    before = {"main.tf": KEY}
    after = {"main.tf": KEY, "a.tf": 'output "o" {\n  value = var.curve\n}\n'}
    assert sorted(told(before, after)) == [
        ("variable-not-declared", "new", "a.tf", 2, True),
        ("variable-not-declared", "unchanged", "main.tf", 8, False),
    ]


def test_what_may_be_generated_is_not_verified_and_blocks_nothing() -> None:
    result = only({}, {"main.tf": KEY, "terragrunt.hcl": ""})
    assert (result.kind, result.blocks, result.deciding.expression) == ("open", False, "var.curve")


def test_what_one_generator_may_make_is_told_once() -> None:
    more = 'output "a" {\n  value = var.size\n}\noutput "b" {\n  value = var.size\n}\n'
    result = only({}, {"main.tf": KEY, "more.tf": more, "terragrunt.hcl": ""})
    assert [(place.file, place.line) for place in result.places] == [("more.tf", 2), ("more.tf", 5)]


def test_a_file_is_there_once_it_is_in_the_tree_although_nobody_fetched_it() -> None:
    text = OWN + 'resource "aws_iam_policy" "p" {\n  policy = file("${path.module}/admin.bin2")\n}\n'
    assert [line for *_, line, _ in told({}, {"main.tf": text})] == [5]
    assert told({}, {"main.tf": text, "admin.bin2": b"\x00"}) == []


@pytest.mark.parametrize(("ignored", "kind"), [("/made/\n", "open"), ("/other/\n", "fail")])
def test_what_git_ignores_is_asked_for_and_looked_at(ignored: str, kind: str) -> None:
    files = {
        "live/main.tf": OWN + 'locals {\n  a = file("${path.module}/made/a.json")\n}\n',
        "live/.gitignore": ignored,
        "x/.gitignore": "*",
    }
    bare = snapshot({}, files, blobs={})
    asked = {path for path, entry in bare.head.entries.items() if entry.oid in needs(bare)}
    assert asked == {"live/main.tf", "live/.gitignore"}
    assert only({}, files).kind == kind


def test_a_scan_tells_a_place_once_however_many_roots_reach_it() -> None:
    call = OWN + 'module "m" {\n  source = "../m"\n}\n'
    found = scanned({"x/main.tf": call, "y/main.tf": call, "m/main.tf": "locals {\n  a = local.gone\n}\n"})
    assert [(result.rule, result.file, result.line) for result in found if is_about_a_reference(result)] == [
        ("local-not-declared", "m/main.tf", 2)
    ]
