"""Answers that do not count: each for its own reason, said once, and nothing of the pull request changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.confine import Supervisor
from bot.github import people
from bot.github.facts import Account, Comment, CommentRef
from bot.github.refusal import Refusal
from bot.github.webhook import Own, said_digest
from bot.settings import Secret
from bot.standin.git import Person
from bot.standin.state.pulls import PullRequest
from bot.web.entrance import Entrance
from bot.workflows.command import edited
from tests.workflows.deciding import CONFIGURATION, ENCRYPTED, USED, WAITING, Desk, desk

ACCEPT = "/countersign accept J-1 because the cache is expendable"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, supervisor: Supervisor) -> Iterator[Desk]:
    with desk(Path(tmp_path_factory.mktemp("desk")), supervisor) as made:
        yield made


@pytest.fixture(scope="module")
def asked(office: Desk) -> PullRequest:
    """By several people: see `Desk.by_many`."""
    return office.by_many()


def refused(office: Desk, pull: PullRequest, who: str, text: str) -> str:
    """The one reply to a comment that changes nothing."""
    before = (office.check(pull), office.counting(pull))
    comment = office.says(pull, who, text)
    assert office.reactions(comment) == ["confused"]
    assert (office.check(pull), office.counting(pull)) == before
    assert office.recorded(pull)[-1].comment_id == comment.id
    (said,) = office.replies(pull, comment)
    return said


def test_owners_are_those_that_the_default_branch_names_now(office: Desk) -> None:
    """Not those of the time when the question was asked."""
    pull, repo = office.asking(), office.scene.repo
    repo.commit({".github/countersign.yml": CONFIGURATION.replace("@acme/data-owners", "@acme/net-owners")}, by=office.people["mona"])
    comment = office.says(pull, "ada", ACCEPT)
    repo.commit({".github/countersign.yml": CONFIGURATION}, by=office.people["mona"])
    office.review.deliver()
    assert "`@ada` is not among those who answer questions on `data`." in office.replies(pull, comment)[0]
    assert office.check(pull) == ("action_required", WAITING)


@pytest.mark.parametrize(
    ("who", "text", "said"),
    [
        ("mona", ACCEPT, "`@mona` opened this pull request, so the decision is not theirs to make."),
        ("paul", ACCEPT, "`@paul` pushed to this pull request, so the decision is not theirs to make."),
        ("cora", ACCEPT, "`@cora` wrote a commit of this change, so the decision is not theirs to make."),
        ("carl", ACCEPT, "`@carl` stands as a co-author of this change, so the decision is not theirs to make."),
        ("rita", ACCEPT, "`@rita` has the permission `read` in this repository, and an answer on `data` needs `write`."),
        ("nina", ACCEPT, "`@nina` is not among those who answer questions on `data`."),
        ("sven", ACCEPT, "Owners for `data`: `@acme/data-owners`, `@olga`, `@kim`."),
        ("pia", ACCEPT, "`@pia` is not among those who answer questions on `data`."),
        ("ada", "/countersign accept J-1", "The reason is missing: it stands behind `because` and is kept with the answer."),
        ("ada", "/countersign accept J-9 because fine", "There is no J-9 on this pull request. There are: J-1."),
        ("ada", "/countersign waive J-1 until 2030-01-01 because x", "A waiver in a comment lasts 30 days at most"),
        ("ada", "/countersign dispute J-1 because it is not", "J-1 is a question and cannot be answered with `dispute`"),
        ("ada", "/countersign acept J-1 because fine", "`acept` is no command, and nothing was done. Did you mean `accept`?"),
        ("ada", "/countersign accept because fine", "Which one? `accept` needs its number"),
    ],
)
def test_an_answer_that_does_not_count_is_told_why(office: Desk, asked: PullRequest, who: str, text: str, said: str) -> None:
    assert said in refused(office, asked, who, text)


def test_an_answer_that_was_edited_is_refused(office: Desk, asked: PullRequest) -> None:
    office.later()
    comment = asked.comment(office.people["ada"], "/countersign explain J-1")
    office.later()
    comment.edit(office.people["ada"], ACCEPT)
    office.review.deliver()
    assert office.reactions(comment) == ["confused"]
    assert office.counting(asked) == []
    (said,) = office.replies(asked, comment)
    assert "edited" in said


def test_an_answer_that_is_gone_says_nothing(office: Desk, asked: PullRequest) -> None:
    office.later()
    before = len(asked.comments)
    comment = asked.comment(office.people["ada"], ACCEPT)
    comment.delete(office.people["ada"])
    office.review.deliver()
    assert (office.counting(asked), len(asked.comments)) == ([], before)


def test_editing_a_counted_answer_away_changes_nothing(office: Desk) -> None:
    pull = office.asking()
    comment = office.says(pull, "ada", ACCEPT)
    comment.edit(office.people["ada"], "never mind")
    comment.delete(office.people["ada"])
    office.review.deliver()
    assert office.check(pull)[0] == "success"
    assert office.counting(pull) == [("ada", "accept", "J-1")]


def test_a_bot_is_not_heard(office: Desk, asked: PullRequest) -> None:
    office.later()
    comment = asked.comment(office.scene.standin.bot("helper[bot]"), ACCEPT)
    office.review.deliver()
    assert (office.reactions(comment), office.counting(asked)) == ([], [])


def test_whoever_set_an_agent_to_work_does_not_answer(office: Desk) -> None:
    agent = office.scene.standin.bot("Copilot")
    agent.id, office.people["agent"] = 198982749, agent
    pull = office.asking(by="agent")
    pull.assignees = [office.people["kim"]]
    assert "`@kim` had an agent write this change" in refused(office, pull, "kim", ACCEPT)


def test_whoever_pushed_a_branch_that_another_opens_does_not_answer(office: Desk) -> None:
    """Under a name that GitHub links to nobody."""
    repo, people = office.scene.repo, office.people
    office.used += 1
    nobody = Person("Nobody", "nobody@example.com", 1_700_000_000)
    pushed = repo.write_commit([str(repo.branch("main"))], {office.path(): ENCRYPTED}, "Encrypt", nobody)
    repo.update_ref("refs/heads/prepared", pushed, people["carl"])
    pull = repo.pull_request("prepared", by=people["mona"])
    office.review.deliver()
    assert office.check(pull) == ("action_required", WAITING)
    assert "`@carl` pushed to this pull request" in refused(office, pull, "carl", ACCEPT)


def test_a_question_that_changed_since_is_refused_with_the_difference(office: Desk) -> None:
    """The push came before the answer, and nobody has seen the new question yet."""
    pull = office.asking()
    office.later()
    pull.push({office.path(): ENCRYPTED + USED})
    comment = pull.comment(office.people["ada"], ACCEPT)
    office.review.deliver()
    assert office.reactions(comment) == ["confused"]
    (said,) = office.replies(pull, comment)
    assert "J-1 has changed since you read it: " in said
    assert office.counting(pull) == []


def test_on_a_closed_pull_request_nothing_is_asked(office: Desk) -> None:
    pull = office.asking()
    pull.close(office.people["mona"])
    office.review.deliver()
    comment = office.says(pull, "ada", ACCEPT)
    assert (office.reactions(comment), office.recorded(pull)) == ([], ())
    assert pull.number not in {item.number for item in office.review.parts.ledger.questions.waiting()}


def test_the_number_of_another_pull_request_is_none_here(office: Desk, asked: PullRequest) -> None:
    pull = office.scene.repo.pull_request("words", files={"docs.md": "a\n"}, by=office.people["mona"])
    office.review.deliver()
    assert "Nothing is asked on this pull request, so there is no J-1." in refused(office, pull, "ada", ACCEPT)
    assert office.counting(asked) == []


def test_a_suspended_installation_answers_nobody(office: Desk) -> None:
    pull = office.asking()
    office.later()
    comment = pull.comment(office.people["ada"], ACCEPT)
    office.scene.installation.suspend()
    office.scene.standin.tokens.clear()
    try:
        office.review.deliver()
        assert (office.reactions(comment), office.recorded(pull)) == ([], ())
    finally:
        office.scene.installation.unsuspend()
    office.review.deliver()
    assert office.check(pull) == ("action_required", WAITING)


def test_a_marker_that_somebody_pasted_names_no_question(office: Desk) -> None:
    """A thread whose first comment is not ours asks nothing, whatever it says."""
    pull = office.asking()
    (ours,) = pull.threads
    forged = pull.comment_on(office.people["mona"], office.path(), 3, ours.comments[0].body)
    office.later()
    reply = forged.reply(office.people["ada"], "/countersign accept because fine")
    office.review.deliver()
    assert office.reactions(reply) == ["confused"]
    (said,) = office.replies(pull, reply)
    assert "Which one?" in said
    assert office.counting(pull) == []


def test_what_looks_like_a_key_is_not_kept(office: Desk, asked: PullRequest) -> None:
    key = "ghp_" + "a1B2c3D4" * 5
    said = refused(office, asked, "sven", f"/countersign accept J-1 because {key} opens it")
    assert key not in said
    assert key not in office.recorded(asked)[-1].reason
    assert "opens it" in office.recorded(asked)[-1].reason


def test_a_comment_drafted_in_a_review_is_not_taken_for_edited() -> None:
    """GitHub touches it when the review is submitted, which is when it is delivered."""
    drafted, submitted = datetime(2026, 11, 29, 9, tzinfo=UTC), datetime(2026, 11, 29, 10, tzinfo=UTC)
    ref = CommentRef("diff", 5, drafted, said_digest(ACCEPT), submitted)
    comment = Comment(5, Account(1, "ada"), ACCEPT, drafted, submitted)
    assert not edited(comment, ref)
    assert edited(replace(comment, updated_at=submitted + timedelta(seconds=1)), ref)
    assert edited(replace(comment, body=f"{ACCEPT}."), ref)


def test_a_forged_answer_does_not_come_in(office: Desk, asked: PullRequest) -> None:
    office.later()
    asked.comment(office.people["ada"], "words")
    item = office.scene.standin.outbox.recorded[-1]
    body = item.body.replace(b"words", ACCEPT.encode())
    door = Entrance(Own(office.scene.app.id, "countersign"), [Secret(office.scene.app.webhook_secret)], lambda *_: False, lambda *_: True)
    signature = item.headers()["X-Hub-Signature-256"]
    assert door.verified(item.body, signature)
    assert not door.verified(body, signature)
    office.review.deliver()
    assert office.counting(asked) == []


def test_where_a_team_cannot_be_read_the_answer_is_refused_with_what_to_do(office: Desk) -> None:
    """Without the permission, and under a name that no team has: neither makes a member a stranger."""
    pull, permissions = office.asking(), office.scene.installation.permissions
    granted = permissions.pop("members")
    try:
        said = refused(office, pull, "ada", ACCEPT)
    finally:
        permissions["members"] = granted
    assert "Whether `@ada` belongs to `@acme/data-owners` cannot be checked, so nothing was done" in said
    assert "accepts the App's permission `members: read`" in said
    office.says(pull, "ada", ACCEPT)
    assert office.check(pull)[0] == "success"


@pytest.mark.slow
def test_an_answer_waits_as_long_as_github_cannot_say_who_belongs_to_a_team(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """First a failure as the stand-in makes it, then hours of them without the pauses between."""
    pull, standin, review = office.asking(), office.scene.standin, office.review
    office.later()
    pull.comment(office.people["ada"], ACCEPT)
    fault = standin.faults.add("GET */memberships/*", kind="502", times=4)
    assert office.review.deliver() == ["unavailable: GET /orgs/acme/teams/data-owners/memberships/ada: 502 Bad Gateway"]
    assert fault.hits == 4

    def unavailable(*_: object) -> None:
        raise Refusal("unavailable", "no answer")

    moved, hours = review.moved, 8
    monkeypatch.setattr(people, "person", unavailable)
    try:
        for _ in range(hours):
            review.moved += timedelta(hours=1)
            assert review.perform() == ["unavailable: no answer"]
        assert office.recorded(pull) == ()
        monkeypatch.undo()
        review.moved += timedelta(hours=1)
        review.perform()
        assert office.counting(pull) == [("ada", "accept", "J-1")]
        assert office.check(pull)[0] == "success"
    finally:
        review.moved = moved


@pytest.mark.slow
def test_what_another_app_writes_in_somebodys_name_is_not_theirs(office: Desk) -> None:
    pull = office.asking()
    office.later()
    comment = pull.comment(office.people["ada"], ACCEPT)
    comment.app = office.scene.standin.app(name="helper")
    office.review.deliver()
    assert "`@ada` is not a person's account, and a person decides." in office.replies(pull, comment)[0]
    assert (office.counting(pull), office.check(pull)) == ([], ("action_required", WAITING))


@pytest.mark.slow
def test_an_answer_before_anything_was_asked_is_none(office: Desk) -> None:
    office.used += 1
    repo, people = office.scene.repo, office.people
    pull = repo.pull_request("early", files={office.path(): ENCRYPTED}, by=people["mona"])
    comment = pull.comment(people["ada"], ACCEPT)
    office.review.deliver()
    assert "This pull request has no verdict yet, and nothing was done." in office.replies(pull, comment)[0]
    assert (office.counting(pull), office.check(pull)) == ([], ("action_required", WAITING))


@pytest.mark.slow
def test_where_not_everybody_who_had_a_hand_in_it_is_known_nobody_answers(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub lists 250 commits of a pull request."""
    pull = office.asking()
    pull.push({"README.md": "words\n"})
    office.review.deliver()
    monkeypatch.setattr(people, "MAX_COMMITS", 1)
    assert "so it is not known whether `@ada` had one" in refused(office, pull, "ada", ACCEPT)


@pytest.mark.slow
def test_who_has_left_the_team_since_it_was_asked_does_not_answer(office: Desk) -> None:
    pull, team = office.asking(), office.scene.org.teams["data-owners"]
    team.members.discard("ada")
    try:
        assert "`@ada` is not among those who answer questions on `data`." in refused(office, pull, "ada", ACCEPT)
    finally:
        team.members.add("ada")
