"""The record is lost; what people answered is found again on GitHub, or said not to be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.confine import Supervisor
from bot.engine.model.verdict import Coverage, Verdict
from bot.github.facts import Account, RepositoryRef, Review
from bot.github.witness import Checked, Spoken
from bot.ledger import Ledger
from bot.report.vouched import line, read
from bot.standin.state.pulls import PullRequest
from bot.workflows.rebuild import Conversations, rebuild
from tests.cli.command import Finished, countersign
from tests.ledger.test_ledger import SECOND
from tests.report.samples import phrases
from tests.workflows.deciding import PLAIN, REVIEWED, USED, WAITING, Desk, desk

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
        repo = office.scene.repo
        done = found_again(office, tmp_path, supervisor)
        assert (done.code, done.error) == (1, "")
        first, *left = done.out.splitlines()
        assert first == "acme/infra: 2 answers rebuilt, 0 known already, 5 numbers kept, 3 not rebuilt"
        assert sorted(text.split(" at ")[0] for text in left) == [
            f"  #{edited.number}: accept J-1 by ada",
            f"  #{other.number}: accept J-1 by ada",
            f"  #{refused.number}: accept J-1 by sven",
        ]
        assert "the comment was edited since" in next(text for text in left if f"#{edited.number}:" in text)
        again = found_again(office, tmp_path)
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


def found_again(office: Desk, directory: Path, supervisor: Supervisor | None = None) -> Finished:
    """What the command makes of GitHub. `supervisor`: for a new start, with a record in the directory that knows nothing."""
    app = office.scene.app
    if supervisor is not None:
        office.directory = directory
        office.restart(supervisor)
    settings = {"APP_ID": str(app.id), "PRIVATE_KEY": app.pem, "WEBHOOK_SECRET": app.webhook_secret, "STATE_DIRECTORY": str(directory)}
    settings |= {"GITHUB_URL": office.scene.standin.url, "API_URL": office.scene.standin.api}
    settings |= {"LEDGER_URL": f"sqlite:///{directory}/ledger.sqlite"}
    variables = {f"COUNTERSIGN_{name}": value for name, value in settings.items()}
    return countersign("ledger", "rebuild", "--repository", office.scene.repo.full_name, cwd=directory, **variables)


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
    found = rebuild(ledger, repository, checks, Conversations(lambda _: [comment], lambda _: []), phrases(), AT)
    assert [item.outcome for item in found.answers] == outcomes
    assert (found.unread, found.handles) == ((13,), 1)
    recorded = [(item.handle, item.bound, item.head, item.login) for item in ledger.decisions.of(7, 12)]
    assert recorded == ([("J-1", "b" * 32, "c" * 40, "ada")] if outcomes == ["rebuilt"] else [])
    ledger.close()


APPROVED = (
    f"<!-- countersign:asked 12 J-1:{'a' * 32}:{'b' * 32} J-2:{'c' * 32}:{'d' * 32} "
    f"J-1:approve:7:{int(AT.timestamp())} J-2:approve:7:{int(AT.timestamp())} -->\n## Decided\n"
)
HEAD = "c" * 40
GIVEN = Review(5, ADA, "APPROVED", HEAD, "fine", AT)


@pytest.mark.parametrize(
    ("reviews", "outcome"),
    [
        ([GIVEN], "rebuilt"),
        ([GIVEN, Review(6, ADA, "COMMENTED", HEAD, "well", AT + SECOND)], "rebuilt"),
        ([GIVEN, Review(6, SVEN, "CHANGES_REQUESTED", HEAD, "no", AT + SECOND)], "rebuilt"),
        ([GIVEN, Review(6, ADA, "CHANGES_REQUESTED", HEAD, "no", AT + SECOND)], "withdrawn"),
        ([Review(5, ADA, "DISMISSED", HEAD, "fine", AT)], "withdrawn"),
        ([Review(5, ADA, "COMMENTED", HEAD, "fine", AT)], "withdrawn"),
        ([Review(5, SVEN, "APPROVED", HEAD, "fine", AT)], "withdrawn"),
        ([Review(5, ADA, "APPROVED", "e" * 40, "fine", AT)], "withdrawn"),
        ([Review(5, ADA, "APPROVED", HEAD, "fine", AT + SECOND)], "withdrawn"),
        ([], "withdrawn"),
    ],
)
def test_only_a_review_that_still_approves_that_commit_is_an_answer(tmp_path: Path, reviews: list[Review], outcome: str) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    repository, checks = RepositoryRef(7, "acme/infra", 1), [Checked(12, HEAD, 99, APPROVED)]
    for expected in (outcome, "known" if outcome == "rebuilt" else outcome):
        found = rebuild(ledger, repository, checks, Conversations(lambda _: [], lambda _: reviews), phrases(), AT)
        assert [(item.outcome, item.handle, item.verb) for item in found.answers] == [(expected, "J-1, J-2", "approve")]
    recorded = [(item.kind, item.comment_id, item.handle, item.bound, item.head) for item in ledger.decisions.of(7, 12)]
    assert recorded == ([("approval", 5, "J-1, J-2", f"{'b' * 32} {'d' * 32}", HEAD)] if outcome == "rebuilt" else [])
    ledger.close()


@pytest.mark.slow
def test_approving_reviews_are_found_again_after_the_record_is_lost(tmp_path: Path, supervisor: Supervisor) -> None:
    """One that stands, one that was taken back while nobody listened, one of a commit that is not the head any more."""
    (tmp_path / "lost").mkdir()
    with desk(tmp_path / "lost", supervisor, REVIEWED) as office:
        standing, dismissed, outdated = (office.asking() for _ in range(3))
        given = [office.reviews(pull, "ada") for pull in (standing, dismissed, outdated)]
        assert {office.check(pull)[0] for pull in office.pulls} == {"success"}
        outdated.push({"README.md": "words\n"})
        office.review.deliver()
        given[1].dismiss(office.people["mona"])
        before = {pull.number: office.check(pull)[0] for pull in office.pulls}
        assert before == {standing.number: "success", dismissed.number: "success", outdated.number: "action_required"}
        done = found_again(office, tmp_path, supervisor)
        first, *left = done.out.splitlines()
        assert first == "acme/infra: 1 answer rebuilt, 0 known already, 3 numbers kept, 1 not rebuilt"
        assert left[0].startswith(f"  #{dismissed.number}: approve J-1 at ")
        assert "no review there approves that commit any more" in left[0]
        assert office.counting(standing) == [("ada", "approve", "J-1")]
        office.review.deliver()
        for pull in office.pulls:
            office.says(pull, "mona", "/countersign recheck")
        after = {pull.number: _newest(office, pull) for pull in office.pulls}
        assert after == {standing.number: "success", dismissed.number: "action_required", outdated.number: "action_required"}


def _newest(office: Desk, pull: PullRequest) -> str | None:
    """The conclusion that branch protection reads: a record that is lost does not know the run from before."""
    return max((run for run in office.scene.standin.runs() if run.head_sha == pull.head_sha), key=lambda run: run.id).conclusion
