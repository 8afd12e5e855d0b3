"""Who may answer, who may not, and the first reason that is given."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.engine.decisions.eligibility import refusal, unapproved
from bot.engine.decisions.question import Asked, Command, Involved, Permission, Person, Word

ASKED = Asked("J-1", "id", "bound", "judgment", "data", "data-replaced", ("@acme/data-owners", "@Ada"))
ACCEPT = Command("accept", "J-1", None, "x")
ADA = Person(7, "ada", "User", "write")
MEMBER = Person(8, "kim", "User", "write", frozenset({"@ACME/Data-Owners"}))
STRANGER = Person(9, "lee", "User", "admin")
OTHERS = Involved(author=1, pushers=frozenset({2}), committers=frozenset({3}), co_authors=frozenset({4}), prompters=frozenset({5}))


def why(person: Person, command: Command = ACCEPT, asked: Asked = ASKED, involved: Involved = OTHERS) -> str | None:
    found = refusal(command, asked, person, involved)
    return found.key if found else None


def test_an_owner_may_by_name_and_as_a_member_of_a_team() -> None:
    assert why(ADA) is None
    assert why(MEMBER) is None


@pytest.mark.parametrize(("account", "hand"), [(1, "author"), (2, "pusher"), (3, "committer"), (4, "co-author"), (5, "prompter")])
def test_a_hand_in_the_change_is_named(account: int, hand: str) -> None:
    assert why(replace(ADA, id=account)) == hand


def test_reasons_come_in_their_order() -> None:
    person = Person(1, "lee", "Bot", "none")
    unknown = replace(OTHERS, complete=False)
    steps = [("bot", {"kind": "User"}), ("author", {"id": 9}), ("permission", {"permission": "write"}), ("not-owner", {"login": "ada"})]
    for reason, cured in steps:
        assert why(person, involved=unknown) == reason
        person = replace(person, **cured)  # type: ignore[arg-type]  # the fields of a test are its own
    assert why(person, involved=unknown) == "incomplete"
    assert why(person) is None


@pytest.mark.parametrize(("permission", "reason"), [("none", "permission"), ("triage", "permission"), ("write", None), ("admin", None)])
def test_the_least_permission(permission: Permission, reason: str | None) -> None:
    assert why(replace(ADA, permission=permission)) == reason
    assert why(replace(ADA, permission="read"), asked=replace(ASKED, least="read")) is None


def test_where_nobody_is_named_nobody_may() -> None:
    assert why(STRANGER, asked=replace(ASKED, owners=())) == "nobody"
    assert why(STRANGER) == "not-owner"


def test_a_name_in_a_trailer_alone_does_not_take_the_last_owner_away() -> None:
    named = replace(OTHERS, co_authors=frozenset({7}))
    assert why(ADA, involved=named) == "co-author"
    assert why(ADA, asked=replace(ASKED, owners=("@ada",)), involved=named) is None
    assert why(ADA, asked=replace(ASKED, owners=("@ada",)), involved=replace(named, committers=frozenset({7}))) == "committer"


@pytest.mark.parametrize(
    ("word", "treatment", "reason", "instead"),
    [
        ("accept", "violation", "is-violation", "waive"),
        ("reject", "violation", "is-violation", "dispute"),
        ("waive", "judgment", "is-judgment", "accept"),
    ],
)
def test_the_word_fits_the_thing(word: Word, treatment: str, reason: str, instead: str) -> None:
    found = refusal(Command(word, "J-1", None, "x"), replace(ASKED, treatment=treatment), ADA, OTHERS)
    assert found is not None
    assert (found.key, found.fields["instead"]) == (reason, instead)


def test_anyone_may_dispute_and_ask_but_no_bot_disputes() -> None:
    nobody = Person(1, "author", "User", "none")
    violation = replace(ASKED, treatment="violation")
    for word in ("dispute", "explain", "status", "recheck"):
        assert why(nobody, Command(word, "V-1", None, "x"), violation) is None
    assert why(replace(nobody, kind="Bot"), Command("dispute", "V-1", None, "x"), violation) == "bot"


def test_the_glass_is_broken_by_a_named_team_alone_and_also_by_an_author() -> None:
    glass = Asked("", "", "all", "violation", "", "", ("@acme/on-call",))
    command = Command("break-glass", "", None, "INC-7")
    member = replace(ADA, id=1, teams=frozenset({"@acme/on-call"}))
    assert why(member, command, glass) is None
    assert why(STRANGER, command, glass) == "break-glass-not-owner"
    assert why(replace(member, permission="read"), command, glass) == "permission"
    assert why(member, command, replace(glass, owners=())) == "break-glass-nobody"


PEOPLE = st.builds(
    Person,
    id=st.integers(1, 9),
    login=st.sampled_from(["ada", "lee"]),
    kind=st.sampled_from(["User", "Bot", "Mannequin", ""]),
    permission=st.sampled_from(get_args(Permission)),
    teams=st.sampled_from([frozenset(), frozenset({"@acme/data-owners"})]),
)


@given(PEOPLE, st.sampled_from(["accept", "reject", "reopen"]), st.booleans())
def test_whoever_decides_is_a_person_without_a_hand_in_it_who_is_named(person: Person, word: Word, complete: bool) -> None:  # noqa: FBT001 - drawn
    if refusal(Command(word, "J-1", None, "x"), ASKED, person, replace(OTHERS, complete=complete)) is not None:
        return
    assert complete
    assert person.kind == "User"
    assert person.id not in {1, 2, 3, 4, 5}
    assert person.permission in ("write", "maintain", "admin")
    assert person.login == "ada" or person.teams


def test_every_command_has_an_answer() -> None:
    for word, treatment, kind in product(get_args(Word), ("violation", "judgment"), ("User", "Bot")):
        refusal(Command(word, "J-1", None, "x"), replace(ASKED, treatment=treatment), replace(ADA, kind=kind), OTHERS)


def test_an_approving_review_is_held_against_the_same_and_a_stranger_is_told_apart_first() -> None:
    def key(person: Person, involved: Involved = OTHERS) -> str | None:
        found = unapproved(ASKED, person, involved)
        return found.key if found else None

    assert (key(ADA), key(MEMBER), key(replace(ADA, kind="Bot"))) == (None, None, "bot")
    assert (key(replace(ADA, id=2)), key(replace(STRANGER, id=2))) == ("pusher", "not-owner")
    assert key(replace(ADA, permission="read")) == "permission"
    assert key(ADA, replace(OTHERS, complete=False)) == "incomplete"


def test_who_may_belong_to_a_team_that_cannot_be_read_is_no_stranger() -> None:
    unread = replace(STRANGER, unread=frozenset({"@acme/data-owners"}))
    assert (why(unread), why(replace(unread, login="ada"))) == ("team-unread", None)
    assert why(replace(unread, id=2)) == "pusher"
    glass = Asked("", "", "all", "violation", "", "", ("@acme/data-owners",))
    assert why(unread, Command("break-glass"), glass) == "team-unread"
