"""What a person sees after the publisher was there, however often and however badly it went."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.engine.model.result import Anchor
from bot.github.protocols import Superseded
from bot.github.refusal import Refusal
from bot.report import marker
from bot.standin.faults import Kind
from tests.github.line import Line, line
from tests.github.mortal import Killed
from tests.github.pages import AT_FIVE, AT_NEW, SECOND, Bot, look, pull_of, threads, verdict_of
from tests.standin.conftest import LINES, Scene

__all__ = ["line"]

FIXED = {"main.tf": LINES.replace("line 5\n", "line V\n")}


def test_first_review_writes_one_review_one_comment_and_the_check(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    assert bot.review(AT_FIVE, AT_NEW) == ("review-2", "summary-comment", "check")
    assert threads(scene) == [("main.tf", 5, None), ("new.tf", 2, None)]
    seen = scene.pull.seen()
    assert [run.conclusion for run in seen.checks] == ["failure"]
    assert seen.check("countersign").title == "Your turn: fix 1 violation, then 1 decision"
    assert len(seen.comments) == 1
    assert "Your turn: fix 1 violation, then 1 decision" in seen.comments[0].body
    assert seen.reviews == ()
    (wire,) = bot.made
    assert wire.writes[1:] == [
        "POST /repos/acme/infra/pulls/1/reviews",
        "POST /repos/acme/infra/issues/1/comments",
        f"PATCH /repos/acme/infra/check-runs/{seen.checks[0].id}",
    ]
    assert wire.calls == 6


def test_head_that_is_known_to_be_new_costs_one_call_less(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE, AT_NEW, fresh=True)
    assert bot.made[-1].calls == 5
    scene.pull.push({"other.txt": "x\n"})
    bot.review(AT_FIVE, AT_NEW, attempt="run-2", fresh=True)
    assert bot.made[-1].calls == 3


def test_push_that_changes_nothing_patches_the_check_alone(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE, AT_NEW)
    scene.pull.push({"other.txt": "x\n"})
    assert bot.review(AT_FIVE, AT_NEW, attempt="run-2") == ("check",)
    assert bot.made[-1].calls == 4
    assert threads(scene) == [("main.tf", 5, None), ("new.tf", 2, None)]


def test_same_work_twice_leaves_the_same_page(scene: Scene, line: Line) -> None:
    Bot(line).review(AT_FIVE, AT_NEW)
    first = look(scene)
    assert Bot(line).review(AT_FIVE, AT_NEW) == ("check",)
    assert look(scene) == first


def test_fixed_result_is_struck_kept_readable_and_hidden(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE, AT_NEW)
    scene.pull.push(FIXED)
    assert bot.review(AT_NEW, attempt="run-2") == ("changes-2", "summary-comment", "check")
    first = scene.pull.seen().threads[0].comments[0]
    assert first.minimised == "RESOLVED"
    assert f"~~**V-1 · PostgreSQL is reachable from every address**~~\n\n**Fixed in {scene.pull.head_sha[:7]}.**" in first.body
    assert "Name the networks that need it" in first.body
    assert scene.pull.seen().check("countersign").conclusion == "action_required"
    scene.pull.push({"other.txt": "x\n"})
    assert bot.review(AT_NEW, attempt="run-3") == ("check",)
    assert scene.pull.seen().threads[0].comments[0].body == first.body


def test_result_that_is_back_gets_its_comment_back(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE)
    before = scene.pull.seen().threads[0].comments[0].body
    scene.pull.push(FIXED)
    bot.review(attempt="run-2")
    assert "Nothing blocks this pull request any more." in scene.pull.seen().comments[0].body
    assert bot.review(AT_FIVE, attempt="run-3") == ("changes-2", "summary-comment", "check")
    assert [(one.body, one.minimised) for one in scene.pull.seen().threads[0].comments] == [(before, None)]


def test_comment_that_a_person_deleted_stays_away_until_its_facts_change(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE, AT_NEW)
    scene.pull.threads[0].comments[0].delete(scene.mona)
    assert bot.review(AT_FIVE, AT_NEW) == ("check",)
    scene.pull.push({"other.txt": "x\n"})
    assert bot.review(AT_FIVE, AT_NEW, attempt="run-2") == ("check",)
    assert threads(scene) == [("new.tf", 2, None)]
    worse = replace(AT_FIVE, fingerprint="worse")
    assert bot.review(worse, AT_NEW, attempt="run-3") == ("review-1", "summary-comment", "check")
    assert ("main.tf", 5, None) in threads(scene)


def test_outdated_comment_is_not_posted_again(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE)
    scene.pull.push(FIXED)
    assert scene.pull.seen().threads[0].outdated
    assert bot.review(AT_FIVE, attempt="run-2") == ("check",)
    assert len(threads(scene)) == 1


def test_reply_of_a_person_is_never_lost(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE)
    scene.pull.threads[0].reply(scene.mona, "because")
    scene.pull.push(FIXED)
    bot.review(attempt="run-2")
    assert [one.by for one in scene.pull.seen().threads[0].comments] == ["countersign[bot]", "mona"]


def test_pasted_marker_of_somebody_else_is_not_ours(scene: Scene, line: Line) -> None:
    Bot(line).review(AT_FIVE)
    seen = scene.pull.seen()
    scene.pull.comment_on(scene.mona, "main.tf", 5, seen.threads[0].comments[0].body)
    scene.pull.comment(scene.mona, seen.comments[0].body)
    before = look(scene)
    assert Bot(line).review(AT_FIVE) == ("check",)
    assert look(scene) == before


def test_line_outside_the_hunks_falls_back_to_the_file_and_costs_the_others_nothing(scene: Scene, line: Line) -> None:
    lost = replace(SECOND, file="main.tf", anchor=Anchor("main.tf", 30))
    assert Bot(line).review(AT_FIVE, lost) == ("comment", "comment", "summary-comment", "check")
    assert [(one.path, one.line, one.whole_file) for one in scene.pull.seen().threads] == [("main.tf", 5, False), ("main.tf", None, True)]


def test_comment_that_no_place_takes_stands_in_the_summary_comment(scene: Scene, line: Line) -> None:
    lost = replace(SECOND, file="elsewhere.tf", anchor=Anchor("elsewhere.tf", 3))
    assert Bot(line).review(AT_FIVE, lost) == ("comment", "summary-comment", "check")
    (summary,) = scene.pull.seen().comments
    assert "These could not be placed in the diff:\n\n**V-2 · A password stands in the code**" in summary.body
    before = look(scene)
    assert Bot(line).review(AT_FIVE, lost) == ("check",)
    assert look(scene) == before


def test_result_without_a_line_in_the_diff_stands_on_the_file(scene: Scene, line: Line) -> None:
    Bot(line).review(replace(AT_FIVE, anchor=None))
    assert [(one.path, one.whole_file) for one in scene.pull.seen().threads] == [("main.tf", True)]


def test_stale_pending_review_of_ours_is_dropped(scene: Scene, line: Line) -> None:
    reviews = "/repos/acme/infra/pulls/1/reviews"
    scene.client.send(f"POST {reviews}", {"comments": [{"path": "main.tf", "line": 5, "body": "half a thought"}]})
    assert Bot(line).review(AT_FIVE, AT_NEW) == ("review-2", "summary-comment", "check")
    assert len(scene.pull.seen().threads) == 2


@pytest.mark.parametrize("granted", [True, False])
def test_threads_are_resolved_only_where_the_operator_granted_it(scene: Scene, line: Line, granted: bool) -> None:  # noqa: FBT001
    scene.installation.permissions["contents"] = "write" if granted else "read"
    bot = Bot(line)
    bot.resolves = True
    bot.review(AT_FIVE)
    scene.pull.push(FIXED)
    assert bot.review(attempt="run-2") == ("changes-2", "changes-1" if granted else "changes-forbidden", "summary-comment", "check")
    assert scene.pull.seen().threads[0].resolved is granted
    bot.review(AT_FIVE, attempt="run-3")
    assert not scene.pull.seen().threads[0].resolved


def test_head_that_moved_supersedes(scene: Scene, line: Line) -> None:
    made, pull = Bot(line).publisher(), pull_of(scene)
    run = made.begin(pull.repository, pull.head_sha, "countersign", "run-1")
    scene.pull.push({"other.txt": "x\n"})
    standing = made.standing(pull)
    with pytest.raises(Superseded):
        made.publish(pull, Bot(line).publication(standing, verdict_of(AT_FIVE)), run, standing)
    assert (scene.pull.seen().threads, scene.pull.seen().comments) == ((), ())


def test_base_that_was_changed_supersedes(scene: Scene, line: Line) -> None:
    made, pull = Bot(line).publisher(), pull_of(scene)
    run = made.begin(pull.repository, pull.head_sha, "countersign", "run-1")
    scene.repo.create_branch("release")
    scene.pull.edit(base="release")
    standing = made.standing(pull)
    with pytest.raises(Superseded):
        made.publish(pull, Bot(line).publication(standing, verdict_of()), run, standing)
    assert scene.pull.seen().check("countersign").status == "in_progress"


def test_closed_pull_request_gets_its_check_and_no_comment(scene: Scene, line: Line) -> None:
    scene.pull.close(scene.mona)
    assert Bot(line).review(AT_FIVE) == ("check",)
    assert (scene.pull.seen().threads, scene.pull.seen().comments) == ((), ())


def test_begun_review_that_nobody_sees_is_not_a_comment_that_stands(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    (comment,) = bot.publication(bot.publisher().standing(pull_of(scene)), verdict_of(AT_FIVE)).comments
    begun = {"comments": [{"path": "main.tf", "line": 5, "body": comment.body}]}
    assert scene.client.send("POST /repos/acme/infra/pulls/1/reviews", begun).json()["state"] == "PENDING"
    assert bot.review(AT_FIVE) == ("review-1", "summary-comment", "check")
    assert threads(scene) == [("main.tf", 5, None)]


def test_rerequest_resets_the_one_run(scene: Scene, line: Line) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE)
    run = scene.repo.checks.on(scene.pull.head_sha)[0]
    run.rerequest(scene.mona)
    begun = bot.publisher().begin(pull_of(scene).repository, scene.pull.head_sha, "countersign", "run-2")
    assert (begun.id, begun.status, begun.external_id) == (run.id, "in_progress", "run-2")
    bot.review(attempt="run-2")
    assert [(one.conclusion, one.status) for one in scene.standin.runs()] == [("success", "completed")]


def test_two_runs_of_a_race_are_both_completed(scene: Scene, line: Line) -> None:
    for number in ("a", "b"):
        body = {"name": "countersign", "head_sha": scene.pull.head_sha, "status": "in_progress", "external_id": number}
        assert scene.client.send("POST /repos/acme/infra/check-runs", body).status_code == 201
    Bot(line).review(AT_FIVE)
    assert [one.conclusion for one in scene.standin.runs()] == ["failure", "failure"]


def test_refused_summary_still_completes_the_check(scene: Scene, line: Line) -> None:
    made, pull = Bot(line).publisher(), pull_of(scene)
    run = made.begin(pull.repository, pull.head_sha, "countersign", "run-1")
    standing = made.standing(pull)
    publication = replace(Bot(line).publication(standing, verdict_of(AT_FIVE)), summary="x" * 70_000)
    made.publish(pull, publication, run, standing)
    shown = scene.pull.seen().check("countersign")
    assert (shown.status, shown.conclusion) == ("completed", "failure")
    assert str(shown.summary).startswith("GitHub did not take the full text")


def test_missing_permission_for_comments_does_not_hold_up_the_check(scene: Scene, line: Line) -> None:
    scene.installation.permissions |= {"issues": "read", "pull_requests": "read"}
    assert Bot(line).review(AT_FIVE) == ("comments-forbidden", "check")
    assert scene.pull.seen().check("countersign").conclusion == "failure"


@pytest.mark.parametrize("dies_at", range(1, 5))
def test_killed_after_any_write_of_the_first_review(scene: Scene, line: Line, dies_at: int) -> None:
    with pytest.raises(Killed):
        Bot(line).review(AT_FIVE, AT_NEW, dies_at=dies_at)
    Bot(line).review(AT_FIVE, AT_NEW)
    killed = look(scene)
    assert Bot(line).review(AT_FIVE, AT_NEW) == ("check",)
    assert look(scene) == killed
    assert threads(scene) == [("main.tf", 5, None), ("new.tf", 2, None)]
    assert (len(killed[1]), len(scene.standin.runs())) == (1, 1)


@pytest.mark.parametrize("dies_at", range(1, 5))
def test_killed_after_any_write_of_a_fix(scene: Scene, line: Line, dies_at: int) -> None:
    bot = Bot(line)
    bot.review(AT_FIVE, AT_NEW)
    scene.pull.push(FIXED)
    with pytest.raises(Killed):
        bot.review(AT_NEW, attempt="run-2", dies_at=dies_at)
    bot.review(AT_NEW, attempt="run-2")
    assert [minimised for _, _, minimised in threads(scene)] == ["RESOLVED", None]
    assert bot.review(AT_NEW, attempt="run-2") == ("check",)


@pytest.mark.parametrize("last", [0, 1])
def test_two_processes_at_once_leave_one_comment_of_each_kind_shown(scene: Scene, line: Line, last: int) -> None:
    """Whichever of them is the last to publish."""
    pull, made = pull_of(scene), [Bot(line).publisher(), Bot(line).publisher()]
    runs = [one.begin(pull.repository, pull.head_sha, "countersign", f"run-{number}") for number, one in enumerate(made)]
    looks = [one.standing(pull) for one in made]
    for index in (1 - last, last):
        made[index].publish(pull, Bot(line).publication(looks[index], verdict_of(AT_FIVE)), runs[index], looks[index])
    assert [minimised for _, _, minimised in threads(scene)] == ["DUPLICATE", None]
    assert [said.minimised for said in scene.pull.seen().comments] == ["DUPLICATE", None]
    assert Bot(line).review(AT_FIVE) == ("check",)


FAULTS: list[Kind] = ["502", "502-after-write", "403-secondary", "422", "401", "timeout", "connection-reset"]


@pytest.mark.parametrize("kind", FAULTS)
def test_fault_at_every_call_in_turn(scene: Scene, line: Line, kind: Kind) -> None:
    """After the faults ended, one more attempt shows what a review without faults shows."""
    struck = 0
    for nth in range(1, 8):
        shown = scene.repo.pull_request(f"change-{nth}", files={"main.tf": LINES.replace("line 5\n", f"five {nth}\n")}, by=scene.mona)
        bot = Bot(line)
        scene.pull = shown
        fault = scene.standin.faults.add("*", kind=kind, nth=nth + len(scene.standin.calls), seconds=0.05)
        with suppress(Refusal):
            bot.review(AT_FIVE)
        struck += fault.hits
        scene.standin.faults.clear()
        bot.review(AT_FIVE)
        seen = shown.seen()
        assert [(run.status, run.conclusion) for run in seen.checks] == [("completed", "failure")], (nth, fault)
        assert [minimised for _, _, minimised in threads(scene)] == [None], (nth, fault)
        assert [said.minimised for said in seen.comments] == [None], (nth, fault)
    assert struck >= 6


@pytest.mark.parametrize("kind", FAULTS)
def test_fault_at_every_call_of_a_fix_in_turn(scene: Scene, line: Line, kind: Kind) -> None:
    struck = 0
    for nth in range(1, 7):
        changed = LINES.replace("line 5\n", f"five {nth}\n")
        scene.pull = scene.repo.pull_request(f"change-{nth}", files={"main.tf": changed, "new.tf": "one\ntwo\n"}, by=scene.mona)
        bot = Bot(line)
        bot.review(AT_FIVE, AT_NEW)
        scene.pull.push(FIXED)
        fault = scene.standin.faults.add("*", kind=kind, nth=nth + len(scene.standin.calls), seconds=0.05)
        with suppress(Refusal):
            bot.review(AT_NEW, attempt="run-2")
        struck += fault.hits
        scene.standin.faults.clear()
        bot.review(AT_NEW, attempt="run-2")
        assert [(run.status, run.conclusion) for run in scene.pull.seen().checks] == [("completed", "action_required")], nth
        assert threads(scene) == [("main.tf", None, "RESOLVED"), ("new.tf", 2, None)], nth
        assert bot.review(AT_NEW, attempt="run-2") == ("check",), nth
    assert struck >= 5


RESULTS = (AT_FIVE, AT_NEW, SECOND, replace(AT_FIVE, fingerprint="worse"), replace(SECOND, id="file", anchor=None))
STEPS = st.tuples(st.sets(st.integers(0, len(RESULTS) - 1)), st.sampled_from(["", "push", "delete", "reply"]), st.integers(1, 6))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=5))
def test_any_history_with_deaths_ends_as_the_last_verdict_says(scene: Scene, line: Line, steps: list[tuple[set[int], str, int]]) -> None:
    """Every review dies after some write and is done again. Shown comments are those of results that block, each once."""
    scene.pull = scene.repo.pull_request(
        f"p-{len(scene.repo.pulls)}", files={"main.tf": FIXED["main.tf"], "new.tf": "a\nb\n"}, by=scene.mona
    )
    bot = Bot(line)
    deleted: set[str] = set()
    for number, (chosen, event, dies_at) in enumerate(steps):
        results = [RESULTS[index] for index in sorted(chosen - ({3} if 0 in chosen else set()))]
        if event == "push":
            scene.pull.push({"other.txt": f"{number}\n"})
        if event == "delete" and scene.pull.threads:
            deleted.add(scene.pull.threads[0].comments[0].body)
            scene.pull.threads[0].comments[0].delete(scene.mona)
        if event == "reply" and scene.pull.threads:
            scene.pull.threads[-1].reply(scene.mona, "hm")
        with suppress(Killed):
            bot.review(*results, dies_at=dies_at, attempt=f"run-{number}")
        bot.review(*results, attempt=f"run-{number}")
        page = look(scene)
        assert bot.review(*results, attempt=f"run-{number}") == ("check",)
        assert look(scene) == page
        tops = [one.comments[0] for one in scene.pull.seen().threads if marker.read(one.comments[0].body)]
        shown = [marker.read(top.body) for top in tops if top.minimised is None]
        keys = [marked.key for marked in shown if marked]
        assert len(keys) == len(set(keys))
        assert set(keys) <= {marker.key(item) for item in results}
        assert [run.conclusion for run in scene.pull.seen().checks] == [verdict_of(*results).conclusion]
        if not deleted:
            assert set(keys) == {marker.key(item) for item in results}


@pytest.mark.parametrize(("others", "calls"), [(98, 1), (120, 2)])
def test_more_than_a_hundred_threads_cost_a_further_call(scene: Scene, line: Line, others: int, calls: int) -> None:
    for number in range(others):
        scene.pull.comment_on(scene.mona, "main.tf", 5, f"no {number}")
    bot = Bot(line)
    bot.review(AT_FIVE)
    made = bot.publisher()
    standing = made.standing(pull_of(scene))
    assert ([one.path for one in standing.comments], bot.made[-1].calls) == (["main.tf"], calls)
    assert bot.review(AT_FIVE) == ("check",)


def test_marker_of_the_summary_remembers_what_was_posted(scene: Scene, line: Line) -> None:
    Bot(line).review(AT_FIVE, AT_NEW)
    body = scene.pull.seen().comments[0].body
    assert marker.read_summary(body) == {marker.key(item): marker.of(item).print for item in (AT_FIVE, AT_NEW)}
