"""What is destroyed and made again: one cause is one question with what it leads to, and whose answer it is."""

from __future__ import annotations

from bot.engine.decisions.binding import bound
from bot.engine.model.result import Result
from tests.changes import Files, review

KEY = 'resource "aws_kms_key" "k" {\n  key_usage = "%s"\n}\n'
DATABASE = 'resource "aws_db_instance" "%s" {\n  kms_key_id = aws_kms_key.k.arn\n%s}\n'
BUCKET = 'resource "aws_s3_bucket" "%s" {\n  bucket = "%s"\n}\n'


def asked(before: Files, after: Files) -> list[Result]:
    return [result for result in review(before, after).results if result.kind in ("review", "open") and result.blocks]


def led_to(result: Result) -> list[tuple[object, object]]:
    return [(fact.fields["resource"], fact.fields["path"]) for fact in result.facts if fact.key == "replaced-through"]


def test_what_is_replaced_because_of_another_replacement_is_asked_with_it() -> None:
    ignored = "  lifecycle {\n    ignore_changes = [kms_key_id]\n  }\n"
    text = KEY + DATABASE % ("a", "") + DATABASE % ("b", ignored)
    (result,) = asked({"a.tf": text % "ENCRYPT_DECRYPT"}, {"a.tf": text % "SIGN_VERIFY"})
    assert (result.rule, result.resource) == ("data-replaced", "aws_kms_key.k")
    assert led_to(result) == [("aws_db_instance.a", "kms_key_id")]


def test_an_answer_rests_on_everything_that_goes_with_it() -> None:
    few, more = (KEY + "".join(DATABASE % (name, "") for name in names) for names in ("ab", "abc"))
    first, second = (asked({"a.tf": text % "ENCRYPT_DECRYPT"}, {"a.tf": text % "SIGN_VERIFY"})[0] for text in (few, more))
    assert bound(first) != bound(second)


def test_of_many_the_first_are_named_and_the_others_counted() -> None:
    text = KEY + "".join(DATABASE % (name, "") for name in "abcdefgh")
    (result,) = asked({"a.tf": text % "ENCRYPT_DECRYPT"}, {"a.tf": text % "SIGN_VERIFY"})
    assert len(led_to(result)) == 5
    assert [fact.fields for fact in result.facts if fact.key == "replaced-through-more"] == [{"n": 3}]


def test_what_others_answer_for_is_asked_by_itself_at_the_same_place() -> None:
    text = (
        'resource "azurerm_subnet" "s" {\n  name = "%s"\n}\n'
        'resource "azurerm_postgresql_flexible_server" "p" {\n  delegated_subnet_id = azurerm_subnet.s.id\n}\n'
    )
    (result,) = asked({"a.tf": text % "one"}, {"a.tf": text % "two"})
    assert (result.rule, result.resource, result.line) == ("data-replaced", "azurerm_postgresql_flexible_server.p", 2)
    assert (result.deciding.path, result.deciding.before, result.deciding.value) == ("name", "one", "two")
    assert result.question.startswith("Applying this deletes azurerm_postgresql_flexible_server.p (database)")
    assert "`delegated_subnet_id` changes" in result.question


def test_what_a_call_with_count_makes_again_takes_along_what_refers_to_it() -> None:
    files = {"m/a.tf": KEY % "ENCRYPT_DECRYPT" + 'output "arn" {\n  value = aws_kms_key.k.arn\n}\n'}
    text = 'module "m" {\n  source = "./m"\n%s}\nresource "aws_db_instance" "d" {\n  kms_key_id = %s\n}\n'
    before, after = files | {"a.tf": text % ("", "module.m.arn")}, files | {"a.tf": text % ("  count = 1\n", "module.m[0].arn")}
    (result,) = asked(before, after)
    assert (result.rule, result.resource) == ("data-destroyed", "module.m.aws_kms_key.k")
    assert led_to(result) == [("aws_db_instance.d", "kms_key_id")]


def test_a_rename_takes_along_what_refers_to_the_new_name() -> None:
    before = {"a.tf": KEY % "ENCRYPT_DECRYPT" + DATABASE % ("d", "")}
    (result,) = asked(before, {"a.tf": before["a.tf"].replace('"k"', '"l"').replace(".k.", ".l.")})
    assert (result.rule, result.resource) == ("data-destroyed", "aws_kms_key.k")
    assert led_to(result) == [("aws_db_instance.d", "kms_key_id")]


def test_only_the_instance_that_is_named_takes_something_along() -> None:
    keys = 'resource "aws_kms_key" "k" {\n  count     = 2\n  key_usage = ["ENCRYPT_DECRYPT", "%s"][count.index]\n}\nvariable "n" {\n}\n'
    text = keys + "".join(DATABASE.replace(".k.", f".k[{at}].") % (name, "") for name, at in (("a", "0"), ("b", "1"), ("c", "var.n")))
    (result,) = asked({"a.tf": text % "SIGN_VERIFY"}, {"a.tf": text % "GENERATE_VERIFY_MAC"})
    assert (result.resource, led_to(result)) == ("aws_kms_key.k[1]", [("aws_db_instance.b", "kms_key_id")])


def test_a_value_that_the_text_tells_leads_nowhere() -> None:
    bucket = 'resource "aws_s3_bucket" "a" {\n  bucket = "%s"\n  acl    = "private"\n}\n'
    text = bucket + 'resource "aws_dynamodb_table" "t" {\n  name = aws_s3_bucket.a.acl\n}\n'
    (result,) = asked({"a.tf": text % "one"}, {"a.tf": text % "two"})
    assert (result.resource, led_to(result)) == ("aws_s3_bucket.a", [])


def test_keys_of_for_each_that_change_take_away_what_others_reach() -> None:
    text = 'resource "aws_eip" "a" {\n  for_each = toset([%s])\n  domain   = "vpc"\n}\n'
    (result,) = asked({"a.tf": text % '"x", "y"'}, {"a.tf": text % '"eu-x", "eu-y"'})
    assert (result.rule, result.category, result.resource) == ("service-replaced", "network", 'aws_eip.a["x"]')
    assert [place.resource for place in result.places] == ['aws_eip.a["y"]']
    assert asked({"a.tf": text % '"x", "y"'}, {"a.tf": text % '"x"'}) == []


def test_a_module_that_is_renamed_is_made_anew_whether_its_code_is_there_or_not() -> None:
    seen = {"m/a.tf": BUCKET % ("a", "a")}
    text = 'module "%s" {\n  source = "%s"\n}\n'
    (result,) = asked(seen | {"a.tf": text % ("old", "./m")}, seen | {"a.tf": text % ("new", "./m")})
    assert (result.rule, result.resource) == ("data-destroyed", "module.old.aws_s3_bucket.a")
    found = asked({"a.tf": text % ("old", "acme/m/aws")}, {"a.tf": text % ("new", "acme/m/aws")})
    assert [(item.rule, item.resource) for item in found] == [("module-made-anew", "module.new")]


def test_a_call_inside_a_call_that_gets_count_is_made_anew_too() -> None:
    files = {"m/a.tf": 'module "inner" {\n  source = "acme/m/aws"\n}\n'}
    text = 'module "outer" {\n  source = "./m"\n%s}\n'
    (result,) = asked(files | {"a.tf": text % ""}, files | {"a.tf": text % "  count = 1\n"})
    assert (result.rule, result.resource) == ("module-made-anew", "module.outer[0].module.inner")


def test_what_one_configuration_after_another_manages_is_one_question() -> None:
    providers = "".join(f'provider "aws" {{\n  alias  = "{name}"\n  region = "{name}-west-1"\n}}\n' for name in ("eu", "us"))
    text = providers + "".join(f'resource "aws_s3_bucket" "{name}" {{\n  bucket   = "{name}"\n  provider = aws.%s\n}}\n' for name in "ab")
    (result,) = asked({"a.tf": text % ("eu", "eu")}, {"a.tf": text % ("us", "us")})
    assert (result.rule, [place.resource for place in result.places]) == ("data-left-behind", ["aws_s3_bucket.b"])
    assert (result.deciding.before, result.deciding.value) == ("aws.eu (eu-west-1)", "aws.us (us-west-1)")


def test_the_identities_that_one_change_makes_anew_are_one_question() -> None:
    text = 'resource "google_service_account" "%s" {\n  account_id = "%s"\n}\n'
    before, after = ("".join(text % (name, f"{name}{end}") for name in "ab") for end in ("", "-2"))
    (result,) = asked({"a.tf": before}, {"a.tf": after})
    assert (result.rule, [place.resource for place in result.places]) == ("identity-replaced", ["google_service_account.b"])


def test_whom_a_role_trusts_that_the_tree_does_not_tell_may_name_it() -> None:
    text = (
        'variable "who" {}\nresource "aws_iam_role" "r" {\n  name = "%s"\n  assume_role_policy = jsonencode({\n'
        '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = var.who } }]\n  })\n}\n'
    )
    assert [item.rule for item in asked({"a.tf": text % "one"}, {"a.tf": text % "two"})] == ["identity-replaced"]
