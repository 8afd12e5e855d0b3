"""A service that everybody may call already, and the secrets it gets: one question, which names both places."""

from __future__ import annotations

import pytest

from bot.engine.model.result import Result
from tests.changes import Files, review

RUN = """resource "google_cloud_run_v2_service" "a" {
  name     = "a"
  location = "europe-west1"
  template {
    containers {
      image = "example/a"
SECRETS    }
  }
}
"""
ENTRY = """      env {
        name = "%s"
        value_source {
          secret_key_ref {
            secret  = "%s"
            version = "1"
          }
        }
      }
"""
OPEN = """resource "google_cloud_run_v2_service_iam_member" "a" {
  name   = google_cloud_run_v2_service.a.name
  role   = "roles/run.invoker"
  member = "allUsers"
}
"""
FUNCTION = """resource "aws_lambda_function" "a" {
  function_name = "a"
  environment {
    variables = { secret = "%s" }
  }
}
resource "aws_lambda_function_url" "a" {
  function_name      = aws_lambda_function.a.function_name
  authorization_type = "NONE"
}
"""


def service(*names: str) -> str:
    return RUN.replace("SECRETS", "".join(ENTRY % (name.upper(), name) for name in names))


def asked(before: Files, after: Files) -> list[Result]:
    return [item for item in review(before, after).results if item.rule == "public-service-gets-secret"]


def test_several_secrets_are_one_question_at_the_first() -> None:
    (question,) = asked({"a.tf": service("x"), "b.tf": OPEN}, {"a.tf": service("x", "y", "z"), "b.tf": OPEN})
    assert (question.file, question.line) == ("a.tf", 20)
    assert question.message == "Everybody may call google_cloud_run_v2_service.a (b.tf, line 4), and it gets the secret y by this change."
    assert [notice.fields["n"] for notice in question.facts] == [1]


def test_another_version_or_name_of_what_it_had_is_no_secret_more() -> None:
    before = service("x")
    after = before.replace('version = "1"', 'version = "2"').replace('name = "X"', 'name = "OTHER"')
    assert asked({"a.tf": before + OPEN}, {"a.tf": after + OPEN}) == []


def test_a_new_service_begins_with_everything() -> None:
    assert asked({"a.tf": "locals {}\n"}, {"a.tf": service("x") + OPEN}) == []


def test_two_calls_of_one_module_are_one_question() -> None:
    calls = "".join(f'module "{name}" {{\n  source = "./modules/web"\n}}\n' for name in ("a", "b"))
    before, after = ({"main.tf": calls, "modules/web/main.tf": text + OPEN} for text in (service(), service("x")))
    (question,) = asked(before, after)
    assert len(question.places) == 1


@pytest.mark.parametrize("after", ["other", "${random_password.a.result}"])
def test_a_variable_that_is_only_called_a_secret_is_never_told(after: str) -> None:
    assert asked({"a.tf": FUNCTION % "one"}, {"a.tf": FUNCTION % after}) == []
