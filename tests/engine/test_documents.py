"""YAML and JSON: values, places, and refusal of everything hostile."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.documents import NotReadable, load, scalar, to_plain
from bot.engine.model.span import Span


def refused(data: bytes, *, is_json: bool = False) -> NotReadable:
    with pytest.raises(NotReadable) as caught:
        load(data, "f", json=is_json)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("010", "010"), ("2020-01-01", "2020-01-01"), ("1_000", "1_000"), ("1:30", "1:30"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("10", 10), ("-3", -3), ("0x1F", 31), ("0o17", 15),
        ("1.5", 1.5), ("1e3", 1000.0), ("'10'", "10"), ('"true"', "true"), ("!!str 10", "10"), ("!!int '10'", 10), ("!Ref x", "x"),
        ("1e999", "1e999"), ("9" * 500, "9" * 500), ("|\n  a\n  b\n", "a\nb\n"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    (document,) = load(f"key: {text}\n".encode(), "f")
    node = document.get("key")
    assert node is not None
    assert scalar(node) == value
    assert type(scalar(node)) is type(value)


def test_places_count_code_points_and_survive_a_byte_order_mark() -> None:
    (document,) = load("\ufeffä: 'ö'  # ü\nlist:\n  - {ü: x}\n".encode(), "a/f.yaml")
    first, items = document.get("ä"), document.get("list")
    assert first is not None
    assert items is not None
    assert first.span == Span("a/f.yaml", 1, 4, 1, 7)
    assert items.items[0].span == Span("a/f.yaml", 3, 5, 3, 11)
    assert items.items[0].pairs[0][1].span == Span("a/f.yaml", 3, 9, 3, 10)


def test_tags_and_documents_are_kept() -> None:
    first, second = load(b"a: !Sub [x, !Ref y]\n---\nb: 1\n", "f")
    node = first.get("a")
    assert node is not None
    assert (node.tag, node.items[1].tag) == ("!Sub", "!Ref")
    assert to_plain(second) == {"b": 1}
    assert load(b"", "f") == ()


def test_of_a_key_written_twice_the_last_counts() -> None:
    (document,) = load(b'{"a": 1, "a": 2}', "f", json=True)
    assert to_plain(document) == {"a": 2}
    assert len(document.pairs) == 2
    assert scalar(document.get("a") or document) == 2


def test_aliases_repeat_their_anchor() -> None:
    (document,) = load(b"a: &x [1, 2]\nb: *x\n", "f")
    assert to_plain(document) == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("data", "cause", "line"),
    [
        (b"a: [", "grammar", 2),
        (b"a: b: c", "grammar", 1),
        (b"x: 1\na: *b", "grammar", 2),
        (b"x: 1\n\ta: 1", "grammar", 2),
        (b"x: 1\ny: \xff", "grammar", 2),
        (b"x: 1\ny: \x01", "grammar", 2),
        (b"&a [*a]", "unsupported", 1),
        (b"- " * 100_000, "limit", 1),
        (b"[" * 100_000, "limit", 1),
        (b"{a: " * 61, "limit", 1),
        (b"[&a x" + b", *a" * 51 + b"]", "limit", 1),
        (b"[" + b"x," * 200_000 + b"]", "limit", 1),
        (b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 25)), "limit", 16),
    ],
)
def test_refusals_of_yaml_have_a_cause_and_a_line(data: bytes, cause: str, line: int) -> None:
    error = refused(data)
    assert (error.cause, error.span.line) == (cause, line)


def test_nesting_through_aliases_counts() -> None:
    deep = b"a0: &a0 " + b"[" * 20 + b"]" * 20 + b"\n"
    chain = b"".join(b"a%d: &a%d %s*a%d%s\n" % (i, i, b"[" * 20, i - 1, b"]" * 20) for i in range(1, 4))
    assert refused(deep + chain).cause == "limit"


@pytest.mark.parametrize(
    "text",
    [
        r'{"a": [1, -2.5e3, 0, "x", true, false, null, {}], "b": {}}',
        r'"\u00e9\ud83d\ude00\/\b\f\n\r\t\\\""',
        '{\n\t"tab":\r\n\t[1]\n}',
        '{"' + "k" * 2000 + '": 1}',
        '"\u2028\x85\x7f"',
        '{"a":1,"b":[{"c":2}]}',
    ],
)
def test_json_reads_as_a_json_parser_reads_it(text: str) -> None:
    (document,) = load(text.encode(), "f", json=True)
    assert to_plain(document) == json.loads(text)


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b'{"a":1,}', 1, 8), (b"{a: 1}", 1, 2), (b"[1 2]", 1, 4), (b"", 1, 1), (b"1 2", 1, 3), (b"[", 1, 1), (b"01", 1, 2),
        (b"[1]\n]", 2, 1),
        (b'{"a" 1}', 1, 6), (b'{"a":}', 1, 6), (b"NaN", 1, 1), (b'"\\q"', 1, 1), (b"{'a': 1}", 1, 2), (b"{} # c", 1, 4), (b'"a\tb"', 1, 1),
        (b"[1,]", 1, 4), (b"&a 1", 1, 1), (b"+1", 1, 1), (b".5", 1, 1), (b"[1}", 1, 3), (b"]", 1, 1),
    ],
)  # fmt: skip
def test_what_only_yaml_allows_is_no_json(data: bytes, line: int, column: int) -> None:
    error = refused(data, is_json=True)
    assert (error.cause, error.span.line, error.span.column) == ("grammar", line, column)


def test_json_nesting_is_a_limit() -> None:
    assert refused(b"[" * 100_000, is_json=True).cause == "limit"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_every_json_value_survives(value: object, ascii_only: bool, indent: int | str | None) -> None:  # noqa: FBT001
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    (document,) = load(text.encode(), "f", json=True)
    assert to_plain(document) == value


@given(st.binary(max_size=60) | st.text(alphabet="[]{}:,-&*!|>'\"#%@`?ab01 \n\t\\", max_size=60).map(str.encode), st.booleans())
def test_nothing_but_not_readable_is_raised(data: bytes, is_json: bool) -> None:  # noqa: FBT001
    try:
        documents = load(data, "f", json=is_json)
    except NotReadable:
        return
    assert all(document.span.path == "f" and document.span.line >= 1 for document in documents)
