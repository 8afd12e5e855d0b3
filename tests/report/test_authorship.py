"""The line beside a verdict that says who wrote the change: short, with its grounds, and silent where nothing is said."""

from __future__ import annotations

import pytest

from bot.engine.authorship.change import change
from bot.engine.model.authorship import Authorship
from bot.engine.model.snapshot import CommitText, PullText
from bot.report import authorship
from tests.engine.authorship.table import index
from tests.report import samples

CLAUDE = "Fix it\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
CURSOR = "Fix it\n\nMade-with: Cursor"
GEMINI = "Fix it\n\nCo-authored-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>"
RENOVATE = ("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")


def said(*messages: str, author: tuple[str, str] = ("Kim", "kim@example.com"), pull: PullText | None = None) -> str:
    commits = [CommitText(str(number), message, *author, *author) for number, message in enumerate(messages)]
    return authorship.said(change(commits, index(), pull), samples.phrases())


@pytest.mark.parametrize(
    ("messages", "line"),
    [
        ((CLAUDE, "Fix more", CLAUDE), "AI-declared: 2 of 3 commits, Claude Code (trailer)"),
        ((CLAUDE, CURSOR), "AI-declared: 2 of 2 commits, Claude Code, Cursor (trailer)"),
        ((GEMINI, "Fix more"), "AI-declared in part: 1 of 2 commits, Gemini Code Assist (trailer)"),
        (("Fix it\n\n  Co-authored-by: Claude <noreply@anthropic.com>",), "AI-declared: 1 commit, Claude Code (malformed trailer)"),
        (("Fix it\n\nAI-assistant: yes",), "AI-declared: 1 commit, no tool named (trailer)"),
        (("Fix it",), ""),
    ],
)
def test_commits_are_counted(messages: tuple[str, ...], line: str) -> None:
    assert said(*messages) == line


def test_a_pull_request_may_say_it_itself() -> None:
    body = "Fix it\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)"
    assert said("Fix it", pull=PullText("kim", 7, body)) == "AI-declared: the pull request, Claude Code (text)"
    assert said("Fix it", pull=PullText("Copilot", 198982749)) == "AI-declared: the pull request, GitHub Copilot coding agent (account)"
    hints = PullText("kim", 7, "", "codex/fix", ("codex",))
    assert said("Fix it", pull=hints) == "Hints of AI: the pull request, OpenAI Codex (branch, label)"


def test_an_automation_is_called_so() -> None:
    assert said("Bump x", "Bump y", author=RENOVATE) == "Automation: 2 of 2 commits, Renovate (author)"


def test_a_denial_against_other_evidence_is_shown() -> None:
    pull = PullText("kim", 7, "- [x] No AI tools were used\n- [ ] AI tools were used")
    declared = change([CommitText("1", CLAUDE)], index(), pull)
    assert declared.grade == "ai-declared"
    assert authorship.conflicts(declared, samples.phrases()) == (
        "The text says that no AI was used, and other evidence says otherwise: - [x] No AI tools were used",
    )
    assert authorship.conflicts(change([CommitText("1", "Fix it")], index(), pull), samples.phrases()) == ()


def test_what_was_not_graded_is_not_spoken_of() -> None:
    assert authorship.said(Authorship(), samples.phrases()) == ""


def test_a_token_in_a_quoted_line_is_covered() -> None:
    found = change([CommitText("1", "Fix it\n\nAI-assistant: ghp_0123456789012345678901234567890123456789")], index())
    assert "ghp_" in found.commits[0].evidence[0].text
    assert "ghp_" not in authorship.shown(found, samples.phrases()).commits[0].evidence[0].text
