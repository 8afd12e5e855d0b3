"""CODEOWNERS by GitHub's own examples and rules: https://docs.github.com/…/about-code-owners."""

from __future__ import annotations

import pytest

from bot.engine.policy.codeowners import CodeOwners, code_owners
from bot.standin.state import codeowners as standin

PATH = ".github/CODEOWNERS"


def of(text: str, path: str) -> tuple[str, ...]:
    return code_owners(text.encode(), PATH).of(path)


@pytest.mark.parametrize(
    ("pattern", "fits", "not_"),
    [
        ("*", ["a", "a/b/c.tf"], []),
        ("*.tf", ["a.tf", "x/y/a.tf", "a.tf/b"], ["a.tfvars"]),
        ("/build/logs/", ["build/logs/a", "build/logs/x/y"], ["x/build/logs/a", "build/logs"]),
        ("docs/*", ["docs/a.md"], ["docs/build/a.md", "x/docs/a.md"]),
        ("apps/", ["apps/a", "x/apps/y/a"], ["apps"]),
        ("/docs/", ["docs/a", "docs/x/a"], ["x/docs/a"]),
        ("**/logs", ["logs/a", "build/logs/a", "deeply/nested/logs/x/a"], ["build/logging/a"]),
        ("/apps/github", ["apps/github", "apps/github/a"], ["apps/githubs", "x/apps/github"]),
        ("/stacks/**/main.tf", ["stacks/main.tf", "stacks/a/b/main.tf"], ["stacks/a/mainXtf", "stacks/main.tf2"]),
        ("/stacks/**", ["stacks/a", "stacks/a/b"], ["stacks", "x/stacks/a"]),
        ("env-?/*.tf", ["env-a/x.tf"], ["env-ab/x.tf", "env-a/b/x.tf"]),
        ("with\\ space/", ["with space/a"], ["with/a"]),
        ("Docs/", ["Docs/a"], ["docs/a"]),
    ],
)
def test_a_pattern_means_what_github_says(pattern: str, fits: list[str], not_: list[str]) -> None:
    assert [path for path in (*fits, *not_) if of(f"{pattern} @kim", path)] == fits


def test_the_last_line_that_fits_holds_and_one_without_owners_leaves_nobody() -> None:
    text = "* @acme/all # everything\n/apps/ @ada @acme/apps\n/apps/github\n"
    assert of(text, "x.tf") == ("@acme/all",)
    assert of(text, "apps/a.tf") == ("@ada", "@acme/apps")
    assert of(text, "apps/github/a.tf") == ()


def test_a_line_that_is_not_valid_is_skipped_and_told() -> None:
    text = "* @acme/all\n!x @kim\n[ab].tf @kim\n\\#x @kim\nx.tf kim\ny.tf @kim docs@example.com\n/ @kim\n\n# @kim\n"
    found = code_owners(text.encode(), PATH)
    assert (found.of("x.tf"), found.of("a.tf"), found.of("y.tf")) == (("@acme/all",), ("@acme/all",), ("@kim",))
    assert [(item.key, item.fields) for item in found.notices()] == [
        ("codeowners-skipped", {"where": PATH, "n": 5, "lines": "2, 3, 4, 5, 7"}),
        ("codeowners-addresses", {"where": PATH, "n": 1}),
    ]
    assert [item.key for item in CodeOwners().notices()] == ["codeowners-absent"]


def test_a_pattern_made_to_take_for_ever_takes_no_time() -> None:
    """Steps grow with the lengths, not beyond."""
    assert of(f"/{'**/a/' * 60}b @kim", "a/" * 120 + "c") == ()
    assert of(f"{'*a' * 120}b @kim", "a" * 240) == ()


def test_it_agrees_with_another_reading_of_the_same_rules() -> None:
    lines = "* @a\n*.tf @b\n/s/ @c\ns/*/x @d\n**/y/ @e\n/s/z\n*.md @f\nz/** @g\n"
    for path in ("a", "a.tf", "s/a.tf", "s/q/x", "s/q/x/r", "y/a", "s/y/a.tf", "s/z", "s/z/a", "a/z/b", "z/b.md", "q.md", "s/y"):
        assert of(lines, path) == standin.owners_of(standin.parse(lines.encode()), path), path
