"""The verdict of PRODUCT §2 on small changes, with a policy of its own."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from bot.engine.changeset.moves import moved_address
from bot.engine.evaluation import digest, evaluate, needs
from bot.engine.model.decision import Decision
from bot.engine.model.result import Line
from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.engine.model.verdict import Verdict
from tests.changes import NOW, Files, patch, review, snapshot

OPEN = b"""
id: open-to-world
title: Reachable from every address
disposition: violation
severity: high
category: network
applies_to: {terraform: aws_security_group_rule}
when:
  all:
    - {attribute: cidr_blocks, is: world}
    - {attributes: [from_port, to_port], is: covers_port, args: [22]}
anchor: cidr_blocks
message: "{resource} lets every address reach port {from_port}."
fix: Name the networks.
rationale: An open port is found within minutes.
"""
SIZE = b"""
id: size-not-allowed
title: The size is not one of the allowed ones
disposition: judgment
severity: medium
category: scale-and-cost
unknown: advice
applies_to: {terraform: aws_instance}
when: {attribute: instance_type, is: none_of, args: [[t3.micro]]}
anchor: instance_type
message: "{resource} is a {instance_type}."
question: Is {instance_type} needed?
fix: Choose an allowed size.
rationale: Cost.
"""
POLICY = {"baseline/open-to-world.yaml": OPEN, "cost/size-not-allowed.yaml": SIZE}


def rule(cidr: str = '"10.0.0.0/8"', ports: str = "22", name: str = "a") -> str:
    low, _, high = ports.partition("-")
    return (
        f'resource "aws_security_group_rule" "{name}" {{\n'
        f'  type        = "ingress"\n  from_port   = {low}\n  to_port     = {high or low}\n  cidr_blocks = [{cidr}]\n}}\n'
    )


WORLD = '"0.0.0.0/0"'


def verdict(before: Files, after: Files, **fields: object) -> Verdict:
    return review(before, after, policy=POLICY, **fields)


def states(found: Verdict) -> list[tuple[str, str, str]]:
    return [(result.rule, result.kind, result.baseline_state) for result in found.results]


def test_a_new_violation_fails_at_the_deciding_line() -> None:
    found = verdict({"main.tf": rule()}, {"main.tf": rule(WORLD)})
    (result,) = found.results
    assert (found.conclusion, result.kind, result.baseline_state, result.blocks) == ("failure", "fail", "new", True)
    assert (result.file, result.line, result.resource) == ("main.tf", 5, "aws_security_group_rule.a")
    assert result.message == "aws_security_group_rule.a lets every address reach port 22."
    assert result.number == "V-1"
    assert result.anchor is not None
    assert (result.anchor.path, result.anchor.line, result.anchor.side) == ("main.tf", 5, "RIGHT")


def test_without_a_diff_the_lines_are_compared() -> None:
    text = "# head\n" * 30
    before, after = {"main.tf": text + rule()}, {"main.tf": text + rule(WORLD)}
    with_diff, without = verdict(before, after), verdict(before, after, patch=b"")
    assert with_diff.results[0].anchor == without.results[0].anchor is not None


def test_a_file_that_the_diff_leaves_out_is_compared_by_itself() -> None:
    text = "# head\n" * 30
    before, after = {"main.tf": text + rule(), "b.tf": rule(name="b")}, {"main.tf": text + rule(WORLD), "b.tf": rule(WORLD, name="b")}
    shown = patch({"b.tf": before["b.tf"]}, {"b.tf": after["b.tf"]}).encode()
    found = verdict(before, after, patch=shown)
    assert [(result.anchor.path, result.anchor.line) for result in found.results if result.anchor] == [("b.tf", 5), ("main.tf", 35)]


BUCKET = """
resource "aws_s3_bucket" "a" {
  bucket = "site"
}
resource "aws_s3_bucket_acl" "a" {
  bucket = aws_s3_bucket.a.id
  acl    = "public-read"
}
"""
GUARD = """
resource "aws_s3_bucket_public_access_block" "a" {
  bucket                  = aws_s3_bucket.a.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}
"""


@pytest.mark.parametrize("given", [{}, {"patch": b""}])
def test_a_removed_companion_is_anchored_where_it_stood(given: dict[str, object]) -> None:
    found = review({"main.tf": BUCKET + "# pad\n" * 9 + GUARD}, {"main.tf": BUCKET + "# pad\n" * 9}, **given)
    (result,) = [result for result in found.results if result.rule == "aws-bucket-public-acl"]
    assert (result.baseline_state, result.blocks, result.line) == ("new", True, 7)
    assert result.anchor is not None
    assert (result.anchor.path, result.anchor.line, result.anchor.side) == ("main.tf", 19, "LEFT")


def test_an_old_violation_does_not_block() -> None:
    found = verdict({"main.tf": rule(WORLD)}, {"main.tf": rule(WORLD) + "# touched\n"})
    assert states(found) == [("open-to-world", "fail", "unchanged")]
    assert found.conclusion == "success"


def test_a_fixed_violation_is_absent() -> None:
    found = verdict({"main.tf": rule(WORLD)}, {"main.tf": rule()})
    assert states(found) == [("open-to-world", "fail", "absent")]
    assert found.state == "clean"


def test_a_default_changed_elsewhere_blocks_and_is_named() -> None:
    main = rule("var.clients").replace("[var.clients]", "var.clients")
    before = {"main.tf": main, "variables.tf": 'variable "clients" {\n  default = ["10.0.0.0/8"]\n}\n'}
    found = verdict(before, before | {"variables.tf": 'variable "clients" {\n  default = ["0.0.0.0/0"]\n}\n'})
    (result,) = found.results
    assert (result.file, result.line) == ("main.tf", 5)
    assert Line("variables.tf", 2) in result.deciding.origin
    assert (result.deciding.path, result.deciding.before) == ("cidr_blocks", ["10.0.0.0/8"])
    assert result.anchor is not None
    assert (result.anchor.path, result.anchor.line) == ("variables.tf", 2)


def test_widening_an_old_violation_is_updated_and_blocks() -> None:
    found = verdict({"main.tf": rule(WORLD, "22")}, {"main.tf": rule(WORLD, "0-65535")})
    assert states(found) == [("open-to-world", "fail", "updated")]
    assert found.conclusion == "failure"


def test_a_strict_narrowing_never_blocks() -> None:
    found = verdict({"main.tf": rule(WORLD, "0-65535")}, {"main.tf": rule(WORLD, "20-25")})
    assert states(found) == [("open-to-world", "fail", "unchanged")]
    assert found.conclusion == "success"


def test_an_unknown_deciding_value_is_unverified_and_asks() -> None:
    found = verdict({}, {"main.tf": rule("var.cidr") + 'variable "cidr" {}\nterraform {\n  backend "s3" {}\n}\n'})
    (result,) = found.results
    assert (result.kind, result.blocks, found.conclusion) == ("open", True, "action_required")
    assert (result.deciding.state, result.deciding.reason, result.deciding.expression) == ("unknown", "variable", "var.cidr")


def test_one_unknown_is_asked_once_whatever_the_number_of_rules() -> None:
    ports = "var.port"
    text = rule(WORLD, ports) + 'variable "port" {}\nterraform {\n  backend "s3" {}\n}\n'
    found = [result for result in review({}, {"main.tf": text}).results if result.kind == "open"]
    (asked,) = [result for result in found if result.blocks]
    assert {"database-port-open-to-world", "ssh-port-open-to-world"} <= {asked.rule, *asked.also}
    assert len(found) == 1
    assert "aws-ingress-open-to-world" not in asked.also  # advice, which no answer settles


CHOSEN = 'resource "aws_instance" "big" {\n  instance_type = var.big ? "m5.24xlarge" : "%s"\n}\nvariable "big" {}\n'


def test_what_is_wrong_in_both_branches_of_a_condition_is_wrong_and_both_are_named() -> None:
    (result,) = verdict({}, {"main.tf": CHOSEN % "m5.12xlarge"}).results
    assert (result.kind, result.line, result.message) == ("review", 2, "aws_instance.big is a m5.24xlarge or m5.12xlarge.")
    assert (result.deciding.state, result.deciding.value) == ("known", "m5.24xlarge or m5.12xlarge")
    assert Line("main.tf", 4) in result.deciding.origin


def test_what_is_wrong_in_one_branch_of_a_condition_is_not_known() -> None:
    (result,) = verdict({}, {"main.tf": CHOSEN % "t3.micro"}).results
    assert (result.deciding.state, result.deciding.expression) == ("unknown", "var.big")


def test_a_branch_that_got_worse_is_a_change() -> None:
    found = verdict({"main.tf": CHOSEN % "m5.large"}, {"main.tf": CHOSEN % "m5.12xlarge"})
    assert states(found) == [("size-not-allowed", "review", "updated")]


def test_an_unknown_that_does_not_decide_is_not_reported() -> None:
    assert verdict({}, {"main.tf": rule("var.cidr", "443") + 'variable "cidr" {}\n'}).results == ()


def test_a_judgment_asks_and_a_violation_goes_first() -> None:
    size = 'resource "aws_instance" "big" {\n  instance_type = "m5.24xlarge"\n}\n'
    asked = verdict({}, {"main.tf": size})
    assert (asked.conclusion, asked.results[0].number, asked.results[0].question) == ("action_required", "J-1", "Is m5.24xlarge needed?")
    assert verdict({}, {"main.tf": size + rule(WORLD)}).conclusion == "failure"


def test_a_number_beyond_what_messages_carry_is_shown_as_text() -> None:
    found = verdict({}, {"main.tf": 'resource "aws_instance" "big" {\n  instance_type = 100000000000000000000000000\n}\n'})
    assert found.results[0].deciding.value == "100000000000000000000000000"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Verdict) == found


def test_a_hexadecimal_number_is_no_number_of_hcl() -> None:
    found = verdict({}, {"main.tf": 'resource "aws_instance" "a" {\n  instance_type = 0x101\n}\n'})
    assert [gap.path for gap in found.coverage.files] == ["main.tf"]
    assert found.state != "clean"


def test_a_port_of_thousands_of_digits_is_not_understood() -> None:
    nsg = 'resource "azurerm_network_security_rule" "a" {\n  direction = "Inbound"\n  access = "Allow"\n  protocol = "Tcp"\n%s}\n'
    prefix = '  source_address_prefix = "*"\n  destination_port_range = "%s"\n' % ("9" * 6005)
    assert {result.kind for result in review({}, {"main.tf": nsg % prefix}).results} <= {"open"}


def test_no_infrastructure() -> None:
    found = verdict({"README.md": "a"}, {"README.md": "b", "app.py": "c"})
    assert (found.state, found.coverage.files_seen, found.coverage.not_infrastructure) == ("no-infrastructure", 2, 2)


def test_a_slip_that_is_repeated_in_a_file_is_one_result_and_says_what_was_expected() -> None:
    slips = "".join(f'variable "{name}" {{ type = bool; default = true }}\n' for name in "abc")
    found = [item for item in review({}, {"a.tf": slips, "b.tf": slips}).results if item.kind == "fail"]
    assert [(item.file, item.line, [place.line for place in item.places]) for item in found] == [("a.tf", 1, [2, 3]), ("b.tf", 1, [2, 3])]
    assert found[0].message == "The language's own grammar rejects a.tf: expected `}`."


def test_a_language_that_is_not_read_is_never_called_clean() -> None:
    found = verdict({}, {"main.bicep": "param x string\n"})
    assert (found.state, found.coverage.unread) == ("not-known", 1)


def test_one_cause_is_one_result() -> None:
    module = rule("var.cidr") + 'variable "cidr" {}\n'
    calls = "".join(f'module "m{n}" {{\n  source = "./m"\n  cidr   = var.cidr\n}}\n' for n in range(3))
    files = {"main.tf": calls + 'variable "cidr" {\n  default = "0.0.0.0/0"\n}\n', "m/main.tf": module}
    found = verdict({}, files)
    (result,) = found.results
    assert result.resource == "module.m0.aws_security_group_rule.a"
    assert [place.resource for place in result.places] == ["module.m1.aws_security_group_rule.a", "module.m2.aws_security_group_rule.a"]


def test_places_that_differ_in_their_root_alone_stand_in_the_order_of_the_roots() -> None:
    roots = {f"{name}/main.tf": 'module "m" {\n  source = "../shared"\n}\n' for name in "fbadceg"}
    (result,) = verdict({}, {**roots, "shared/main.tf": rule(WORLD)}).results
    assert [place.root for place in result.places] == sorted(set("abcdefg") - {result.root})


def test_a_moved_resource_keeps_its_identity() -> None:
    moved = "moved {\n  from = aws_security_group_rule.a\n  to   = aws_security_group_rule.b\n}\n"
    found = verdict({"main.tf": rule(WORLD)}, {"main.tf": rule(WORLD, name="b") + moved})
    assert states(found) == [("open-to-world", "fail", "unchanged")]


@pytest.mark.parametrize(("count", "source", "target"), [("", "a[0]", "a"), ("  count = 1\n", "a", "a[0]")])
def test_a_count_that_a_moved_block_takes_away_or_adds_changes_nothing(count: str, source: str, target: str) -> None:
    other = "" if count else "  count = 1\n"
    old, new = (rule(WORLD).replace("{\n", "{\n" + text, 1) for text in (other, count))
    moved = f"moved {{\n  from = aws_security_group_rule.{source}\n  to   = aws_security_group_rule.{target}\n}}\n"
    assert states(verdict({"main.tf": old}, {"main.tf": new + moved})) == [("open-to-world", "fail", "unchanged")]


@pytest.mark.parametrize(
    ("address", "former"),
    [
        ("aws_x.a", "aws_x.a[0]"),
        ("aws_x.a[1]", "aws_x.a[1]"),
        ("module.n.aws_x.a[1]", "module.k[0].aws_x.z[1]"),
        ("aws_x.d", "aws_x.b"),
        ("aws_x.db", "aws_x.db"),
        ('module.n["a.b"].aws_x.c', 'module.k["a.b"].aws_x.c'),
        ("aws_x.round", "aws_x.round"),
    ],
)
def test_the_former_address(address: str, former: str) -> None:
    moves = {
        "aws_x.a": "aws_x.a[0]",
        "module.n": "module.k",
        "module.k.aws_x.a": "module.k[0].aws_x.z",
        "module.k": "module.k[0]",
        "aws_x.d": "aws_x.c",
        "aws_x.c": "aws_x.b",
        "aws_x.round": "aws_x.circle",
        "aws_x.circle": "aws_x.round",
    }
    assert moved_address(address, moves) == former


def test_a_move_that_both_sides_state_has_happened_before() -> None:
    text = rule(WORLD, name="b") + "moved {\n  from = aws_security_group_rule.a\n  to   = aws_security_group_rule.b\n}\n"
    assert states(verdict({"main.tf": text}, {"main.tf": text + "# touched\n"})) == [("open-to-world", "fail", "unchanged")]


def test_a_renamed_resource_of_the_same_body_is_not_new() -> None:
    found = verdict({"main.tf": rule(WORLD)}, {"main.tf": rule(WORLD, name="b")})
    assert states(found) == [("open-to-world", "fail", "unchanged")]


def test_a_renamed_root_is_compared_with_itself() -> None:
    found = verdict({"old/main.tf": rule(WORLD)}, {"new/main.tf": rule(WORLD)}, renames={"new/main.tf": "old/main.tf"})
    assert states(found) == [("open-to-world", "fail", "unchanged")]


def test_another_instance_is_new() -> None:
    counted = rule(WORLD).replace("{\n", "{\n  count = %d\n", 1)
    found = verdict({"main.tf": counted % 1}, {"main.tf": counted % 2})
    assert [result.baseline_state for result in found.results if result.blocks] == ["new"]


def test_environments_are_evaluated_and_the_worst_counts() -> None:
    files = {
        "main.tf": rule("var.cidr") + 'variable "cidr" {}\n',
        "env/dev.tfvars": 'cidr = "10.0.0.0/8"\n',
        "env/prod.tfvars": 'cidr = "0.0.0.0/0"\n',
    }
    (result,) = verdict({}, files).results
    assert (result.kind, result.environment) == ("fail", "env/prod.tfvars")
    assert Line("env/prod.tfvars", 1) in result.deciding.origin


def test_observing_is_neutral() -> None:
    found = verdict({}, {"main.tf": rule(WORLD)}, configuration=b"level: observe\n")
    assert (found.conclusion, found.results[0].blocks, found.results[0].kind) == ("neutral", False, "fail")


WAIVER = """
- rule: open-to-world
  resource: aws_security_group_rule.a
  reason: the bastion until the tunnel is there
  owner: "@acme/network"
  expires: {date}
"""


@pytest.mark.parametrize(("expires", "conclusion"), [(date(2026, 12, 1), "success"), (date(2026, 11, 1), "failure")])
def test_a_waiver_holds_until_it_expires(expires: date, conclusion: str) -> None:
    found = verdict({}, {"main.tf": rule(WORLD)}, waivers=WAIVER.format(date=expires).encode())
    assert found.conclusion == conclusion
    if conclusion == "success":
        assert found.results[0].kind == "fail"
        assert found.results[0].suppression is not None
        assert found.valid_until is not None


def test_needs_asks_until_nothing_is_missing_and_only_once_per_blob() -> None:
    texts = {"a/t.tpl": "x", "b/x.txt": "no", "b/x.md": "said"}
    files: Files = {"a/main.tf": rule(WORLD) + 'locals {\n  t = templatefile("t.tpl", {})\n}\n', **texts}
    whole = snapshot({}, files, policy=POLICY)
    blobs: dict[str, bytes] = {}
    for _ in range(5):
        wanted = needs(snapshot({}, files, policy=POLICY, blobs=dict(blobs)))
        if not wanted:
            break
        blobs |= {oid: whole.blobs[oid] for oid in wanted}
    assert wanted == ()
    assert len(blobs) == 3
    assert evaluate(snapshot({}, files, policy=POLICY, blobs=blobs)).results == evaluate(whole).results


def without(found: Snapshot, path: str, reason: str) -> Snapshot:
    """The snapshot when the head's file could not be supplied."""
    gone = found.head.entries[path].oid
    return replace(found, blobs={oid: data for oid, data in found.blobs.items() if oid != gone}, unfetched={path: reason}, patch=b"")


@pytest.mark.parametrize("reason", ["limit", "lfs", "git-crypt", "missing", "unreadable"])
def test_a_changed_source_that_was_not_supplied_is_asked_about(reason: str) -> None:
    found = evaluate(without(snapshot({"main.tf": rule()}, {"main.tf": rule(WORLD), "b.tf": "locals {}\n"}), "main.tf", reason))
    asked = [(result.rule, result.kind, result.file, result.blocks) for result in found.results if result.blocks]
    assert asked == [("countersign-not-read", "open", "main.tf", True)]
    assert (found.conclusion, found.coverage.unread) == ("action_required", 1)


def test_a_source_that_was_not_supplied_and_did_not_change_is_coverage_only() -> None:
    found = evaluate(without(snapshot({"main.tf": rule()}, {"main.tf": rule(), "b.tf": "locals {}\n"}), "main.tf", "limit"))
    assert (found.results, found.conclusion) == ((), "success")


def test_a_source_of_which_only_the_base_was_not_supplied_is_read() -> None:
    found = snapshot({"main.tf": rule()}, {"main.tf": rule(WORLD)}, policy=POLICY)
    gone = found.base.entries["main.tf"].oid
    verdict = evaluate(replace(found, blobs={oid: data for oid, data in found.blobs.items() if oid != gone}, unfetched={"main.tf": "lfs"}))
    assert (verdict.conclusion, verdict.coverage.read) == ("failure", 1)


def test_a_snapshot_from_before_code_owners_keeps_its_digest() -> None:
    """What was kept is replayed under the digest that it was recorded with."""
    answer = Decision("r", "b", "accept", "ada", 7, "agreed", NOW, "#12 by @ada", "J-1", date(2027, 1, 31), 12, "head")
    base, head, blob = Tree("base", {}), Tree("head", {"a.tf": Entry("1" * 40)}), {"1" * 40: b"x"}
    made = Snapshot(base, head, blob, {"r.yaml": b"id: r"}, NOW, decisions=(answer,), numbers={"r": "J-1"})
    assert digest(made) == "sha256:6b927de7f24d4d41f7d8b789935ff0b7cc409a8c242793955e179c7d54b1cfb2"
    assert digest(replace(made, codeowners=b"* @ada", codeowners_path="CODEOWNERS")) != digest(made)
