"""View `suppression`: findings of a scanner that are excused now and were not before, in any dialect.

Fields: `dialect`, `name` (the id that is excused, or `everything`), `form` (`comment`; `check` where a workflow can no longer fail).
Scanners search lines and do not ask whether a line is a comment, so a text or heredoc that holds the words counts as well. An id that
stood anywhere in the changed files before is not new: it was moved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from bot.engine.judgment.files import Files, place
from bot.engine.judgment.subjects import resting, subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown
from bot.engine.pattern import Pattern

FIELDS = ("form", "dialect", "name")
EVERYTHING = "everything"
_IDS = r"(?P<ids>[\w.:*,/\- ]*)"
# Syntax as the scanners' own documents give it; ids follow.
DIALECTS: tuple[tuple[str, Pattern[str]], ...] = (
    ("checkov", Pattern(r"(?:checkov|bridgecrew):skip=\s*(?P<ids>[A-Za-z_\d]+)")),
    ("checkov", Pattern(r"checkov\.io/skip\d*[\"']?\s*[:=]\s*[\"']?(?P<ids>\w+)")),
    ("tfsec", Pattern(r"tfsec:ignore:(?P<ids>[\w.*\-]+)")),
    ("trivy", Pattern(r"trivy:ignore:(?P<ids>[\w.*\-\[\]=:]+)")),
    ("kics", Pattern(r"kics-scan\s+(?:disable=)?(?P<ids>(?:ignore-line|ignore-block|ignore)\b|(?<=disable=)[\w,\-]+)")),
    ("terrascan", Pattern(r"ts:skip=(?P<ids>[\w.]+)")),
    ("semgrep", Pattern(r"\bnosemgrep\b(?::\s*(?P<ids>[\w.,\- ]+))?")),
    ("tflint", Pattern(r"tflint-ignore(?:-file)?:\s*(?P<ids>[\w,\- ]+)")),
    ("cfn_nag", Pattern(r"\b(?P<ids>rules_to_suppress)\b")),
    ("snyk", Pattern(r"(?:snyk:ignore|file deepcode ignore|deepcode ignore)\s*(?P<ids>[\w.\-]*)")),
    ("hadolint", Pattern(r"hadolint\s+(?:global\s+)?ignore=(?P<ids>[\w,]+)")),
    ("gitleaks", Pattern(r"gitleaks:allow(?P<ids>)")),
    ("detect-secrets", Pattern(r"pragma: allowlist (?:nextline )?secret(?P<ids>)")),
    ("kube-linter", Pattern(r"ignore-check\.kube-linter\.io/(?P<ids>[\w\-]+)")),
    ("bicep", Pattern(r"#disable-next-line\s+(?P<ids>[\w\- ]+)")),
    ("kyverno", Pattern(r"^\s*kind:\s*(?P<ids>PolicyException)\b")),
)
CHECKS = Pattern(r"^\s*-?\s*(?P<ids>soft[_-]fail:\s*[\"']?true|continue-on-error:\s*true)|(?P<flag>--soft-fail\b|\|\|\s*true\s*$)")


def suppressions(files: Files) -> Iterator[Subject]:
    """A fact for each id that is excused in a dialect and was not before."""
    before = Counter(key for text in files.before.values() for _, key, _ in _found(text))
    for path, _, after in files.pairs():
        for number, (dialect, name), column in _found(after or ""):
            if before[dialect, name] > 0:
                before[dialect, name] -= 1
                continue
            span = Span(path, number, column)
            yield _fact(path, span, "comment", dialect, name, _around(after or "", number))
    yield from _checks(files)
    for path, reason in sorted(files.unfetched.items()):
        span = Span(path, 1)
        unknown = Unknown("file", path, span, detail=reason)
        cause = Cause(Change("", None, unknown), key=("unfetched", path))
        yield subject("suppression", place(path, "file", span), span, cause, form=unknown, dialect="", name="")


def _checks(files: Files) -> Iterator[Subject]:
    """Steps of workflows that can no longer fail."""
    for path, before, after in files.pairs():
        if not path.startswith(".github/workflows/"):
            continue
        stood = Counter(line.strip() for line in (before or "").split("\n"))
        for number, line in enumerate((after or "").split("\n"), start=1):
            found = CHECKS.search(line)
            if found and stood[line.strip()] > 0:
                stood[line.strip()] -= 1
            elif found:
                name = " ".join((found["ids"] or found["flag"]).split())
                yield _fact(path, Span(path, number), "check", "workflow", name, _around(after or "", number))


def _fact(path: str, span: Span, form: str, dialect: str, name: str, around: str) -> Subject:
    """What one change excuses in one dialect is one question; the ids stand at their places."""
    cause = Cause(Change("", None, Known(name, span)), key=(form, dialect), rests=resting(f"{path}\n{around}"))
    made = subject("suppression", place(f"{dialect} {name}", dialect, span), span, cause, form=form, dialect=dialect, name=name)
    return replace(made, path=path)


def _around(text: str, number: int) -> str:
    """What an excuse may be about, whatever its line: the line itself, what it stands in, and the first line below that says anything."""
    lines = text.split("\n")
    own = lines[number - 1]
    depth = len(own) - len(own.lstrip())
    above = (line for line in reversed(lines[: number - 1]) if line.strip() and len(line) - len(line.lstrip()) < max(depth, 1))
    below = (line for line in lines[number:] if line.strip() and not line.lstrip().startswith(("#", "//")))
    return "\n".join(" ".join(line.split()) for line in (next(above, ""), own, next(below, "")))


def _found(text: str) -> Iterator[tuple[int, tuple[str, str], int]]:
    """Line, dialect and id, column of every excuse."""
    for number, line in enumerate(text.split("\n"), start=1):
        for dialect, pattern in DIALECTS:
            for match in pattern.finditer(line):
                for name in re.split(r"[,\s]+", (match["ids"] or "").strip()) or [""]:
                    yield number, (dialect, name or EVERYTHING), match.start() + 1
