"""Which version of each governing file is in force: the newest one that is valid. An invalid one never reaches a pull request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.notice import Notice
from bot.engine.model.snapshot import CONFIGURATION, POLICIES, WAIVERS, Snapshot
from bot.engine.model.span import Span
from bot.engine.policy.configuration import load_configuration
from bot.engine.policy.globs import matches
from bot.engine.policy.inforce import configuration_problems, organisation_problems, waiver_problems
from bot.engine.policy.load import Policy, load_policy
from bot.engine.policy.policies import policy_problems
from bot.engine.policy.problem import PolicyError, Problem

ORGANISATION = ("countersign/config.yml",)
OF_ORGANISATION = "countersign/"


class File(Struct, frozen=True):
    """A governing file as it stands on its branch."""

    path: str
    data: bytes


class Governing(Struct, frozen=True):
    """What stands on the default branch and in the organisation's repository now; None where there is no such file.

    `organisation_seen`: the organisation's repository was looked at, so that a file that is absent there was taken away on purpose.
    `rules`, `policies`: the organisation's, rules by path. `branch`: the configuration of the protected branch `branch_name`, the base of
    the change.
    `unreadable`: paths that are there and could not be read, with the reason; `properties` for the repository's custom properties,
    `BRANCH:PATH` for the branch's file.
    `now`: an aware time.
    """

    now: datetime
    configuration: File | None = None
    waivers: File | None = None
    organisation: File | None = None
    organisation_seen: bool = False
    rules: dict[str, bytes] = {}
    policies: File | None = None
    branch: File | None = None
    branch_name: str = ""
    unreadable: dict[str, str] = {}


class Version(Struct, frozen=True):
    """The last valid form of a file (or of all rules). `since`: when it was first seen; `refused_since`: since when a newer one is
    not valid, None while this is the newest. Without files: seen, and nothing of it was ever valid."""

    files: dict[str, bytes]
    since: datetime
    refused_since: datetime | None = None


class LastValid(Struct, frozen=True):
    """What was in force last, to be kept by the edge from one reading to the next; None where there never was such a file."""

    configuration: Version | None = None
    waivers: Version | None = None
    organisation: Version | None = None
    rules: Version | None = None
    policies: Version | None = None


class InForce(Struct, frozen=True):
    """What is in force. `valid`: to be kept and given back next time. `notices`: for the reader of a verdict and for the operator.

    `fault`: why nothing can be evaluated: an own fault, to be tried again and told to the operator; None when there is none.
    """

    policy: dict[str, bytes]
    valid: LastValid
    configuration: File | None = None
    waivers: File | None = None
    organisation: File | None = None
    policies: File | None = None
    branch: File | None = None
    notices: tuple[Notice, ...] = ()
    fault: Notice | None = None

    def onto(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot under what is in force."""
        files = {"configuration": self.configuration, "waivers": self.waivers, "organisation": self.organisation, "policies": self.policies}
        given = {name: file for name, file in {**files, "branch_configuration": self.branch}.items() if file is not None}
        paths = {f"{name}_path": file.path for name, file in given.items()}
        datas = {name: file.data for name, file in given.items()}
        return replace(snapshot, policy=self.policy, governance=self.notices, **paths, **datas)


class Chosen(Struct, frozen=True):
    """The version of one file that is in force, and what its reader is told."""

    version: Version | None
    notices: tuple[Notice, ...] = ()

    @property
    def files(self) -> dict[str, bytes]:
        return self.version.files if self.version else {}

    @property
    def file(self) -> File | None:
        return next((File(path, data) for path, data in self.files.items()), None)


def governed(governing: Governing, last: LastValid, shipped: Mapping[str, bytes], *, compiled: bytes = b"") -> InForce:
    """What is in force. `shipped`: the rule files that came with the program, `compiled`: what `pack` made of them.

    Raises `PolicyError` when the shipped rules are not valid.
    """
    if fault := _fault(governing, last):
        return InForce(dict(shipped), last, fault=fault)
    rules = _chosen(governing.rules, last.rules, governing.now, partial(_rule_problems, shipped=shipped, compiled=compiled))
    files = {**shipped, **_usable(rules.files, shipped, compiled)}
    policy = load_policy(files, compiled=compiled)
    choose = partial(_file, governing, policy)
    organisation = choose(ORGANISATION, governing.organisation, last.organisation, organisation_problems)
    configuration = choose(CONFIGURATION, governing.configuration, last.configuration, configuration_problems)
    waivers = choose(WAIVERS, governing.waivers, last.waivers, waiver_problems)
    policies = choose((POLICIES,), governing.policies, last.policies, _catalogue_problems)
    branch, refused = _branch(governing, configuration.file, policy)
    return InForce(
        policy=files,
        valid=LastValid(configuration.version, waivers.version, organisation.version, rules.version, policies.version),
        configuration=configuration.file,
        waivers=waivers.file,
        organisation=organisation.file,
        policies=policies.file,
        branch=branch,
        notices=(*rules.notices, *organisation.notices, *configuration.notices, *waivers.notices, *policies.notices, *refused),
    )


def _fault(governing: Governing, last: LastValid) -> Notice | None:
    """What the organisation may have said and we cannot know: to go on would be to call it absent."""
    for path, reason in sorted(governing.unreadable.items()):
        if path.startswith(OF_ORGANISATION) or path == "properties":
            return Notice("organisation-unreadable", {"where": path, "reason": reason})
    known = last.organisation or last.rules or last.policies
    if known is not None and not governing.organisation_seen:
        return Notice("organisation-gone", {"where": next(iter(known.files), ORGANISATION[0]), "since": _day(known.since)})
    return None


def _file(
    governing: Governing,
    policy: Policy,
    names: tuple[str, ...],
    file: File | None,
    last: Version | None,
    problems: Callable[[bytes, str, Policy], tuple[Problem, ...]],
) -> Chosen:
    unread = {path: governing.unreadable[path] for path in names if path in governing.unreadable and file is None}

    def found(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
        refused = tuple(Problem(Span(path, 1), "", f"could not be read: {reason}.", columns=False) for path, reason in unread.items())
        return refused or tuple(problem for path, data in files.items() for problem in problems(data, path, policy))

    return _chosen({file.path: file.data} if file else {}, last, governing.now, found)


def _chosen(
    files: dict[str, bytes], last: Version | None, now: datetime, problems: Callable[[Mapping[str, bytes]], tuple[Problem, ...]]
) -> Chosen:
    """The newest version when it is valid, else the last one that was, with what its author reads."""
    found = problems(files)
    if not found:
        if not files and last is None:
            return Chosen(None)
        same = last is not None and last.files == files
        return Chosen(Version(files, last.since if same and last else now))
    if last is not None and last.files == files:
        return Chosen(last, (_refusal("stale", found, last),))
    kept = Version({}, now, now) if last is None else replace(last, refused_since=last.refused_since or now)
    return Chosen(kept, (_refusal("refused" if kept.files else "never-valid", found, kept),))


def _refusal(key: str, found: tuple[Problem, ...], kept: Version) -> Notice:
    since = {"since": _day(kept.since), "refused": _day(kept.refused_since or kept.since)}
    return Notice(key, {"where": found[0].span.path, "problem": str(found[0]), "n": len(found), **since})


def _day(time: datetime) -> str:
    return time.astimezone(UTC).date().isoformat()


def _rule_problems(files: Mapping[str, bytes], shipped: Mapping[str, bytes], compiled: bytes) -> tuple[Problem, ...]:
    if not files:
        return ()
    try:
        load_policy({**shipped, **files}, compiled=compiled)
    except PolicyError as error:
        return error.problems
    return ()


def _catalogue_problems(data: bytes, path: str, _: Policy) -> tuple[Problem, ...]:
    return policy_problems(data, path)


def _usable(files: Mapping[str, bytes], shipped: Mapping[str, bytes], compiled: bytes) -> dict[str, bytes]:
    """The organisation's rules without those that a newer program does not take any more: they were in force, and it is told."""
    wrong = {problem.span.path for problem in _rule_problems(files, shipped, compiled)}
    return {path: data for path, data in files.items() if path not in wrong}


def _branch(governing: Governing, file: File | None, policy: Policy) -> tuple[File | None, tuple[Notice, ...]]:
    """The configuration of the base, when the repository's lists the branch; an invalid one is left out, and it is told."""
    unread = next(((path, why) for path, why in governing.unreadable.items() if path.startswith(f"{governing.branch_name}:")), None)
    if file is None or (governing.branch is None and unread is None):
        return None, ()
    listed = load_configuration(file.data, file.path).branches
    if not any(matches(pattern, governing.branch_name, parts=True) for pattern in listed):
        return None, ()
    if governing.branch is None:
        where, why = unread or ("", "")
        path = where.removeprefix(f"{governing.branch_name}:")
        problem = str(Problem(Span(path, 1), "", f"could not be read: {why}.", columns=False))
        return None, (Notice("branch-refused", {"where": path, "problem": problem, "n": 1, "branch": governing.branch_name}),)
    found = configuration_problems(governing.branch.data, governing.branch.path, policy)
    if not found:
        return governing.branch, ()
    fields: dict[str, str | int] = {"problem": str(found[0]), "n": len(found), "branch": governing.branch_name}
    return None, (Notice("branch-refused", {"where": governing.branch.path, **fields}),)
