"""Who may answer. Every reason against it is looked for, in a fixed order; what is not known is a reason against it."""

from __future__ import annotations

from typing import get_args

from bot.engine.decisions.question import Asked, Command, Involved, Permission, Person, Refused

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
INFORMING = frozenset({"explain", "status", "recheck"})
FITS = {"accept": "judgment", "reject": "judgment", "reopen": "", "waive": "violation", "dispute": "violation"}
INSTEAD = {"accept": "waive", "reject": "dispute", "waive": "accept", "dispute": "reject"}
USER = "User"


def refusal(command: Command, asked: Asked, person: Person, involved: Involved) -> Refused | None:
    """Why this person's command has no effect; None when it has.

    The order: a bot; the wrong word for the thing; own hand in the change; permission; not among the owners, or not to be told whether
    it is; not all hands known.
    For a break-glass `asked.owners` are the teams that may, and own hand does not count: who answers for an incident may have made
    the change that ends it.
    """
    if command.word in INFORMING:
        return None
    return _bot(command, person) or _misfit(command, asked) or _may_not(command, asked, person, involved)


def unapproved(asked: Asked, person: Person, involved: Involved) -> Refused | None:
    """Why this person's approving review does not answer the question; None when it does. Who is not among the owners is told apart
    first: anybody may approve, and most who do were not asked."""
    accept = Command("accept", asked.number)
    return _bot(accept, person) or _stranger(accept, asked, person) or refusal(accept, asked, person, involved)


def _may_not(command: Command, asked: Asked, person: Person, involved: Involved) -> Refused | None:
    if command.word == "dispute":
        return None
    if command.word == "break-glass":
        return _weak(command, asked, person) or _stranger(command, asked, person, "break-glass-")
    return (
        _involved(command, asked, person, involved)
        or _weak(command, asked, person)
        or _stranger(command, asked, person)
        or (None if involved.complete else _said("incomplete", command, asked, person))
    )


def _bot(command: Command, person: Person) -> Refused | None:
    return None if person.kind == USER else Refused("bot", {"login": person.login, "word": command.word})


def _misfit(command: Command, asked: Asked) -> Refused | None:
    """Judgments are accepted or rejected, violations waived or disputed."""
    wanted = FITS.get(command.word, "")
    if not wanted or wanted == asked.treatment:
        return None
    key = "is-violation" if asked.treatment == "violation" else "is-judgment"
    return Refused(key, {"number": asked.number, "word": command.word, "instead": INSTEAD[command.word]})


def _involved(command: Command, asked: Asked, person: Person, involved: Involved) -> Refused | None:
    hands = (
        ("author", person.id == involved.author),
        ("pusher", person.id in involved.pushers),
        ("committer", person.id in involved.committers),
        ("prompter", person.id in involved.prompters),
        ("co-author", person.id in involved.co_authors and _others(asked, person)),
    )
    key = next((name for name, found in hands if found), None)
    return _said(key, command, asked, person) if key else None


def _others(asked: Asked, person: Person) -> bool:
    """Whether an owner remains when this person is left out: anybody can write anybody's address into a trailer, so that one alone
    must not take the last owner's answer away. Of a team it is taken that others are in it."""
    own = f"@{person.login}".casefold()
    return any(owner.casefold() != own for owner in asked.owners)


def _weak(command: Command, asked: Asked, person: Person) -> Refused | None:
    if PERMISSIONS.index(person.permission) >= PERMISSIONS.index(asked.least):
        return None
    return _said("permission", command, asked, person, least=asked.least, permission=person.permission)


def _stranger(command: Command, asked: Asked, person: Person, prefix: str = "") -> Refused | None:
    if not asked.owners:
        return _said(f"{prefix}nobody", command, asked, person)
    owners = {owner.casefold() for owner in asked.owners}
    own = {f"@{person.login}".casefold(), *(team.casefold() for team in person.teams)}
    if owners & own:
        return None
    if person.unread:
        return _said("team-unread", command, asked, person, teams=", ".join(sorted(person.unread)))
    return _said(f"{prefix}not-owner", command, asked, person)


def _said(key: str, command: Command, asked: Asked, person: Person, **fields: str | int) -> Refused:
    shared = {"login": person.login, "word": command.word, "category": asked.category, "owners": ", ".join(asked.owners)}
    return Refused(key, {**shared, **fields})
