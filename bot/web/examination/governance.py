"""Whether what governs a repository can be read, and whether somebody other than an author can decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote

from bot.engine.policy.codeowners import ACCOUNT
from bot.engine.policy.codeowners import code_owners as read_owners
from bot.engine.policy.configuration import load_configuration, load_organisation
from bot.engine.policy.inforce import configuration_problems, organisation_problems, waiver_problems
from bot.engine.policy.load import Policy
from bot.engine.policy.precedence import Governance, governance
from bot.engine.policy.problem import PolicyError, Problem
from bot.engine.policy.resolution import Where
from bot.github.facts import Governing, GoverningFile, RepositoryRef
from bot.github.refusal import Refusal
from bot.web.examination.finding import Finding, done, todo

# A question is never for whoever wrote the change, so one person alone leaves some unanswered.
FEWEST = 2
MOST_TEAMS = 30  # of CODEOWNERS, that are looked up

# The organisation's rule files in, the policy with the shipped ones out. Raises `PolicyError`.
Rules: TypeAlias = Callable[[Mapping[str, bytes]], Policy]


class Lists(Protocol):
    """The part of a gateway that is needed here."""

    def get(self, path: str) -> Any:
        """The decoded JSON of one page."""

    def pages(self, path: str) -> list[Any]:
        """The items of all pages."""


def files(repository: RepositoryRef, governing: Governing, policy: Rules) -> Iterator[Finding]:
    """Files of the organisation and of the default branch that cannot be read, or not be used. `policy`: with the organisation's rules."""
    subject, owning = repository.full_name, governing.code_owners
    unreadable = sorted(item for item in governing.unreadable.items() if not owning.refused or item[0] != owning.path)
    yield from (todo("organisation", "governing-unreadable", subject, path=path, detail=reason) for path, reason in unreadable)
    problems = _problems(governing, policy)
    if problems:
        yield todo("organisation", "governing-invalid", subject, n=len(problems), detail=str(problems[0]))
    if not unreadable and not problems:
        yield done("organisation", "organisation-governs" if governing.organisation or governing.rules else "organisation-silent", subject)


def _problems(governing: Governing, policy: Rules) -> tuple[Problem, ...]:
    checks = (
        (governing.organisation, organisation_problems),
        (governing.configuration, configuration_problems),
        (governing.waivers, waiver_problems),
    )
    there = [(file, check) for file, check in checks if file is not None]
    if not there and not governing.rules:
        return ()
    try:
        found = policy(governing.rules)
    except PolicyError as error:
        return error.problems
    return tuple(problem for file, check in there for problem in check(file.data, file.path, found))


def owners(repository: RepositoryRef, governing: Governing, today: date) -> Mapping[str, Sequence[str]]:
    """Who may decide, by category. A file that cannot be used says nothing here; `files` tells of it."""
    found = _governance(repository, governing, today)
    named = {category: found.eligible(category) for category in found.owners} if found else {}
    more = {"fallback": found.fallback, "break-glass": found.break_glass} if found else {}
    return named | {name: accounts for name, accounts in more.items() if accounts}


def code_owners(repository: RepositoryRef, governing: Governing, today: date, ask: Lists) -> Iterator[Finding]:
    """What is missing where whoever owns a file may answer: the file, lines of it that GitHub finds wrong, teams that cannot be read.

    https://docs.github.com/en/rest/repos/repos#list-codeowners-errors
    """
    found, owning = _governance(repository, governing, today), governing.code_owners
    if found is None or not found.by_file:
        return
    subject, names = repository.full_name, ", ".join(sorted(found.by_file))
    if owning.file is None:
        key = "codeowners-unread" if owning.refused else "codeowners-absent"
        yield todo("deciders", key, subject, names=names, path=owning.path, detail=owning.refused)
        return
    wrong = ask.get(f"/repos/{repository.full_name}/codeowners/errors").get("errors", [])
    if wrong:
        detail = f"{wrong[0].get('path')}:{wrong[0].get('line')}: {wrong[0].get('kind')}"
        yield todo("deciders", "codeowners-wrong", subject, n=len(wrong), detail=detail)
    lines = read_owners(owning.file.data, owning.path).lines
    if addresses := {address for line in lines for address in line.addresses}:
        yield todo("deciders", "codeowners-addresses", subject, n=len(addresses), path=owning.path)
    teams = dict.fromkeys(name for line in lines for name in line.accounts if "/" in name)
    for name in _people(tuple(teams)[:MOST_TEAMS], ask)[1]:
        yield todo("deciders", "team-unreadable", subject, name=name, category=names)


def _governance(repository: RepositoryRef, governing: Governing, today: date) -> Governance | None:
    where = Where(today, repository=repository.full_name, properties=dict(governing.properties))
    try:
        organisation = load_organisation(*_content(governing.organisation))
        own = load_configuration(*_content(governing.configuration))
    except PolicyError:
        return None
    return governance(((organisation, False), (own, False)), where)


def _content(file: GoverningFile | None) -> tuple[bytes, str]:
    return (file.data, file.path) if file is not None else (b"", "")


def deciders(repository: RepositoryRef, owners: Mapping[str, Sequence[str]], ask: Lists) -> Iterator[Finding]:
    """Categories with fewer than two possible deciders, but for those that depend on the file. `owners`: category → `@user`,
    `@organisation/team` or `codeowners`."""
    few: list[str] = []
    for category, accounts in sorted(owners.items()):
        people, unreadable = _people(tuple(name for name in accounts if name != ACCOUNT), ask)
        for name in unreadable:
            yield todo("deciders", "team-unreadable", repository.full_name, name=name, category=category)
        if len(people) < FEWEST and ACCOUNT not in accounts:
            few.append(f"{category} ({len(people)})")
    if few:
        yield todo("deciders", "deciders-few", repository.full_name, names=", ".join(few))
    elif owners:
        yield done("deciders", "deciders-right", repository.full_name)
    else:
        yield done("deciders", "deciders-none-named", repository.full_name)


def _people(accounts: Sequence[str], ask: Lists) -> tuple[set[str], list[str]]:
    people: set[str] = set()
    unreadable = []
    for account in accounts:
        name = account.removeprefix("@")
        owner, slash, team = name.partition("/")
        if not slash:
            people.add(name.lower())
            continue
        try:
            members = ask.pages(f"/orgs/{quote(owner, safe='')}/teams/{quote(team, safe='')}/members")
        except Refusal as refusal:
            if refusal.passing:
                raise
            unreadable.append(account)
        else:
            people |= {str(member["login"]).lower() for member in members if member.get("type") != "Bot"}
    return people, unreadable
