"""What another policy would have made of a change that was judged before."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from msgspec.structs import replace

from bot.engine.decisions.binding import bound
from bot.engine.evaluation import digest, evaluate
from bot.engine.model.snapshot import LATER, Snapshot
from bot.engine.model.trial import Trial, Tried
from bot.engine.trial import NotRead, Proposal, proposal, tried
from bot.report import notices
from tests.changes import shipped_rules, snapshot
from tests.report.samples import phrases

USED = ("database-port-open-to-world.yaml", "guard-file-changed.yaml")
RULES = {path: data for path, data in shipped_rules().items() if path.endswith(USED)}
OPEN = """resource "aws_security_group_rule" "db" {
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
CONFIGURATION, WAIVERS = ".github/countersign.yml", ".github/countersign-waivers.yml"
IGNORING = b"paths:\n  ignore: [sandbox/**]\n"
WAIVER = """- rule: database-port-open-to-world
  resource: aws_security_group_rule.db
  reason: INC-1
  owner: "@acme/net"
  expires: 2027-01-01
"""


def judged(path: str = "db.tf", **fields: object) -> Snapshot:
    return snapshot({}, {path: OPEN}, policy=RULES, **fields)


def under(configuration: bytes = b"", waivers: str = "") -> Proposal:
    return Proposal({"configuration": (CONFIGURATION, configuration), "waivers": (WAIVERS, waivers.encode())})


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (under(b"level: enforce\n"), Tried(before="failure", after="failure")),
        (under(b"level: observe\n"), Tried(before="failure", after="neutral", differs=True)),
        (under(waivers=WAIVER), Tried(before="failure", after="success", differs=True)),
        (under(b"level: loudly\n"), None),
        (under(b"rules:\n  no-such-rule: {level: observe}\n"), None),
        (under(b"a: " + b"[" * 500), None),
        (Proposal(rules={"countersign/rules/own.yaml": b"id: own\n"}), None),
        (Proposal(rules=dict.fromkeys(RULES)), Tried(before="failure", after="success", differs=True)),
    ],
)
def test_the_same_change_under_both(proposed: Proposal, expected: Tried | None) -> None:
    assert tried(judged(), proposed) == expected


def test_other_results_that_block_are_another_verdict_although_the_conclusion_stays() -> None:
    two = snapshot({}, {"db.tf": OPEN, "other.tf": OPEN.replace('"db"', '"other"')}, policy=RULES)
    assert tried(two, under(waivers=WAIVER)) == Tried(before="failure", after="failure", differs=True)


def test_what_was_ignored_then_is_not_known_and_never_the_same() -> None:
    """The files of the sandbox were not read, so what they would say under a policy that looks at them cannot be told."""
    kept = judged("sandbox/db.tf", configuration=IGNORING)
    assert tried(kept, under(IGNORING)) == Tried(before="success", after="success")
    assert tried(replace(kept, blobs={}), under()) == Tried(why="files")


def test_what_the_head_proposes_is_what_would_be_in_force() -> None:
    before = {CONFIGURATION: "level: enforce\n", "countersign/rules/a.yaml": "a"}
    assert proposal(snapshot(before, before | {"main.tf": ""}, policy=RULES)) is None
    assert proposal(snapshot(before, {CONFIGURATION: "level: observe\n"}, policy=RULES)) == Proposal(
        {"configuration": (CONFIGURATION, b"level: observe\n")}
    )
    gone = snapshot(before, {WAIVERS: WAIVER}, policy=RULES, repository="acme/.github")
    assert proposal(gone) == Proposal(
        {"configuration": (CONFIGURATION, b""), "waivers": (WAIVERS, WAIVER.encode())}, {"countersign/rules/a.yaml": None}
    )
    with pytest.raises(NotRead):
        proposal(replace(snapshot(before, {CONFIGURATION: "x"}, policy=RULES), blobs={}))


def asked(*found: Tried, **fields: object) -> tuple[Snapshot, list[str]]:
    """A change of the configuration, and what is said of earlier verdicts to whoever is asked about it."""
    made = snapshot({CONFIGURATION: "level: enforce\n"}, {CONFIGURATION: "level: observe\n"}, policy=RULES, trial=Trial(found, **fields))  # type: ignore[arg-type]
    (result,) = evaluate(made).results
    return made, [text for text in notices.facts(result, phrases()) if "verdict" in text or "known" in text]


FAILED = Tried(before="failure", after="success", differs=True)
SAME = Tried(before="success", after="success")


@pytest.mark.parametrize(
    ("found", "left_out", "told"),
    [
        ((), None, ["Which verdicts would differ is not known: there is no earlier one"]),
        ((SAME, SAME), None, ["Of the last 2 verdicts none would differ"]),
        (
            (replace(FAILED, number=12), SAME, Tried(why="kept"), Tried(why="time"), Tried(why="kept")),
            None,
            [
                "Of the last 2 verdicts 1 would differ: `#12 failure → success`",
                "Not known of 2 verdicts: what they were made from is not kept",
                "Not known of 1 verdict: the time to try them was over",
            ],
        ),
        ((Tried(why="died"),), None, ["Not known of 1 verdict: its evaluation ended without a verdict"]),
        ((FAILED, FAILED, SAME), None, ["Of the last 3 verdicts 2 would differ: `failure → success (2)`"]),
        (
            tuple(replace(FAILED, number=number) for number in range(1, 8)),
            None,
            ["Of the last 7 verdicts 7 would differ: `#1 failure → success, #2 failure → success, #3 failure → success` and 4 more"],
        ),
        ((), "branch", ["Which verdicts would differ is not known: this is not the default branch, whose files are in force"]),
        ((), "unread", ["Which verdicts would differ is not known: what the files would say could not be read"]),
        ((), "not-valid", []),
    ],
)
def test_what_somebody_reads_of_it(found: tuple[Tried, ...], left_out: str | None, told: list[str]) -> None:
    assert asked(*found, left_out=left_out)[1] == told


def test_an_answer_holds_although_other_verdicts_came_meanwhile() -> None:
    made, _ = asked(SAME)
    (before,), (after,) = (evaluate(replace(made, trial=Trial(found))).results for found in ((SAME,), (SAME, FAILED)))
    assert before.facts != after.facts
    assert bound(before) == bound(after)


def test_snapshots_from_before_there_were_trials_keep_their_digest() -> None:
    made = judged()
    listed = {name: value for name, value in msgspec.structs.asdict(made).items() if name not in LATER}
    listed["blobs"] = dict.fromkeys(sorted(made.blobs), b"")
    former = hashlib.sha256(msgspec.json.encode(listed, order="sorted")).hexdigest()
    assert digest(made) == f"sha256:{former}"
    assert digest(made) != digest(replace(made, trial=Trial()))
