"""What is replied to a command."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, date, datetime
from itertools import product

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from bot.engine.decisions import command, eligibility
from bot.engine.decisions.command import parse
from bot.engine.decisions.eligibility import refusal
from bot.engine.decisions.question import Asked, Command, Involved, Person, Refused
from bot.engine.model.result import Deciding
from bot.report.answer import changed, explained, glass, questions, reply, status
from bot.report.decided import difference, told
from tests.report import samples
from tests.report.words import words

TODAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
ASKED = Asked("J-1", "id", "bound", "judgment", "data", "data-replaced", ("@acme/data-owners", "@Ada"))
KIM = Person(9, "kim", "User", "write")
OWNED = {"data": ("@acme/data-owners",), "network": ("@acme/network",)}


def refused(body: str, thread: str = "") -> str:
    found = parse(f"/countersign {body}", TODAY, thread)
    assert isinstance(found, Refused), found
    return reply(found, words())


def test_a_command_that_is_not_understood_is_told_its_form(snapshot: SnapshotAssertion) -> None:
    bodies = (
        *("", "approve J-2 because x", "frobnicate", "accept because x", "accept J-2", "accept J-2 because", "accept J-2 J-3 because x"),
        *("accept J-2 until tomorrow because x", "accept J-2 until 2026-11-01 because x", "accept J-2 because we wait until 2027-01-31"),
        *("waive V-3 because x", "waive V-3 until 2027-11-30 because x", "reject J-2 until 2027-01-31 because x", "status J-2"),
        *("break-glass", "status\n/countersign recheck", "accept J-2 \u202ebecause x", f"accept J-2 because {'x' * 1001}"),
    )
    assert "\n".join(f"{body[:60]!r}\n{refused(body)}" for body in bodies) == snapshot


def test_what_is_echoed_does_nothing() -> None:
    hostile = "@all<b>`[x](http://evil.example)` #12 /countersign"
    for body in (f"{hostile} J-1", f"accept J-1 {hostile} because x", f"accept J-1 until {hostile} because x"):
        text = refused(body)
        assert re.search(r"(?<!`)<b>|\]\(|@all|#12|http://evil", re.sub(r"`[^`]*`", "", text)) is None
        assert "@all" not in text
    login = replace(KIM, login="all` @everyone <i>")
    found = refusal(Command("accept", "J-1", None, "x"), ASKED, login, Involved(9))
    assert found is not None
    assert "@everyone" not in reply(found, words())


def test_who_may_not_is_told_why_and_who_may(snapshot: SnapshotAssertion) -> None:
    accept = Command("accept", "J-1", None, "x")
    cases = (
        refusal(accept, ASKED, KIM, Involved(9)),
        refusal(accept, ASKED, KIM, Involved(1, pushers=frozenset({9}))),
        refusal(accept, ASKED, replace(KIM, permission="read"), Involved(1)),
        refusal(accept, ASKED, KIM, Involved(1)),
        refusal(accept, replace(ASKED, owners=()), KIM, Involved(1)),
        refusal(accept, ASKED, replace(KIM, login="ada"), Involved(1, complete=False)),
        refusal(accept, ASKED, replace(KIM, kind="Bot"), Involved(1)),
        refusal(accept, replace(ASKED, treatment="violation", number="V-1"), KIM, Involved(1)),
        refusal(Command("break-glass", "", None, "x"), replace(ASKED, owners=("@acme/on-call",)), KIM, Involved(1)),
    )
    assert "\n".join(reply(found, words()) for found in cases if found) == snapshot


def test_every_reason_has_its_words() -> None:
    """The keys that the modules give are those of the catalogue, and every form that they may name is there."""
    keys = set(re.findall(r'(?:_refused|Refused)\(\s*"([\w-]+)"', inspect.getsource(command)))
    keys |= set(re.findall(r'(?:_said|Refused)\(\s*f?"(?:\{prefix\})?([\w-]+)"', inspect.getsource(eligibility)))
    keys |= {"author", "pusher", "committer", "prompter", "co-author", "is-violation", "is-judgment"}
    keys |= {"break-glass-nobody", "break-glass-not-owner", "edited", "gone", "changed", "changed-whole", "no-verdict", "unknown-number"}
    keys |= {"review-unseen"}
    assert len(keys) > 35
    words_of = "words found near word number thread length most latest day today days login category owners least permission now"
    fields: dict[str, str | int] = dict.fromkeys((*words_of.split(), "difference", "numbers", "instead", "teams", "head"), "accept")
    for key in keys:
        assert reply(Refused(key, fields), words()).strip(), key


def test_status_and_explanations(snapshot: SnapshotAssertion) -> None:
    verdicts = (replace(samples.ANSWERED, owners=OWNED), replace(samples.DECIDED, owners=OWNED), samples.CLEAN)
    parts = [status(verdict, words()) for verdict in verdicts]
    parts += [explained(verdicts[0], number, words()) for number in ("V-1", "J-1", "J-2", "J-3", "J-9")]
    parts.append(explained(samples.CLEAN, "J-1", words()))
    assert "\n---\n\n".join(parts) == snapshot


def test_what_may_be_answered_is_everything_with_a_number() -> None:
    found = questions(replace(samples.BLOCKED, owners=OWNED), samples.phrases(), "3f2c9ab", AT)
    assert [(item.number, item.treatment, item.owners) for item in found] == [
        ("V-1", "violation", ("@acme/network",)),
        ("V-2", "violation", ("@acme/network",)),
        ("J-1", "judgment", ("@acme/data-owners",)),
        ("V-3", "violation", ("@acme/network",)),
    ]
    assert found[1].told == {"password": "(hidden)"}
    assert found[2].told == {"storage_encrypted": "false → true", "places": "3"}
    assert glass(samples.BLOCKED, "3f2c9ab", AT).bound != glass(samples.ASKED, "3f2c9ab", AT).bound


def test_a_question_that_is_another_one_by_now_says_what_is_different() -> None:
    asked = next(item for item in questions(samples.ASKED, samples.phrases(), "3f2c9ab", AT))
    assert changed(asked, samples.ASKED, samples.phrases()) is None
    other = replace(samples.REPLACED_DATABASE, deciding=Deciding("kms_key_id", "known", "b", before="a", before_state="known"))
    found = changed(asked, replace(samples.ASKED, results=(other,)), samples.phrases())
    assert found is not None
    assert reply(found, words()) == (
        "J-1 has changed since you read it: `storage_encrypted` was `false → true` and is `not there`; "
        '`kms_key_id` was `not there` and is `"a" → "b"`\\. Nothing was done; answer J-1 as it stands now.\n'
    )
    elsewhere = replace(asked, result="the same question, led by another of its places")
    assert changed(elsewhere, samples.ASKED, samples.phrases()) is None
    gone = changed(asked, samples.CLEAN, samples.phrases())
    assert gone is not None
    assert gone.key == "gone"


@pytest.mark.parametrize(("one", "two"), [*product(("x", "`y` @all"), repeat=2)])
def test_a_difference_names_three_values_at_most(one: str, two: str) -> None:
    before, after = ({f"{name}{number}": str(number) for number in range(9)} for name in (one, two))
    text = difference(before, after | {"extra": "1"}, samples.phrases())
    assert text.count(" was ") == (1 if one == two else 3)


def test_a_secret_is_not_told() -> None:
    assert told(samples.SECRET, samples.phrases()) == {"password": "(hidden)"}
