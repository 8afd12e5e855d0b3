"""The queue of questions as an operator reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ledger import Ledger, Question
from tests.cli.command import Finished, countersign
from tests.settings.keys import PEM, WEBHOOK_SECRET

NOW = datetime(2026, 11, 29, 9, 12, tzinfo=UTC)


def decisions(place: Path, *more: str) -> Finished:
    (place / "key.pem").write_text(PEM)
    (place / "key.pem").chmod(0o600)
    variables = {
        "COUNTERSIGN_APP_ID": "7",
        "COUNTERSIGN_PRIVATE_KEY_FILE": str(place / "key.pem"),
        "COUNTERSIGN_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "COUNTERSIGN_STATE_DIRECTORY": str(place),
        "COUNTERSIGN_LEDGER_URL": f"sqlite:///{place}/ledger.sqlite",
    }
    return countersign("decisions", *more, cwd=place, **variables)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    for number, since in ((12, NOW), (9, NOW - timedelta(days=1))):
        ledger.questions.allocate(7, "acme/infra", number, [("a", "J-1"), ("b", "V-1")], since)
        asked = Question(7, "acme/infra", number, "J-1", "a", "data", "Applying this deletes `db`. Intended?", ("@acme/dba",), asked=True)
        ledger.questions.published(7, number, [asked])
    ledger.close()
    return tmp_path


def test_what_waits_is_listed_the_longest_first(place: Path) -> None:
    done = decisions(place)
    assert (done.code, done.error) == (2, "")
    assert done.out == (
        "acme/infra#9 J-1 · data · @acme/dba · since 2026-11-28 09:12 UTC\n"
        "  Applying this deletes `db`. Intended?\n"
        "\n"
        "acme/infra#12 J-1 · data · @acme/dba · since 2026-11-29 09:12 UTC\n"
        "  Applying this deletes `db`. Intended?\n"
        "\n"
        "2 questions wait, on 2 pull requests.\n"
    )


def test_a_settings_file_that_is_missing_is_named_once(place: Path) -> None:
    missing = place / "none.toml"
    assert f"\n  {missing} cannot be read: No such file or directory\n" in decisions(place, "--config-file", str(missing)).error


def test_programs_get_the_same(place: Path) -> None:
    first, _ = json.loads(decisions(place, "--format", "json").out)["questions"]
    assert first == {
        "repository": "acme/infra",
        "number": 9,
        "question": "J-1",
        "category": "data",
        "about": "Applying this deletes `db`. Intended?",
        "owners": ["@acme/dba"],
        "since": "2026-11-28T09:12:00Z",
    }


def test_without_a_ledger_nothing_waits_and_none_is_made(tmp_path: Path) -> None:
    done = decisions(tmp_path)
    assert (done.code, done.out) == (0, "No question waits for an answer.\n")
    assert not (tmp_path / "ledger.sqlite").exists()
