"""CODEOWNERS as GitHub reads it: three places, last match wins, errors by line."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.standin.state.accounts import RANK, Organisation, role_of

if TYPE_CHECKING:
    from bot.standin.state.repository import Repository

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
CAP_BYTES = 3 * 1024 * 1024


class Line(NamedTuple):
    number: int
    text: str
    pattern: str
    owners: tuple[str, ...]


def find(repo: Repository, ref: str) -> tuple[str, bytes] | None:
    """Path and bytes of the file in force; one above 3 MB is not loaded."""
    for path in PLACES:
        data = repo.read(path, ref)
        if data is not None:
            return None if len(data) > CAP_BYTES else (path, data)
    return None


def parse(data: bytes) -> list[Line]:
    lines = []
    for number, raw in enumerate(data.decode(errors="replace").splitlines(), 1):
        text = raw.split(" #")[0].strip()
        if text and not text.startswith("#"):
            parts = text.split()
            lines.append(Line(number, raw, parts[0], tuple(parts[1:])))
    return lines


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern in git's ignore form; no negation, no character classes."""
    anchored = pattern.startswith("/") or "/" in pattern.rstrip("/")
    body = pattern.strip("/")
    out = "".join(
        {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
        for part in re.split(r"(\*\*/|/\*\*|\*\*|\*|\?)", body)
    )
    end = "/.*" if pattern.endswith("/") else "$" if body.endswith("*") and not body.endswith("**") else "(?:/.*)?"
    return re.compile(("^" if anchored else "(?:^|.*/)") + out + end + ("" if end == "$" else "$"))


def owners_of(lines: list[Line], path: str) -> tuple[str, ...]:
    return next((line.owners for line in reversed(lines) if matcher(line.pattern).match(path)), ())


def errors(repo: Repository, ref: str) -> list[dict[str, Any]]:
    found = find(repo, ref)
    if found is None:
        return []
    path, data = found
    out = []
    for line in parse(data):
        if line.pattern.startswith("!") or "[" in line.pattern or line.pattern.startswith("\\#"):
            out.append(_error(path, line, 1, "Invalid pattern", None))
        out += [
            _error(path, line, line.text.index(owner) + 1, kind, hint) for owner in line.owners for kind, hint in _owner_errors(repo, owner)
        ]
    return out


def _owner_errors(repo: Repository, owner: str) -> list[tuple[str, str | None]]:
    if not owner.startswith("@"):
        return [] if re.fullmatch(r"[^@\s]+@[^@\s]+", owner) else [("Invalid owner", None)]
    name = owner[1:]
    if "/" in name:
        team = repo.owner.teams.get(name.split("/")[1]) if isinstance(repo.owner, Organisation) else None
        able = team and not team.secret and RANK[team.repositories.get(repo.id, "none")] >= RANK["write"]
        hint = f"make sure the team {owner} exists, is publicly visible, and has write access to the repository"
        return [] if able else [("Unknown owner", hint)]
    account = repo.world.accounts.get(name.lower())
    if account and RANK[role_of(account, repo)] >= RANK["write"]:
        return []
    return [("Unknown owner", f"make sure {owner} exists and has write access to the repository")]


def _error(path: str, line: Line, column: int, kind: str, hint: str | None) -> dict[str, Any]:
    return {
        "line": line.number,
        "column": column,
        "source": line.text + "\n",
        "kind": kind,
        "suggestion": hint,
        "message": f"{kind} on line {line.number}" + (f": {hint}" if hint else ""),
        "path": path,
    }
