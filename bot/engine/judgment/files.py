"""The changed files of a change as texts, whatever language they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.changeset.changes import Change as FileChange
from bot.engine.changeset.changes import contents
from bot.engine.changeset.infrastructure import language_by_name, needs_content
from bot.engine.iac.terraform.roots import LOCK
from bot.engine.model.resource import Model, Resource
from bot.engine.model.snapshot import CONFIGURATION, WAIVERS, Snapshot
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

# What a file guards, by its name; who may merge, what is looked at, and what is excused.
GUARDS: tuple[tuple[str, Pattern[str]], ...] = (
    ("countersign", Pattern("|".join(re.escape(path) for path in (*CONFIGURATION, *WAIVERS)) + r"|countersign/.*\.ya?ml")),
    ("code owners", Pattern(r"(\.github/|docs/|\.gitlab/)?CODEOWNERS")),
    ("checkov", Pattern(r"(.*/)?\.checkov\.ya?ml|(.*/)?\.checkov\.baseline")),
    ("trivy", Pattern(r"(.*/)?(\.trivyignore(\.ya?ml)?|trivy\.ya?ml)")),
    ("tfsec", Pattern(r"(.*/)?(\.tfsec/.*|tfsec\.(ya?ml|json))")),
    ("tflint", Pattern(r"(.*/)?\.tflint\.hcl")),
    ("kics", Pattern(r"(.*/)?\.?kics\.config|(.*/)?kics\.(ya?ml|json|toml)")),
    ("terrascan", Pattern(r"(.*/)?\.?terrascan\.toml|(.*/)?terrascan-config\.toml")),
    ("semgrep", Pattern(r"(.*/)?(\.semgrepignore|\.semgrep\.ya?ml)")),
    ("snyk", Pattern(r"(.*/)?\.snyk")),
    ("gitleaks", Pattern(r"(.*/)?\.gitleaks(ignore|\.toml)")),
    ("hadolint", Pattern(r"(.*/)?\.?hadolint\.ya?ml")),
    ("kube-linter", Pattern(r"(.*/)?\.kube-linter\.ya?ml")),
    ("zizmor", Pattern(r"(\.github/)?zizmor\.ya?ml")),
    ("sentinel", Pattern(r"(.*/)?sentinel\.hcl")),
    ("cfn-lint", Pattern(r"(.*/)?\.cfnlintrc(\.ya?ml)?")),
    ("psrule", Pattern(r"(.*/)?ps-rule\.ya?ml|\.ps-rule/.*")),
    ("conftest", Pattern(r"(.*/)?conftest\.toml")),
)
WORKFLOWS = ".github/workflows/"
POLICY = ".rego"  # may hold exceptions
MAX_BYTES = 1_000_000


class Files(Struct, frozen=True):
    """Texts by path, of what changed and could be read. `previous`: head path → base path of what was renamed.

    `unfetched`: paths of the head that could not be supplied, with the reason; of those that no model speaks of.
    """

    before: dict[str, str]
    after: dict[str, str]
    previous: Mapping[str, str] = {}
    unfetched: Mapping[str, str] = {}

    @property
    def head(self) -> Model:
        """What results of texts belong to: no root."""
        return Model("", None, "text", ())

    def pairs(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Path, text before and after, in the order of paths; None where the file is not there."""
        renamed = {self.previous.get(path, path) for path in self.after}
        for path, text in sorted(self.after.items()):
            yield path, self.before.get(self.previous.get(path, path)), text
        for path, text in sorted(self.before.items()):
            if path not in renamed:
                yield path, text, None


def files(snapshot: Snapshot, changed: Iterable[FileChange]) -> Files:
    """The changed files that are looked at."""
    wanted = [change for change in changed if is_looked_at(change.path)]
    previous = {change.path: change.previous for change in wanted if change.previous}
    after = contents(snapshot.head, snapshot.blobs, (change.path for change in wanted))
    before = contents(snapshot.base, snapshot.blobs, (change.previous or change.path for change in wanted))
    named = [change.path for change in wanted if language_by_name(change.path) not in (None, "terraform") or guards(change.path)]
    missed = {path: snapshot.unfetched[path] for path in named if path in snapshot.unfetched}
    return Files(_texts(before), _texts(after), previous, missed)


def is_looked_at(path: str) -> bool:
    """Whether a changed file may hold what excuses or guards: infrastructure, by name or content, what
    configures scanners, and what fixes providers."""
    return language_by_name(path) is not None or needs_content(path) or guards(path) is not None or path.endswith(POLICY) or is_lock(path)


def is_lock(path: str) -> bool:
    """Whether the file fixes the packages of providers."""
    return path.rpartition("/")[2] == LOCK


def guards(path: str) -> str | None:
    """What a file guards, in a word; None for any other file. A workflow that runs a scanner only has its name."""
    if path.startswith(WORKFLOWS):
        return None
    return next((name for name, pattern in GUARDS if pattern.fullmatch(path)), None)


def place(path: str, kind: str, span: Span) -> Resource:
    """What a fact about a text belongs to."""
    return Resource(path, path, kind, path, "terraform", "text", "", span, {})


def _texts(found: Mapping[str, bytes]) -> dict[str, str]:
    return {path: data.decode("utf-8", "replace") for path, data in found.items() if len(data) <= MAX_BYTES}
