"""Who somebody is at this moment: what GitHub does not say is told apart from what it denies."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github.facts import Account, RepositoryRef
from bot.github.people import person
from bot.github.refusal import Kind, Refusal

REPOSITORY, ADA, TEAM = RepositoryRef(1, "acme/infra", 1), Account(7, "ada"), "@acme/data-owners"
PERMISSION = "/repos/acme/infra/collaborators/ada/permission"
MEMBERSHIP, OF_TEAM = "/orgs/acme/teams/data-owners/memberships/ada", "/orgs/acme/teams/data-owners"
WRITES = {"permission": "write", "role_name": "write", "user": {"id": 7}}


class Answers:
    """Answers by path; the kind of a refusal in place of one. What is not named is not there."""

    installation_id = 1

    def __init__(self, **found: Any) -> None:
        self._found = {PERMISSION: found.get("permission", WRITES), MEMBERSHIP: found.get("membership"), OF_TEAM: found.get("team")}

    def get(self, path: str, _: object = None) -> Any:
        found = self._found[path]
        if found is None or isinstance(found, str):
            kind: Kind = found or "not-found"  # type: ignore[assignment]  # a kind
            raise Refusal(kind, path)
        return found


@pytest.mark.parametrize(
    ("found", "member", "unread"),
    [
        ({"membership": {"state": "active"}}, True, False),
        ({"membership": {"state": "pending"}}, False, False),
        ({"team": {"id": 1}}, False, False),
        ({}, False, True),
        ({"membership": "forbidden", "team": "forbidden"}, False, True),
    ],
)
def test_a_member_a_stranger_and_who_cannot_be_told(found: dict[str, Any], *, member: bool, unread: bool) -> None:
    made = person(Answers(**found), REPOSITORY, ADA, (TEAM, "@kim"))  # type: ignore[arg-type]  # the part of a gateway that is asked
    assert (made.teams, made.unread) == (frozenset({TEAM} if member else ()), frozenset({TEAM} if unread else ()))


def test_what_passes_or_is_no_word_about_the_team_is_not_an_answer() -> None:
    for found in ({"membership": "unavailable"}, {"team": "rate-limited"}, {"membership": "unauthorised"}):
        with pytest.raises(Refusal):
            person(Answers(**found), REPOSITORY, ADA, (TEAM,))  # type: ignore[arg-type]


def test_who_has_taken_over_the_login_of_another_may_nothing() -> None:
    other = WRITES | {"user": {"id": 8}}
    assert person(Answers(permission=other), REPOSITORY, ADA, ()).permission == "none"  # type: ignore[arg-type]
    assert person(Answers(permission=None), REPOSITORY, ADA, ()).permission == "none"  # type: ignore[arg-type]
