"""`countersign config check`: whether governing files are valid, before they are pushed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import msgspec

from bot.cli import output, prepared, resources
from bot.cli.options import Options, Spec, Usage
from bot.cli.status import CLEAN, VIOLATIONS
from bot.engine.policy.load import Policy
from bot.engine.policy.problem import Problem
from bot.report.clean import line
from bot.report.phrases import Phrases

KINDS = ("repository", "organisation", "waivers", "policies")
PLACES = {
    ".github/countersign.yml": "repository",
    ".github/countersign.yaml": "repository",
    ".github/countersign-waivers.yml": "waivers",
    ".github/countersign-waivers.yaml": "waivers",
    "countersign/config.yml": "organisation",
    "countersign/config.yaml": "organisation",
    "countersign/policies.yml": "policies",
}
MAX_FILE = 1_000_000
SPEC = Spec(
    "config",
    values=("--kind", "--rules", "--format"),
    flags=("--plain",),
    choices={"--format": ("text", "json"), "--kind": KINDS},
    positionals=2,
)


def run(options: Options) -> int:
    """0 when every file is valid, 1 with every problem of each."""
    if options.positionals[:1] != ("check",):
        raise Usage("config-command")
    from bot.engine.policy import load_policy

    phrases, given = output.phrases(), options.get("--rules")
    policy = load_policy(resources.rules(given), compiled=b"" if given else prepared.policy())
    found = {path: _problems(path, kind, policy) for path, kind in _files(options)}
    if options.get("--format") == "json":
        output.write(_document(found))
    else:
        output.write(output.style(plain=options.has("--plain")).finish(_text(found, phrases)))
    return VIOLATIONS if any(found.values()) else CLEAN


def _files(options: Options) -> Iterator[tuple[str, str]]:
    """Path and kind: of the file that was named, else of those that stand where they would be in force."""
    chosen = options.get("--kind")
    if len(options.positionals) > 1:
        path = options.positionals[1]
        yield path, chosen or _kind(path)
        return
    there = [(path, kind) for path, kind in PLACES.items() if os.path.lexists(path) and chosen in (None, kind)]
    if not there:
        raise Usage("no-configuration", places=", ".join(path for path in PLACES if path.endswith(".yml")))
    yield from there


def _kind(path: str) -> str:
    """By the name that it has, wherever it lies."""
    directory, name = os.path.split(os.path.abspath(path))
    if "waivers" in name:
        return "waivers"
    if os.path.basename(directory) == "countersign" and name == "policies.yml":
        return "policies"
    return "organisation" if os.path.basename(directory) == "countersign" and name in ("config.yml", "config.yaml") else "repository"


def _problems(path: str, kind: str, policy: Policy) -> tuple[Problem, ...]:
    from bot.engine.policy.inforce import configuration_problems, organisation_problems, waiver_problems
    from bot.engine.policy.policies import policy_problems

    checks: dict[str, Callable[[bytes, str, Policy], tuple[Problem, ...]]] = {
        "repository": configuration_problems,
        "organisation": organisation_problems,
        "waivers": waiver_problems,
        "policies": lambda data, path, _: policy_problems(data, path),
    }
    return checks[kind](_read(path), path, policy)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Usage("no-file", path=path, detail=str(error.strerror)) from None
    if len(data) > MAX_FILE:
        raise Usage("configuration-too-large", path=path)
    return data


def _text(found: dict[str, tuple[Problem, ...]], phrases: Phrases) -> str:
    lines = [line(str(problem)) for problems in found.values() for problem in problems]
    lines += [phrases.say("config.valid", path=line(path)) for path, problems in found.items() if not problems]
    if total := sum(map(len, found.values())):
        lines.append(phrases.say("config.problems", n=total))
    return "\n".join(lines) + "\n"


def _document(found: dict[str, tuple[Problem, ...]]) -> str:
    """For programs: every problem with its place in the file and in the document."""
    problems = [
        {"file": path, "line": problem.span.line, "column": problem.span.column, "place": problem.place, "text": problem.text}
        for path, listed in found.items()
        for problem in listed
    ]
    return msgspec.json.format(msgspec.json.encode({"files": list(found), "problems": problems}), indent=2).decode() + "\n"
