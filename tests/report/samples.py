"""Verdicts as the engine would give them, for the tests of what a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from bot.engine.model.decision import Decision, Lapsed
from bot.engine.model.notice import Notice
from bot.engine.model.price import Amount, Component, CostChange, Price, Priced, Reason
from bot.engine.model.result import Anchor, Deciding, Line, Place, Result, Suppression
from bot.engine.model.verdict import Coverage, FileCoverage, Verdict
from bot.report.phrases import Phrases, load

FILES = {
    "network/db.tf": """resource "aws_security_group_rule" "db" {
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = var.clients
  security_group_id = aws_security_group.db.id
}
""",
    "network/variables.tf": """variable "clients" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}
""",
    "rds.tf": """resource "aws_db_instance" "orders" {
\tidentifier        = "orders"
\tstorage_encrypted = true
\tpassword          = "correct-horse-battery"
}
""",
}

COVERAGE = Coverage(
    files_seen=14, read=12, partly=1, not_infrastructure=1, resources=61, fully_known=58, rules_applicable=37, rules=214, roots=2
)

OPEN_DATABASE = Result(
    id="aws-database-port-open-to-world:aws_security_group_rule.db:prefixes",
    fingerprint="f1",
    rule="aws-database-port-open-to-world",
    kind="fail",
    severity="high",
    blocks=True,
    baseline_state="updated",
    file="network/db.tf",
    line=5,
    end_line=5,
    column=23,
    end_column=34,
    resource="aws_security_group_rule.db",
    title="PostgreSQL is reachable from every address",
    message="aws_security_group_rule.db opens port 5432 to 0.0.0.0/0.",
    fix="Name the networks that need it, or reference the client's security group.",
    aliases=("CKV_AWS_24",),
    deciding=Deciding(
        "cidr_blocks", "known", ["0.0.0.0/0"], origin=(Line("network/variables.tf", 3),), before=["10.0.0.0/8"], before_state="known"
    ),
    anchor=Anchor("network/variables.tf", 3),
    category="network",
    number="V-1",
)

REPLACED_DATABASE = Result(
    id="data-replaced:aws_db_instance.orders:storage_encrypted",
    fingerprint="f2",
    rule="aws-database-replaced",
    kind="review",
    severity="critical",
    blocks=True,
    baseline_state="new",
    file="rds.tf",
    line=3,
    end_line=3,
    column=22,
    end_column=26,
    resource="aws_db_instance.orders",
    title="The database is replaced",
    message="storage_encrypted cannot change in place on aws_db_instance.orders.",
    question="Applying this deletes the orders database and creates an empty one. Intended?",
    fix="Keep the data: snapshot, encrypted copy, restore.",
    aliases=(),
    deciding=Deciding("storage_encrypted", "known", value=True, before=False, before_state="known"),
    category="data",
    treatment="judgment",
    number="J-1",
    places=(Place("rds.tf", 9, "aws_db_instance.audit"), Place("rds.tf", 19, "aws_db_instance.log")),
)

UNKNOWN_PEER = replace(
    OPEN_DATABASE,
    id="aws-admin-port-open-to-world:aws_security_group_rule.ssh:prefixes",
    fingerprint="f3",
    rule="aws-admin-port-open-to-world",
    kind="open",
    blocks=False,
    treatment="advice",
    baseline_state="new",
    title="SSH or RDP reachable from every address",
    deciding=Deciding("cidr_blocks", "unknown", reason="variable", expression="var.admins"),
    anchor=None,
    number="",
)

SECRET = replace(
    OPEN_DATABASE,
    id="secret-in-code:aws_db_instance.orders:password",
    fingerprint="f4",
    rule="secret-in-code",
    baseline_state="new",
    file="rds.tf",
    line=4,
    end_line=4,
    column=22,
    end_column=45,
    resource="aws_db_instance.orders",
    title="A password stands in the code",
    message="password of aws_db_instance.orders is a literal.",
    fix="Read it from a secret store.",
    deciding=Deciding("password", "known", "<hidden>"),
    anchor=None,
    number="V-2",
)

FIXED = replace(OPEN_DATABASE, id="fixed", blocks=False, baseline_state="absent", number="", title="A bucket is public", anchor=None)
ALREADY = replace(OPEN_DATABASE, id="already", blocks=False, baseline_state="unchanged", number="", anchor=None)
WAIVED = replace(
    OPEN_DATABASE,
    id="waived",
    blocks=False,
    baseline_state="new",
    number="V-3",
    suppression=Suppression("waiver", "waivers.yml:4"),
    anchor=None,
)
ADVICE = replace(
    OPEN_DATABASE,
    id="advice",
    kind="informational",
    treatment="advice",
    blocks=False,
    baseline_state="new",
    number="",
    title="No tags",
    anchor=None,
)

BLOCKED = Verdict(
    "violations",
    "failure",
    (OPEN_DATABASE, SECRET, REPLACED_DATABASE, UNKNOWN_PEER, WAIVED, ADVICE, FIXED, ALREADY),
    replace(
        COVERAGE, unread=1, files=(FileCoverage("a.bicep", "unread", "bicep"), FileCoverage("main.tf", "partly", "syntax error at 3:1"))
    ),
    base="91d0e77aaaaaaaa",
    head="3f2c9abbbbbbbbb",
    policy_digest="sha256:9c1f00",
)
ASKED = Verdict("decisions", "action_required", (REPLACED_DATABASE,), COVERAGE, base="91d0e77", head="3f2c9ab")
NOT_KNOWN = Verdict("not-known", "success", (UNKNOWN_PEER,), COVERAGE)
CLEAN = Verdict("clean", "success", (), COVERAGE)
NOTHING = Verdict("no-infrastructure", "success", (), Coverage(files_seen=7, not_infrastructure=7))
OBSERVED = Verdict(
    "observing", "neutral", (replace(OPEN_DATABASE, blocks=False, level="observe"), replace(REPLACED_DATABASE, blocks=False)), COVERAGE
)
DIED = Verdict("own-failure", "failure", (), Coverage(), notices=("it took longer than the limit",))
GOVERNED = replace(
    ASKED,
    owners={"data": ("@acme/data-owners", "@kim")},
    governance=(
        Notice(
            "refused",
            {
                "where": ".github/countersign.yml",
                "problem": "`.github/countersign.yml:3` `level: enforced` is not a level. Did you mean `enforce`?",
                "n": 2,
                "since": "2026-10-02",
                "refused": "2026-11-02",
            },
        ),
        *(
            Notice("protected", {"where": f"a.yml:{line}", "place": "level", "value": "@kim `<b>`", "held": "enforce", "n": 1})
            for line in range(1, 12)
        ),
    ),
)
HOSTILE = replace(
    OPEN_DATABASE,
    file="a|b/`@acme`.tf",
    title="<img src=x onerror=1> @acme/owners fixes #12 [click](http://evil.example) | \x1b[2J\u202egnp.exe",
    message="```\n# not a heading\n| a | b |\n<!-- -->&#64;root ![x](http://e) https://evil.example www.evil.example",
    resource="aws_x.`y` @kim",
    fix="\n\n## Approved by security\n\n- [x] done",
    deciding=Deciding("a|b", "known", "\x1b]0;owned\x07`|`\n@acme"),
)
ATTACKED = Verdict("violations", "failure", (HOSTILE,), COVERAGE)
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCEPTED = Decision(
    REPLACED_DATABASE.id,
    "bound",
    "accept",
    "ada",
    7,
    "the data is a copy of `prod` @all <b>| x",
    AT,
    "#12 by @ada",
    "J-1",
    date(2027, 1, 31),
    12,
    told={"storage_encrypted": "false → 7", "dependents": "7"},
)
REJECTED = replace(ACCEPTED, verb="reject", by="lee", reason="nobody has a copy", until=None, ref="#12 by @lee")
WAIVER = replace(ACCEPTED, verb="waive", reason="closed in a week", until=date(2026, 12, 1))
_BY_ADA = Suppression("decision", "#12 by @ada")
PEER_ACCEPTED = replace(
    UNKNOWN_PEER, treatment="judgment", number="J-2", suppression=_BY_ADA, answer=replace(ACCEPTED, carried=True, pull=9, until=None)
)
DECIDED = replace(
    ASKED,
    state="decided",
    conclusion="success",
    results=(
        replace(REPLACED_DATABASE, blocks=False, suppression=_BY_ADA, answer=ACCEPTED),
        PEER_ACCEPTED,
        replace(OPEN_DATABASE, blocks=False, suppression=_BY_ADA, answer=WAIVER),
        WAIVED,
    ),
)
ANSWERED = replace(
    ASKED,
    state="violations",
    conclusion="failure",
    results=(
        replace(OPEN_DATABASE, disputes=(replace(WAIVER, verb="dispute", by="kim", reason="the port is closed"),)),
        replace(REPLACED_DATABASE, answer=REJECTED),
        replace(REPLACED_DATABASE, id="again", number="J-3", lapsed=Lapsed(ACCEPTED, "facts")),
        replace(REPLACED_DATABASE, id="late", number="J-4", lapsed=Lapsed(replace(ACCEPTED, until=date(2026, 11, 23)), "expired")),
        PEER_ACCEPTED,
    ),
)
REFUSED = replace(ASKED, results=(replace(REPLACED_DATABASE, answer=REJECTED),))
BYPASSED = replace(
    ASKED, state="bypassed", conclusion="success", bypass=replace(ACCEPTED, result="", verb="break-glass", reason="INC-7", until=None)
)
SMALL = Price((Component("m5.large", ("1", "1"), Amount(70_080_000, 70_080_000)),), ("transfer",), place="us-east-1", as_of="2026-07-20")
LARGE = replace(SMALL, components=(Component("m5.4xlarge", ("1", "6"), Amount(560_640_000, 3_363_840_000)),))
ELSEWHERE = Reason("region", "eu-west-1")
FAR = Price((Component("m5.large", ("2", "2"), reason=ELSEWHERE),), place="eu-west-1", as_of="2026-07-20")
COUNTLESS = Priced('aws_instance.x["@team"]', None, Price(reasons=(Reason("count"),)))
COSTLY = replace(
    CLEAN,
    costs=(
        CostChange(
            root="stacks/prod",
            environment=None,
            before=Amount(102_930_000, 102_930_000),
            after=Amount(593_490_000, 3_396_690_000),
            touched=(Priced("aws_instance.orders", SMALL, LARGE),),
            unknown=(COUNTLESS, Priced("aws_instance.a|b`c", None, FAR)),
            unpriced=4,
            left_out=("transfer",),
        ),
        CostChange("", "eu", Amount(9_490_000, 9_490_000), Amount(), touched=(Priced("aws_eip.a", SMALL, None),)),
    ),
)
UNPRICED = replace(
    CLEAN,
    costs=(
        CostChange("stacks/eu", None, Amount(), Amount(), unknown=(Priced("aws_instance.a|b`c", None, FAR), COUNTLESS)),
        CostChange("stacks/us", None, Amount(), Amount(), unknown=(COUNTLESS,)),
    ),
)

ALL = {
    "decided": DECIDED,
    "answered": ANSWERED,
    "refused": REFUSED,
    "bypassed": BYPASSED,
    "blocked": BLOCKED,
    "asked": ASKED,
    "not-known": NOT_KNOWN,
    "clean": CLEAN,
    "nothing": NOTHING,
    "observed": OBSERVED,
    "died": DIED,
    "governed": GOVERNED,
    "attacked": ATTACKED,
    "costly": COSTLY,
    "unpriced": UNPRICED,
}


@cache
def phrases() -> Phrases:
    return load((Path(__file__).parents[2] / "templates/phrases.yaml").read_bytes())


def lines(files: dict[str, str] | None = None) -> Callable[[str], Sequence[str]]:
    return lambda path: (FILES if files is None else files).get(path, "").split("\n")
