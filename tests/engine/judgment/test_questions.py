"""What is asked about a difference, where it stands, and what makes several facts one question."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.engine.evaluation import evaluate
from bot.engine.model.decision import Decision
from bot.engine.model.result import Anchor, Result
from tests.changes import KEEPS_DATA, Files, oid, review, snapshot
from tests.engine.decisions.answers import answer

OWN = {"provider.tf": 'provider "aws" {\n  region = "eu-central-1"\n}\n'}
BUCKET = 'resource "aws_s3_bucket" "%s" {\n  bucket = "%s"\n}\n'
DATABASE = 'resource "aws_db_instance" "%s" {\n  storage_encrypted = var.encrypted\n}\n'
OURS = ("data-", "state-", "guard-", "module-", "finding-", "aws-account")


def asked(before: Files, after: Files, **fields: object) -> list[Result]:
    """What the change asks of a person by our views, own files added to both sides."""
    found = review({**OWN, **before}, {**OWN, **after}, **fields).results
    return [result for result in found if result.rule.startswith(OURS)]


def told(before: Files, after: Files) -> list[tuple[str, str, str, int]]:
    return [(result.rule, result.kind, result.file, result.line) for result in asked(before, after)]


def test_a_default_that_replaces_several_databases_is_one_question() -> None:
    text = 'variable "encrypted" {\n  default = %s\n}\n' + DATABASE % "a" + DATABASE % "b"
    (result,) = [item for item in asked({"a.tf": text % "false"}, {"a.tf": text % "true"}) if item.rule == "data-replaced"]
    assert (result.resource, [place.resource for place in result.places]) == ("aws_db_instance.a", ["aws_db_instance.b"])
    assert (result.deciding.path, result.deciding.before, result.deciding.value) == ("storage_encrypted", False, True)
    assert result.anchor == Anchor("a.tf", 5)


def test_what_is_gone_is_anchored_where_it_was() -> None:
    (result,) = asked({"a.tf": "locals {}\n" + BUCKET % ("a", "a")}, {"a.tf": "locals {}\n"})
    assert (result.side, result.file, result.line, result.anchor) == ("LEFT", "a.tf", 2, Anchor("a.tf", 2, "LEFT"))


def test_several_blocks_that_go_are_one_question() -> None:
    before = {"a.tf": BUCKET % ("a", "a") + BUCKET % ("b", "b"), "b.tf": BUCKET % ("c", "c")}
    (result,) = asked(before, {})
    assert [place.resource for place in result.places] == ["aws_s3_bucket.b", "aws_s3_bucket.c"]


def test_only_the_environment_that_loses_something_is_named() -> None:
    text = 'variable "names" {}\n' + (BUCKET % ("a", "a")).replace('"a"\n}', "each.key\n  for_each = toset(var.names)\n}")
    before = {"a.tf": text, "env/dev.tfvars": 'names = ["x", "y"]\n', "env/prod.tfvars": 'names = ["x"]\n'}
    after = before | {"env/dev.tfvars": 'names = ["x"]\n'}
    assert [(item.resource, item.environment) for item in asked(before, after)] == [('aws_s3_bucket.a["y"]', "env/dev.tfvars")]


def test_a_directory_that_is_renamed_is_quiet() -> None:
    text = (BUCKET % ("a", "a")).encode()
    entries = {"old/a.tf": text}, {"new/a.tf": text}
    given = snapshot(*entries, renames={"new/a.tf": "old/a.tf"})
    assert [result.rule for result in evaluate(given, KEEPS_DATA).results if result.rule.startswith(OURS)] == []


def test_a_value_that_only_moved_is_no_change() -> None:
    before = {"a.tf": 'resource "aws_kms_key" "k" {\n}\nresource "aws_ebs_volume" "v" {\n  kms_key_id = aws_kms_key.k.arn\n}\n'}
    moved = 'moved {\n  from = aws_kms_key.k\n  to   = module.m.aws_kms_key.key\n}\nmodule "m" {\n  source = "./m"\n}\n'
    after = {
        "a.tf": moved + 'resource "aws_ebs_volume" "v" {\n  kms_key_id = module.m.arn\n}\n',
        "m/a.tf": 'resource "aws_kms_key" "key" {\n}\noutput "arn" {\n  value = aws_kms_key.key.arn\n}\n',
    }
    assert told(before, after) == []


def test_another_key_that_is_not_known_yet_is_not_verified() -> None:
    keys = 'resource "aws_kms_key" "k" {\n}\nresource "aws_kms_key" "l" {\n}\n'
    volume = 'resource "aws_ebs_volume" "v" {\n  kms_key_id = aws_kms_key.%s.arn\n}\n'
    found = asked({"a.tf": keys + volume % "k"}, {"a.tf": keys + volume % "l"})
    assert [(item.kind, item.deciding.expression) for item in found] == [("open", "aws_kms_key.l.arn")]


def test_a_file_that_could_not_be_read_leaves_open_what_went() -> None:
    broken = 'resource "aws_s3_bucket" "a" {\n  bucket = \n'
    found = asked({"a.tf": BUCKET % ("a", "a") + BUCKET % ("b", "b")}, {"a.tf": broken})
    assert {(item.rule, item.kind) for item in found} <= {("data-destroyed", "open")}
    assert found


def test_no_path_that_is_ignored_hides_a_guard() -> None:
    configuration = b"paths: {ignore: ['**']}\n"
    found = asked({"CODEOWNERS": "* @a\n"}, {"CODEOWNERS": "* @b\n"}, configuration=configuration)
    assert [item.rule for item in found] == ["guard-file-changed"]


def test_a_guard_that_could_not_be_fetched_is_open() -> None:
    given = snapshot({"CODEOWNERS": "* @a\n"}, {"CODEOWNERS": "* @b\n"}, unfetched={"CODEOWNERS": "limit"})
    blobs = {name: data for name, data in given.blobs.items() if name != oid(b"* @b\n")}
    found = evaluate(replace(given, blobs=blobs), KEEPS_DATA).results
    assert [(item.kind, item.file) for item in found if item.kind == "open"] == [("open", "CODEOWNERS")]


def test_a_waiver_answers_for_a_question_too() -> None:
    waivers = b"- {rule: data-destroyed, resource: aws_s3_bucket.a, reason: test, owner: '@a', expires: 2027-01-01}\n"
    (result,) = asked({"a.tf": BUCKET % ("a", "a")}, {}, waivers=waivers)
    assert (result.blocks, result.suppression is not None) == (False, True)


@pytest.mark.parametrize("number", ["0", "2"])
def test_fewer_instances_of_a_block(number: str) -> None:
    text = (BUCKET % ("a", "a")).replace("{\n", "{\n  count = %s\n", 1)
    found = asked({"a.tf": text % "3"}, {"a.tf": text % number})
    assert sum(1 + len(item.places) for item in found) == 3 - int(number)
    assert {item.rule for item in found} == {"data-destroyed"}


def test_neither_the_order_of_blocks_nor_their_file_matters() -> None:
    before = [BUCKET % (name, name) for name in "abc"] + ['resource "aws_kms_key" "k" {\n}\n']
    after = [BUCKET % ("x", "b"), BUCKET % ("y", "b"), 'resource "aws_kms_key" "k" {\n  key_usage = "SIGN_VERIFY"\n}\n']
    first = asked({"a.tf": "".join(before)}, {"a.tf": "".join(after)})
    second = asked({"b.tf": "".join(reversed(before[2:])), "c.tf": "".join(before[:2])}, {"d.tf": "".join(reversed(after))})
    assert len(first) == 3
    assert {_essence(item) for item in first} == {_essence(item) for item in second}


def _essence(result: Result) -> tuple[object, ...]:
    addresses = frozenset({result.resource, *(place.resource for place in result.places)})
    return result.rule, result.kind, addresses, frozenset(fact.key for fact in result.facts)


def test_providers_that_go_to_one_version_together_are_one_question() -> None:
    text = 'terraform {\n  required_providers {\n    google = { version = "%s" }\n    google-beta = { version = "%s" }\n  }\n}\n'
    before, after = text % (">= 6, < 7", ">= 6, < 7"), text % (">= 7, < 8", ">= 7, < 8")
    found = review({**OWN, "a.tf": before}, {**OWN, "a.tf": after}).results
    assert len([item for item in found if item.rule == "major-version-changed"]) == 1


def test_a_lock_file_alone_is_looked_at() -> None:
    text = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.70.0"\n  hashes = [\n    "zh:%s",\n    "zh:%s",\n  ]\n}\n'
    before, after = ({"x/.terraform.lock.hcl": text % ("a" * 64, sign * 64)} for sign in "bc")
    (found,) = review(before, after).results
    assert (found.rule, found.kind, found.blocks) == ("locked-package-replaced", "fail", True)
    assert (found.file, found.line) == ("x/.terraform.lock.hcl", 5)
    assert review(before, before | {"x/.terraform.lock.hcl": before["x/.terraform.lock.hcl"].replace("5.70", "5.71")}).results == ()


def test_one_provider_that_goes_on_in_many_places_is_one_question_and_another_is_another() -> None:
    text = 'terraform {\n  required_providers {\n    %s = { version = "%s" }\n  }\n}\n'
    before = {"a/a.tf": text % ("aws", "~> 5.0"), "b/a.tf": text % ("aws", ">= 5.70"), "c/a.tf": text % ("other", "~> 5.0")}
    after = {path: text % (name, "~> 6.0") for path, name in (("a/a.tf", "aws"), ("b/a.tf", "aws"), ("c/a.tf", "other"))}
    found = [item for item in review(before, after).results if item.rule == "major-version-changed"]
    assert [(item.file, [place.file for place in item.places]) for item in found] == [("a/a.tf", ["b/a.tf"]), ("c/a.tf", [])]


def test_what_was_not_read_before_either_leaves_nothing_open() -> None:
    broken = 'resource "aws_s3_bucket" "z" {\n  bucket = \n'
    found = asked({"a.tf": BUCKET % ("a", "a"), "b.tf": broken}, {"b.tf": broken})
    assert [(item.rule, item.kind) for item in found] == [("data-destroyed", "review")]


STORE = 'resource "azurerm_storage_account" "%s" {\n  name     = "%s"\n  location = %s\n}\n'
NORTH, EAST = '"westeurope"', '"eastus"'


def moving(configuration: str = "", waivers: str = "", *decisions: Decision) -> list[Result]:
    """What is asked where two accounts and what a variable places go to another region: whether they may be lost, and may lie there."""
    stores = (STORE % ("a", "a", "%s"), STORE % ("b", "b", "%s"), STORE % ("c", "c", "var.region"))
    text = "".join(('variable "region" {\n  default = %s\n}\n', *stores))
    given = {"configuration": configuration.encode(), "waivers": waivers.encode(), "decisions": decisions}
    found = review({"a.tf": text % ((NORTH,) * 3)}, {"a.tf": text % ((EAST,) * 3)}, **given).results
    return [item for item in found if item.asked and item.suppression is None]


def test_one_cause_is_one_question_whatever_the_number_of_rules_that_ask() -> None:
    (one,) = moving()
    assert (one.number, one.rule, one.also, [place.line for place in one.places]) == ("J-1", "data-replaced", ("region-changed",), [10, 14])
    text = "May the data of azurerm_storage_account.a lie in eastus instead of westeurope?"
    assert [(fact.key, fact.fields["text"]) for fact in one.facts] == [("asked-too", text)]
    assert moving("", "", answer(one)) == []


def test_others_are_asked_by_themselves_and_nobody_answers_for_them() -> None:
    apart = "owners: {data: ['@a'], residency-and-crypto: ['@b']}"
    first, second = moving(apart)
    assert [(item.rule, item.also, len(item.places)) for item in (first, second)] == [("data-replaced", (), 2), ("region-changed", (), 2)]
    assert [item.rule for item in moving(apart, "", answer(first))] == ["region-changed"]
    assert [item.rule for item in moving("rules: {region-changed: {level: observe}}")] == ["data-replaced", "region-changed"]
    assert [item.also for item in moving("owners: {data: ['@a'], residency-and-crypto: ['@a'], network: ['@b']}")] == [("region-changed",)]


def test_a_waiver_for_one_of_them_leaves_the_other() -> None:
    waiver = "- {rule: data-replaced, resource: '*', reason: moved, owner: '@a', expires: 2027-01-31}"
    assert [(item.rule, len(item.places)) for item in moving("", waiver)] == [("region-changed", 2)]


def test_what_only_one_rule_asks_of_another_value_stays_by_itself() -> None:
    """A copy in a second region: another value, another question."""
    before = STORE % ("a", "a", NORTH)
    after = before.replace(NORTH, EAST).replace("}", '  account_replication_type = "GRS"\n}')
    found = [(item.rule, item.also) for item in review({"a.tf": before}, {"a.tf": after}).results if item.asked]
    assert found == [("data-replaced", ("region-changed",)), ("copy-kept-elsewhere", ())]


def test_a_waiver_that_the_change_adds_and_somebody_accepts_leaves_the_other_question() -> None:
    """The question about the file is accepted, and with it the waiver for the one rule; what was asked with that is asked by itself."""
    waivers = ".github/countersign-waivers.yml"
    before = {"a.tf": STORE % ("a", "a", NORTH)}
    added = "- {rule: data-replaced, resource: '*', reason: x, owner: '@a', expires: 2026-12-20}\n"
    after = {"a.tf": STORE % ("a", "a", EAST), waivers: added}
    owners = b"owners: {fallback: ['@a']}"
    first = [item for item in review(before, after, configuration=owners).results if item.asked]
    assert sorted((item.rule, item.also) for item in first) == [("data-replaced", ("region-changed",)), ("guard-file-changed", ())]
    (file,) = [item for item in first if item.file == waivers]
    found = review(before, after, configuration=owners, decisions=(answer(file),)).results
    assert [(item.rule, item.also) for item in found if item.blocks] == [("region-changed", ())]


def test_a_constraint_and_the_lock_file_that_go_to_one_major_version_are_one_question() -> None:
    text = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "~> %s.0" }\n  }\n}\n'
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "%s.1.0"\n}\n'
    before, after = ({"x/a.tf": text % major, "x/.terraform.lock.hcl": lock % major} for major in "56")
    (found,) = (item for item in review(before, after).results if item.kind == "review")
    assert found.rule == "major-version-changed"
    assert (found.file, [place.file for place in found.places]) == ("x/.terraform.lock.hcl", ["x/a.tf"])
    (alone,) = review(before, before | {"x/.terraform.lock.hcl": lock % 6}).results
    assert (alone.rule, alone.deciding.before, alone.deciding.value, alone.line) == ("major-version-changed", "5.1.0", "6.1.0", 2)
    assert alone.question.startswith("`aws` changes its major version.")


def test_a_provider_that_is_made_and_who_trusts_it_are_one_question() -> None:
    role = (
        'resource "aws_iam_role" "r" {\n  assume_role_policy = jsonencode({\n    Statement = [{ Effect = "Allow", '
        'Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = aws_iam_openid_connect_provider.p.%s } }]\n  })\n}\n'
    )
    provider = 'resource "aws_iam_openid_connect_provider" "p" {\n  url = "https://token.actions.example"\n}\n'
    for attribute in ("arn", "id"):
        found = [item for item in review(OWN, {**OWN, "a.tf": provider + role % attribute}).results if item.kind == "review"]
        assert [(item.rule, [place.resource for place in item.places]) for item in found] == [
            ("identity-provider-trusted", ["aws_iam_role.r"])
        ]
