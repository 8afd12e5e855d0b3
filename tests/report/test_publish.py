"""Everything one pull request shows for a verdict, whole and in parts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from bot.engine.model.result import Anchor, Deciding, Suppression
from bot.engine.model.verdict import FileCoverage, Verdict
from bot.report import marker
from bot.report.comments import Held
from bot.report.limit import CHECK, COMMENT, size
from bot.report.publication import Publication
from bot.report.publish import Context, Incident, failed, publication
from bot.report.shared_check import Numbered, ejected, worst
from tests.report import samples
from tests.report.words import words

CONTEXT = Context(
    head="8d1e0c2aaaaaaaaa",
    base="main",
    files=frozenset({"network/db.tf", "network/variables.tf", "rds.tf"}),
    owners={"data": ("@acme/data-owners",), "network": ("@acme/network",)},
    rules="https://countersign.example/rules/",
    checks="https://github.example/acme/infra/pull/7/checks",
)
UNKNOWN = replace(samples.UNKNOWN_PEER, blocks=True, treatment="judgment", number="J-2", category="network")
MIXED = replace(samples.BLOCKED, results=(*samples.BLOCKED.results[:3], UNKNOWN, *samples.BLOCKED.results[4:]))


def made(verdict: Verdict, **fields: object) -> Publication:
    return publication(verdict, replace(CONTEXT, **fields), words())


def held(shown: Publication) -> tuple[Held, ...]:
    return tuple(Held(item.key, item.body, item.path) for item in shown.comments)


def whole(shown: Publication) -> str:
    """As a reader would leaf through it."""
    parts = [f"[{shown.check_name}] {shown.conclusion}: {shown.title}", shown.summary, "[text]", shown.text]
    for item in shown.comments:
        parts += [f"[{item.path}:{item.line} {item.side}]", item.body]
    for fixed in shown.fixed:
        parts += ["[fixed]", fixed.body]
    return "\n".join([*parts, "[conversation]", shown.summary_comment or "none"])


def test_what_blocks(snapshot: SnapshotAssertion) -> None:
    assert whole(made(MIXED)) == snapshot


@pytest.mark.parametrize("name", samples.ALL)
def test_every_state(name: str, snapshot: SnapshotAssertion) -> None:
    assert whole(made(samples.ALL[name])) == snapshot


def test_no_command_is_offered_where_nobody_may_give_it() -> None:
    shown = made(MIXED, owners={"network": ("@acme/network",)})
    texts = [shown.summary, *(item.body for item in shown.comments), shown.summary_comment or ""]
    assert not any("accept J-1" in text for text in texts)
    assert any("accept J-2" in text for text in texts)
    assert sum("Nobody is named who may answer" in text for text in texts) == 2  # in the check and at the line
    assert "/countersign waive" in shown.summary
    assert "/countersign" not in made(MIXED, owners={"residency-and-crypto": ("@acme/kms",)}).summary


def test_after_the_fix(snapshot: SnapshotAssertion) -> None:
    before = made(MIXED)
    assert whole(made(replace(samples.CLEAN, results=(samples.FIXED,)), held=held(before), summarised=True)) == snapshot


def test_settled_comment_keeps_the_commit_that_settled_it() -> None:
    once = made(samples.CLEAN, held=held(made(MIXED)), summarised=True)
    again = made(samples.CLEAN, head="0123456", held=tuple(Held(item.key, item.body) for item in once.fixed), summarised=True)
    assert again.fixed == once.fixed
    assert all("Fixed in 8d1e0c2." in item.body for item in once.fixed)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"suppression": Suppression("waiver", "waivers.yml:4")}, "Does not block: waived by `waivers.yml:4`."),
        ({"suppression": Suppression("decision", "@priya")}, "Does not block: decided, `@\u200bpriya`."),
        ({"level": "observe"}, "Does not block: the rule is not enforced at present."),
        ({"baseline_state": "unchanged"}, "Does not block: the base branch has the same."),
        ({"baseline_state": "absent"}, "Fixed in 8d1e0c2."),
    ],
)
def test_comment_says_why_it_does_not_block(changes: dict[str, object], said: str) -> None:
    stands = held(made(replace(samples.ASKED, results=(samples.OPEN_DATABASE,))))
    now = replace(samples.OPEN_DATABASE, blocks=False, **changes)
    (fixed,) = made(replace(samples.CLEAN, results=(now,)), held=stands).fixed
    assert f"**{said}**" in fixed.body


def test_nothing_is_called_fixed_in_a_file_that_was_not_read() -> None:
    stands = held(made(MIXED))
    coverage = replace(samples.COVERAGE, unread=1, files=(FileCoverage("network/variables.tf", "unread", "missing"),))
    shown = made(replace(samples.CLEAN, coverage=coverage), held=stands)
    assert {item.key for item in shown.fixed} == {item.key for item in stands if item.path != "network/variables.tf"}


def test_own_failure_leaves_everything_as_it_stands() -> None:
    shown = made(samples.DIED, held=held(made(MIXED)), summarised=True)
    assert (shown.conclusion, shown.comments, shown.fixed, shown.summary_comment) == ("failure", (), (), None)


def test_own_failure_says_who_was_told(snapshot: SnapshotAssertion) -> None:
    told = Incident("@acme/platform", "10:42 UTC", "E-5521", "11:12 UTC")
    assert whole(failed("it took longer than the limit", CONTEXT, words(), told)) == snapshot


@pytest.mark.parametrize("field", ["draft", "first_day", "observing"])
def test_check_only(field: str) -> None:
    quiet = made(MIXED, **{field: True})
    assert (quiet.comments, quiet.summary_comment, quiet.conclusion) == ((), None, "failure")
    stands = held(made(MIXED))
    assert [item.key for item in made(MIXED, held=stands, summarised=True, **{field: True}).comments] == [item.key for item in stands]


def test_bot_gets_one_comment_at_most() -> None:
    shown = made(MIXED, bot=True)
    assert shown.comments == ()
    assert shown.summary_comment


def test_at_most_ten_comments_and_those_that_stand_first() -> None:
    many = [replace(samples.OPEN_DATABASE, id=f"r{number}", anchor=Anchor("rds.tf", number + 1)) for number in range(30)]
    verdict = replace(samples.BLOCKED, results=tuple(many))
    first = made(verdict)
    assert [item.line for item in first.comments] == list(range(1, 11))
    later = replace(verdict, results=(replace(samples.SECRET, id="new", severity="critical"), *many))
    assert {item.key for item in made(later, held=held(first)).comments} == {item.key for item in first.comments}


def test_comment_stands_on_the_file_or_the_summary_says_why_not() -> None:
    bare = replace(samples.OPEN_DATABASE, anchor=None)
    verdict = replace(samples.BLOCKED, results=(bare,))
    (comment,) = made(verdict).comments
    assert (comment.path, comment.line) == ("network/db.tf", None)
    nowhere = made(verdict, files=frozenset({"other.tf"}))
    assert nowhere.comments == ()
    assert "No comment in the diff: `network/db.tf` is not part of it." in nowhere.summary


def test_deciding_line_is_named_in_every_comment() -> None:
    results = (samples.OPEN_DATABASE, samples.SECRET, samples.REPLACED_DATABASE, UNKNOWN)
    for comment, result in zip(made(MIXED).comments, results, strict=True):
        assert f"`{result.file}:{result.line}`" in comment.body
        assert marker.read(comment.body) == marker.of(result)


def test_secrets_stand_in_no_comment() -> None:
    token = "gh" + "p_" + "A1b2C3d4" * 5
    leaky = replace(
        samples.OPEN_DATABASE,
        message=f'password = "{token}"',
        deciding=Deciding("user_data", "unknown", reason="expression", expression=f'join("", ["{token}"])'),
        kind="open",
    )
    for verdict in (MIXED, replace(samples.BLOCKED, results=(leaky, replace(leaky, id="other", kind="fail")))):
        shown = whole(made(verdict))
        assert token not in shown
        assert "correct-horse" not in shown
        assert "<hidden>" not in shown


def test_limits_hold_whatever_the_verdict() -> None:
    wide = "ż" * 500
    long = replace(samples.OPEN_DATABASE, message=wide, fix=wide, deciding=Deciding(wide, "known", wide))
    many = tuple(replace(long, id=f"r{number}", title=f"{number} {wide}") for number in range(120))
    asked = tuple(replace(item, id=f"j{item.id}", treatment="judgment", question=wide, kind="review") for item in many)
    gone = tuple(replace(item, id=f"g{item.id}", blocks=False, baseline_state="absent") for item in many)
    shown = made(replace(samples.BLOCKED, results=(*many, *asked, *gone)))
    assert size(shown.summary) <= CHECK
    assert size(shown.text) <= CHECK
    assert shown.text.rstrip().endswith("GitHub takes no more text here.")
    assert all(size(item.body) <= COMMENT for item in shown.comments)
    assert shown.summary_comment
    assert size(shown.summary_comment) <= COMMENT
    assert marker.read_summary(shown.summary_comment) == {}


def test_worst_verdict_of_one_head_shows_and_names_the_others(snapshot: SnapshotAssertion) -> None:
    mine, other = Numbered(7, made(samples.CLEAN)), Numbered(9, made(MIXED))
    shown = worst(mine, [other, Numbered(8, made(MIXED, check_name="countersign (preview)"))], words().phrases)
    assert (shown.conclusion, shown.title) == ("failure", f"#9: {other.publication.title}")
    assert shown.comments == ()
    assert shown.summary[:600] == snapshot
    assert worst(other, [mine], words().phrases).summary == shown.summary
    assert worst(other, [mine], words().phrases).comments == other.publication.comments


@pytest.mark.parametrize(
    ("one", "other", "conclusion"),
    [
        ("clean", "blocked", "failure"),
        ("asked", "blocked", "failure"),
        ("asked", "observed", "action_required"),
        ("clean", "observed", "neutral"),
        ("clean", "nothing", "success"),
    ],
)
def test_order_of_conclusions(one: str, other: str, conclusion: str) -> None:
    pair = Numbered(1, made(samples.ALL[one])), Numbered(2, made(samples.ALL[other]))
    assert worst(pair[0], [pair[1]], words().phrases).conclusion == worst(pair[1], [pair[0]], words().phrases).conclusion == conclusion


def test_one_pull_request_alone_is_not_said_to_share() -> None:
    alone = Numbered(7, made(samples.CLEAN))
    assert worst(alone, [alone], words().phrases) == alone.publication


def test_ejected_pull_request_says_so_in_check_and_comment() -> None:
    said = "The merge queue removed this pull request: merged with what is ahead of it in the queue (0a1b2c3), the check says: Your turn"
    shown = ejected(made(MIXED), "0a1b2c3d4e5f", "Your turn: fix 2 violations", words().phrases)
    assert shown.summary.startswith(said)
    assert shown.summary_comment
    assert marker.without(shown.summary_comment).startswith(said)


def test_summary_names_ten_advices_and_the_text_has_them_all() -> None:
    found = tuple(replace(samples.ADVICE, id=f"advice-{number}", line=number) for number in range(1, 24))
    shown = made(replace(samples.CLEAN, results=found))
    assert (shown.summary.count("| No tags |"), "13 more" in shown.summary) == (10, True)
    assert shown.text.count("| No tags |") == 23
