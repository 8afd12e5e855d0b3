"""What a comment's first words mean, and what is said of those that mean nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.decisions.command import MAX_REASON, parse
from bot.engine.decisions.question import Command, Refused

TODAY = date(2026, 11, 29)
LAST = date(2027, 1, 31)


def read(body: str, thread: str = "") -> Command | Refused | None:
    return parse(body, TODAY, thread)


def key(body: str, thread: str = "") -> str:
    found = read(body, thread)
    assert isinstance(found, Refused), found
    return found.key


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/countersign accept J-2 because the data is a copy", Command("accept", "J-2", None, "the data is a copy")),
        ("/countersign accept J-2 until 2027-01-31 because x", Command("accept", "J-2", LAST, "x")),
        ("/countersign reject J-2 because the data is needed", Command("reject", "J-2", None, "the data is needed")),
        ("/countersign reopen J-2", Command("reopen", "J-2")),
        ("/countersign reopen J-2 because it was too early", Command("reopen", "J-2", None, "it was too early")),
        ("/countersign explain J-2", Command("explain", "J-2")),
        ("/countersign status", Command("status")),
        ("/countersign recheck", Command("recheck")),
        ("/countersign waive V-1 until 2026-12-29 because x", Command("waive", "V-1", date(2026, 12, 29), "x")),
        ("/countersign dispute V-1 because the port is closed", Command("dispute", "V-1", None, "the port is closed")),
        ("/countersign break-glass because INC-7: prod is down", Command("break-glass", "", None, "INC-7: prod is down")),
    ],
)
def test_the_forms(body: str, command: Command) -> None:
    assert read(body) == command


@pytest.mark.parametrize(
    "body",
    [
        "/Countersign Accept j-2 Because x",
        "/countersign accept J2 because x",
        "/countersign accept J-02, because: x",
        "\n  \n  /countersign\taccept\tJ-2\tbecause x",
        "/countersign accept J-2\r\nbecause x\r\n\r\nThank you all.",
        "/countersign\u00a0accept\u00a0J-2\u00a0because\u00a0x",
        "\ufeff/countersign accept J\u20112 because x",
        "/countersign ac\u200bcept J-2\u200b because x",
        "/countersign accept J-2 because x\n> earlier\n> /countersign reject J-2 because y",
        "/countersign accept J-2 because x\n\n```\n/countersign reject J-2 because y\n```\n",
    ],
)
def test_what_means_the_same(body: str) -> None:
    assert read(body) == Command("accept", "J-2", None, "x")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Looks good.",
        "I would /countersign accept J-2 because x",
        "> /countersign accept J-2 because x",
        "`/countersign accept J-2 because x`",
        "```\n/countersign accept J-2 because x\n```",
        "    /countersign accept J-2 because x",
        "\t/countersign accept J-2 because x",
        "First some words.\n\n/countersign accept J-2 because x",
        "/countersigned accept J-2 because x",
        "/counter\u200bsign accept J-2 because x",
        "/\u200bcountersign accept J-2 because x",
        "<!-- /countersign accept J-2 because x -->",
        "@countersign accept J-2 because x",
    ],
)
def test_what_is_no_command(body: str) -> None:
    assert read(body) is None


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("/countersign", "no-word"),
        ("/countersign frobnicate J-2", "other-word"),
        ("/countersign accept because x", "no-number"),
        ("/countersign accept J-2 J-3 because x", "one-number"),
        ("/countersign accept J-2, J-3 because x", "one-number"),
        ("/countersign accept J-2", "no-because"),
        ("/countersign accept J-2 it is fine", "no-because"),
        ("/countersign reject J-2", "no-because"),
        ("/countersign dispute V-2", "no-because"),
        ("/countersign break-glass", "no-because"),
        ("/countersign accept J-2 because", "no-reason"),
        ("/countersign accept J-2 because …", "no-reason"),
        (f"/countersign accept J-2 because {'x' * (MAX_REASON + 1)}", "long-reason"),
        ("/countersign accept J-2 until tomorrow because x", "not-a-day"),
        ("/countersign accept J-2 until 2027-02-30 because x", "not-a-day"),
        ("/countersign accept J-2 until because x", "not-a-day"),
        ("/countersign accept J-2 until 2026-11-28 because x", "past"),
        ("/countersign accept J-2 because we keep it until 2027-01-31.", "late-until"),
        ("/countersign reject J-2 until 2027-01-31 because x", "takes-no-until"),
        ("/countersign waive V-1 because x", "no-until"),
        ("/countersign waive V-1 until 2026-12-30 because x", "too-long"),
        ("/countersign status J-2", "takes-no-number"),
        ("/countersign reopen J-2 please", "surplus"),
        ("/countersign break-glass J-2 because x", "takes-no-number"),
        ("/countersign accept J-2 because x\n/countersign accept J-3 because y", "two"),
        ("/countersign status\n\nand then\n\n/countersign recheck", "two"),
        ("/countersign \u202etpecca J-2 because x", "direction"),
    ],
)
def test_what_is_refused(body: str, refused: str) -> None:
    assert key(body) == refused


@pytest.mark.parametrize(
    ("written", "meant"),
    [("acept", "accept"), ("approve", "accept"), ("aproove", "accept"), ("rejct", "reject"), ("breakglass", "break-glass")],
)
def test_a_near_word_is_offered(written: str, meant: str) -> None:
    found = read(f"/countersign {written} J-2 because x")
    assert isinstance(found, Refused)
    assert (found.key, found.fields["near"]) == ("near-word", meant)


def test_a_reply_in_a_thread_needs_no_number() -> None:
    assert read("/countersign accept because x", "J-3") == Command("accept", "J-3", None, "x")
    assert read("/countersign accept J-3 because x", "J-3") == Command("accept", "J-3", None, "x")
    assert read("/countersign explain", "J-3") == Command("explain", "J-3")
    assert read("/countersign status", "J-3") == Command("status")
    assert key("/countersign accept J-2 because x", "J-3") == "other-thread"


def test_a_last_day_may_be_today() -> None:
    assert read("/countersign accept J-2 until 2026-11-29 because x") == Command("accept", "J-2", TODAY, "x")


def test_a_reason_is_kept_as_data_to_the_end_of_its_paragraph() -> None:
    hostile = "it is <b>@all</b> `x`\n| fine |   \u05d0\u05d1\x00\n\nnot this"
    found = read(f"/countersign accept J-2 because {hostile}")
    assert found == Command("accept", "J-2", None, "it is <b>@all</b> `x` | fine | \u05d0\u05d1\ufffd")


def test_a_huge_body_is_read_in_no_time() -> None:
    for filling in ("a ", "because ", "\n", "/countersign x\n", "`" * 3 + "\n", "\u200b"):
        read("/countersign accept J-2 because " + filling * 100_000)
        read(filling * 100_000 + "/countersign accept J-2 because x")


@given(st.text(alphabet=st.sampled_from("/countersigaptJV-12 \n\r\t>`~\u200b\u202ebecause until2027-01-31"), max_size=200))
def test_any_text_is_a_command_in_full_or_none(body: str) -> None:
    found = read("/countersign accept " + body)
    if isinstance(found, Command):
        assert found.number.startswith(("J-", "V-"))
        assert any(char.isalnum() for char in found.reason)
