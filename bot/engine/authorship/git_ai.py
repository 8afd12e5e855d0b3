"""Notes of the git-ai standard (specs/git_ai_standard_v3.0.0.md of git-ai-project/git-ai): which lines of a commit a tool wrote.

    path/of/a/file.tf
      <key> 1-4,9
    ---
    {"schema_version": "authorship/3.0.0", "prompts": {…}, "sessions": {…}}

A key of 16 hexadecimal digits names a prompt, `s_…::t_…` a session, `h_…` a person that an editor has seen typing.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Struct

_ENTRY = r"\s+(\S+)\s+(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)\s*"  # compiled where a note is read
_PROMPT, _SESSION = r"[0-9a-f]{16}", r"(s_[0-9a-f]+)(?:::t_[0-9a-f]+)?"
_TESTS = frozenset({"mock_ai", "test-agent", "mock-ai"})  # values of the project's own tests
MOST = 1_000_000
NAMES = {
    "claude": "Claude Code", "claude-code": "Claude Code", "codex": "OpenAI Codex", "cursor": "Cursor", "opencode": "opencode",
    "github-copilot": "GitHub Copilot CLI/App", "copilot": "GitHub Copilot CLI/App", "gemini": "Gemini CLI", "droid": "Factory Droid",
    "continue-cli": "Continue", "amp": "Amp", "windsurf": "Windsurf", "junie": "Junie", "rovo-dev": "Rovo Dev",
}  # fmt: skip


class Attested(Struct, frozen=True):
    """Lines that a tool wrote. `ranges`: as the note has them."""

    path: str
    ranges: str
    tool: str


def attested(note: str) -> tuple[Attested, ...]:
    """What a note attests to tools; nothing for lines of people, and for what is no such note."""
    above, divider, below = note[:MOST].replace("\r\n", "\n").partition("\n---\n")
    if not divider:
        return ()
    tools = _tools(below)
    found: list[Attested] = []
    path = ""
    for line in above.split("\n"):
        entry = re.fullmatch(_ENTRY, line)
        if entry is None:
            path = line.strip().strip('"')
        elif (tool := _tool(entry[1], tools)) is not None:
            found.append(Attested(path, entry[2], tool))
    return tuple(found)


def _tool(key: str, tools: dict[str, str]) -> str | None:
    """The tool behind a key, empty where the note does not say; None for a person, a test, or no key of the standard."""
    session = re.fullmatch(_SESSION, key)
    if session is None and not re.fullmatch(_PROMPT, key):
        return None
    tool = tools.get(session[1] if session else key, "")
    return None if tool in _TESTS else NAMES.get(tool, tool)


def _tools(data: str) -> dict[str, str]:
    try:
        document = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return {}
    if not isinstance(document, dict):
        return {}
    parts: list[dict[str, Any]] = [document[name] for name in ("prompts", "sessions") if isinstance(document.get(name), dict)]
    return {key: _named(value) for part in parts for key, value in part.items()}


def _named(value: object) -> str:
    agent = value.get("agent_id") if isinstance(value, dict) else None
    tool = agent.get("tool") if isinstance(agent, dict) else None
    return tool.strip().lower()[:60] if isinstance(tool, str) else ""
