"""Terraform's JSON syntax becomes the same blocks and expressions as the native one."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.iac.terraform.parse import parse_file
from bot.engine.iac.terraform.syntax import Block, File
from bot.engine.model.span import Span
from tests.engine.iac.terraform.test_parse_expressions import shown


def read(value: object, path: str = "m.tf.json") -> File:
    return parse_file(path, value.encode() if isinstance(value, str) else json.dumps(value).encode())


def only(value: Mapping[str, object]) -> Block:
    file = read(value)
    assert file.unread == ()
    (block,) = file.blocks
    return block


def forms(block: Block) -> dict[str, str]:
    return {name: shown(attribute.expression) for name, attribute in block.attributes.items()}


def bucket(body: object) -> Mapping[str, object]:
    return {"resource": {"aws_s3_bucket": {"b": body}}}


def test_labels_are_nested_objects_and_strings_are_templates() -> None:
    block = only(bucket({"//": "a comment", "bucket": "x-${var.a}", "count": "${var.n}", "n": 1.5, "on": True, "off": None}))
    assert (block.type, block.labels) == ("resource", ("aws_s3_bucket", "b"))
    assert forms(block) == {
        "bucket": "Template(['x-', GetAttr(Variable(var), a)])",
        "count": "GetAttr(Variable(var), n)",
        "n": "1.5",
        "on": "True",
        "off": "None",
    }


def test_places() -> None:
    block = read('{"resource": {"a": {\n  "b": {\n    "c": "d"\n  }\n}}}').blocks[0]
    assert block.span == Span("m.tf.json", 2, 3, 2, 6)
    assert block.extent == Span("m.tf.json", 2, 3, 4, 4)
    assert block.attributes["c"].span == Span("m.tf.json", 3, 5, 3, 13)
    assert block.attributes["c"].expression.span == Span("m.tf.json", 3, 10, 3, 13)


@pytest.mark.parametrize(
    "value", [{"locals": [{"a": 1}, {"b": 2}]}, [{"locals": {"a": 1}}, {"locals": {"b": 2}}], '{"locals":{"a":1},"locals":{"b":2}}']
)
def test_repeated_blocks(value: object) -> None:
    assert [forms(block) for block in read(value).blocks] == [{"a": "1"}, {"b": "2"}]


def test_arrays_at_the_level_of_labels() -> None:
    file = read({"resource": [{"a": {"b": {}}}, {"a": [{"c": [{"x": 1}, {"x": 2}]}]}]})
    assert [(block.labels, forms(block)) for block in file.blocks] == [(("a", "b"), {}), (("a", "c"), {"x": "1"}), (("a", "c"), {"x": "2"})]


def test_nested_objects_of_a_resource_are_attributes() -> None:
    block = only(bucket({"ingress": [{"from_port": 22}], "tags": {"${var.k}": "v"}, "versioning": {"enabled": True}}))
    assert block.blocks == ()
    assert forms(block) == {
        "ingress": "TupleCons([ObjectCons([['from_port', 22]])])",
        "tags": "ObjectCons([[GetAttr(Variable(var), k), 'v']])",
        "versioning": "ObjectCons([['enabled', True]])",
    }


def test_a_property_written_twice_is_a_repeated_block() -> None:
    file = read('{"resource":{"a":{"b":{"ingress":{"x":1},"ingress":[{"x":2}],"y":1,"y":2}}}}')
    assert forms(file.blocks[0])["ingress"] == "TupleCons([ObjectCons([['x', 1]]), ObjectCons([['x', 2]])])"
    assert [(unread.span.column, unread.cause) for unread in file.unread] == [(72, "grammar")]


def test_blocks_of_the_language_inside_a_resource() -> None:
    block = only(
        bucket(
            {
                "lifecycle": {"ignore_changes": ["tags", "a[0].b"], "precondition": [{"condition": "${var.a}"}]},
                "dynamic": {"ingress": [{"for_each": "${var.x}", "iterator": "it", "content": {"port": "${it.value}"}}]},
                "provisioner": [{"local-exec": {"command": "x"}}],
                "depends_on": ["aws_vpc.a"],
                "provider": "aws.west",
            }
        )
    )
    lifecycle, dynamic, provisioner = block.blocks
    assert forms(block) == {"depends_on": "TupleCons([GetAttr(Variable(aws_vpc), a)])", "provider": "GetAttr(Variable(aws), west)"}
    assert forms(lifecycle) == {"ignore_changes": "TupleCons([Variable(tags), GetAttr(Index(Variable(a), 0), b)])"}
    assert forms(lifecycle.blocks[0]) == {"condition": "GetAttr(Variable(var), a)"}
    assert (dynamic.labels, forms(dynamic)) == (("ingress",), {"for_each": "GetAttr(Variable(var), x)", "iterator": "Variable(it)"})
    assert forms(dynamic.blocks[0]) == {"port": "GetAttr(Variable(it), value)"}
    assert (provisioner.labels, forms(provisioner)) == (("local-exec",), {"command": "'x'"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"variable": {"v": {"type": "list(string)", "default": "${no}"}}},
         {"type": "Call(list, [Variable(string)], False)", "default": "'${no}'"}),
        ({"module": {"m": {"source": "./${x}", "n": "${var.x}", "providers": {"aws.a": "aws.b"}}}},
         {"source": "'./${x}'", "n": "GetAttr(Variable(var), x)", "providers": "ObjectCons([['aws.a', GetAttr(Variable(aws), b)]])"}),
        ({"terraform": {"required_version": "${x}"}}, {"required_version": "'${x}'"}),
        ({"moved": {"from": "a.b", "to": 'a.c["k"]'}}, {"from": "GetAttr(Variable(a), b)", "to": "Index(GetAttr(Variable(a), c), 'k')"}),
    ],
)  # fmt: skip
def test_strings_that_are_no_templates(value: Mapping[str, object], expected: dict[str, str]) -> None:
    assert forms(only(value)) == expected


def test_variables_file_has_no_templates() -> None:
    file = read({"a": "${x}", "b": [1, {"c": "%{"}]}, "prod.tfvars.json")
    assert file.blocks == ()
    assert {name: shown(item.expression) for name, item in file.attributes.items()} == {
        "a": "'${x}'",
        "b": "TupleCons([1, ObjectCons([['c', '%{']])])",
    }


@pytest.mark.parametrize(
    ("text", "line", "extent", "cause"),
    [
        ('{\n"a": 1,\n}', 3, "file", "grammar"),
        ('{\n"resource": 1}', 2, "block", "grammar"),
        ('{"resource":\n{"a":{"b":\n1}}}', 3, "block", "grammar"),
        ('{\n"surprise": {}}', 2, "block", "unsupported"),
        ('{"locals":{\n"a": "${"}}', 2, "attribute", "grammar"),
        ("[" * 10_000, 1, "file", "limit"),
        ('{"locals": ' + '{"a": ' * 200 + "1" + "}" * 201, 1, "file", "limit"),
    ],
)
def test_what_is_not_read_is_said(text: str, line: int, extent: str, cause: str) -> None:
    assert [(unread.span.line, unread.extent, unread.cause) for unread in read(text).unread] == [(line, extent, cause)]


_KEYS = st.sampled_from(["resource", "lifecycle", "dynamic", "content", "type", "//", "a"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["x", "${a}", "${", "%{ if a }", "$${"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["resource", "lifecycle", "dynamic", "content", "type", "//", "a"]), inner)
    ),
    max_leaves=15,
)


@given(_VALUES, st.sampled_from(["m.tf.json", "m.tofu.json", "m.tfvars.json"]))
def test_any_json_is_answered(value: object, path: str) -> None:
    file = read(json.dumps(value), path)
    assert file.path == path
    assert isinstance(value, dict | list) or file.unread
