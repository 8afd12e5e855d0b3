"""What another resource says about one: through references, instances and modules, and where it is not known."""

from __future__ import annotations

import pytest

from bot.engine.model.value import Unknown
from tests.engine.views.facts import facts, read

VPC = 'resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n}\n'
LB = 'resource "aws_lb" "a" {\n  internal = false\n}\n'


def log(reference: str, more: str = "") -> str:
    return f'resource "aws_flow_log" "a" {{\n  vpc_id = {reference}\n  {more}\n}}\n'


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        (VPC, False),
        (VPC + log("aws_vpc.a.id"), True),
        (VPC + log("aws_vpc.b.id") + VPC.replace('"a"', '"b"'), False),
        (VPC + log("local.network") + "locals {\n  network = aws_vpc.a.id\n}\n", True),
        ('variable "x" {}\n' + VPC + log("var.x"), "unknown"),
        ('variable "x" {}\n' + VPC + log("aws_vpc.a.id", "count = var.x ? 1 : 0"), "unknown"),
        (VPC + log("aws_vpc.a.id", "count = 0"), False),
    ],
)
def test_a_flow_log_belongs_to_the_network_that_it_names(text: str, logged: object) -> None:
    found = facts("vpc", text)[0]
    value = found.attributes["logged"]
    assert ("unknown" if isinstance(value, Unknown) else read(found, "logged")) == logged


def test_a_flow_log_outside_the_module_of_its_network_is_found() -> None:
    text = 'module "net" {\n  source = "./net"\n}\n' + log("module.net.id")
    net = VPC + 'output "id" {\n  value = aws_vpc.a.id\n}\n'
    (found,) = facts("vpc", text, **{"net/main.tf": net})
    assert (found.resource.address, read(found, "logged")) == ("module.net.aws_vpc.a", True)


def test_each_instance_has_its_own_companion() -> None:
    found = facts(
        "vpc",
        """
        resource "aws_vpc" "a" {
          for_each   = toset(["one", "two"])
          cidr_block = "10.0.0.0/16"
        }
        resource "aws_flow_log" "a" {
          for_each = toset(["one"])
          vpc_id   = aws_vpc.a[each.key].id
        }
        """,
    )
    assert {subject.resource.address: read(subject, "logged") for subject in found} == {'aws_vpc.a["one"]': True, 'aws_vpc.a["two"]': False}


GROUP = 'resource "aws_default_security_group" "a" {{\n  vpc_id = aws_vpc.a.id\n  {}\n}}\n'
RULE = 'resource "aws_vpc_security_group_egress_rule" "a" {{\n  security_group_id = {}\n  ip_protocol = "-1"\n}}\n'


@pytest.mark.parametrize(
    ("text", "group", "line"),
    [
        (VPC, "untouched", 1),
        (VPC + GROUP.format(""), "closed", 4),
        (VPC + GROUP.format("ingress {\n  }"), "open", 6),
        (VPC + GROUP.format("ingress = []"), "closed", 4),
        (VPC + GROUP.format("") + RULE.format("aws_default_security_group.a.id"), "open", 8),
        (VPC + GROUP.format("") + RULE.format("aws_vpc.a.default_security_group_id"), "open", 8),
        (VPC + GROUP.format("") + RULE.format('"sg-1"'), "closed", 4),
    ],
)
def test_the_default_group_of_a_network_and_the_place_that_says_so(text: str, group: str, line: int) -> None:
    (found,) = facts("vpc", text)
    assert (read(found, "default_group"), found.attributes["default_group"].span.line) == (group, line)


def test_a_default_group_with_rules_that_are_not_known_is_not_known() -> None:
    dynamic = 'dynamic "ingress" {\n  for_each = var.x\n  content {\n    protocol = "-1"\n  }\n}'
    (found,) = facts("vpc", 'variable "x" {}\n' + VPC + GROUP.format(dynamic))
    assert isinstance(found.attributes["default_group"], Unknown)


def test_a_default_group_of_a_network_elsewhere_is_a_fact_of_its_own() -> None:
    (found,) = facts("vpc", 'resource "aws_default_security_group" "a" {\n  vpc_id = "vpc-1"\n}')
    assert (found.resource.type, read(found, "default_group"), read(found, "logged")) == ("aws_default_security_group", "closed", None)


OTHER = """
resource "aws_wafv2_web_acl_association" "a" {
  resource_arn = aws_lb.b.arn
}
resource "aws_lb" "b" {
  internal = true
}
"""


@pytest.mark.parametrize(
    ("association", "firewall"),
    [
        ("", False),
        ('resource "aws_wafv2_web_acl_association" "a" {\n  resource_arn = aws_lb.a.arn\n}\n', True),
        ('resource "aws_wafregional_web_acl_association" "a" {\n  resource_arn = aws_lb.a.arn\n}\n', True),
        (OTHER, False),
        ('resource "aws_wafv2_web_acl_association" "a" {\n  for_each     = toset([aws_lb.a.arn])\n  resource_arn = each.value\n}\n', True),
    ],
)
def test_a_web_acl_stands_before_what_its_association_names(association: str, *, firewall: bool) -> None:
    found = facts("web-entry", LB + association)[0]
    assert (read(found, "public"), read(found, "firewall")) == (True, firewall)


def test_load_balancers_that_read_no_http_are_no_entries() -> None:
    assert facts("web-entry", LB.replace("internal = false", 'load_balancer_type = "network"')) == []


EIP = 'resource "aws_eip" "a" {\n  domain = "vpc"\n}\n'


@pytest.mark.parametrize(
    ("text", "attached"),
    [
        (EIP, False),
        ('resource "aws_eip" "a" {\n  instance = "i-1"\n}\n', True),
        ('resource "aws_eip" "a" {\n  network_interface = "eni-1"\n}\n', True),
        (EIP + 'resource "aws_eip_association" "a" {\n  allocation_id = aws_eip.a.id\n}\n', True),
        (EIP + 'resource "aws_eip_association" "a" {\n  public_ip = aws_eip.a.public_ip\n}\n', True),
        (EIP + 'resource "aws_nat_gateway" "a" {\n  secondary_allocation_ids = [aws_eip.a.id]\n}\n', True),
        (EIP + 'resource "aws_transfer_server" "a" {\n  endpoint_details {\n    address_allocation_ids = [aws_eip.a.id]\n  }\n}\n', True),
        (EIP + 'resource "aws_route53_record" "a" {\n  records = [aws_eip.a.public_ip]\n}\n', False),
        (EIP + 'module "elsewhere" {\n  source  = "git::https://example.com/nat"\n  address = aws_eip.a.id\n}\n', True),
    ],
)
def test_an_address_is_attached_by_itself_or_by_what_takes_it(text: str, *, attached: bool) -> None:
    (found,) = facts("attachable", text)
    assert read(found, "attached") is attached


@pytest.mark.parametrize(
    ("more", "attached"),
    [
        ("", False),
        ('resource "aws_instance" "a" {\n  network_interface {\n    network_interface_id = aws_network_interface.a.id\n  }\n}\n', True),
        ('resource "aws_network_interface_attachment" "a" {\n  network_interface_id = aws_network_interface.a.id\n}\n', True),
    ],
)
def test_an_address_of_an_interface_is_attached_when_the_interface_is(more: str, *, attached: bool) -> None:
    interface = 'resource "aws_network_interface" "a" {\n  subnet_id = "subnet-1"\n}\n'
    address = 'resource "aws_eip" "a" {\n  network_interface = aws_network_interface.a.id\n}\n'
    (found,) = facts("attachable", interface + address + more)
    assert read(found, "attached") is attached


def test_a_snapshot_of_a_volume_attaches_it_to_nothing() -> None:
    volume = 'resource "aws_ebs_volume" "a" {\n  size = 10\n}\n'
    snapshot = 'resource "aws_ebs_snapshot" "a" {\n  volume_id = aws_ebs_volume.a.id\n}\n'
    attachment = 'resource "aws_volume_attachment" "a" {\n  volume_id = aws_ebs_volume.a.id\n}\n'
    assert [read(facts("attachable", text)[0], "attached") for text in (volume + snapshot, volume + attachment)] == [False, True]


@pytest.mark.parametrize(
    ("text", "bearers"),
    [
        ('resource "aws_iam_user_policy" "a" {\n  user = var.x\n}\nvariable "x" {}', ["user"]),
        ('resource "aws_iam_policy_attachment" "a" {\n  users = []\n}', []),
        ('resource "aws_iam_policy_attachment" "a" {\n  groups = ["a"]\n}', []),
        ('resource "aws_iam_policy_attachment" "a" {\n  users = ["ada"]\n}', ["user"]),
        ('resource "aws_iam_group_policy" "a" {\n  group = "a"\n}', []),
    ],
)
def test_policies_of_single_users_are_told_from_those_of_groups(text: str, bearers: list[str]) -> None:
    assert [read(subject, "bearer") for subject in facts("user-policy", text)] == bearers


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ('resource "aws_instance" "a" {\n  associate_public_ip_address = true\n}', [True]),
        ('resource "aws_instance" "a" {\n  ami = "a"\n}', [None]),
        ('resource "aws_launch_template" "a" {\n  image_id = "a"\n}', []),
        ('resource "aws_launch_template" "a" {\n  network_interfaces {\n    associate_public_ip_address = "true"\n  }\n}', ["true"]),
        ('resource "aws_spot_fleet_request" "a" {\n  launch_specification {\n    associate_public_ip_address = false\n  }\n}', [False]),
    ],
)
def test_a_machine_is_asked_for_its_address_where_its_kind_says_it(text: str, public: list[object]) -> None:
    assert [read(subject, "public") for subject in facts("public-address", text)] == public


def test_what_takes_an_address_that_nothing_tells_leaves_it_open() -> None:
    text = 'variable "x" {}\nresource "aws_nat_gateway" "a" {\n  allocation_id = var.x\n}\n' + EIP
    (found,) = facts("attachable", text)
    assert isinstance(found.attributes["attached"], Unknown)


@pytest.mark.parametrize(("types", "public"), [('["PRIVATE"]', False), ('["REGIONAL"]', True)])
def test_an_api_inside_networks_is_not_public(types: str, *, public: bool) -> None:
    api = f'resource "aws_api_gateway_rest_api" "a" {{\n  endpoint_configuration {{\n    types = {types}\n  }}\n}}\n'
    (found,) = facts("web-entry", api + 'resource "aws_api_gateway_stage" "a" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n}\n')
    assert read(found, "public") is public
