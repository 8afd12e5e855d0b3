"""A value that nobody can know never turns a result into silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import strategies as st

from bot.engine.model.result import Result
from tests.changes import scanned
from tests.property.fragments import FRAGMENTS
from tests.property.roots import EFFORT, Root, holds, roots

# Each with what must stand beside it: a variable without default, something known after apply only, a function nobody knows.
HIDINGS = {
    "var.hidden": 'variable "hidden" {}\n',
    "data.aws_ssm_parameter.hidden.value": 'data "aws_ssm_parameter" "hidden" {\n  name = "x"\n}\n',
    "random_id.hidden.hex": 'resource "random_id" "hidden" {}\n',
    'provider::corp::lookup("x")': "",
}
# Whether a secret is written in code is known of a reference too: it is not. Replacing it by one is what the rule asks for.
ABOUT_THE_TEXT = frozenset({"secret-in-code"})
_KEY = re.compile(r'\[(?:\d+|"[^"]*")\]')


def said(results: tuple[Result, ...]) -> set[tuple[str, str]]:
    """Rule and resource (without instance keys) of everything that was found."""
    spoken = {(item.rule, item.resource) for item in results} | {(item.rule, place.resource) for item in results for place in item.places}
    return {(rule, _KEY.sub("", resource)) for rule, resource in spoken if rule not in ABOUT_THE_TEXT}


def hidden(root: Root, hole: tuple[int, int], expression: str) -> dict[str, str]:
    """The root's files with one literal replaced, in a module too: what the expression refers to stands in the same directory."""
    files = root.replacing(hole, expression).files()
    directory = root.parts[hole[0]].path.rpartition("/")[0]
    declared = HIDINGS[expression]
    return files | {f"{directory}/hidden.tf".lstrip("/"): declared} if declared else files


@EFFORT
def test_hiding_a_literal_never_silences_a_result(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        holes = root.holes()
        before = said(scanned(root.files()))
        if not holes or not before:
            return
        hole = data.draw(st.sampled_from(holes))
        expression = data.draw(st.sampled_from(sorted(HIDINGS)))
        lost = before - said(scanned(hidden(root, hole, expression)))
        assert not lost, f"{root.literal(hole)} → {expression} silences {sorted(lost)} in\n{root.parts[hole[0]].render()}"

    holds(examples * 2, check, root=roots(), data=st.data())


def test_every_literal_of_every_fragment() -> None:
    """The first drawing of each fragment, hidden at each place in turn."""
    lost: list[str] = []
    for name in FRAGMENTS:
        for worst in (0, -1):
            root = single(name, worst)
            before = said(scanned(root.files()))
            for hole in root.holes() if before else ():
                gone = before - said(scanned(hidden(root, hole, "var.hidden")))
                lost += [f"{name}: {root.literal(hole)} at {hole} silences {item}" for item in sorted(gone)]
    assert not lost, "\n".join(lost)


REFUSED_TEXTS = [
    ("aws-text-has-refused-characters", 'resource "aws_security_group" "a" {\n  description = @\n}\n', "it's"),
    ("aws-policy-too-long", 'resource "aws_iam_policy" "a" {\n  policy = @\n}\n', "x" * 7000),
    ("google-account-by-address-alone", 'resource "google_service_account_iam_member" "a" {\n  service_account_id = @\n}\n', "a@b.c"),
]
of_refused_texts = pytest.mark.parametrize(("rule", "text", "value"), REFUSED_TEXTS, ids=[rule for rule, _, _ in REFUSED_TEXTS])


def rules_of(text: str) -> set[str]:
    return {rule for rule, _ in said(scanned({"main.tf": text}))}


@of_refused_texts
def test_a_text_that_is_refused_is_told(rule: str, text: str, value: str) -> None:
    assert rule in rules_of(text.replace("@", f'"{value}"'))


@pytest.mark.xfail(strict=True, reason="where a service refuses some texts, nobody is asked about one that is not known: it would be each")
@of_refused_texts
def test_a_text_that_may_be_refused_is_asked_about(rule: str, text: str, value: str) -> None:  # noqa: ARG001 - it is hidden
    assert rule in rules_of('variable "hidden" {}\n' + text.replace("@", "var.hidden"))


def single(name: str, choice: int) -> Root:
    """One fragment with the same choice from every pool."""
    from tests.property.roots import parts  # noqa: PLC0415

    return Root(tuple(parts(name, 0, "main.tf", lambda pool: pool[choice])))
