"""Module calls: arguments, outputs, instances, and modules that are not in the tree."""

from __future__ import annotations

from bot.engine.model.resource import Limits
from bot.engine.model.value import Plain, Unknown, plain
from tests.engine.iac.terraform.models import model, resource

CHILD = """
variable "name" { default = "none" }
variable "size" {
  type = number
}
resource "a_b" "c" {
  name = var.name
  size = var.size
}
output "name" { value = a_b.c.name }
output "id" { value = a_b.c.id }
output "secret" {
  value     = "s"
  sensitive = true
}
"""


def output(root: str, expression: str) -> Plain:
    return plain(
        resource(model({"main.tf": f"{root}\nlocals {{\n  x = {expression}\n}}\n", "m/main.tf": CHILD}), "local.x").attributes["value"]
    )


def test_the_callers_values_and_the_defaults() -> None:
    found = model({"main.tf": 'module "m" {\n  source = "./m"\n  size = "3"\n}\n', "m/main.tf": CHILD})
    inside = resource(found, "module.m.a_b.c")
    assert {name: plain(value) for name, value in inside.attributes.items()} == {"name": "none", "size": 3}
    assert inside.definition == "module.m.a_b.c"
    assert [(call.name, call.span.line) for call in inside.calls] == [("m", 1)]
    assert found.files == ("m/main.tf", "main.tf")
    call = resource(found, "module.m")
    assert (call.mode, call.type, call.name) == ("module", "module", "m")
    assert {name: plain(value) for name, value in call.attributes.items()} == {"source": "./m", "size": "3"}


def test_outputs() -> None:
    root = 'module "m" {\n  source = "./m"\n  size = 1\n  name = "n"\n}\n'
    assert output(root, "module.m.name") == "n"
    assert output(root, "module.m.id") == "<unknown: a_b.c.id>"
    assert output(root, "module.m.secret") == "<hidden>"
    assert output(root, 'try(module.m.nothing, "fallback")') == "fallback"


def test_references_inside_a_module_have_its_address() -> None:
    text = 'module "m" {\n  source = "./m"\n  size = 1\n}\nresource "a_b" "out" {\n  n = module.m.id\n}\n'
    out = resource(model({"main.tf": text, "m/main.tf": CHILD}), "a_b.out")
    assert out.attributes["n"].refs == ("module.m.a_b.c",)


def test_instances_of_a_module() -> None:
    root = 'module "m" {\n  for_each = { a = 1, b = 2 }\n  source = "./m"\n  size = each.value\n  name = each.key\n}\n'
    found = model({"main.tf": root, "m/main.tf": CHILD})
    managed = {item.address: plain(item.attributes["size"]) for item in found.resources if item.mode == "managed"}
    assert managed == {'module.m["a"].a_b.c': 1, 'module.m["b"].a_b.c': 2}
    assert {item.definition for item in found.resources if item.mode == "managed"} == {"module.m.a_b.c"}
    assert output(root, 'module.m["b"].name') == "b"
    assert output(root, "{ for k, m in module.m : k => m.name }") == {"a": "a", "b": "b"}
    counted = 'module "m" {\n  count = 2\n  source = "./m"\n  size = count.index\n  name = "n${count.index}"\n}\n'
    assert output(counted, "module.m[*].name") == ["n0", "n1"]


def test_an_unknown_number_of_modules_makes_everything_inside_unsure() -> None:
    root = 'variable "n" {}\nmodule "m" {\n  count = var.n\n  source = "./m"\n  size = 1\n}\n'
    inside = resource(model({"main.tf": root, "m/main.tf": CHILD}), "module.m.a_b.c")
    assert inside.exists is not None
    assert inside.exists.expression == "var.n"
    assert output(root, "module.m[0].name") == "none"


def test_a_module_that_is_not_in_the_tree() -> None:
    for source in ("acme/vpc/aws", "git::https://example.com/m.git", "./missing", "../outside"):
        text = f'module "m" {{\n  source = "{source}"\n  open = true\n}}\nresource "a_b" "c" {{\n  n = module.m.ids[0]\n}}\n'
        found = model(text)
        value = resource(found, "a_b.c").attributes["n"]
        assert isinstance(value, Unknown)
        assert (value.reason, value.expression, value.detail, value.refs) == ("module-source", "module.m.ids[0]", source, ("module.m",))
        assert plain(resource(found, "module.m").attributes["open"]) is True


def test_nested_modules_read_each_other() -> None:
    files = {
        "envs/prod/main.tf": 'module "a" {\n  source = "../../a"\n  cidr = "10.0.0.0/8"\n}\n',
        "a/main.tf": 'variable "cidr" {}\nmodule "b" {\n  source = "./b"\n  cidr = var.cidr\n}\noutput "o" { value = module.b.o }\n',
        "a/b/main.tf": 'variable "cidr" {}\nresource "a_b" "c" {\n  cidr = var.cidr\n  dir = path.module\n}\n'
        'output "o" { value = var.cidr }\n',
    }
    found = model(files, root="envs/prod")
    inside = resource(found, "module.a.module.b.a_b.c")
    assert {name: plain(value) for name, value in inside.attributes.items()} == {"cidr": "10.0.0.0/8", "dir": "../../a/b"}
    assert [call.name for call in inside.calls] == ["a", "b"]
    assert found.root == "envs/prod"
    assert inside.root == "envs/prod"


def test_a_module_that_calls_itself_ends() -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n}\n',
        "m/main.tf": 'module "m" {\n  source = "../m"\n}\nresource "a_b" "c" {\n  n = module.m.o\n}\n',
    }
    found = model(files)
    value = resource(found, "module.m.a_b.c").attributes["n"]
    assert isinstance(value, Unknown)
    assert value.reason == "limit"
    assert [(item.span.path, item.extent, item.cause) for item in found.unread] == [("m/main.tf", "block", "limit")]


def test_the_depth_of_modules_is_bounded() -> None:
    files = {f"m{i}/main.tf": f'module "m" {{\n  source = "../m{i + 1}"\n}}\n' for i in range(30)}
    found = model(files, root="m0", limits=Limits(module_depth=5))
    assert [item.cause for item in found.unread] == ["limit"]
    assert len([item for item in found.resources if item.mode == "module"]) == 5


def test_a_missing_argument_is_unknown() -> None:
    found = model({"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": CHILD})
    value = resource(found, "module.m.a_b.c").attributes["size"]
    assert isinstance(value, Unknown)
    assert (value.reason, value.expression) == ("variable", "var.size")


def test_a_resource_is_meant_by_the_long_form_of_its_name_too() -> None:
    found = model('resource "a_b" "c" {\n  name = "n"\n}\nlocals {\n  x = resource.a_b.c.name\n}\n')
    assert plain(resource(found, "local.x").attributes["value"]) == "n"
