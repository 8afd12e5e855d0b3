"""Which outputs hand a secret on, and that one key is one question."""

from __future__ import annotations

import pytest

from bot.engine.model.result import Result
from tests.changes import Files, review

KEY = 'resource "tls_private_key" "a" {\n  algorithm = "ED25519"\n}\n'
RANDOM = 'resource "random_password" "a" {\n  length = 20\n}\n'
OUTPUT = 'output "%s" {\n  value     = %s\n  sensitive = true\n}\n'
CALL = 'module "a" {\n  source = "./modules/key"\n}\n'
PEM = OUTPUT % ("pem", "tls_private_key.a.private_key_pem")


def told(before: Files, after: Files) -> list[Result]:
    return [item for item in review(before, after).results if item.rule in ("private-key-handed-on", "secret-handed-on")]


@pytest.mark.parametrize(
    "written",
    [
        "random_password.a.result",
        "sensitive(random_password.a.result)",
        '"postgres://app:${random_password.a.result}@db"',
        "[random_password.a.result]",
        "{ password = random_password.a.result, length = random_password.a.length }",
    ],
)
def test_the_secret_itself_is_told_of(written: str) -> None:
    assert [item.rule for item in told({"a.tf": RANDOM}, {"a.tf": RANDOM + OUTPUT % ("a", written)})] == ["secret-handed-on"]


@pytest.mark.parametrize(
    "written",
    [
        "random_password.a.length",
        "sha256(random_password.a.result)",
        "length(random_password.a.result)",
        '"hash-${sha256(random_password.a.result)}"',
        "random_password.a.result != null",
        "random_password.a.bcrypt_hash",
    ],
)
def test_what_is_made_of_it_is_not(written: str) -> None:
    assert told({"a.tf": RANDOM}, {"a.tf": RANDOM + OUTPUT % ("a", written)}) == []


def test_all_that_hands_on_one_key_is_one_question_where_the_module_says_so() -> None:
    module = {"modules/key/main.tf": KEY}
    ssh = OUTPUT % ("ssh", "tls_private_key.a.private_key_openssh")
    after = {"main.tf": CALL + OUTPUT % ("up", "module.a.pem"), "modules/key/main.tf": KEY + PEM + ssh}
    (question,) = told({"main.tf": CALL, **module}, after)
    assert (question.kind, question.file, question.line) == ("review", "modules/key/main.tf", 4)


def test_a_key_that_comes_with_the_change_is_asked_about_once() -> None:
    after = {"main.tf": CALL, "modules/key/main.tf": KEY + PEM}
    found = review({"main.tf": "locals {}\n"}, after).results
    assert [(item.rule, item.kind) for item in found if item.asked] == [("private-key-in-plain-text", "review")]
    assert [(item.rule, item.kind) for item in found if item.rule.endswith("-handed-on")] == [("secret-handed-on", "informational")]


def test_an_output_that_moves_to_another_file_is_nothing_new() -> None:
    assert told({"a.tf": KEY + PEM}, {"a.tf": KEY, "outputs.tf": PEM}) == []


def test_another_call_of_a_module_that_hands_on_its_key_is_nothing_new() -> None:
    module = {"modules/key/main.tf": KEY + PEM}
    assert told({"main.tf": CALL, **module}, {"main.tf": CALL + CALL.replace('"a"', '"b"'), **module}) == []


def test_a_key_that_one_more_output_hands_on_is_nothing_new_for_who_has_it() -> None:
    more = OUTPUT % ("ssh", "tls_private_key.a.private_key_openssh")
    assert told({"a.tf": KEY + PEM}, {"a.tf": KEY + PEM + more}) == []


def test_a_module_that_moves_or_is_first_called_by_a_root_hands_on_nothing_new() -> None:
    before = {"a/main.tf": CALL.replace("./modules", "../modules"), "b/main.tf": RANDOM, "modules/key/main.tf": KEY + PEM}
    moved = {"a/main.tf": CALL.replace("./modules", "../parts"), "b/main.tf": RANDOM, "parts/key/main.tf": KEY + PEM}
    assert told(before, moved) == []
    assert told(before, before | {"b/main.tf": RANDOM + CALL.replace("./modules", "../modules")}) == []


def test_a_root_that_passes_on_what_a_module_handed_on_before_is_asked_at_its_own_line() -> None:
    module = {"modules/key/main.tf": KEY + PEM}
    (question,) = told({"main.tf": CALL, **module}, {"main.tf": CALL + OUTPUT % ("pem", "module.a.pem"), **module})
    assert (question.rule, question.file, question.line) == ("private-key-handed-on", "main.tf", 4)


def test_keys_with_dots_are_read() -> None:
    many = KEY.replace("{\n", '{\n  for_each = toset(["x.y"])\n')
    (question,) = told({"a.tf": many}, {"a.tf": many + OUTPUT % ("pem", 'tls_private_key.a["x.y"].private_key_pem')})
    assert 'tls_private_key.a["x.y"]' in question.message


def test_an_output_of_another_description_in_a_module_that_one_more_root_calls_is_nothing_new() -> None:
    call = CALL.replace("./modules", "../modules")
    before = {"a/main.tf": call, "b/main.tf": RANDOM, "modules/key/main.tf": KEY + PEM}
    described = PEM.replace("  sensitive", '  description = "PEM"\n  sensitive')
    assert told(before, before | {"b/main.tf": RANDOM + call, "modules/key/main.tf": KEY + described}) == []
