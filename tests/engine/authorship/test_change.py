"""A change out of its commits and its pull request."""

from __future__ import annotations

import pytest

from bot.engine.authorship.change import change
from bot.engine.model.authorship import Authorship
from bot.engine.model.snapshot import CommitText, PullText
from tests.engine.authorship.table import index

CLAUDE = "Fix it\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
FOOTER = "🤖 Generated with [Claude Code](https://claude.com/claude-code)"
KIM = ("Kim", "kim@example.com")
RENOVATE = ("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")
PRE_COMMIT = ("pre-commit-ci[bot]", "66853113+pre-commit-ci[bot]@users.noreply.github.com")


def of(*commits: tuple[str, tuple[str, str]], pull: PullText | None = None) -> Authorship:
    return change([CommitText(str(number), message, *who, *who) for number, (message, who) in enumerate(commits)], index(), pull)


def test_the_strongest_commit_counts() -> None:
    found = of(("One", KIM), (CLAUDE, KIM), ("Three", KIM))
    assert (found.grade, found.tools) == ("ai-declared", ("Claude Code",))
    assert [each.grade for each in found.commits] == ["no-evidence", "ai-declared", "no-evidence"]


def test_a_commit_of_a_bot_makes_no_automation_of_a_persons_change() -> None:
    assert of(("One", KIM), ("Format", PRE_COMMIT)).grade == "no-evidence"
    assert of((CLAUDE, KIM), ("Format", PRE_COMMIT)).grade == "ai-declared"


def test_an_automation_opens_or_writes_all_of_it() -> None:
    assert of(("Bump", RENOVATE), ("Bump", RENOVATE)).grade == "automation"
    opened = of(("Bump", RENOVATE), (CLAUDE, KIM), pull=PullText("renovate[bot]", 29139614))
    assert (opened.grade, opened.tools) == ("automation", ("Renovate", "Claude Code"))


def test_an_account_is_told_by_its_number() -> None:
    assert of(pull=PullText("renamed", 198982749)).grade == "ai-declared"
    assert of(pull=PullText("Copilot", 12345)).grade == "no-evidence"
    assert of(pull=PullText("Copilot")).grade == "ai-declared"


@pytest.mark.parametrize(
    ("pull", "grade"),
    [
        (PullText(head_ref="copilot/fix-7"), "no-evidence"),
        (PullText(head_ref="kim:cursor/fix-8f98", labels=("agent: cursor",)), "ai-suspected"),
        (PullText(head_ref="refs/heads/devin/1751234567-fix", labels=("bug",)), "no-evidence"),
        (PullText(labels=("AI-generated",)), "ai-declared"),
        (PullText(labels=("ai", "good first issue")), "no-evidence"),
        (PullText(head_ref="feature/claude/x"), "no-evidence"),
    ],
)
def test_branches_and_labels(pull: PullText, grade: str) -> None:
    assert of(("Fix it", KIM), pull=pull).grade == grade


@pytest.mark.parametrize(
    ("body", "grade"),
    [
        ("Fix it\r\n\r\n------\r\nhttps://chatgpt.com/codex/tasks/task_e_683f0b3e05148322bf9050d0323671a6", "ai-declared"),
        ("Fix it\n\n## Link to Devin run\nhttps://app.devin.ai/sessions/eb477b0901034cb2b256a\n\n## Requested by\nKim", "ai-declared"),
        ("Fix it\n\n**Link to Devin run:** https://app.devin.ai/sessions/58387cbbfccb4a09ac97b2\n\nRequested by: Kim", "ai-declared"),
        ("Fix it\n\n<!-- START COPILOT CODING AGENT TIPS -->\n---\n\nTips.", "ai-declared"),
        ("<!-- CURSOR_AGENT_PR_BODY_BEGIN -->\nFix it\n<!-- CURSOR_AGENT_PR_BODY_END -->", "ai-declared"),
        ('Fix it\n\n<a href="https://cursor.com/background-agent?bcId=bc-d93a6345-b181"><picture></picture></a>', "ai-declared"),
        ("Fix it\n\n---\n*PR created automatically by Jules for task [105](https://jules.google.com/task/105) from @kim*", "ai-declared"),
        (f"Fix it\n\n{FOOTER}\n\n<!-- greptile_comment -->\n\n<details open>\n\nOne.\n\nTwo.\n</details>", "ai-declared"),
        ("Fix it\n\nAI disclosure (my first!): I asked Copilot for the tests.", "ai-declared"),
        ("Fix it\n\n- [x] I used AI tools for this change", "ai-declared"),
        ("- [x] This PR uses AI/LLMs\n- [ ] This PR does not use AI/LLMs", "ai-declared"),
        ("- [ ] This PR uses AI/LLMs\n- [x] This PR does not use AI/LLMs", "no-evidence"),
        ("- [x] I have read the policy on AI-generated code", "no-evidence"),
        ("- [x] No AI was used", "no-evidence"),
        ("- [x] Tests were generated", "no-evidence"),
        ("[Open with Devin](https://app.devin.ai/review/acme/infra/pull/7)", "no-evidence"),
        ("> Cursor Bugbot is generating a summary: https://cursor.com/dashboard?tab=bugbot", "no-evidence"),
        ("See https://app.devin.ai/sessions/eb477b0901034cb2b256a4d2ed7f8c75 for how it broke", "no-evidence"),
        ("Result:\n\n```\n<!-- START COPILOT CODING AGENT TIPS -->\n```\n", "no-evidence"),
        ("<details><summary>Notes</summary>\n<blockquote>\n\n🤖 Generated with Claude Code\n\n</blockquote></details>", "no-evidence"),
    ],
)
def test_bodies(body: str, grade: str) -> None:
    assert of(("Fix it", KIM), pull=PullText("kim", 7, body)).grade == grade
