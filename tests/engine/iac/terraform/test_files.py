"""What a root reads besides its sources."""

from __future__ import annotations

import pytest

from bot.engine.iac.terraform import evaluate, find_roots, listing
from bot.engine.model.value import Known, Plain, Unknown, plain
from tests.engine.iac.terraform.models import model, places, resource

FILES = {
    "r/m/policy.json": '{\n  "Statement": [\n    {"Action": "*"}\n  ]\n}\n',
    "r/values.yaml": "a:\n  - 1\n  - b: no\n",
    "r/t.tpl": "%{ for x in xs ~}\n<${x}>\n%{ endfor ~}\n${name}",
}


def value(expression: str) -> Plain:
    files = {**FILES, "r/main.tf": f'variable "u" {{}}\nlocals {{\n  text = "a-$${{who}}"\n  x = {expression}\n}}\n'}
    return plain(resource(model(files, root="r"), "local.x").attributes["value"])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('jsondecode(file("${path.module}/m/policy.json")).Statement[0].Action', "*"),
        ('yamldecode(file("values.yaml"))', {"a": [1, {"b": False}]}),
        ('templatefile("t.tpl", { xs = ["a", "b"], name = "n" })', "<a>\n<b>\nn"),
        ('templatefile("t.tpl", { xs = ["a"] })', "<unknown: name>"),
        ('fileexists("values.yaml")', True),
        ('fileexists("nothing")', '<unknown: fileexists("nothing")>'),
        ('file("../outside")', '<unknown: file("../outside")>'),
        ('filebase64("t.tpl") == base64encode(file("t.tpl"))', True),
        ('filebase64sha256("t.tpl") == base64sha256(file("t.tpl"))', True),
        ("yamldecode(yamlencode({ a = 1 }))", {"a": 1}),
        ('templatestring(local.text, { who = "b" })', "a-b"),
        ('templatestring("a", {})', '<unknown: templatestring("a", {})>'),
        ("templatestring(local.text, {})", "<unknown: who>"),
        ("templatestring(var.u, {})", "<unknown: var.u>"),
        ('fileset("m", "*.json")', '<unknown: fileset("m", "*.json")>'),
    ],
)
def test_files(expression: str, expected: Plain) -> None:
    assert value(expression) == expected


def test_a_partly_known_template_file_keeps_its_pieces() -> None:
    files = {
        **FILES,
        "r/main.tf": 'variable "u" {}\nresource "a_b" "c" {\n  x = templatefile("t.tpl", { xs = [], name = "-${var.u}" })\n}\n',
    }
    found = resource(model(files, root="r"), "a_b.c").attributes["x"]
    assert isinstance(found, Unknown)
    assert (found.expression, found.parts) == ("var.u", ("-", None))


def test_what_was_read_is_listed_and_stands_at_its_lines() -> None:
    text = 'resource "a_b" "c" {\n  policy = file("${path.module}/policy.json")\n'
    text += '  action = jsondecode(file("${path.module}/policy.json")).Statement[0].Action\n}\n'
    found = model({**FILES, "r/m/main.tf": text, "r/main.tf": 'module "m" {\n  source = "./m"\n}\n'}, root="r")
    assert found.files == ("r/m/main.tf", "r/m/policy.json", "r/main.tf")
    attributes = resource(found, "module.m.a_b.c").attributes
    assert places(attributes["action"]) == [("r/m/main.tf", 3), ("r/m/policy.json", 3)]
    policy = attributes["policy"]
    assert isinstance(policy, Known)
    assert policy.structure is not None
    assert isinstance(policy.structure, Known)
    assert isinstance(policy.structure.raw, dict)
    assert policy.structure.raw["Statement"].span.line == 2


def test_a_listing_tells_the_files_of_a_directory_and_their_content_is_read() -> None:
    text = """
locals {
  names = fileset("rules", "**/*.yaml")
  rules = { for name in local.names : trimsuffix(basename(name), ".yaml") => yamldecode(file("rules/${name}")) }
}
resource "aws_security_group_rule" "r" {
  for_each    = local.rules
  cidr_blocks = each.value.ranges
}
"""
    files = {
        "main.tf": text.encode(),
        "rules/ssh.yaml": b"ranges:\n  - 0.0.0.0/0\n",
        "rules/deep/web.yaml": b"ranges: []\n",
        "rules/note.txt": b"",
        "other/x.yaml": b"",
    }
    (root,) = find_roots({"main.tf": files["main.tf"]}, files)
    assert root.inputs == ("rules/deep/web.yaml", "rules/note.txt", "rules/ssh.yaml")
    (found,) = evaluate("", files, listed=listing(files, files))
    ranges = {item.address: item.attributes["cidr_blocks"] for item in found.resources if item.mode == "managed"}
    assert {address: plain(value) for address, value in ranges.items()} == {
        'aws_security_group_rule.r["ssh"]': ["0.0.0.0/0"],
        'aws_security_group_rule.r["web"]': [],
    }
    opened = ranges['aws_security_group_rule.r["ssh"]']
    assert isinstance(opened, Known)
    assert isinstance(opened.raw, tuple)
    assert places(opened.raw[0]) == [("main.tf", 8), ("main.tf", 4), ("rules/ssh.yaml", 2)]


def test_a_listed_file_that_was_not_fetched_is_unknown_and_not_absent() -> None:
    text = b'locals {\n  all = [for name in fileset(".", "*.yaml") : yamldecode(file(name))]\n}\n'
    (found,) = evaluate("", {"main.tf": text}, listed=listing({"main.tf": text}, ("main.tf", "a.yaml")))
    assert plain(resource(found, "local.all").attributes["value"]) == ["<unknown: file(name)>"]
