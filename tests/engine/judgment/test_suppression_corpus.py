"""Our corpus of suppressions: every dialect in every situation, every file that guards, and the guards of the language itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.model.result import Result
from tests.changes import Files, review, shipped_rules

CORPUS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "suppressions.yaml").read_text())
PAGE = (Path(__file__).parents[3] / "docs/suppressions.md").read_text()
ASKING = ("finding-suppressed", "guard-file-changed", "data-less-protected", "changes-ignored", "every-change-ignored")
RULES = {path: data for path, data in shipped_rules().items() if path.endswith(tuple(f"/{name}.yaml" for name in ASKING))}
OTHER = 'resource "aws_s3_bucket" "b" {\n  LINE\n  bucket = "b"\n}\n'


def found(before: Files, after: Files, *rules: str) -> list[Result]:
    return [result for result in review(before, after, policy=RULES).results if result.baseline_state == "new" and result.rule in rules]


def asked(before: Files, after: Files) -> list[str]:
    """The names that are excused from now on."""
    results = found(before, after, "finding-suppressed")
    return sorted(name for item in results for name in (item.resource, *(place.resource for place in item.places)))


def situations(case: dict[str, Any]) -> Iterator[tuple[str, Files, Files, list[str]]]:
    frame = CORPUS["frames"][case["frame"]]
    path, none = frame["path"], frame["text"].replace("LINE", "")
    one, wider = (frame["text"].replace("LINE", case[name]) for name in ("one", "wider"))
    yield "added", {path: none}, {path: one}, case["names"]
    yield "a new file", {}, {path: one}, case["names"]
    yield "widened", {path: one}, {path: wider}, case["more"]
    yield "narrowed", {path: wider}, {path: one}, []
    yield "removed", {path: one}, {path: none}, []
    yield "with its file", {path: one}, {f"moved/{path}" if case["frame"] != "workflow" else ".github/workflows/b.yml": one}, []
    yield "further down", {path: one}, {path: "\n\n" + one}, []
    yield "text that is no infrastructure", {}, {"README.md": one, "app.py": one}, []
    if case["frame"] == "terraform":
        yield from in_terraform(case, path, none, one)


def in_terraform(case: dict[str, Any], path: str, none: str, one: str) -> Iterator[tuple[str, Files, Files, list[str]]]:
    quoted = case["one"].replace('"', '\\"')
    frame = CORPUS["frames"]["terraform"]["text"]
    both = {path: one + OTHER.replace("LINE", "")}
    to_other = {path: none + OTHER.replace("LINE", case["one"])}
    whole_file = case["one"].startswith(("# kics-scan disable", "# kics-scan ignore\n"))
    yield "to another block", both, to_other, [] if whole_file else case["names"]
    yield "with its block", both, {path: OTHER.replace("LINE", "") + one}, []
    yield "its block renamed", {path: one}, {path: one.replace('"a" {', '"c" {')}, []
    yield "in a text", {path: none}, {path: frame.replace("LINE", f'note = "{quoted}"')}, case["names"]
    yield "in a heredoc", {path: none}, {path: frame.replace("LINE", f"note = <<-EOT\n    {case['one']}\n  EOT")}, case["names"]
    yield "commented out", {path: none}, {path: frame.replace("LINE", f'// acl = "x"  {case["one"]}')}, case["names"]


@pytest.mark.parametrize("case", CORPUS["dialects"], ids=lambda case: f"{case['dialect']}: {case['one'].splitlines()[0]}")
def test_each_dialect_in_each_situation(case: dict[str, Any]) -> None:
    told = {name: asked(before, after) for name, before, after, _ in situations(case)}
    assert told == {name: sorted(f"{case['dialect']} {item}" for item in names) for name, *_, names in situations(case)}


@pytest.mark.parametrize("case", CORPUS["guards"], ids=lambda case: case["path"])
def test_each_file_that_guards(case: dict[str, Any]) -> None:
    path, one, other = case["path"], case["one"] + "\n", case["other"] + "\n"

    def guarded(before: Files, after: Files) -> bool:
        return bool(found(before, after, "guard-file-changed"))

    narrower = not case.get("list")
    assert (guarded({}, {path: one}), guarded({path: one}, {path: other})) == (True, True)
    assert (guarded({path: other}, {path: one}), guarded({path: one}, {})) == (narrower, narrower)
    assert not guarded({path: one}, {path: f"# why\n\n{one}"})
    elsewhere = f"notes/{path.replace('/', '-')}.md"
    assert not guarded({elsewhere: one}, {elsewhere: other})
    (result,) = found({path: one}, {path: other}, "guard-file-changed")
    assert f"({case['guards']})" in result.message


def test_a_rule_more_that_a_linter_looks_at_is_quiet() -> None:
    one, two = (f'rule "{name}" {{\n  enabled = true\n}}\n' for name in "ab")
    options = two.replace("}", '  style = "x"\n}')

    def asks(before: str, after: str) -> bool:
        return bool(found({".tflint.hcl": before}, {".tflint.hcl": after}, "guard-file-changed"))

    assert not asks(one, one + "\n" + two)
    assert asks(one, two)
    assert asks(one, one + options)
    assert asks(one, one + two.replace("true", "false"))
    assert asks(one.replace("true", "false"), one)


@pytest.mark.parametrize("case", CORPUS["lifecycle"], ids=lambda case: f"{case['type']}: {case['less'] or 'without'}")
def test_guards_of_the_language_itself(case: dict[str, Any]) -> None:
    more, less = ({"main.tf": f'resource "{case["type"]}" "a" {{\n{case[name]}\n}}\n'} for name in ("more", "less"))
    assert sorted({item.rule for item in found(more, less, *ASKING)}) == case["rules"]
    assert found(less, more, *ASKING) == []
    commented = {"main.tf": "".join(f"# {line}\n" for line in less["main.tf"].splitlines()) + more["main.tf"]}
    assert found(more, commented, *ASKING) == []


def test_the_page_names_every_dialect_and_every_file() -> None:
    rows = {f"| {case['dialect']} | `{case['one'].splitlines()[0]}".replace(": |", ": \\|") for case in CORPUS["dialects"]}
    rows |= {f"| {case['guards']} | `{case['path']}`" for case in CORPUS["guards"]}
    assert [row for row in sorted(rows) if row not in PAGE] == []
