"""`countersign rules hold` beside an App whose settings are at hand: what the operator reads, and what is in the record then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Finished, countersign
from tests.settings.keys import PEM, WEBHOOK_SECRET

RULE = "database-port-open-to-world"


def rules(place: Path, *arguments: str) -> Finished:
    (place / "key.pem").write_text(PEM)
    (place / "key.pem").chmod(0o600)
    variables = {
        "COUNTERSIGN_APP_ID": "7",
        "COUNTERSIGN_PRIVATE_KEY_FILE": str(place / "key.pem"),
        "COUNTERSIGN_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "COUNTERSIGN_STATE_DIRECTORY": str(place),
    }
    return countersign("rules", *arguments, cwd=place, **variables)


def test_holds_lists_and_releases(tmp_path: Path) -> None:
    placed = rules(tmp_path, "hold", RULE, "--until", "2126-12-31", "--reason", "false alarms since the release")
    assert (placed.code, placed.error) == (0, "")
    assert placed.out == f"{RULE} is held; its results only observe. Open pull requests of 0 repositories are looked at again\n"
    listed = rules(tmp_path, "hold", "--list").out
    assert listed.startswith(f"{RULE}  since 20")
    assert listed.endswith(" UTC, until 2126-12-31, because false alarms since the release\n1 rule is held\n")
    assert rules(tmp_path, "hold", RULE, "--release").code == 0
    assert rules(tmp_path, "hold", "--list").out == "0 rules are held\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "rules hold needs a rule, or --list"),
        (("database-port-open",), "there is no rule database-port-open; did you mean"),
        ((RULE, "--until", "tomorrow"), "tomorrow is not a day; write it as 2026-12-31"),
        ((RULE, "--until", "2020-01-01"), "2020-01-01 is over"),
        ((RULE, "--release"), f"{RULE} is not held"),
        (("countersign-not-read",), "countersign-not-read keeps the evaluation honest"),
    ],
)
def test_says_what_it_cannot_do(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = rules(tmp_path, "hold", *arguments)
    assert (done.code, done.out) == (64, "")
    assert said in done.error
