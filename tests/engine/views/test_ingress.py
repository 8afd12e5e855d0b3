"""What a way in is, whatever the provider calls it."""

from __future__ import annotations

import pytest

from bot.engine.model.value import Unknown
from bot.engine.views.prefixes import covers_everything
from tests.engine.views.facts import facts, lines, read


def test_both_families_of_a_block_are_one_list_with_their_places() -> None:
    (found,) = facts(
        "ingress",
        """
        resource "aws_security_group" "a" {
          ingress {
            protocol         = "TCP"
            from_port        = "22"
            to_port          = 22
            cidr_blocks      = ["10.0.0.0/8"]
            ipv6_cidr_blocks = ["::/0"]
          }
        }
        """,
    )
    assert read(found, "prefixes") == ["10.0.0.0/8", "::/0"]
    assert lines(found, "prefixes") == [6, 6, 7]
    assert (read(found, "protocol"), read(found, "from_port"), read(found, "to_port")) == ("tcp", 22, 22)
    assert found.path == "ingress[0]"


@pytest.mark.parametrize(
    ("protocol", "ports", "expected"),
    [
        ("-1", (0, 0), ("all", 0, 65535)),
        ("all", (22, 22), ("all", 0, 65535)),
        ("6", (22, 23), ("tcp", 22, 23)),
        ("icmp", (8, 0), ("icmp", None, None)),
        ("58", (-1, -1), ("icmpv6", None, None)),
    ],
)
def test_ports_are_those_that_the_protocol_has(protocol: str, ports: tuple[int, int], expected: tuple[object, ...]) -> None:
    (found,) = facts(
        "ingress",
        f"""
        resource "aws_security_group_rule" "a" {{
          type        = "ingress"
          protocol    = "{protocol}"
          from_port   = {ports[0]}
          to_port     = {ports[1]}
          cidr_blocks = ["0.0.0.0/0"]
        }}
        """,
    )
    assert (read(found, "protocol"), read(found, "from_port"), read(found, "to_port")) == expected


def test_rules_of_one_group_that_only_together_are_everything_carry_the_whole_list() -> None:
    found = facts(
        "ingress",
        """
        resource "aws_security_group" "a" {}
        resource "aws_vpc_security_group_ingress_rule" "low" {
          security_group_id = aws_security_group.a.id
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
          cidr_ipv4         = "0.0.0.0/1"
        }
        resource "aws_vpc_security_group_ingress_rule" "high" {
          security_group_id = aws_security_group.a.id
          ip_protocol       = "-1"
          cidr_ipv4         = "128.0.0.0/1"
        }
        resource "aws_vpc_security_group_ingress_rule" "of_another_group" {
          security_group_id = "sg-1"
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
          cidr_ipv4         = "0.0.0.0/1"
        }
        """,
    )
    by_name = {subject.resource.name: read(subject, "prefixes") for subject in found}
    assert by_name == {"low": ["0.0.0.0/1", "128.0.0.0/1"], "high": ["128.0.0.0/1"], "of_another_group": ["0.0.0.0/1"]}


def test_a_rule_open_by_itself_does_not_make_its_neighbours_open() -> None:
    found = facts(
        "ingress",
        """
        resource "aws_security_group" "a" {
          ingress {
            protocol    = "tcp"
            from_port   = 22
            to_port     = 22
            cidr_blocks = ["10.0.0.0/8"]
          }
          ingress {
            protocol    = "tcp"
            from_port   = 22
            to_port     = 22
            cidr_blocks = ["0.0.0.0/0"]
          }
        }
        """,
    )
    assert [read(subject, "prefixes") for subject in found] == [["10.0.0.0/8"], ["0.0.0.0/0"]]


def test_the_range_of_a_network_that_is_read_is_never_everything() -> None:
    (found,) = facts(
        "ingress",
        """
        data "aws_vpc" "a" {}
        resource "aws_security_group" "a" {
          ingress {
            protocol    = "tcp"
            from_port   = 5432
            to_port     = 5432
            cidr_blocks = [data.aws_vpc.a.cidr_block]
          }
        }
        """,
    )
    assert read(found, "prefixes") == []


def test_a_block_of_unknown_number_is_one_fact_of_unknowns() -> None:
    (found,) = facts(
        "ingress",
        """
        variable "ports" {}
        resource "aws_security_group" "a" {
          dynamic "ingress" {
            for_each = var.ports
            content {
              protocol    = "tcp"
              from_port   = ingress.value
              to_port     = ingress.value
              cidr_blocks = ["0.0.0.0/0"]
            }
          }
        }
        """,
    )
    assert "<unknown" in str(read(found, "from_port"))


RULE = """
  security_rule {{
    name                       = "{name}"
    priority                   = {priority}
    direction                  = "Inbound"
    access                     = "{access}"
    protocol                   = "{protocol}"
    source_port_range          = "*"
    destination_port_range     = "{port}"
    source_address_prefix      = "{source}"
    destination_address_prefix = "*"
  }}
"""


@pytest.mark.parametrize(
    ("deny", "is_open"),
    [
        ({"priority": 100, "protocol": "*", "port": "*", "source": "*"}, False),
        ({"priority": 100, "protocol": "Tcp", "port": "20-30", "source": "Internet"}, False),
        ({"priority": 300, "protocol": "*", "port": "*", "source": "*"}, True),
        ({"priority": 100, "protocol": "Udp", "port": "*", "source": "*"}, True),
        ({"priority": 100, "protocol": "*", "port": "23-30", "source": "*"}, True),
        ({"priority": 100, "protocol": "*", "port": "*", "source": "10.0.0.0/8"}, True),
    ],
)
def test_an_earlier_deny_from_everywhere_makes_an_allow_void(deny: dict[str, object], is_open: bool) -> None:  # noqa: FBT001
    allow = {"name": "allow", "access": "Allow", "priority": 200, "protocol": "Tcp", "port": "22", "source": "*"}
    rules = RULE.format(name="deny", access="Deny", **deny) + RULE.format(**allow)
    found = facts("ingress", f'resource "azurerm_network_security_group" "a" {{\n{rules}\n}}')
    assert [read(subject, "from_port") for subject in found] == ([22] if is_open else [])


def test_each_range_of_a_list_is_a_way_in() -> None:
    found = facts(
        "ingress",
        """
        resource "google_compute_firewall" "a" {
          network       = "n"
          source_ranges = ["10.0.0.0/8"]
          allow {
            protocol = "tcp"
            ports    = ["22", "8000-8080"]
          }
          allow {
            protocol = "icmp"
          }
        }
        """,
    )
    assert [(read(subject, "from_port"), read(subject, "to_port")) for subject in found] == [(22, 22), (8000, 8080), (None, None)]


@pytest.mark.parametrize(
    ("prefixes", "expected"),
    [
        (["0.0.0.0/0"], True),
        (["0.0.2.0/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1"], True),
        (["0.0.0.0/1", "128.0.0.0/2"], False),
        (["::/1", "8000::/1"], True),
        (["::/0"], True),
        (["0:0:0:0::/0"], True),
        (["0.0.0.0-255.255.255.255"], True),
        (["0.0.0.0-255.255.255.254"], False),
        (["Internet"], True),
        (["*"], True),
        (["0.0.0.0"], False),  # noqa: S104 - one address, not a socket
        (["VirtualNetwork"], False),
        (["1.2.3/0", "::1::/0", "0.0.0.0/x", "0.0.0.0/99"], False),
        ([], False),
    ],
)
def test_everything(prefixes: list[str], expected: bool) -> None:  # noqa: FBT001
    assert covers_everything(prefixes) is expected


@pytest.mark.parametrize(("first", "last", "ports"), [("22", "22", "22"), ("8000", "8100", "8000-8100"), ('"80"', "80", "80")])
def test_ports_as_a_reader_writes_them(first: str, last: str, ports: str) -> None:
    text = f'resource "aws_security_group_rule" "a" {{\n  type = "ingress"\n  from_port = {first}\n  to_port = {last}\n}}'
    (found,) = facts("ingress", text)
    assert read(found, "ports") == ports


def test_ports_are_unknown_when_one_end_is_and_not_set_where_there_are_none() -> None:
    text = """
        variable "last" {}
        resource "aws_security_group_rule" "a" {
          type      = "ingress"
          protocol  = "tcp"
          from_port = 80
          to_port   = var.last
        }
        resource "aws_security_group_rule" "b" {
          type      = "ingress"
          protocol  = "icmp"
          from_port = 8
          to_port   = 0
        }
    """
    half, none = facts("ingress", text)
    assert isinstance(half.attributes["ports"], Unknown)
    assert "ports" not in none.attributes


@pytest.mark.parametrize("kind", ['aws_security_group_rule" "a" {\n  type        = "ingress"', 'aws_security_group" "a" {\n  ingress {'])
def test_a_rule_that_names_neither_protocol_nor_port_limits_nothing(kind: str) -> None:
    text = f'resource "{kind}\n  cidr_blocks = ["0.0.0.0/0"]\n' + "}" * (1 + kind.endswith("ingress {"))
    (found,) = facts("ingress", text.replace("}}", "}\n}"))
    assert [read(found, name) for name in ("protocol", "from_port", "to_port")] == ["all", 0, 65535]
