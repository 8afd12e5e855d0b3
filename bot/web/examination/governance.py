"""Whether what governs a repository can be read, and whether somebody other than an author can decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote

from bot.engine.policy.configuration import load_configuration, load_organisation
from bot.engine.policy.inforce import configuration_problems, organisation_problems, waiver_problems
from bot.engine.policy.load import Policy
from bot.engine.policy.precedence import governance
from bot.engine.policy.problem import PolicyError, Problem
from bot.engine.policy.resolution import Where
from bot.github.facts import Governing, GoverningFile, RepositoryRef
from bot.github.refusal import Refusal
from bot.web.examination.finding import Finding, done, todo

# A question is never for whoever wrote the change, so one person alone leaves some unanswered.
FEWEST = 2

# The organisation's rule files in, the policy with the shipped ones out. Raises `PolicyError`.
Rules: TypeAlias = Callable[[Mapping[str, bytes]], Policy]


class Lists(Protocol):
    """The part of a gateway that is needed here."""

    def pages(self, path: str) -> list[Any]:
        """The items of all pages."""


def files(repository: RepositoryRef, governing: Governing, policy: Rules) -> Iterator[Finding]:
    """Files of the organisation and of the default branch that cannot be read, or not be used. `policy`: with the organisation's rules."""
    subject, unreadable = repository.full_name, sorted(governing.unreadable.items())
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
    """Who decides, by category. A file that cannot be used says nothing here; `files` tells of it."""
    where = Where(today, repository=repository.full_name, properties=dict(governing.properties))
    try:
        organisation = load_organisation(*_content(governing.organisation))
        own = load_configuration(*_content(governing.configuration))
    except PolicyError:
        return {}
    return governance(((organisation, False), (own, False)), where).owners


def _content(file: GoverningFile | None) -> tuple[bytes, str]:
    return (file.data, file.path) if file is not None else (b"", "")


def deciders(repository: RepositoryRef, owners: Mapping[str, Sequence[str]], ask: Lists) -> Iterator[Finding]:
    """Categories with fewer than two possible deciders. `owners`: category → `@user` or `@organisation/team`."""
    few: list[str] = []
    for category, accounts in sorted(owners.items()):
        people, unreadable = _people(accounts, ask)
        for name in unreadable:
            yield todo("deciders", "team-unreadable", repository.full_name, name=name, category=category)
        if len(people) < FEWEST:
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
