"""A strict narrowing never blocks: fewer prefixes, ports, actions, principals, or smaller ones."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network

import pytest
from hypothesis import strategies as st

from tests.property.roots import EFFORT, holds
from tests.property.test_baseline import changed

Spelling = Callable[[list[str], tuple[int, int]], str]
PREFIXES = st.builds(
    lambda base, length: str(IPv4Network((base >> (32 - length) << (32 - length) if length else 0, length))),
    st.sampled_from([0, 0x0A000000, 0x80000000, 0xC0A80000]),
    st.sampled_from([0, 0, 1, 2, 8, 16]),
)
ACTIONS = ("*", "s3:*", "s3:Get*", "s3:GetObject", "iam:*", "iam:PassRole", "ec2:*", "ec2:DescribeInstances")


@st.composite
def narrower_prefixes(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    before = draw(st.lists(PREFIXES, min_size=1, max_size=3))
    kept = draw(st.lists(st.sampled_from(before), min_size=1, max_size=3, unique=True))
    return before, [draw(st.sampled_from([prefix, _half(prefix)])) for prefix in kept]


def _half(prefix: str) -> str:
    return str(next(IPv4Network(prefix).subnets()))


@st.composite
def narrower_ports(draw: st.DrawFn) -> tuple[tuple[int, int], tuple[int, int]]:
    low, high = sorted(draw(st.lists(st.sampled_from([0, 20, 22, 443, 3306, 3389, 5432, 65535]), min_size=2, max_size=2)))
    inside = [port for port in (low, 21, 22, 25, 3306, 3389, 6000, high) if low <= port <= high]
    first, last = sorted(draw(st.lists(st.sampled_from(inside), min_size=2, max_size=2)))
    return (low, high), (first, last)


def quoted(items: list[str]) -> str:
    return "[" + ", ".join(f'"{item}"' for item in items) + "]"


def group(prefixes: list[str], ports: tuple[int, int]) -> str:
    return f"""resource "aws_security_group" "g" {{
  ingress {{
    from_port   = {ports[0]}
    to_port     = {ports[1]}
    protocol    = "tcp"
    cidr_blocks = {quoted(prefixes)}
  }}
}}
"""


def single_rule(prefixes: list[str], ports: tuple[int, int]) -> str:
    return f"""resource "aws_security_group_rule" "g" {{
  type        = "ingress"
  protocol    = "tcp"
  from_port   = {ports[0]}
  to_port     = {ports[1]}
  cidr_blocks = {quoted(prefixes)}
}}
"""


def azure(prefixes: list[str], ports: tuple[int, int]) -> str:
    return f"""resource "azurerm_network_security_rule" "g" {{
  direction               = "Inbound"
  access                  = "Allow"
  protocol                = "Tcp"
  destination_port_range  = "{ports[0]}-{ports[1]}"
  source_address_prefixes = {quoted(prefixes)}
}}
"""


def google(prefixes: list[str], ports: tuple[int, int]) -> str:
    return f"""resource "google_compute_firewall" "g" {{
  source_ranges = {quoted(prefixes)}
  allow {{
    protocol = "tcp"
    ports    = ["{ports[0]}-{ports[1]}"]
  }}
}}
"""


@EFFORT
@pytest.mark.parametrize("spelling", [group, single_rule, azure, google])
def test_narrower_ingress_never_blocks(spelling: Spelling, examples: int) -> None:
    def check(prefixes: tuple[list[str], list[str]], ports: tuple[tuple[int, int], tuple[int, int]]) -> None:
        assert changed({"main.tf": spelling(prefixes[0], ports[0])}, {"main.tf": spelling(prefixes[1], ports[1])}) == []

    holds(examples, check, prefixes=narrower_prefixes(), ports=narrower_ports())


@pytest.mark.parametrize("spelling", [group, single_rule, azure, google])
def test_every_port_narrowed_to_one_is_a_narrowing_although_another_rule_names_it(spelling: Spelling) -> None:
    assert changed({"main.tf": spelling(["0.0.0.0/0"], (0, 65535))}, {"main.tf": spelling(["0.0.0.0/0"], (22, 22))}) == []


@pytest.mark.parametrize("spelling", [group, single_rule, azure, google])
@pytest.mark.parametrize(
    ("before", "after"), [((22, 22), (3389, 3389)), ((22, 22), (0, 65535)), ((443, 443), (22, 22)), ((22, 25), (22, 3389))]
)
def test_other_ports_are_not_a_narrowing(spelling: Spelling, before: tuple[int, int], after: tuple[int, int]) -> None:
    assert changed({"main.tf": spelling(["0.0.0.0/0"], before)}, {"main.tf": spelling(["0.0.0.0/0"], after)}) != []


def test_more_prefixes_are_not_a_narrowing() -> None:
    assert changed({"main.tf": group(["10.0.0.0/8"], (22, 22))}, {"main.tf": group(["10.0.0.0/8", "0.0.0.0/0"], (22, 22))}) != []


@st.composite
def narrower_statements(draw: st.DrawFn) -> tuple[tuple[list[str], list[str]], tuple[list[str], list[str]]]:
    actions = draw(st.lists(st.sampled_from(ACTIONS), min_size=2, max_size=4, unique=True))
    resources = ["*", "arn:aws:s3:::logs/*"]
    fewer = draw(st.lists(st.sampled_from(actions), min_size=1, max_size=len(actions), unique=True))
    return (actions, resources), (fewer, draw(st.sampled_from([resources, ["*"], ["arn:aws:s3:::logs/*"]])))


def policy(statement: tuple[list[str], list[str]]) -> str:
    actions, resources = map(quoted, statement)
    statements = f'[{{ Effect = "Allow", Action = {actions}, Resource = {resources} }}]'
    return f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{ Version = "2012-10-17", Statement = {statements} }})\n}}\n'


def document(statement: tuple[list[str], list[str]]) -> str:
    actions, resources = map(quoted, statement)
    body = f"  statement {{\n    actions   = {actions}\n    resources = {resources}\n  }}\n"
    used = 'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.p.json\n}\n'
    return f'data "aws_iam_policy_document" "p" {{\n{body}}}\n{used}'


@EFFORT
@pytest.mark.parametrize("spelling", [policy, document])
def test_narrower_permissions_never_block(spelling: Callable[[tuple[list[str], list[str]]], str], examples: int) -> None:
    def check(statements: tuple[tuple[list[str], list[str]], tuple[list[str], list[str]]]) -> None:
        assert changed({"main.tf": spelling(statements[0])}, {"main.tf": spelling(statements[1])}) == []

    holds(examples, check, statements=narrower_statements())


def test_other_actions_are_not_a_narrowing() -> None:
    before, after = (["s3:GetObject"], ["arn:aws:s3:::logs/*"]), (["*"], ["arn:aws:s3:::logs/*"])
    assert changed({"main.tf": policy(before)}, {"main.tf": policy(after)}) != []


@EFFORT
def test_taking_a_block_away_never_blocks(examples: int) -> None:
    def check(prefixes: list[str], ports: tuple[tuple[int, int], tuple[int, int]]) -> None:
        block = group(prefixes, ports[0]).partition("\n")[2].removesuffix("}\n")
        both = f'resource "aws_security_group" "g" {{\n{block}{block.replace("tcp", "udp")}}}\n'
        assert changed({"main.tf": both}, {"main.tf": group(prefixes, ports[0])}) == []

    holds(examples, check, prefixes=st.lists(PREFIXES, min_size=1, max_size=2), ports=narrower_ports())
