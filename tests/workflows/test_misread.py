"""What looks like an answer and is none, what is one although it looks otherwise, and who may give it by way of what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.confine import Supervisor
from bot.standin.state.pulls import PullRequest
from tests.workflows.deciding import ENCRYPTED, REVIEWED, WAITING, Desk, desk

ACCEPT = "/countersign accept J-1 because the cache is expendable"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, supervisor: Supervisor) -> Iterator[Desk]:
    with desk(Path(tmp_path_factory.mktemp("desk")), supervisor, REVIEWED) as made:
        yield made


@pytest.fixture(scope="module")
def asked(office: Desk) -> PullRequest:
    return office.asking()


@pytest.mark.parametrize(
    "text",
    [
        f"> {ACCEPT}\n\nI agree with that.",
        f"```\n{ACCEPT}\n```",
        f"    {ACCEPT}",
        f"`{ACCEPT}`",
        f"One could say\n\n{ACCEPT}",
        f"@ada says: {ACCEPT}",
        f"<!-- a note -->\n{ACCEPT}",
        f"- {ACCEPT}",
        f"**{ACCEPT}**",
        "countersign accept J-1 because the cache is expendable",
        "/countersigned accept J-1 because the cache is expendable",
        "/countersign",
        "LGTM",
        ":+1:",
    ],
)
def test_what_is_no_command_is_not_heard(office: Desk, asked: PullRequest, text: str) -> None:
    """Quoted in a reply, fenced or indented as code, mentioned further down or in the words of somebody else."""
    comment = office.says(asked, "ada", text)
    assert (office.reactions(comment), office.replies(asked, comment), office.counting(asked)) == ([], [], [])
    assert office.check(asked) == ("action_required", WAITING)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ACCEPT}\n{ACCEPT.replace('accept', 'reject')}", "One comment, one command"),
        (f"{ACCEPT}\n\n{ACCEPT.replace('accept', 'reject')}", "One comment, one command"),
        ("/countersign accept J-1 please because fine", "please"),
        ("/countersign accept J-1 J-2 because fine", "one number"),
        ("/countersign accept J-1 until 2020-01-01 because fine", "2020-01-01"),
        ("/countersign accept J-1 until soon because fine", "soon"),
        ("/countersign accept J-1 because …", "reason"),
        ("/countersign accept J-1 because fine until 2099-01-01", "until"),
        ("/countersign \u202eaccept J-1 because fine", "direction"),
    ],
)
def test_a_command_with_something_too_much_or_missing_does_nothing_by_half(office: Desk, asked: PullRequest, text: str, said: str) -> None:
    comment = office.says(asked, "ada", text)
    assert (office.reactions(comment), office.counting(asked)) == (["confused"], [])
    assert said in office.replies(asked, comment)[0]
    assert office.check(asked) == ("action_required", WAITING)


@pytest.mark.parametrize("text", ["/CounterSign ACCEPT j-1 Because fine", "\n\n/countersign accept, J1: because fine"])
def test_letter_case_and_punctuation_matter_not(office: Desk, text: str) -> None:
    pull = office.asking()
    office.says(pull, "ada", text)
    assert (office.check(pull)[0], office.counting(pull)) == ("success", [("ada", "accept", "J-1")])


def test_a_command_that_is_edited_within_the_second_is_refused(office: Desk, asked: PullRequest) -> None:
    """GitHub's times say nothing then; what was delivered and what stands there differ."""
    office.later()
    comment = asked.comment(office.people["ada"], "/countersign status")
    comment.edit(office.people["ada"], ACCEPT)
    office.review.deliver()
    assert (office.reactions(comment), office.counting(asked)) == (["confused"], [])
    assert "edited" in office.replies(asked, comment)[0]


def test_who_has_lost_the_permission_since_it_was_asked_does_not_answer(office: Desk, asked: PullRequest) -> None:
    repo, ada = office.scene.repo, office.people["ada"]
    repo.collaborator(ada, "read")
    try:
        comment = office.says(asked, "ada", ACCEPT)
    finally:
        repo.collaborator(ada, "write")
    (said,) = office.replies(asked, comment)
    assert "`@ada` has the permission `read` in this repository, and an answer on `data` needs `write`." in said
    assert (office.counting(asked), office.check(asked)) == ([], ("action_required", WAITING))


def test_who_belongs_to_a_team_below_the_owners_is_one_of_them_and_to_the_team_above_is_not(office: Desk) -> None:
    """GitHub counts the members of child teams as members: https://docs.github.com/en/rest/teams/members."""
    org, people = office.scene.org, office.people
    owners = org.teams["data-owners"]
    below, above = org.team("data-night", [people["sven"]], parent=owners), org.team("data-all", [people["ines"]])
    above.children.append(owners)
    pull = office.asking()
    comment = office.says(pull, "ines", ACCEPT)
    assert "`@ines` is not among those who answer questions on `data`." in office.replies(pull, comment)[0]
    office.says(pull, "sven", ACCEPT)
    assert (office.check(pull)[0], office.counting(pull)) == ("success", [("sven", "accept", "J-1")])
    owners.children.remove(below)


def test_a_violation_is_not_accepted_and_a_question_is_not_waived(office: Desk) -> None:
    pull = office.opening()
    comment = office.says(pull, "nina", "/countersign accept V-1 because it is meant")
    assert (office.reactions(comment), office.counting(pull)) == (["confused"], [])
    assert office.check(pull)[0] == "failure"


def test_no_answer_is_heard_on_a_pull_request_of_another_repository(office: Desk, asked: PullRequest) -> None:
    """One that the App is installed on as well, where the same number asks nothing."""
    other = office.scene.org.repository("elsewhere", files={"README.md": "a\n"})
    other.collaborator(office.people["ada"], "write")
    pull = other.pull_request("words", files={"docs.md": "a\n"}, by=office.people["mona"])
    office.review.deliver()
    office.later()
    pull.comment(office.people["ada"], ACCEPT)
    office.review.deliver()
    assert (office.counting(asked), office.check(asked)) == ([], ("action_required", WAITING))


def test_a_review_of_a_head_that_was_pushed_away_by_force_counts_no_more_until_that_head_is_back(office: Desk) -> None:
    pull = office.asking()
    office.reviews(pull, "ada")
    assert office.check(pull)[0] == "success"
    first = pull.head_sha
    pull.force_push({office.path(): ENCRYPTED, "README.md": "words\n"})
    office.review.deliver()
    assert office.check(pull) == ("action_required", WAITING)
    office.reviews(pull, "ada", commit=first)
    assert office.check(pull) == ("action_required", WAITING)
    office.scene.repo.update_ref(f"refs/heads/{pull.head_ref}", first, office.people["mona"], forced=True)
    office.review.deliver()
    assert office.check(pull)[0] == "success"


def test_a_comment_in_another_thread_of_ours_does_not_answer_a_question_by_its_number(office: Desk) -> None:
    pull = office.asking()
    (ours,) = pull.threads
    office.later()
    reply = ours.reply(office.people["ada"], "/countersign accept J-2 because fine")
    office.review.deliver()
    assert (office.reactions(reply), office.counting(pull)) == (["confused"], [])
