"""Answers that count: the check goes on at once, says who and why, and keeps it while the facts hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.confine import Supervisor
from bot.workflows.perform import Identity, Performer, Step
from tests.workflows.app import WORLD, plain
from tests.workflows.deciding import ENCRYPTED, PLAIN, USED, WAITING, Desk, desk

ACCEPT = "/countersign accept J-1 because the cache is expendable"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, supervisor: Supervisor) -> Iterator[Desk]:
    with desk(Path(tmp_path_factory.mktemp("desk")), supervisor) as made:
        yield made


def test_the_right_person_answers_and_the_check_says_who_and_why(office: Desk) -> None:
    pull = office.asking()
    assert office.check(pull) == ("action_required", WAITING)
    assert "/countersign accept J-1 because" in pull.threads[0].comments[0].body.replace("\u200b", "")
    comment = office.says(pull, "ada", ACCEPT)
    assert (office.reactions(comment), office.replies(pull, comment)) == (["+1"], [])
    assert office.check(pull)[0] == "success"
    assert office.counting(pull) == [("ada", "accept", "J-1")]
    told = office.summary(pull)
    assert "@ada" in told
    assert "the cache is expendable" in told
    assert pull.threads[0].comments[0].minimised is not None


def test_an_account_that_is_named_itself_answers_in_the_thread_without_a_number(office: Desk) -> None:
    pull = office.asking()
    office.later()
    reply = pull.threads[0].reply(office.people["olga"], "/countersign accept because nobody reads it")
    office.review.deliver()
    assert office.reactions(reply) == ["+1"]
    assert office.counting(pull) == [("olga", "accept", "J-1")]
    assert office.check(pull)[0] == "success"


def test_an_answer_survives_a_push_elsewhere_a_rebase_and_a_restart(office: Desk, supervisor: Supervisor) -> None:
    pull = office.asking()
    office.says(pull, "ada", ACCEPT)
    pull.push({"README.md": "words\n"})
    office.review.deliver()
    assert office.check(pull)[0] == "success"
    office.scene.repo.commit({"other.md": "words\n"}, by=office.people["mona"])
    pull.force_push({office.path(): ENCRYPTED}, onto=office.scene.repo.branch("main"))
    office.review.deliver()
    assert office.check(pull)[0] == "success"
    office.restart(supervisor)
    pull.push({"README.md": "other words\n"})
    office.review.deliver()
    assert office.check(pull)[0] == "success"
    assert office.counting(pull) == [("ada", "accept", "J-1")]


def test_a_relevant_change_is_asked_again_under_the_same_number_with_the_difference(office: Desk) -> None:
    pull = office.asking()
    office.says(pull, "ada", ACCEPT)
    pull.push({office.path(): ENCRYPTED + USED})
    office.review.deliver()
    assert office.check(pull) == ("action_required", WAITING)
    told = office.summary(pull)
    assert "**J-1 · " in told
    assert "@ada" in told
    office.says(pull, "ada", ACCEPT)
    assert office.check(pull)[0] == "success"
    assert office.counting(pull) == [("ada", "accept", "J-1")] * 2


def test_an_answer_with_a_last_day_ends_with_it(office: Desk) -> None:
    pull, review = office.asking(), office.review
    until = (review.parts.now() + timedelta(days=9)).date().isoformat()
    office.says(pull, "ada", f"/countersign accept J-1 until {until} because it is copied next week")
    assert office.check(pull)[0] == "success"
    moved = review.moved
    review.moved += timedelta(days=11)
    try:
        assert "published" in review.swept()
        assert office.check(pull) == ("action_required", WAITING)
    finally:
        review.moved = moved


def test_what_is_rejected_blocks_and_what_is_reopened_waits_again(office: Desk) -> None:
    pull = office.asking()
    office.says(pull, "ada", "/countersign reject J-1 because it is not copied anywhere")
    assert office.check(pull)[0] == "action_required"
    assert "not copied anywhere" in office.summary(pull)
    office.says(pull, "ada", ACCEPT)
    assert office.check(pull)[0] == "success"
    office.says(pull, "olga", "/countersign reopen J-1")
    assert office.check(pull) == ("action_required", WAITING)


def test_of_two_answers_at_once_both_are_recorded_and_the_last_counts(office: Desk) -> None:
    pull = office.asking()
    office.later()
    first = pull.comment(office.people["ada"], ACCEPT)
    office.scene.standin.clock.advance(1)
    second = pull.comment(office.people["olga"], "/countersign reject J-1 because it is not copied anywhere")
    office.review.deliver()
    assert (office.reactions(first), office.reactions(second)) == (["+1"], ["+1"])
    assert office.counting(pull) == [("ada", "accept", "J-1"), ("olga", "reject", "J-1")]
    assert office.check(pull)[0] == "action_required"


def test_a_delivery_that_comes_again_does_nothing_again(office: Desk) -> None:
    pull = office.asking()
    office.says(pull, "ada", ACCEPT)
    comment = office.says(pull, "sven", "/countersign accept J-1 because I say so")
    before, outbox = office.scene.standin.final_state() | {"api_calls": 0}, office.scene.standin.outbox
    given = [item for item in outbox.recorded[: office.review.seen] if item.event == "issue_comment"]
    for item in given[-4:]:
        office.review.receive(item.guid, item.event, item.body)
        office.review.receive(f"{item.guid}-again", item.event, item.body)
    office.review.perform()
    assert office.counting(pull) == [("ada", "accept", "J-1")]
    assert len(office.replies(pull, comment)) == 1
    assert office.scene.standin.final_state() | {"api_calls": 0} == before


def test_an_answer_carries_to_a_pull_request_that_contains_its_head(office: Desk) -> None:
    """The one on top is asked the same, and settled with the one below; with another head it is not."""
    repo, mona = office.scene.repo, office.people["mona"]
    pull = office.asking()
    repo.create_branch("stacked", pull.head_ref)
    above = repo.pull_request("stacked", files={"README.md": "words\n"}, by=mona)
    beside = repo.pull_request("beside", files={office.path(): ENCRYPTED}, by=mona)
    office.review.deliver()
    assert office.check(above) == office.check(beside) == ("action_required", WAITING)
    office.says(pull, "ada", ACCEPT)
    assert office.check(above)[0] == "success"
    assert f"#{pull.number}" in office.summary(above)
    assert office.check(beside) == ("action_required", WAITING)
    assert office.counting(above) == []


def test_a_merge_group_passes_with_what_was_answered(office: Desk) -> None:
    pull = office.asking()
    group = office.scene.repo.merge_group([pull])
    office.review.deliver()
    assert office.check(group)[0] == "action_required"
    group.dequeue()
    office.says(pull, "ada", ACCEPT)
    later = office.scene.repo.merge_group([pull])
    office.review.deliver()
    assert office.check(later)[0] == "success"


def test_a_violation_is_waived_by_its_owner_for_a_month_at_most_and_disputed_by_anyone(office: Desk) -> None:
    pull = office.opening()
    assert office.check(pull) == ("failure", "Your turn: fix 1 violation")
    disputed = office.says(pull, "sven", "/countersign dispute V-1 because the group is never attached")
    assert (office.reactions(disputed), office.check(pull)[0]) == (["+1"], "failure")
    until = (office.review.parts.now() + timedelta(days=20)).date().isoformat()
    refused = office.says(pull, "ada", f"/countersign waive V-1 until {until} because the data is public")
    assert (office.reactions(refused), office.check(pull)[0]) == (["confused"], "failure")
    office.says(pull, "nina", f"/countersign waive V-1 until {until} because the data is public")
    assert office.check(pull)[0] == "success"
    assert office.counting(pull) == [("sven", "dispute", "V-1"), ("nina", "waive", "V-1")]


def test_who_may_break_the_glass_lets_exactly_this_pass(office: Desk) -> None:
    """Its author too, when the organisation names them; one more violation, and it blocks again."""
    pull = office.opening()
    refused = office.says(pull, "nina", "/countersign break-glass because INC-7")
    assert (office.reactions(refused), office.check(pull)[0]) == (["confused"], "failure")
    office.says(pull, "ines", "/countersign break-glass because INC-7")
    conclusion, title = office.check(pull)
    assert (conclusion, "Bypassed by @ines" in (title or "").replace("\u200b", "")) == ("success", True)
    (issue,) = [issue for issue in office.scene.repo.issues.values() if issue.event == "issues"]
    assert issue.title.startswith(f"Review the bypass of #{pull.number}, by 20")
    assert f"`@ines` let #{pull.number} pass on " in str(issue.body).replace("\u200b", "")
    assert "it was blocked: INC-7. By " in str(issue.body).replace("\\", "")
    pull.push({"README.md": "words\n"})
    office.review.deliver()
    assert office.check(pull)[0] == "success"
    pull.push({f"s{office.used:02}/more.tf": WORLD.replace('"db"', '"other"').replace("clients", "others")})
    office.review.deliver()
    assert office.check(pull)[0] == "failure"


def test_numbers_are_not_used_again(office: Desk) -> None:
    pull, path = office.asking(), office.path()
    office.used += 1
    pull.push({path: PLAIN, office.path(): ENCRYPTED})
    office.review.deliver()
    assert "J-2" in office.summary(pull)
    assert "J-1" not in office.summary(pull)
    pull.push({path: ENCRYPTED})
    office.review.deliver()
    assert {"J-1", "J-2"} == {item.handle for item in office.review.parts.ledger.questions.waiting() if item.number == pull.number}


def test_status_and_explain_are_answered_once_and_change_nothing(office: Desk) -> None:
    pull = office.asking()
    for text, words in (("status", WAITING), ("explain J-1", "J-1 · ")):
        comment = office.says(pull, "sven", f"/countersign {text}")
        assert office.reactions(comment) == ["+1"]
        assert words in office.replies(pull, comment)[0]
    assert (office.recorded(pull), office.check(pull)) == ((), ("action_required", WAITING))


def test_recheck_evaluates_again(office: Desk) -> None:
    pull = office.asking()
    before = len(office.scene.standin.calls)
    comment = office.says(pull, "sven", "/countersign recheck")
    assert office.reactions(comment) == ["+1"]
    assert any(template.endswith("/check-runs/{check_run_id}") for _, template, _, _ in office.scene.standin.calls[before:])


def test_the_owners_are_asked_for_a_review_once(office: Desk) -> None:
    draft = office.asking(draft=True)
    assert (draft.teams, draft.reviewers) == ([], [])
    draft.ready()
    office.review.deliver()
    assert ([team.slug for team in draft.teams], [person.login for person in draft.reviewers]) == (["data-owners"], ["olga"])
    draft.unrequest([office.people["olga"]], list(draft.teams), office.people["mona"])
    draft.push({"README.md": "words\n"})
    office.review.deliver()
    assert (draft.teams, draft.reviewers) == ([], [])


def test_who_does_not_answer_is_reminded_once_and_then_the_fallback_is_asked(office: Desk) -> None:
    pull, review = office.asking(), office.review
    for item in office.pulls[:-1]:
        review.parts.ledger.questions.closed(office.scene.repo.id, item.number)
    moved = review.moved
    try:
        for reminders, people in ((1, ["olga"]), (1, ["olga", "kim"]), (1, ["olga", "kim"])):
            review.moved += timedelta(hours=49)
            review.swept()
            review.swept()
            said = [made.body for made in pull.comments if "countersign:reminder" in made.body]
            assert (len(said), [person.login for person in pull.reviewers]) == (reminders, people)
        assert "@acme/data-owners @olga J-1 waits for an answer since " in said[0]
    finally:
        review.moved = moved


def test_an_author_is_not_asked_and_a_refusal_of_github_holds_nothing_up(office: Desk) -> None:
    office.scene.standin.faults.add("POST */requested_reviewers", kind="422", times=1)
    pull = office.asking(by="olga")
    assert office.check(pull) == ("action_required", WAITING)
    assert (pull.teams, pull.reviewers) == ([], [])


class Killed(BaseException):
    """The process is gone."""


def dying(at: tuple[str, str]) -> Step:
    """Runs steps until one moment of one step, and keeps no results: whoever carries on does all of it again."""

    def step(name: str, function: Any, *arguments: Any) -> Any:
        if ("before", name) == at:
            raise Killed
        found = function(*arguments)
        if ("after", name) == at:
            raise Killed
        return found

    return step


@pytest.mark.parametrize(
    ("who", "reaction", "conclusion", "said"), [("ada", "+1", "success", 0), ("sven", "confused", "action_required", 1)]
)
def test_a_process_that_dies_at_any_step_leaves_nothing_undone_and_nothing_double(
    office: Desk, who: str, reaction: str, conclusion: str, said: int
) -> None:
    pull, review = office.asking(), office.review
    office.later()
    comment = pull.comment(office.people[who], ACCEPT)
    item = [item for item in office.scene.standin.outbox.recorded if item.event == "issue_comment"][-1]
    review.receive(item.guid, item.event, item.body)
    for step in ("answer", "react", "begin", "decide", "publish", "tell", "finish"):
        for moment in ("before", "after") if step in ("answer", "react") else ("after",):
            with suppress(Killed):
                Performer(review.parts, Identity("test", "v1")).perform(item.guid, plain, dying((moment, step)))
    review.deliver()
    assert office.reactions(comment) == [reaction]
    assert len(office.recorded(pull)) == 1
    assert len(office.replies(pull, comment)) == said
    assert review.check(pull)[:2] == ("completed", conclusion)
    assert [len(thread.comments) for thread in pull.threads] == [1]
    assert len([made for made in pull.comments if "countersign:summary" in made.body]) == 1


@pytest.mark.slow
def test_a_broken_glass_is_of_one_pull_request_and_lets_none_on_top_pass(office: Desk) -> None:
    repo, mona = office.scene.repo, office.people["mona"]
    pull = office.opening()
    repo.create_branch("over", pull.head_ref)
    above = repo.pull_request("over", files={"README.md": "words\n"}, by=mona)
    office.review.deliver()
    office.says(pull, "ines", "/countersign break-glass because INC-7")
    assert office.check(pull)[0] == "success"
    above.push({"README.md": "other words\n"})
    office.review.deliver()
    assert office.check(above)[0] == "failure"
