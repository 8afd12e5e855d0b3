"""The record is lost; what people answered is found again on GitHub, or said not to be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.confine import Supervisor
from bot.engine.model.verdict import Coverage, Verdict
from bot.github.facts import Account, RepositoryRef
from bot.github.witness import Checked, Spoken
from bot.ledger import Ledger
from bot.report.vouched import line, read
from bot.workflows.rebuild import rebuild
from tests.cli.command import countersign
from tests.ledger.test_ledger import SECOND
from tests.report.samples import phrases
from tests.workflows.deciding import PLAIN, USED, WAITING, desk

ENCRYPTED_AND_USED = PLAIN.replace("false", "true") + USED


@pytest.mark.slow
def test_answers_are_found_again_after_the_record_is_lost(tmp_path: Path, supervisor: Supervisor) -> None:
    """One accepted with a key in its reason, one rejected in a thread; one whose comment was edited since, one whose facts are others by
    now, one of somebody who may not. Afterwards numbers mean what they meant, and the answers hold as far as they held."""
    (tmp_path / "lost").mkdir()
    with desk(tmp_path / "lost", supervisor) as office:
        accepted, rejected, edited, other, refused = (office.asking() for _ in range(5))
        office.says(accepted, "ada", "/countersign accept J-1 until 2099-01-31 because ghp_0123456789abcdefghij0123456789abcdef says so")
        office.later()
        rejected.threads[0].reply(office.people["olga"], "/countersign reject because we need it")
        office.review.deliver()
        words = office.says(edited, "ada", "/countersign accept J-1 because x")
        office.says(other, "ada", "/countersign accept J-1 because x")
        other.push({office.path(4): ENCRYPTED_AND_USED})
        office.says(refused, "sven", "/countersign accept J-1 because x")
        office.later()
        words.edit(office.people["ada"], "/countersign accept J-1 because of something else")
        office.review.deliver()
        before = {pull.number: office.check(pull) for pull in office.pulls}
        app, repo = office.scene.app, office.scene.repo
        office.directory = tmp_path
        office.restart(supervisor)
        settings = {"APP_ID": str(app.id), "PRIVATE_KEY": app.pem, "WEBHOOK_SECRET": app.webhook_secret, "STATE_DIRECTORY": str(tmp_path)}
        settings |= {"GITHUB_URL": office.scene.standin.url, "API_URL": office.scene.standin.api}
        settings |= {"LEDGER_URL": f"sqlite:///{tmp_path}/ledger.sqlite"}
        variables = {f"COUNTERSIGN_{name}": value for name, value in settings.items()}
        done = countersign("ledger", "rebuild", "--repository", repo.full_name, cwd=tmp_path, **variables)
        assert (done.code, done.error) == (1, "")
        first, *left = done.out.splitlines()
        assert first == "acme/infra: 2 answers rebuilt, 0 known already, 5 numbers kept, 3 not rebuilt"
        assert sorted(text.split(" at ")[0] for text in left) == [
            f"  #{edited.number}: accept J-1 by ada",
            f"  #{other.number}: accept J-1 by ada",
            f"  #{refused.number}: accept J-1 by sven",
        ]
        assert "the comment was edited since" in next(text for text in left if f"#{edited.number}:" in text)
        again = countersign("ledger", "rebuild", "--repository", repo.full_name, cwd=tmp_path, **variables)
        assert again.out.startswith("acme/infra: 0 answers rebuilt, 2 known already, 0 numbers kept, 3 not rebuilt")
        ledger = office.review.parts.ledger
        assert ledger.verification.verify(repo.id).alterations == ()
        rebuilt = [entry for entry in ledger.chain.entries(repo.id) if entry.kind == "rebuilt"]
        assert sorted(entry.number or 0 for entry in rebuilt) == [accepted.number, rejected.number]
        assert all(entry.told["position"] > 0 and len(entry.told["digest"]) == 64 for entry in rebuilt)
        (given,) = ledger.decisions.counting(repo.id, accepted.number)
        assert (given.login, given.until, given.reason) == ("ada", "2099-01-31", "(hidden, 40 characters) says so")
        assert given.guid.startswith("rebuilt/")
        for pull in office.pulls:
            pull.push({"README.md": "words\n"})
        office.review.deliver()
        held = {pull.number: office.check(pull) for pull in office.pulls}
        assert {number for number in before if before[number] != held[number]} == {edited.number}
        assert held[edited.number] == ("action_required", WAITING)
        kept = [item for pull in office.pulls for item in ledger.questions.of(repo.id, pull.number)]
        assert [(item.handle, item.result.startswith("lost:")) for item in kept] == [("J-1", False)] * 5


def test_a_check_says_it_only_above_its_first_heading() -> None:
    made = line(Verdict("clean", "success", (), Coverage()), 12)
    vouched = read(f"a note\n\n{made}## Title\n")
    assert vouched is not None
    assert vouched.pull == 12
    assert read(f"## Title\n{made}") is None
    assert read("nothing") is None


AT = datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)
SUMMARY = f"<!-- countersign:asked 12 J-1:{'a' * 32}:{'b' * 32} J-1:accept:7:{int(AT.timestamp())} -->\n## Decided\n"
ADA, SVEN = Account(7, "ada"), Account(8, "sven")


@pytest.mark.parametrize(
    ("comment", "outcomes"),
    [
        (Spoken("conversation", 1, ADA, "/countersign accept J-1 because x", AT, AT), ["rebuilt"]),
        (Spoken("diff", 1, ADA, "/countersign accept because x", AT, AT), ["rebuilt"]),
        (Spoken("conversation", 1, SVEN, "/countersign accept J-1 because x", AT, AT), ["gone", "unvouched"]),
        (Spoken("conversation", 1, ADA, "/countersign accept J-2 because x", AT, AT), ["gone", "unvouched"]),
        (Spoken("conversation", 1, ADA, "/countersign reject J-1 because x", AT, AT), ["gone", "unvouched"]),
        (Spoken("conversation", 1, ADA, "/countersign accept J-1 because x", AT + SECOND, AT + SECOND), ["gone", "unvouched"]),
        (Spoken("conversation", 1, ADA, "/countersign accept J-1 because x", AT, AT + SECOND), ["edited"]),
        (Spoken("conversation", 1, ADA, "words", AT, AT), ["gone"]),
    ],
)
def test_only_the_very_comment_that_a_check_tells_of_is_an_answer(tmp_path: Path, comment: Spoken, outcomes: list[str]) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    repository = RepositoryRef(7, "acme/infra", 1)
    checks = [Checked(12, "c" * 40, 99, SUMMARY), Checked(13, "d" * 40, 98, SUMMARY)]
    found = rebuild(ledger, repository, checks, lambda _: [comment], phrases(), AT)
    assert [item.outcome for item in found.answers] == outcomes
    assert (found.unread, found.handles) == ((13,), 1)
    recorded = [(item.handle, item.bound, item.head, item.login) for item in ledger.decisions.of(7, 12)]
    assert recorded == ([("J-1", "b" * 32, "c" * 40, "ada")] if outcomes == ["rebuilt"] else [])
    ledger.close()
