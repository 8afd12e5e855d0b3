"""What a reader sees, whole: a change of any word stands in the diff of the snapshots."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from bot.report import document, sarif, summary
from bot.report.style import Style
from bot.report.terminal import Page, render
from bot.report.titles import title
from tests.report import samples

TEMPLATE = (Path(__file__).parents[2] / "templates/summary.md.j2").read_text()


def terminal(name: str, **style: object) -> str:
    return render(samples.ALL[name], Page(samples.phrases(), Style(**style), samples.lines()), "main at 91d0e77 to HEAD at 3f2c9ab")  # type: ignore[arg-type]  # the fields of a test are its own


@pytest.mark.parametrize("name", samples.ALL)
def test_terminal(name: str, snapshot: SnapshotAssertion) -> None:
    assert terminal(name) == snapshot


def test_terminal_in_colour(snapshot: SnapshotAssertion) -> None:
    assert terminal("blocked", colour=True) == snapshot


def test_terminal_narrow_and_plain(snapshot: SnapshotAssertion) -> None:
    assert terminal("blocked", width=50, ascii=True) == snapshot


def test_what_reads_the_same_is_told_once_with_its_number() -> None:
    verdict = samples.ALL["blocked"]
    unknown = next(result for result in verdict.results if result.kind == "open")
    quiet = replace(unknown, treatment="advice", level="observe")
    many = replace(verdict, results=(*(replace(quiet, resource=f"aws_vpc.v{number}") for number in range(12)), replace(quiet, line=1)))
    shown = render(many, Page(samples.phrases(), Style(), samples.lines())).split("\n")
    title = quiet.title.rstrip("?")
    assert [line.split(title)[1] for line in shown if title in line] == [" (12 times)", ""]


@pytest.mark.parametrize("name", samples.ALL)
def test_markdown(name: str, snapshot: SnapshotAssertion) -> None:
    assert summary.render(samples.ALL[name], samples.phrases(), TEMPLATE) == snapshot


@pytest.mark.parametrize("name", ["blocked", "died"])
def test_json(name: str, snapshot: SnapshotAssertion) -> None:
    assert document.render(samples.ALL[name], samples.phrases()) == snapshot


@pytest.mark.parametrize("name", ["blocked", "died", "decided"])
def test_sarif(name: str, snapshot: SnapshotAssertion) -> None:
    assert sarif.render(samples.ALL[name], (), samples.phrases()) == snapshot


@pytest.mark.parametrize("name", samples.ALL)
def test_plain_text_is_ascii(name: str) -> None:
    assert terminal(name, ascii=True).isascii()


@pytest.mark.parametrize("width", [60, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    kept_whole = ("-->", "·", "error[", "decide[", "would", "at least")
    lines = [line for line in terminal("blocked", width=width).splitlines() if not any(word in line for word in kept_whole)]
    assert [line for line in lines if len(line) > width and " " in line.strip()] == []


@pytest.mark.parametrize("name", samples.ALL)
def test_sarif_follows_the_standard_where_it_is_easily_broken(name: str) -> None:
    log = json.loads(sarif.render(samples.ALL[name], (), samples.phrases()))
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert (result["level"] == "none") == (result["kind"] != "fail")
        assert result["baselineState"] in ("new", "updated", "unchanged", "absent")
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert set(location["physicalLocation"]["artifactLocation"]["uri"]).isdisjoint(set(" `@|<>"))


def test_what_no_rule_looked_at_is_not_called_clean() -> None:
    nothing = replace(samples.CLEAN, coverage=replace(samples.COVERAGE, rules_applicable=0))
    assert title(nothing, samples.phrases()).startswith("Nothing that a rule looks at: ")
