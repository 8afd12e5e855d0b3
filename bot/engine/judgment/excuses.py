"""What excuses a finding of a scanner, read from a text in every dialect: which finding, how far, until when, and of what block.

Most scanners search lines and do not ask whether a line is a comment, so a text, a heredoc or a line that is commented out counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from msgspec import Struct

from bot.engine.pattern import Pattern

EVERYTHING = "everything"
LINE, BLOCK, FILE = range(3)
_IDS = r"(?P<ids>[\w.*\-]+(?:\s*,\s*[\w.*\-]+)*)"


class Dialect(Struct, frozen=True):
    """How a scanner is told to be quiet. `pattern`: on one line; its `ids` name what is excused, everything without them. `item`: where the
    ids stand on the line behind it or on further ones that belong to it, what each looks like. `scope`: how far it reaches."""

    name: str
    pattern: Pattern[str]
    scope: int = BLOCK
    item: Pattern[str] | None = None


class Excuse(Struct, frozen=True):
    """`name`: as it is written; `id`: of the finding, a pattern, or `everything`. `limits`: what narrows it, `until` the day after which it
    is none (ISO), empty for no end. `target`: the header of the block that it stands in or above; empty where that cannot be told."""

    dialect: str
    name: str
    id: str
    scope: int = BLOCK
    until: str = ""
    limits: frozenset[str] = frozenset()
    line: int = 0
    column: int = 1
    target: str = ""

    def same(self, other: Excuse) -> bool:
        """Whether both say the same, wherever they stand."""
        return (self.dialect, self.name, self.scope) == (other.dialect, other.name, other.scope)

    def covers(self, other: Excuse) -> bool:
        """Whether whatever the other one excuses is excused by this one too, were it in its place."""
        named = self.id in (EVERYTHING, other.id) or (other.id != EVERYTHING and fnmatchcase(other.id, self.id))
        timely = not self.until or (bool(other.until) and other.until <= self.until)
        return self.dialect == other.dialect and named and self.scope >= other.scope and timely and self.limits <= other.limits


# Syntax as the scanners' own documents and sources give it.
DIALECTS = (
    Dialect("checkov", Pattern(rf"(?:checkov|bridgecrew|cortex):skip=\s*{_IDS}?")),
    Dialect("checkov", Pattern(r"checkov\.io/skip\d*[\"']?\s*[:=]\s*[\"']?(?P<ids>\w+)")),
    Dialect("checkov", Pattern(r"^\s*[\"']?checkov[\"']?\s*:\s*\{?\s*$"), item=Pattern(r"\bid[\"']?\s*:\s*[\"']?(?P<id>CKV\w+)")),
    Dialect("tfsec", Pattern(r"tfsec:ignore:(?P<ids>[\w.*\-\[\]=:]+)")),
    Dialect("trivy", Pattern(r"trivy:ignore:(?P<ids>[\w.*\-\[\]=:]+)")),
    Dialect("kics", Pattern(r"kics-scan\s+(?P<ids>ignore-line)\b"), LINE),
    Dialect("kics", Pattern(r"kics-scan\s+(?P<ids>ignore-block)\b")),
    Dialect("kics", Pattern(r"kics-scan\s+(?P<ids>ignore)(?![\w-])"), FILE),
    Dialect("kics", Pattern(rf"kics-scan\s+disable={_IDS}"), FILE),
    Dialect("kics", Pattern(r"kics-scan\s+(?P<ids>enable=[\w,\-]+)"), FILE),
    Dialect("terrascan", Pattern(rf"ts:skip=\s*{_IDS}")),
    Dialect("terrascan", Pattern(r"runterrascan\.io/skip"), item=Pattern(r"\\?[\"']rule\\?[\"']\s*:\s*\\?[\"'](?P<id>[\w.\-]+)")),
    Dialect("semgrep", Pattern(r"\bnosem(?:grep)?\b(?::\s*(?P<ids>[\w.\-]+(?:\s*,\s*[\w.\-]+)*))?"), LINE),
    Dialect("tflint", Pattern(rf"tflint-ignore:\s*{_IDS}"), LINE),
    Dialect("tflint", Pattern(rf"tflint-ignore-file:\s*{_IDS}"), FILE),
    Dialect("cfn_nag", Pattern(r"\brules_to_suppress\b"), item=Pattern(r"\bid[\"']?\s*:\s*[\"']?(?P<id>[A-Z]{1,8}\d+)")),
    Dialect("cfn-lint", Pattern(r"\bignore_checks\b[\"']?\s*:"), item=Pattern(r"[\"'\s\[,-](?P<id>[EWI]\d{1,4})\b")),
    Dialect("snyk", Pattern(r"\bsnyk:ignore\s*:?\s*(?P<ids>[\w.\-]*)"), LINE),
    Dialect("snyk", Pattern(r"(?<!file )\bdeepcode ignore\s*(?P<ids>[\w.\-]*)"), LINE),
    Dialect("snyk", Pattern(r"\bfile deepcode ignore\s*(?P<ids>[\w.\-]*)"), FILE),
    Dialect("hadolint", Pattern(rf"hadolint\s+ignore={_IDS}"), LINE),
    Dialect("hadolint", Pattern(rf"hadolint\s+global\s+ignore={_IDS}"), FILE),
    Dialect("nosec", Pattern(r"#\s*nosec\b(?::?\s*(?P<ids>[BG]\d{3}(?:[,\s]+[BG]\d{3})*))?"), LINE),
    Dialect("gitleaks", Pattern(r"gitleaks:allow"), LINE),
    Dialect("detect-secrets", Pattern(r"pragma: allowlist (?:nextline )?secret"), LINE),
    Dialect("kube-linter", Pattern(r"ignore-check\.kube-linter\.io/(?P<ids>[\w\-]+)")),
    Dialect("kube-score", Pattern(rf"kube-score/ignore[\"']?\s*[:=]\s*[\"']?{_IDS}")),
    Dialect("polaris", Pattern(r"polaris\.fairwinds\.com/(?P<ids>(?:[\w\-]+-)?exempt)")),
    Dialect("zizmor", Pattern(rf"zizmor:\s*ignore\[\s*{_IDS}"), LINE),
    Dialect("bicep", Pattern(r"#disable-next-line\s+(?P<ids>[\w\-]+(?:\s+[\w\-]+)*)"), LINE),
    Dialect("bicep", Pattern(r"#disable-diagnostics\s+(?P<ids>[\w\-]+(?:\s+[\w\-]+)*)"), FILE),
    Dialect("kyverno", Pattern(r"^\s*kind:\s*(?P<ids>PolicyException)\b"), FILE),
    Dialect("psrule", Pattern(r"^\s*kind:\s*(?P<ids>SuppressionGroup)\b"), FILE),
    Dialect("conftest", Pattern(r"^exception\s*(?:\[|contains\b)"), item=Pattern(r"[\"'](?P<id>[\w.\-]+)[\"']")),
)
EXCEPTION = Pattern(r"^\s*kind:\s*PolicyException\b", re.MULTILINE)
OF_EXCEPTION = (
    Dialect("kyverno", Pattern(r"\bpolicyName:\s*[\"']?(?P<ids>[\w.*\-]+)"), FILE),
    Dialect("kyverno", Pattern(r"\bruleNames:"), FILE, Pattern(r"[\s\[,-][\"']?(?P<id>[\w*][\w.*\-]*)")),
)
WHOLE = frozenset({"*", "all", "ignore-line", "ignore-block", "ignore"})
_LIMITS = Pattern(r":(?P<kind>exp|ws):(?P<value>[^:\[\]]+)|\[(?P<argument>[^\]]*)\]")
_HEADER = Pattern(r"^(?:resource|data|module|ephemeral)\s+\"[^\"\n]+\"(?:\s+\"[^\"\n]+\")?", re.MULTILINE)
_SILENT = ("#", "//", "/*", "*")
MOST_IDS = 1_000  # of one line; the others are only counted
# Of which one stands in everything that a dialect finds.
HINTS = (
    "skip", "ignore", "nosem", "nosec", "checkov", "kics-scan", "rules_to_suppress", "gitleaks:allow", "allowlist", "exempt", "disable-",
    "PolicyException", "SuppressionGroup", "exception", "policyName", "ruleNames",
)  # fmt: skip


def excuses(text: str) -> Iterator[Excuse]:
    """Every excuse of a text, in the order of its lines."""
    hints = [hint for hint in HINTS if hint in text]
    if not hints:
        return
    lines = text.split("\n")
    targets = _targets(lines)
    dialects = (*DIALECTS, *OF_EXCEPTION) if EXCEPTION.search(text) else DIALECTS
    for number, line in enumerate(lines, start=1):
        for dialect in dialects if any(hint in line for hint in hints) else ():
            for match in dialect.pattern.finditer(line):
                for name, at, column in _names(dialect, match, lines, number):
                    yield _excuse(dialect, name, at, column, targets[number - 1])


def headers(text: str) -> Iterator[str]:
    """Of the Terraform blocks that something in a text may be excused in."""
    yield from (found[0] for found in _HEADER.finditer(text))


def _names(dialect: Dialect, match: re.Match[str], lines: list[str], number: int) -> Iterator[tuple[str, int, int]]:
    """What is excused, each with its line and column."""
    column = match.start() + 1
    if dialect.item is not None:
        yield from list(_items(dialect, dialect.item, lines, number, match.end())) or [(EVERYTHING, number, column)]
        return
    told = (match.groupdict().get("ids") or "").strip()
    names = re.split(r"[,\s]+", told) if told else [EVERYTHING]
    more = [f"+{len(names) - MOST_IDS}"] if len(names) > MOST_IDS else []
    yield from ((name, number, column) for name in (*names[:MOST_IDS], *more))


def _items(dialect: Dialect, item: Pattern[str], lines: list[str], number: int, start: int) -> Iterator[tuple[str, int, int]]:
    """The ids on the rest of the line, and on those below that stand further in, or as entries just below, up to the next list."""
    own = lines[number - 1]
    yield from ((found["id"], number, found.start("id") + 1) for found in item.finditer(own, start))
    depth = len(own) - len(own.lstrip())
    for at in range(number + 1, len(lines) + 1):
        line = lines[at - 1]
        inner = len(line) - len(line.lstrip())
        beside = inner == depth and line.lstrip().startswith(("-", "]", "}"))
        if (line.strip() and inner <= depth and not beside) or dialect.pattern.search(line):
            return
        yield from ((found["id"], at, found.start("id") + 1) for found in item.finditer(line))


def _excuse(dialect: Dialect, name: str, line: int, column: int, target: str) -> Excuse:
    plain = _LIMITS.sub("", name)
    limits = {found[0] for found in _LIMITS.finditer(name) if found["kind"] != "exp"}
    until = next((found["value"] for found in _LIMITS.finditer(name) if found["kind"] == "exp"), "")
    told = EVERYTHING if plain in WHOLE or not plain else plain
    return Excuse(dialect.name, name, told, dialect.scope, until, frozenset(limits), line, column, "" if dialect.scope == FILE else target)


def _targets(lines: list[str]) -> list[str]:
    """Of each line the header of the Terraform block around it, or right below it."""
    found = [""] * len(lines)
    inside = ""
    for at, line in enumerate(lines):
        header = _HEADER.match(line)
        inside = header[0] if header else inside
        found[at] = inside
        inside = "" if line.startswith("}") else inside
    below = ""
    for at in range(len(lines) - 1, -1, -1):
        if found[at]:
            below = found[at] if _HEADER.match(lines[at]) else ""
        elif lines[at].strip() and not lines[at].lstrip().startswith(_SILENT):
            below = ""
        else:
            found[at] = below
    return found
