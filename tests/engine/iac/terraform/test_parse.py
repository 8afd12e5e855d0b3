"""Files, blocks, places, and what is said about that which cannot be read."""

from __future__ import annotations

import pygohcl  # type: ignore[import-untyped]  # a C extension without stubs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.iac.terraform.parse import parse_expression, parse_file, parse_template
from bot.engine.iac.terraform.syntax import Block, Expression, File, Literal, Unparsed
from bot.engine.model.resource import Limits
from bot.engine.model.span import Span

SAMPLE = """\
# a comment
resource "aws_s3_bucket" "b" {
  bucket = "x" // why
  tags = {
    é = "ü", a = var.a
  }

  versioning { enabled = true }
  lifecycle {
    /* more */
    ignore_changes = [tags]
  }
}
locals { a = 1 }
"""


def read(text: str, path: str = "m.tf") -> File:
    return parse_file(path, text.encode())


def said(file: File) -> list[tuple[int, str, str]]:
    return [(unread.span.line, unread.extent, unread.cause) for unread in file.unread]


def facts(blocks: tuple[Block, ...]) -> dict[str, object]:
    """Name → literal of every attribute in the blocks, at any depth."""
    found: dict[str, object] = {}
    for block in blocks:
        found |= {name: item.expression.raw for name, item in block.attributes.items() if isinstance(item.expression, Literal)}
        found |= facts(block.blocks)
    return found


def test_blocks_and_their_places() -> None:
    file = read(SAMPLE)
    assert file.unread == ()
    bucket, values = file.blocks
    assert (bucket.type, bucket.labels) == ("resource", ("aws_s3_bucket", "b"))
    assert bucket.span == Span("m.tf", 2, 1, 2, 29)
    assert bucket.extent == Span("m.tf", 2, 1, 13, 2)
    assert not bucket.incomplete
    assert [block.type for block in bucket.blocks] == ["versioning", "lifecycle"]
    assert bucket.blocks[0].span == Span("m.tf", 8, 3, 8, 13)
    assert list(values.attributes) == ["a"]


def test_attributes_and_their_places() -> None:
    attribute = read(SAMPLE).blocks[0].attributes["bucket"]
    assert attribute.span == Span("m.tf", 3, 3, 3, 15)
    assert attribute.name_span == Span("m.tf", 3, 3, 3, 9)
    assert attribute.expression == Literal(Span("m.tf", 3, 12, 3, 15), "x")


def test_columns_count_code_points() -> None:
    tags = read(SAMPLE).blocks[0].attributes["tags"].expression
    pairs = getattr(tags, "items", ())
    assert [(key.span.column, value.span.column, value.span.end_column) for key, value in pairs] == [(5, 9, 12), (14, 18, 23)]


@pytest.mark.parametrize("change", ["\ufeff{}", "{}\n\n", "{}# end"])
def test_marks_and_space_around_a_file_change_nothing(change: str) -> None:
    assert read(change.format(SAMPLE)) == read(SAMPLE)


def test_carriage_returns_are_space() -> None:
    assert facts(read(SAMPLE.replace("\n", "\r\n")).blocks) == facts(read(SAMPLE).blocks)


@pytest.mark.parametrize("text", ["", "\n", "# only", "/* only */\n"])
def test_files_with_nothing_in_them(text: str) -> None:
    assert read(text) == File("m.tf", {}, ())


def test_variables_file() -> None:
    file = read('region = "eu"\nports = [22]\n', "prod.tfvars")
    assert list(file.attributes) == ["region", "ports"]
    assert file.attributes["region"].span == Span("prod.tfvars", 1, 1, 1, 14)


# What HCL refuses

INVALID = [
    ("x = 1 y = 2\n", 1), ("a {\n  x = 1\n  y = [1 2]\n}\n", 3), ("x = a\n  + b\n", 2), ("x = a ?\n b : c\n", 1), ("x =\n 1\n", 1),
    ("x = {a = 1 b = 2}\n", 1), ("x = {\n a =\n 1 }\n", 2), ("x = {a = 1\n, b = 2}\n", 2), ("a { b = 1 c = 2 }\n", 1), ("a { b {} }\n", 1),
    ("a { b = 1\n}\n", 1), ("a {\n b = 1 }\n", 2), ("a\n{ b = 1 }\n", 1), ("a {} b {}\n", 1), ('a "${b}" {\n}\n', 1), ('x = "\\q"\n', 1),
    ("x = 1\nx = 2\n", 2), ('x = "a\nb"\n', 1), ("x = [1,\n", 2), ("a {\n", 2), ("}\n", 1), ("x = \n", 1), ("x = <<EOT\na\n", 3),
    ("x = <<EOT \na\nEOT\n", 1),
    ("x = a.0.1\n", 1), ('x = "%{ if a }"\n', 1), ('x = "%{ endif }"\n', 1), ("x = f(a..., b)\n", 1), ("x = 1;\n", 1), ("x = 'a'\n", 1),
    ("resource a b\n", 1), ("x = a &\n", 1), ("x = {for = 1}\n", 1), ("x = 0.5.5\n", 1), ("x = 1e3.5\n", 1), ("x = 1e5e5\n", 1),
    ("x = a.*.*\n", 1), ("x = a.*.b.*\n", 1), ("x = a[b.*.*]\n", 1), ("x = a[\n*]\n", 2), ("x = a[*\n]\n", 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), INVALID)
def test_violations_of_the_grammar(text: str, line: int) -> None:
    with pytest.raises(pygohcl.HCLParseError, match="invalid HCL"):
        pygohcl.loads(text)
    assert (line, "grammar") in [(at, cause) for at, _, cause in said(read(text))]


@pytest.mark.parametrize(
    "text",
    [
        "x = (a\n + b)\n", "x = [\n1\n,2\n]\n", "x = f(\na,\n b,\n)\n", 'x = "${\n a\n}"\n', "a { b = 1 }\n", "a {}\n",
        "a b c {\n}\n", "é = 1\n",
        "x = {\n a = 1,\n\n b = 2\n}\n", "x = a[\n0\n]\n", 'a "$${b}" {\n}\n', "x = { # c\n a = 1 # d\n}\n",
        "x = a[*].*.b\n", "x = a.*[*]\n",
        "x = [for a in b:\n a]\n", "x = 1 /* c\n */\n",
    ],
)  # fmt: skip
def test_what_hcl_allows_is_no_violation(text: str) -> None:
    pygohcl.loads(text)
    assert said(read(text)) == []


def test_an_error_in_an_attribute_costs_that_attribute_only() -> None:
    file = read('a "b" {\n  before = 1\n\n  x = [1 2]\n\n  after = 2\n}\nc "d" {\n  y = 3\n}\n')
    assert said(file) == [(4, "attribute", "grammar")]
    assert isinstance(file.blocks[0].attributes["x"].expression, Unparsed)
    assert facts(file.blocks) == {"before": 1, "after": 2, "y": 3}
    assert not file.blocks[0].incomplete


def test_where_the_rest_does_not_fit_only_what_stands_before_the_error_is_used() -> None:
    file = read('a "b" {\n  before = 1\n  inner {\n    x = [1,\n  }\n  w = 4\n}\nc "d" {\n  v = 5\n}\n')
    assert said(file) == [(5, "block", "grammar")]
    assert facts(file.blocks) == {"before": 1, "v": 5}
    assert [block.incomplete for block in file.blocks] == [True, False]
    assert [block.incomplete for block in file.blocks[0].blocks] == [True]


def test_an_argument_without_value_spoils_what_follows() -> None:
    file = read('a "b" {\n  x =\n  y = 2\n}\nc "d" {\n  v = 5\n}\n')
    assert said(file) == [(2, "block", "grammar")]
    assert facts(file.blocks) == {"v": 5}


def test_a_missing_brace_swallows_no_resource() -> None:
    file = read('resource "a" "b" {\n  x = 1\n  inner {\n    y = 2\n}\nresource "c" "d" {\n  z = 3\n}\n')
    assert said(file) == [(6, "block", "grammar")]
    assert [block.labels for block in file.blocks] == [("a", "b"), ("c", "d")]
    assert [block.incomplete for block in file.blocks] == [True, False]
    assert facts(file.blocks) == {"x": 1, "y": 2, "z": 3}


def test_a_swallowed_resource_makes_the_file_incomplete() -> None:
    file = read('resource "a" "b" {\n  x = <<EOT\n\n}\nresource "c" "d" {\n  z = 3\n}\n')
    assert ("file", "grammar") in [(extent, cause) for _, extent, cause in said(file)]
    assert facts(file.blocks) == {}


def test_text_in_a_heredoc_is_no_resource() -> None:
    file = read('a {\n  x = 1 2\n  y = <<EOT\nresource "c" "d" {\n  z = 3\n}\nEOT\n  w = 4\n}\n')
    assert said(file) == [(2, "attribute", "grammar")]
    assert facts(file.blocks) == {"y": 'resource "c" "d" {\n  z = 3\n}\n', "w": 4}


def test_an_attribute_set_twice_has_no_value() -> None:
    file = read("a {\n  x = 1\n  x = 2\n  x = 3\n}\n")
    assert said(file) == [(3, "attribute", "grammar")]
    assert isinstance(file.blocks[0].attributes["x"].expression, Unparsed)


def test_behind_a_hundred_errors_nothing_is_read() -> None:
    file = read("a {\n  x = 1 2\n}\n" * 200 + "b {\n  y = 1\n}\n")
    assert said(file)[-1] == (301, "file", "grammar")
    assert len(file.unread) == 101
    assert len(file.blocks) == 100


@pytest.mark.parametrize(
    "deep",
    ["[" * 300 + "\n" + "]" * 300, 'f("${[' * 90 + "\n<<E\n}\nE\n" + ']}")' * 90, "/* } */ (" * 300 + "# }\n1" + ")" * 300],
)
def test_what_is_nested_too_deep_costs_its_argument_only(deep: str) -> None:
    file = read(f"a {{\n  w = 1\n  x = {deep}\n  z = 2\n}}\nb {{\n  y = 1\n}}\n")
    assert said(file) == [(3, "attribute", "limit")]
    assert facts(file.blocks) == {"w": 1, "z": 2, "y": 1}
    assert isinstance(file.blocks[0].attributes["x"].expression, Unparsed)


def test_bytes_that_are_not_text() -> None:
    file = parse_file("m.tf", b'# caf\xe9\na {\n  x = "\xff"\n  y = 1\n}\n')
    assert said(file) == [(3, "attribute", "grammar")]
    assert facts(file.blocks) == {"y": 1}
    assert parse_file("m.tf", b"x = [\n  1, # caf\xe9\n]\n").unread == ()
    assert said(parse_file("m.tf", b"\xe9\xe8\xea" * 50)) == [(1, "file", "unsupported")]


@pytest.mark.parametrize("name", ["m.tf", "m.tf.json", "m.auto.tfvars"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_in_utf_16_is_called_that(name: str, encoding: str) -> None:
    (unread,) = parse_file(name, '{"é": 1}\n'.encode(encoding)).unread
    assert (unread.span.line, unread.cause, unread.detail) == (1, "grammar", "Terraform reads UTF-8; this file is UTF-16")


# Limits

DEEP = {
    "brackets": "x = " + "[" * 10_000 + "]" * 10_000,
    "objects": "x = " + "{a=" * 10_000 + "1" + "}" * 10_000,
    "parentheses": "x = " + "(" * 10_000 + "1" + ")" * 10_000,
    "operators": "x = " + "1 + " * 10_000 + "1",
    "conditionals": "x = " + "a ? b : " * 10_000 + "c",
    "attributes": "x = a" + ".b" * 10_000,
    "splats": "x = a" + "[*].b" * 10_000,
    "calls": "x = " + "f(" * 10_000 + ")" * 10_000,
    "comprehensions": "x = " + "[for a in b : " * 10_000 + "c" + "]" * 10_000,
    "negations": "x = " + "-" * 10_000 + "1",
    "directives": 'x = "' + "%{if a}" * 10_000 + "%{endif}" * 10_000 + '"',
    "templates": "x = " + '"${' * 10_000 + "a" + '}"' * 10_000,
    "digits": "x = " + "9" * 10_000,
    "size": "x = 1.5e9999",
}


@pytest.mark.parametrize("name", DEEP)
def test_depth_is_a_limit(name: str) -> None:
    file = read(DEEP[name] + "\n\ny = 1\n", "m.tfvars")
    assert [cause for _, _, cause in said(file)] == ["limit"]
    assert not isinstance(file.attributes["x"].expression if "x" in file.attributes else None, Literal)


def test_blocks_nested_too_deep_leave_their_block_incomplete() -> None:
    file = read("a {\n" * 10_000 + "}\n" * 10_000)
    assert [(extent, cause) for _, extent, cause in said(file)] == [("block", "limit")]
    block = file.blocks[0]
    while block.blocks:
        block = block.blocks[0]
    assert block.incomplete


def test_size_is_a_limit() -> None:
    file = parse_file("m.tf", b"x = 1\n", Limits(file_bytes=5))
    assert said(file) == [(1, "file", "limit")]


def test_the_same_file_is_read_once() -> None:
    assert parse_file("m.tf", b"x = 1\n") is parse_file("m.tf", b"x = 1\n")


# Text inside other files

PLACE = Span("m.tf.json", 7, 3)


@pytest.mark.parametrize("text", ["${", "%{ endif }", "${a b}", "x ${} y"])
def test_a_broken_template_is_unparsed(text: str) -> None:
    assert isinstance(parse_template(text, PLACE), Unparsed)


def test_a_template_stands_at_its_place() -> None:
    assert parse_template('no escapes: "\\n" $${a}', PLACE) == Literal(PLACE, 'no escapes: "\\n" ${a}')
    parts: tuple[Expression, ...] = getattr(parse_template("a${b}", PLACE), "parts", ())
    assert [part.span for part in parts] == [PLACE, PLACE]
    assert isinstance(parse_expression("a b", PLACE), Unparsed)


# Anything

WORDS = [
    '"', "{", "}", "[", "]", "(", ")", ",", "=", ":", "${", "%{", "~", "\n", " ", "#", "/*", "*/", "<<EOT\n", "\nEOT\n", "a", "1", ".",
    "...", "?", "-",
    "%{ if a }", "%{ endif }", "\\", "é", "\u2028", "\x00", "for", "in", "=>", "[*]", ".*", "$${", "x = ", "a {\n",
]  # fmt: skip


@given(st.binary(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=40).map(lambda words: "".join(words).encode()))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert parse_file("m.tf", data).path == "m.tf"
    parse_template(data.decode("utf-8", "replace"), PLACE)


@given(st.integers(0, len(SAMPLE)), st.integers(0, 20), st.sampled_from(["", *WORDS]))
def test_what_hcl_refuses_is_never_silent(at: int, length: int, word: str) -> None:
    text = SAMPLE[:at] + word.replace("\x00", "") + SAMPLE[at + length :]
    refused = any(cause == "grammar" for _, _, cause in said(read(text)))
    try:
        pygohcl.loads(text)
    except pygohcl.HCLParseError:
        assert refused
    except pygohcl.HCLInternalError:  # it has read the file and failed to evaluate it
        assert not refused
    else:
        assert not refused
