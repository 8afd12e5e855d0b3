"""Notes of the git-ai standard."""

from __future__ import annotations

import pytest

from bot.engine.authorship.git_ai import Attested, attested
from tests.engine.authorship.table import graded, told

PROMPTS = '{"schema_version": "authorship/3.0.0", "prompts": {"d4a7828bfdafe456": {"agent_id": {"tool": "claude"}}}}'
SESSIONS = '{"schema_version": "authorship/3.0.0", "prompts": {}, "sessions": {"s_a769": {"agent_id": {"tool": "codex"}}}}'


def note(lines: str, document: str = PROMPTS) -> str:
    return f"main.tf\n{lines}\n---\n{document}"


def test_prompts_and_sessions_attest_lines() -> None:
    assert attested(note("  d4a7828bfdafe456 5-6,9")) == (Attested("main.tf", "5-6,9", "Claude Code"),)
    assert attested(note("  s_a769::t_a3a1 28", SESSIONS)) == (Attested("main.tf", "28", "OpenAI Codex"),)
    told_by = told(note=note("  d4a7828bfdafe456 5-6,9"))[0]
    assert [(item.rule, item.place, item.strength, item.text) for item in told_by.evidence] == [
        ("git-ai-note", "note", "strong", "main.tf:5-6,9")
    ]


def test_several_files_are_told_apart() -> None:
    found = attested('a.tf\n  h_dca485 3\n  d4a7828bfdafe456 1\n"b c.tf"\n  s_a769 2\n---\n' + PROMPTS)
    assert [(item.path, item.tool) for item in found] == [("a.tf", "Claude Code"), ("b c.tf", "")]


@pytest.mark.parametrize(
    "text",
    [
        note("  h_dca485b1adf836 3-4,7-14"),
        note("  d4a7828bfdafe456 5", PROMPTS.replace("claude", "mock_ai")),
        note(""),
        "\n---\n" + PROMPTS,
        PROMPTS,
        "main.tf\n  d4a7828bfdafe456 5",
        "Reviewed by Kim",
        "",
    ],
)
def test_people_tests_and_other_notes_attest_nothing(text: str) -> None:
    assert attested(text) == ()
    assert graded(note=text) == "no-evidence"


@pytest.mark.parametrize("document", ["", "[]", "{", '{"prompts": []}', '{"prompts": {"d4a7828bfdafe456": {"agent_id": {"tool": 7}}}}'])
def test_a_broken_document_leaves_the_tool_open(document: str) -> None:
    found = told(note=note("  d4a7828bfdafe456 5", document))[0]
    assert (found.grade, found.tools) == ("ai-declared", ())
