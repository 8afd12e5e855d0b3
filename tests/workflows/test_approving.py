"""Approving reviews, where the configuration lets them answer: by whom, for which commit, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.confine import Supervisor
from bot.standin.state import reviews
from bot.standin.state.pulls import PullRequest
from bot.workflows.replay import Replay
from tests.workflows.app import WORLD
from tests.workflows.deciding import CONFIGURATION, REVIEWED, WAITING, Desk, desk


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, supervisor: Supervisor) -> Iterator[Desk]:
    with desk(Path(tmp_path_factory.mktemp("desk")), supervisor, REVIEWED) as made:
        yield made


@pytest.fixture(scope="module")
def asked(office: Desk) -> PullRequest:
    """By several people: see `Desk.by_many`."""
    return office.by_many()


def told(pull: PullRequest) -> list[str]:
    """What we replied to reviews that approve."""
    return [made.body.replace("\u200b", "") for made in pull.comments if "countersign:reply approval" in made.body]


def test_an_approving_review_answers_for_its_commit_and_for_no_later_one(office: Desk) -> None:
    pull = office.asking()
    office.reviews(pull, "ada")
    assert office.check(pull)[0] == "success"
    assert f"Answered by approving review of `@ada` on `{pull.head_sha[:7]}`" in office.summary(pull)
    assert office.counting(pull) == [("ada", "approve", "J-1")]
    pull.push({"README.md": "words\n"})
    office.review.deliver()
    assert office.check(pull) == ("action_required", WAITING)
    assert f"was for `{pull.previous_heads[-1][:7]}`, and counts for no other commit." in office.summary(pull)
    office.reviews(pull, "ada", commit=pull.previous_heads[-1])
    assert office.check(pull) == ("action_required", WAITING)
    assert "what is asked there was not shown by then" in told(pull)[0]


@pytest.mark.slow
def test_a_merge_group_passes_with_the_review_of_the_head_that_it_merges_and_a_pull_request_on_top_does_not(office: Desk) -> None:
    pull, repo = office.asking(), office.scene.repo
    repo.create_branch("above", pull.head_ref)
    above = repo.pull_request("above", files={"README.md": "words\n"}, by=office.people["mona"])
    office.reviews(pull, "ada")
    assert office.check(above) == ("action_required", WAITING)
    group = repo.merge_group([pull])
    office.review.deliver()
    assert office.check(group)[0] == "success"
    group.dequeue()
    pull.push({"README.md": "words\n"})
    later = repo.merge_group([pull])
    office.review.deliver()
    assert office.check(later)[0] == "action_required"


def test_a_review_counts_until_it_is_dismissed_or_its_author_asks_for_changes(office: Desk) -> None:
    pull = office.asking()
    first = office.reviews(pull, "ada")
    office.reviews(pull, "ada", "COMMENT", "well")
    first.edit(office.people["ada"], "never mind")
    office.review.deliver()
    assert office.check(pull)[0] == "success"
    office.later()
    first.dismiss(office.people["mona"])
    office.review.deliver()
    assert office.check(pull) == ("action_required", WAITING)
    office.reviews(pull, "ada")
    office.reviews(pull, "olga", "REQUEST_CHANGES", "no")
    assert office.check(pull)[0] == "success"
    office.reviews(pull, "ada", "REQUEST_CHANGES", "on reflection")
    assert office.check(pull) == ("action_required", WAITING)
    assert [(item.login, item.verb, item.kind) for item in office.recorded(pull)] == [
        ("ada", "approve", "approval"),
        ("mona", "withdraw", "dismissal"),
        ("ada", "approve", "approval"),
        ("ada", "withdraw", "approval"),
    ]


@pytest.mark.slow
def test_the_record_holds_and_a_verdict_by_a_review_is_made_again(office: Desk) -> None:
    pull, parts = office.asking(), office.review.parts
    first = office.reviews(pull, "ada")
    decided = parts.ledger.evaluations.last_published(office.scene.repo.id, pull.number)
    assert decided is not None
    assert Replay(parts.ledger, parts.evaluator).replay(decided.id).outcome == "same"
    first.dismiss(office.people["mona"])
    office.review.deliver()
    told = [entry.told for entry in parts.ledger.chain.of_pull(office.scene.repo.id, pull.number) if entry.kind == "decision"]
    assert [(item["verb"], item["by"], item["handle"], item["comment"], item["head"]) for item in told] == [
        ("approve", "ada", "J-1", f"approval/{first.id}", pull.head_sha),
        ("withdraw", "mona", "", f"dismissal/{first.id}", pull.head_sha),
    ]
    verified = parts.ledger.verification.verify(office.scene.repo.id)
    assert (verified.alterations, verified.entries > 0) == ((), True)


@pytest.mark.slow
def test_what_was_taken_back_without_our_being_told_counts_no_longer(office: Desk) -> None:
    """Whatever looks at the pull request next finds it; the delivery may come later still."""
    pull, outbox = office.asking(), office.scene.standin.outbox
    made = office.reviews(pull, "ada")
    assert office.check(pull)[0] == "success"
    made.dismiss(office.people["mona"])
    (item,) = [item for item in outbox.recorded[office.review.seen :] if item.event == "pull_request_review"]
    outbox.recorded.remove(item)
    office.says(pull, "sven", "/countersign recheck")
    assert office.check(pull) == ("action_required", WAITING)
    assert [(row.login, row.verb) for row in office.recorded(pull)] == [("ada", "approve"), ("ghost", "withdraw")]
    office.review.receive(item.guid, item.event, item.body)
    office.review.perform()
    assert (len(office.recorded(pull)), office.check(pull)) == (2, ("action_required", WAITING))


@pytest.mark.slow
def test_what_was_taken_back_before_it_is_heard_is_not_heard(office: Desk) -> None:
    """Deliveries may come late, and in any order."""
    pull, outbox = office.asking(), office.scene.standin.outbox
    office.later()
    for taken_back in ("dismissed", "changed"):
        made = reviews.create(pull, office.people["ada"], "", pull.head_sha, "APPROVE", ())
        if taken_back == "dismissed":
            made.dismiss(office.people["mona"])
        else:
            reviews.create(pull, office.people["ada"], "no", pull.head_sha, "REQUEST_CHANGES", ())
        outbox.recorded[office.review.seen :] = reversed(outbox.recorded[office.review.seen :])
        office.review.deliver()
        assert (office.recorded(pull), office.check(pull)) == ((), ("action_required", WAITING))


@pytest.mark.slow
def test_a_review_leaves_what_was_rejected_and_what_it_does_not_own(office: Desk) -> None:
    pull = office.asking()
    office.says(pull, "olga", "/countersign reject J-1 because it is not copied anywhere")
    office.reviews(pull, "ada")
    assert office.check(pull)[0] == "action_required"
    assert office.counting(pull) == [("olga", "reject", "J-1")]
    violation = office.opening()
    office.reviews(violation, "nina")
    assert (office.check(violation)[0], office.recorded(violation)) == ("failure", ())


@pytest.mark.slow
def test_a_review_answers_for_the_categories_that_its_author_owns_and_leaves_the_others(office: Desk) -> None:
    asking = "reviews: [data, network]\nrules: {database-port-open-to-world: {disposition: judgment}}\n"
    repo, mona = office.scene.repo, office.people["mona"]
    repo.commit({".github/countersign.yml": CONFIGURATION + asking}, by=mona)
    pull = office.asking()
    pull.push({f"s{office.used:02}/db.tf": WORLD})
    office.review.deliver()
    office.reviews(pull, "nina")
    assert office.check(pull) == ("action_required", "Waiting for @acme/data-owners, @olga: 1 of 2 decided")
    office.reviews(pull, "kim")
    assert office.check(pull)[0] == "success"
    assert office.counting(pull) == [("nina", "approve", "J-2"), ("kim", "approve", "J-1")]
    repo.commit({".github/countersign.yml": REVIEWED}, by=mona)
    office.review.deliver()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "key", "said"),
    [
        ("sven", "not-owner", ""),
        ("nina", "not-owner", ""),
        ("pia", "not-owner", ""),
        ("rita", "permission", "`@rita` has the permission `read` in this repository"),
        ("paul", "pusher", "`@paul` pushed to this pull request"),
        ("cora", "committer", "`@cora` wrote a commit of this change"),
        ("carl", "co-author", "`@carl` stands as a co-author of this change"),
    ],
)
def test_a_review_by_the_wrong_person_is_recorded_and_answers_nothing(
    office: Desk, asked: PullRequest, who: str, key: str, said: str
) -> None:
    """Who is asked nothing gets no reply: anybody may approve."""
    before = len(told(asked))
    office.reviews(asked, who)
    assert office.check(asked) == ("action_required", WAITING)
    assert (office.recorded(asked)[-1].login, office.recorded(asked)[-1].refused) == (who, key)
    assert [said in text for text in told(asked)[before:]] == ([True] if said else [])


@pytest.mark.slow
def test_a_bots_review_is_not_heard(office: Desk, asked: PullRequest) -> None:
    before = office.recorded(asked)
    office.people["bot"] = office.scene.standin.bot("helper[bot]")
    office.reviews(asked, "bot")
    assert (office.recorded(asked), office.check(asked)) == (before, ("action_required", WAITING))


@pytest.mark.slow
def test_a_review_that_comes_again_does_nothing_again(office: Desk) -> None:
    pull, outbox = office.asking(), office.scene.standin.outbox
    office.reviews(pull, "ada")
    before = office.scene.standin.final_state() | {"api_calls": 0}
    (item,) = [item for item in outbox.recorded[-12:] if item.event == "pull_request_review" and b'"approved"' in item.body]
    office.review.receive(f"{item.guid}-again", item.event, item.body)
    office.review.perform()
    assert len(office.recorded(pull)) == 1
    assert office.scene.standin.final_state() | {"api_calls": 0} == before


@pytest.mark.slow
def test_without_the_key_a_review_answers_nothing(office: Desk) -> None:
    """And what was answered before under it no longer counts."""
    pull, repo, mona = office.asking(), office.scene.repo, office.people["mona"]
    office.reviews(pull, "ada")
    repo.commit({".github/countersign.yml": CONFIGURATION}, by=mona)
    office.review.deliver()
    other = office.asking()
    office.reviews(other, "ada")
    assert office.recorded(other) == ()
    assert office.check(other) == office.check(pull) == ("action_required", WAITING)
    repo.commit({".github/countersign.yml": REVIEWED}, by=mona)


@pytest.mark.slow
def test_a_command_in_the_text_of_a_review_counts_as_in_a_comment(office: Desk) -> None:
    """Beside what the review says by its state, which then leaves that question alone."""
    pull = office.asking()
    made = office.reviews(pull, "sven", "COMMENT", "/countersign accept J-1 because I say so")
    assert "`@sven` is not among those who answer questions on `data`." in office.replies(pull, made)[0]
    assert office.check(pull) == ("action_required", WAITING)
    office.reviews(pull, "ada", "APPROVE", "/countersign reject J-1 because it is not copied anywhere")
    assert office.counting(pull) == [("ada", "reject", "J-1")]
    assert "not copied anywhere" in office.summary(pull)
    office.reviews(pull, "ada", "REQUEST_CHANGES", "/countersign accept J-1 because the cache is expendable")
    assert office.check(pull)[0] == "success"
    pull.push({"README.md": "words\n"})
    office.review.deliver()
    assert office.check(pull)[0] == "success"


@pytest.mark.slow
def test_a_command_in_a_review_that_was_edited_or_is_mentioned_further_down_does_nothing(office: Desk) -> None:
    pull = office.asking()
    office.later()
    made = reviews.create(pull, office.people["ada"], "/countersign explain J-1", pull.head_sha, "COMMENT", ())
    made.edit(office.people["ada"], "/countersign accept J-1 because fine")
    office.review.deliver()
    assert "This comment was edited after it was written" in office.replies(pull, made)[0]
    office.reviews(pull, "ada", "COMMENT", "Good.\n\n/countersign accept J-1 because fine")
    assert (office.counting(pull), office.check(pull)) == ([], ("action_required", WAITING))
