"""`countersign review`: a change of a clone or of two directories, concluded as a required check would conclude it."""

from __future__ import annotations

import posixpath
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.cli import evaluate, output, prepared, resources
from bot.cli.options import Options, Spec, Usage
from bot.cli.render import FORMATS, NO_LINES, SourceLines, rendered, source_lines
from bot.cli.status import exit_code
from bot.engine.model.signal import Signals
from bot.engine.model.snapshot import CONFIGURATION, WAIVERS, Snapshot
from bot.engine.model.verdict import Verdict
from bot.engine.policy.codeowners import ACCOUNT, MAX_BYTES, PLACES
from bot.engine.policy.problem import PolicyError
from bot.engine.supply import Source
from bot.local.problem import Problem
from bot.report.clean import line
from bot.report.phrases import Phrases

if TYPE_CHECKING:
    from bot.engine.model.plan import Plan
    from bot.local.clone import Compared
    from bot.local.git import Repository

TERMS = ("--config", "--organisation", "--as", "--properties", "--waivers", "--policies")
SPEC = Spec(
    "review",
    values=("--repo", "--before", "--after", "--message", "--plan", *TERMS, "--format", "--level", "--rules"),
    flags=("--plain",),
    choices={"--format": FORMATS, "--level": ("observe", "comment", "enforce")},
    positionals=1,
)
OURS = ("git-failed", "unreadable-directory")  # not the fault of who typed the command: concluded, and printed in every format


def run(options: Options) -> int:
    """Reads, evaluates, prints; the exit code."""
    phrases = output.phrases()
    repository = _repository(options)
    try:
        verdict, lines, compared = _concluded(options, repository, phrases)
        output.write(rendered(verdict, options, phrases, lines, compared))
    finally:
        if repository is not None:
            repository.close()
    return exit_code(verdict)


def _concluded(options: Options, repository: Repository | None, phrases: Phrases) -> tuple[Verdict, SourceLines, str]:
    """The verdict; a fault that is not the fault of who typed the command is one too."""
    try:
        snapshot, source, compared = _from_clone(options, repository, phrases) if repository else _from_directories(options, phrases)
        snapshot = replace(with_terms(snapshot, options), plans=_plans(options.get("--plan")), signals=_signals(snapshot))
        return evaluate.review(snapshot, source, phrases), source_lines(snapshot, source), compared
    except Problem as problem:
        if problem.key not in OURS:
            raise
        return evaluate.failed(output.said(problem.key, problem.fields, phrases)), NO_LINES, ""
    except PolicyError as error:
        if any(options.get(name) for name in (*TERMS, "--rules")):
            raise
        return evaluate.failed("; ".join(map(str, error.problems))), NO_LINES, ""


def _signals(snapshot: Snapshot) -> Signals:
    return prepared.signals() if snapshot.commits else Signals()


def policy(options: Options) -> dict[str, bytes]:
    """The rule files in force: ours, or a directory's."""
    directory = options.get("--rules")
    return resources.rules(directory) if directory else prepared.rules()


def file_bytes(path: str) -> bytes:
    """A file that was named on the command line; raises `Usage`."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Usage("no-file", path=path, detail=str(error.strerror)) from None


def _repository(options: Options) -> Repository | None:
    """The clone, unless two directories are compared."""
    before, after = options.get("--before"), options.get("--after")
    if before is None and after is None:
        from bot.local.git import Repository

        return Repository(options.get("--repo") or ".")
    if before is None or after is None:
        raise Usage("both-directories", given="--after" if before is None else "--before")
    if options.positionals:
        raise Usage("range-and-directories")
    return None


def _from_directories(options: Options, phrases: Phrases) -> tuple[Snapshot, Source, str]:
    from bot.local import directory

    before, after, message = options.values["--before"], options.values["--after"], options.get("--message")
    text = file_bytes(message).decode("utf-8", "replace") if message else ""
    snapshot, source = directory.change(before, after, datetime.now(UTC), policy(options), text)
    return snapshot, source, phrases.say("terminal.compared-directories", base=line(before), head=line(after))


def _from_clone(options: Options, repository: Repository, phrases: Phrases) -> tuple[Snapshot, Source, str]:
    from bot.local import clone

    now, rules = datetime.now(UTC), policy(options)
    if options.positionals:
        snapshot, source, compared = clone.committed(repository, clone.endpoints(repository, options.positionals[0]), now, rules)
    else:
        snapshot, source, compared = clone.working(repository, now, rules)
    if found := clone.governing(repository, snapshot.base.revision, CONFIGURATION):
        snapshot = replace(snapshot, configuration_path=found[0], configuration=found[1])
    if found := clone.governing(repository, snapshot.base.revision, WAIVERS):
        snapshot = replace(snapshot, waivers_path=found[0], waivers=found[1])
    named = (snapshot.configuration, *(file_bytes(path) for name in ("--config", "--organisation") if (path := options.get(name))))
    owning = any(ACCOUNT.encode() in data for data in named)
    if owning and (found := clone.governing(repository, snapshot.base.revision, PLACES, MAX_BYTES)):
        snapshot = replace(snapshot, codeowners_path=found[0], codeowners=found[1])
    return snapshot, source, _compared(compared, phrases)


def _compared(compared: Compared, phrases: Phrases) -> str:
    names = {name: line(getattr(compared, name)) for name in ("base", "base_name", "head", "head_name")}
    if compared.uncommitted is None:
        return phrases.say("terminal.compared", **names)
    uncommitted = phrases.say("terminal.uncommitted", n=compared.uncommitted)
    return phrases.say("terminal.compared-working", uncommitted=uncommitted, **names)


def with_terms(snapshot: Snapshot, options: Options) -> Snapshot:
    """The snapshot under what the command line names: its files replace those of the base."""
    if path := options.get("--config"):
        snapshot = replace(snapshot, configuration_path=path, configuration=file_bytes(path))
    if path := options.get("--waivers"):
        snapshot = replace(snapshot, waivers_path=path, waivers=file_bytes(path))
    if path := options.get("--policies"):
        snapshot = replace(snapshot, policies_path=path, policies=file_bytes(path))
    if path := options.get("--organisation"):
        snapshot = replace(snapshot, organisation_path=path, organisation=file_bytes(path))
    snapshot = replace(snapshot, repository=options.get("--as") or "", properties=_properties(options.get("--properties") or ""))
    return replace(snapshot, default_level=options.get("--level") or snapshot.default_level)


def _plans(text: str | None) -> tuple[Plan, ...]:
    """`[DIRECTORY=]FILE`; raises `Usage`. Who names a plan here answers for it: nobody else relies on the answer."""
    if not text:
        return ()
    from bot.engine.documents import NotReadable
    from bot.engine.iac.terraform.plan import read_plan

    directory, equals, path = text.partition("=")
    root = posixpath.normpath(directory) if equals and directory else "."
    path = path if equals else text
    try:
        return (read_plan(file_bytes(path), path, "" if root == "." else root, trusted=True),)
    except NotReadable as problem:
        raise Usage("not-a-plan", path=path, detail=problem.detail) from None


def _properties(text: str) -> dict[str, str]:
    """`name=value,name=value`; raises `Usage`."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if wrong := [name for name, equals, _ in pairs if not (name.strip() and equals)]:
        raise Usage("not-a-property", text=wrong[0])
    return {name.strip(): value.strip() for name, _, value in pairs}
