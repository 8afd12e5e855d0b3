"""What the door keeps, and who takes it over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest

from bot.web import inbox as module
from bot.web.inbox import Full, Inbox, Kept
from bot.web.takeover import BATCH, Outcome, Takeover


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    made = Inbox(tmp_path / "inbox.sqlite")
    yield made
    made.close()


def keep(inbox: Inbox, *guids: str) -> None:
    for guid in guids:
        inbox.keep(guid, "push", "d" * 64, b"work")


class Ledger:
    """Stores what it does not dislike; `away`: stores nothing."""

    def __init__(self, *disliked: str) -> None:
        self.stored: list[str] = []
        self.disliked, self.away, self.asked = set(disliked), False, 0

    def __call__(self, kept: Sequence[Kept]) -> Sequence[Outcome]:
        self.asked += 1
        if self.away or self.disliked & {item.guid for item in kept}:
            raise OSError("no")
        outcomes: list[Outcome] = ["known" if item.guid in self.stored else "stored" for item in kept]
        self.stored += [item.guid for item in kept]
        return outcomes


def test_what_is_kept_is_there_for_the_next_process_and_no_place_is_given_twice(tmp_path: Path, inbox: Inbox) -> None:
    keep(inbox, "a", "b")
    other = Inbox(tmp_path / "inbox.sqlite")
    assert other.first(0, 10) == (Kept(1, "a", "push", "d" * 64, b"work"), Kept(2, "b", "push", "d" * 64, b"work"))
    other.taken([1, 2])
    other.close()
    assert inbox.depth() == 0
    keep(inbox, "c")
    assert [(item.id, item.guid) for item in inbox.first(0, 10)] == [(3, "c")]


def test_a_file_that_is_busy_is_waited_for_and_no_longer(tmp_path: Path, inbox: Inbox) -> None:
    other = sqlite3.connect(tmp_path / "inbox.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    Timer(0.05, lambda: other.execute("COMMIT")).start()
    begun = monotonic()
    keep(inbox, "a")
    assert monotonic() - begun >= 0.04
    assert inbox.depth() == 1
    other.close()


def test_a_full_inbox_keeps_nothing_more(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    keep(inbox, "a", "b")
    with pytest.raises(Full):
        keep(inbox, "c")


def test_everything_is_taken_over_in_batches_and_counted(inbox: Inbox) -> None:
    ledger, counted = Ledger(), list[tuple[str, str]]()
    keep(inbox, *(f"{number}" for number in range(BATCH + 5)), "0")
    assert Takeover(inbox, ledger, lambda event, outcome: counted.append((event, outcome))).look() == BATCH + 6
    assert (ledger.asked, len(set(ledger.stored)), inbox.depth()) == (2, BATCH + 5, 0)
    assert counted == [("push", "stored")] * (BATCH + 5) + [("push", "known")]


def test_one_that_cannot_be_stored_stays_and_holds_up_no_other(inbox: Inbox) -> None:
    ledger = Ledger("b")
    keep(inbox, "a", "b", "c")
    takeover = Takeover(inbox, ledger, lambda _event, _outcome: None)
    assert takeover.look() == 2
    assert (ledger.stored, [item.guid for item in inbox.first(0, 9)]) == (["a", "c"], ["b"])
    ledger.disliked.clear()
    assert takeover.look() == 1


def test_a_ledger_that_is_away_is_not_asked_for_each(inbox: Inbox) -> None:
    ledger = Ledger()
    ledger.away = True
    keep(inbox, *(f"{number}" for number in range(BATCH + 5)))
    takeover = Takeover(inbox, ledger, lambda _event, _outcome: None)
    assert takeover.look() == 0
    assert (ledger.asked, inbox.depth()) == (3, BATCH + 5)
    ledger.away = False
    takeover.start()
    takeover.stop(5)
    assert (len(ledger.stored), inbox.depth()) == (BATCH + 5, 0)
