"""CODEOWNERS as GitHub reads it: who owns a path.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners:
the first of three places, the last line that fits, patterns as in `.gitignore` but for `!`, `[ ]` and `\\#`; a line that is not valid is
skipped, a line without owners leaves its paths without any, and a file above 3 MB is not loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from bot.engine.model.notice import Notice
from bot.engine.pattern import Pattern

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
MAX_BYTES = 3 * 1024 * 1024
ACCOUNT = "codeowners"  # in a list of owners: whoever owns the file that a question is about
NAMED = 5
_TOKENS = Pattern(r"(?:\\ |\S)+")
_NAMED = Pattern(r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)?")
_ADDRESS = Pattern(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Line(Struct, frozen=True):
    """One line that holds. `parts`: of the pattern, between slashes. `below`: it means what is in a directory; `direct`: and of that what
    is directly in it. `accounts`: `@user`, `@organisation/team`; `addresses`: owners by e-mail, whom nobody can look up."""

    parts: tuple[str, ...]
    below: bool
    direct: bool
    accounts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class CodeOwners(Struct, frozen=True):
    """`lines`: in their order; `skipped`: numbers of those that are not valid."""

    path: str = ""
    lines: tuple[Line, ...] = ()
    skipped: tuple[int, ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """The accounts and teams that own the file."""
        steps = tuple(path.split("/"))
        return next((line.accounts for line in reversed(self.lines) if _fits(line, steps)), ())

    def notices(self) -> Iterator[Notice]:
        """What of the file helps nobody, for the reader of a verdict."""
        if not self.path:
            yield Notice("codeowners-absent", {"places": ", ".join(PLACES)})
        if self.skipped:
            shown = ", ".join(map(str, self.skipped[:NAMED])) + ("…" if len(self.skipped) > NAMED else "")
            yield Notice("codeowners-skipped", {"where": self.path, "n": len(self.skipped), "lines": shown})
        addresses = {address for line in self.lines for address in line.addresses}
        if addresses:
            yield Notice("codeowners-addresses", {"where": self.path, "n": len(addresses)})


@lru_cache(maxsize=8)
def code_owners(data: bytes, path: str) -> CodeOwners:
    """The file's bytes as what it says; an empty path is no file."""
    lines: list[Line] = []
    skipped: list[int] = []
    for number, text in enumerate(data.decode("utf-8", "replace").lstrip("\ufeff").split("\n"), 1):
        tokens = list(_before_comment(_TOKENS.findall(text)))
        if not tokens:
            continue
        line = _line(*tokens)
        if line is None:
            skipped.append(number)
        else:
            lines.append(line)
    return CodeOwners(path, tuple(lines), tuple(skipped))


def _before_comment(tokens: Iterable[str]) -> Iterator[str]:
    for token in tokens:
        if token.startswith("#"):
            return
        yield token


def _line(pattern: str, *owners: str) -> Line | None:
    """None for a line that is not valid."""
    accounts = tuple(owner for owner in owners if _NAMED.fullmatch(owner))
    addresses = tuple(owner for owner in owners if _ADDRESS.fullmatch(owner) and owner not in accounts)
    parts = tuple(part for part in pattern.replace("\\ ", " ").split("/") if part)
    if len(accounts) + len(addresses) < len(owners) or not parts or pattern.startswith(("!", "\\#")) or {"[", "]"} & set(pattern):
        return None
    anchored = "/" in pattern.rstrip("/")
    below = pattern.endswith("/") or parts[-1] == "**"
    direct = not below and parts[-1] == "*" and anchored
    parts = parts[:-1] if parts[-1] == "**" else parts
    return Line(parts if anchored else ("**", *parts), below, direct, accounts, addresses)


def _fits(line: Line, steps: tuple[str, ...]) -> bool:
    """Whether the pattern means the path, or a directory above it."""
    reached = {0}
    for part in line.parts:
        if not reached:
            return False
        if part == "**":
            reached = set(range(min(reached), len(steps) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(steps) and _alike(part, steps[at])}
    if line.direct:
        return len(steps) in reached
    return any(at < len(steps) if line.below else at > 0 for at in reached)


def _alike(glob: str, text: str) -> bool:
    """Whether the whole name fits `*` and `?`; never in more than `len(glob) * len(text)` steps, whatever the pattern."""
    at = seen = 0
    star, resumed = -1, 0
    while seen < len(text):
        if at < len(glob) and glob[at] == "*":
            star, resumed = at, seen
            at += 1
        elif at < len(glob) and glob[at] in ("?", text[seen]):
            at, seen = at + 1, seen + 1
        elif star >= 0:
            resumed += 1
            at, seen = star + 1, resumed
        else:
            return False
    return not glob[at:].strip("*")
