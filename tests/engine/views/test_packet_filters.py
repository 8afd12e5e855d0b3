"""Network ACLs and ways out: order, what is taken away, and what stays unknown."""

from __future__ import annotations

import pytest

from bot.engine.model.value import Unknown
from tests.engine.views.facts import facts, read

ENTRY = """
  ingress {{
    rule_no    = {number}
    action     = "{action}"
    protocol   = "{protocol}"
    cidr_block = "{source}"
    from_port  = {first}
    to_port    = {last}
  }}
"""


def entry(number: str, action: str, first: int, last: int, protocol: str = "tcp", source: str = "0.0.0.0/0") -> str:
    return ENTRY.format(number=number, action=action, protocol=protocol, source=source, first=first, last=last)


def ports(text: str) -> list[tuple[object, object]]:
    found = facts("network-acl", text)
    return [(read(subject, "from_port"), read(subject, "to_port")) for subject in found]


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        ([entry("10", "deny", 22, 22), entry("20", "allow", 0, 65535)], [(0, 21), (23, 65535)]),
        ([entry("10", "deny", 0, 0, "-1"), entry("20", "allow", 22, 22)], []),
        ([entry("30", "deny", 22, 22), entry("20", "allow", 0, 65535)], [(0, 65535)]),
        ([entry("10", "deny", 22, 22, source="10.0.0.0/8"), entry("20", "allow", 22, 22)], [(22, 22)]),
        ([entry("10", "deny", 22, 22, source="10.0.0.0/8"), entry("20", "allow", 22, 22, source="10.0.0.0/8")], []),
        ([entry("10", "deny", 22, 22, "udp"), entry("20", "allow", 22, 22)], [(22, 22)]),
        ([entry("1", "deny", 20, 30), entry("2", "deny", 25, 40), entry("3", "allow", 10, 50)], [(10, 19), (41, 50)]),
    ],
)
def test_what_is_denied_before_is_not_let_in(entries: list[str], left: list[tuple[int, int]]) -> None:
    assert ports('resource "aws_network_acl" "a" {\n' + "".join(entries) + "}") == left


def test_of_every_protocol_tcp_stays_where_tcp_ports_are_denied() -> None:
    text = 'resource "aws_default_network_acl" "a" {\n' + entry("1", "deny", 22, 22) + entry("2", "allow", 0, 0, "-1") + "}"
    assert [read(subject, "protocol") for subject in facts("network-acl", text)] == ["tcp", "tcp"]


def test_an_order_that_is_not_known_leaves_open_whether_it_is_let_in() -> None:
    text = 'variable "n" {}\nresource "aws_network_acl" "a" {\n' + entry("var.n", "deny", 22, 22) + entry("2", "allow", 22, 22) + "}"
    (found,) = facts("network-acl", text)
    assert isinstance(found.attributes["allowed"], Unknown)


def test_rules_of_one_acl_are_read_together_and_outward_ones_left_out() -> None:
    rule = 'resource "aws_network_acl_rule" "{}" {{\n  network_acl_id = aws_network_acl.a.id\n  {}\n}}\n'
    text = 'resource "aws_network_acl" "a" {\n' + entry("5", "deny", 22, 22) + "}\n"
    text += rule.format(
        "in", 'rule_number = 10\nrule_action = "allow"\nprotocol = "tcp"\nfrom_port = 22\nto_port = 23\ncidr_block = "0.0.0.0/0"'
    )
    text += rule.format("out", 'rule_number = 10\nrule_action = "allow"\negress = true\nprotocol = "-1"\ncidr_block = "0.0.0.0/0"')
    (found,) = facts("network-acl", text)
    assert (found.resource.address, read(found, "from_port"), read(found, "to_port")) == ("aws_network_acl_rule.in", 23, 23)


def test_ways_out_stand_in_groups_and_in_rules_of_both_kinds() -> None:
    found = facts(
        "egress",
        """
        resource "aws_security_group" "a" {
          ingress {
            protocol    = "tcp"
            from_port   = 443
            to_port     = 443
            cidr_blocks = ["10.0.0.0/8"]
          }
          egress {
            protocol    = "-1"
            from_port   = 0
            to_port     = 0
            cidr_blocks = ["0.0.0.0/0"]
          }
        }
        resource "aws_security_group_rule" "b" {
          type        = "egress"
          protocol    = "tcp"
          from_port   = 443
          to_port     = 443
          cidr_blocks = ["10.0.0.0/8"]
        }
        resource "aws_security_group_rule" "c" {
          type        = "ingress"
          protocol    = "tcp"
          from_port   = 443
          to_port     = 443
          cidr_blocks = ["10.0.0.0/8"]
        }
        resource "aws_vpc_security_group_egress_rule" "d" {
          ip_protocol = "tcp"
          from_port   = 53
          to_port     = 53
          cidr_ipv6   = "::/0"
        }
        """,
    )
    assert [(subject.resource.name, read(subject, "from_port"), read(subject, "prefixes")) for subject in found] == [
        ("a", 0, ["0.0.0.0/0"]),
        ("b", 443, ["10.0.0.0/8"]),
        ("d", 53, ["::/0"]),
    ]


@pytest.mark.parametrize(
    ("body", "privileged"),
    [
        ('container_properties = jsonencode({ image = "a", privileged = true })', [True]),
        ('container_properties = jsonencode({ image = "a" })', [None]),
        ('container_properties = "{\\"privileged\\": true}"', [True]),
        (
            "node_properties = jsonencode({ nodeRangeProperties = [{ container = { privileged = true } }, { container = {} }] })",
            [True, None],
        ),
        ("ecs_properties = jsonencode({ taskProperties = [{ containers = [{ privileged = false }] }] })", [False]),
        ("eks_properties {\n pod_properties {\n containers {\n security_context {\n privileged = true\n}\n}\n}\n}", [True]),
        ("eks_properties {\n pod_properties {\n containers {\n}\n}\n}", []),
        ('type = "container"', []),
    ],
)
def test_the_containers_of_a_batch_job_in_every_shape(body: str, privileged: list[bool | None]) -> None:
    found = facts("job-container", f'resource "aws_batch_job_definition" "a" {{\n  {body}\n}}')
    assert [read(subject, "privileged") for subject in found] == privileged


def test_a_job_definition_that_is_not_read_is_not_known() -> None:
    (found,) = facts("job-container", 'variable "x" {}\nresource "aws_batch_job_definition" "a" {\n  container_properties = var.x\n}')
    assert isinstance(found.attributes["privileged"], Unknown)


def test_a_rule_of_an_acl_whose_direction_is_not_known_may_be_either() -> None:
    text = """
        variable "out" {}
        resource "aws_network_acl_rule" "a" {
          rule_action = "allow"
          egress      = var.out
          protocol    = "-1"
          cidr_block  = "0.0.0.0/0"
        }
        resource "aws_network_acl" "b" {
          egress {
            action     = "allow"
            protocol   = "-1"
            rule_no    = 100
            cidr_block = "0.0.0.0/0"
          }
        }
    """
    inward, outward = ([subject.resource.address for subject in facts(view, text)] for view in ("network-acl", "network-acl-egress"))
    assert inward == ["aws_network_acl_rule.a"]
    assert outward == ["aws_network_acl.b", "aws_network_acl_rule.a"]


def test_a_way_out_leads_to_what_the_prefix_list_of_the_tree_says() -> None:
    text = """
        resource "aws_ec2_managed_prefix_list" "all" {
          entry {
            cidr = "0.0.0.0/0"
          }
        }
        resource "aws_security_group" "a" {
          egress {
            protocol        = "-1"
            from_port       = 0
            to_port         = 0
            cidr_blocks     = ["10.0.0.0/8"]
            prefix_list_ids = [aws_ec2_managed_prefix_list.all.id]
          }
        }
        resource "aws_vpc_security_group_egress_rule" "b" {
          ip_protocol    = "-1"
          prefix_list_id = "pl-0123456789abcdef0"
        }
    """
    assert [read(subject, "prefixes") for subject in facts("egress", text)] == [["10.0.0.0/8", "0.0.0.0/0"], []]
