"""Strong Kleene logic over all combinations, and the evidence that decides."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import pytest
from msgspec.structs import replace

from bot.engine.model.match import Match
from bot.engine.model.value import Known, Unknown, plain
from tests.engine.policy.build import matches, resource, truth, unknown, value

T, F, U = "true", "false", "unknown"
ON, OFF = True, False
VALUE = {T: True, F: False, U: unknown("var.u")}
BOTH = "{word}:\n  - {{attribute: a, is: true}}\n  - {{attribute: b, is: true}}\n  - {{attribute: c, is: true}}"
RANK = {F: 0, U: 1, T: 2}


def word(when: str, **attributes: Any) -> str:
    return truth(when, **attributes)


@pytest.mark.parametrize("values", list(product((T, F, U), repeat=3)))
def test_all_is_the_least_and_any_the_greatest(values: tuple[str, str, str]) -> None:
    given = {name: VALUE[item] for name, item in zip("abc", values, strict=True)}
    assert word(BOTH.format(word="all"), **given) == min(values, key=RANK.__getitem__)
    assert word(BOTH.format(word="any"), **given) == max(values, key=RANK.__getitem__)
    assert (
        word("not:\n  " + BOTH.format(word="all").replace("\n", "\n  "), **given) == {T: F, F: T, U: U}[min(values, key=RANK.__getitem__)]
    )


@pytest.mark.parametrize("values", list(product((T, F, U), repeat=2)))
def test_some_is_the_greatest_and_every_the_least(values: tuple[str, str]) -> None:
    given = {"block": [{"on": VALUE[item]} for item in values]}
    assert word("{some: block, where: {attribute: on, is: true}}", **given) == max(values, key=RANK.__getitem__)
    assert word("{every: block, where: {attribute: on, is: true}, absent: false}", **given) == min(values, key=RANK.__getitem__)
    assert word("{attribute: block.on, is: true}", **given) == max(values, key=RANK.__getitem__)


@pytest.mark.parametrize("quantifier", ["some", "every"])
@pytest.mark.parametrize("nothing", [{}, {"block": []}, {"block": None}])
@pytest.mark.parametrize("absent", [T, F, U])
def test_no_element_is_what_the_rule_says(quantifier: str, nothing: dict[str, Any], absent: str) -> None:
    assert word(f"{{{quantifier}: block, where: {{attribute: on, is: true}}, absent: {absent}}}", **nothing) == absent


def test_no_element_is_never_some() -> None:
    assert word("{some: block, where: {attribute: on, is: true}}") == F


@pytest.mark.parametrize("quantifier", ["some", "every"])
def test_an_unknown_number_of_elements(quantifier: str) -> None:
    when = f"{{{quantifier}: block, where: {{attribute: on, is: true}}, absent: false}}"
    assert word(when, block=unknown()) == U
    assert word(when, block=[unknown()]) == U
    assert word(when, block=[unknown(), {"on": quantifier == "some"}]) == (T if quantifier == "some" else F)


def test_an_element_that_is_partly_known_may_decide() -> None:
    when = '{some: names, where: {attribute: ".", is: ends_with, args: [":root"]}}'
    assert word(when, names=[unknown("var.a", "arn:", None, ":root")]) == T
    assert word(when, names=[unknown("var.a", "arn:", None, ":role")]) == F
    assert word(when, names=[unknown("var.a", "arn:", None)]) == U


@pytest.mark.parametrize(("absent", "read"), [("", F), (", absent: false", F), (", absent: true", T), (", absent: unknown", U)])
@pytest.mark.parametrize("nothing", [{}, {"a": None}])
def test_what_is_not_set_is_what_the_leaf_says(absent: str, read: str, nothing: dict[str, Any]) -> None:
    assert word(f"{{attribute: a, is: false{absent}}}", **nothing) == read


def test_what_is_not_set_in_a_body_read_in_part_is_unknown() -> None:
    assert truth("{attribute: a, is: false, absent: true}", incomplete=unknown(reason="not-read")) == U
    assert truth("{attribute: a, is: absent}", incomplete=unknown(reason="not-read")) == U
    assert truth("{attribute: a, is: present}", incomplete=unknown(reason="not-read"), a=1) == T


def test_attributes_of_one_block_are_read_together() -> None:
    when = "{attributes: [rule.from, rule.to], is: covers_port, args: [22]}"
    assert word(when, rule=[{"from": 80, "to": 80}, {"from": 20, "to": 25}]) == T
    assert word(when, rule=[{"from": 80, "to": 90}, {"from": 1, "to": 10}]) == F  # 1 to 90 would hold 22


def evidence(when: str, **attributes: Any) -> list[tuple[str, str, object]]:
    (match,) = matches(when, resource(**attributes), include_pass=True)
    return shown(match)


def shown(match: Match) -> list[tuple[str, str, object]]:
    return [(item.path, item.predicate, None if item.value is None else plain(item.value)) for item in match.evidence]


def test_evidence_of_true() -> None:
    assert evidence("all: [{attribute: a, is: true}, {attribute: b, is: false}]", a=True, b=False) == [
        ("a", "true", True),
        ("b", "false", False),
    ]
    assert evidence("any: [{attribute: a, is: true}, {attribute: b, is: false}, {attribute: c, is: true}]", a=False, b=False, c=True) == [
        ("b", "false", False)
    ]
    assert evidence("not: {any: [{attribute: a, is: true}, {attribute: b, is: empty}]}", a=False, b="x") == [
        ("a", "not:true", False),
        ("b", "not:empty", "x"),
    ]


def test_evidence_of_false_is_what_decides() -> None:
    assert evidence(
        "all: [{attribute: a, is: true}, {attribute: b, is: true}, {attribute: c, is: true}]", a=unknown(), b=False, c=False
    ) == [("b", "true", False)]
    assert evidence("{attribute: a, is: true}") == [("a", "true", None)]


def test_evidence_of_unknown_begins_with_what_is_not_known() -> None:
    when = "all: [{attribute: a, is: true}, {attribute: b, is: true}]"
    assert evidence(when, a=True, b=unknown("var.b")) == [("b", "true", "<unknown: var.b>"), ("a", "true", True)]
    assert evidence("any: [{attribute: a, is: true}, {attribute: b, is: true}]", a=False, b=unknown("var.b")) == [
        ("b", "true", "<unknown: var.b>")
    ]


def test_evidence_below_a_collection() -> None:
    when = "{some: block, where: {all: [{attribute: on, is: true}, {attribute: ports, is: covers_port, args: [22]}]}}"
    assert evidence(when, block=[{"on": True, "ports": "80"}, {"on": True, "ports": "22"}]) == [
        ("block.on", "true", True),
        ("block.ports", "covers_port", "22"),
    ]
    assert evidence(when, block=[unknown("var.n")]) == [("block", "element", "<unknown: var.n>")]
    assert evidence("{every: block, where: {attribute: on, is: true}, absent: unknown}") == [("block", "element", None)]


def test_values_that_one_predicate_read_stay_together() -> None:
    ports: dict[str, Any] = {"on": True, "from": 1, "to": 99}
    (match,) = matches(
        "all: [{attribute: on, is: true}, {attributes: [from, to], is: covers_port, args: [22]}]",
        resource(**ports),
    )
    assert [(item.path, item.leaf) for item in match.evidence] == [("on", (0, 0)), ("from", (1, 0)), ("to", (1, 1))]


def test_the_anchor_comes_first() -> None:
    when = "all: [{attribute: a, is: true}, {attribute: b, is: true}, {attribute: block.c, is: true}]"
    found = resource(a=True, b=True, block=[{"c": True}])
    for anchor, first in (("a", "a"), ("b", "b"), ("block.c", "block.c"), ("block", "block.c")):
        (match,) = matches(when, found, anchor=anchor)
        assert match.evidence[0].path == first


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_evidence_does_not_depend_on_the_order_of_the_attributes(order: tuple[str, ...]) -> None:
    attributes = {name: value("true", line) for line, name in enumerate("abc", start=2)}
    shuffled: dict[str, Any] = {name: attributes[name] for name in order}
    (match,) = matches("any: [{attribute: c, is: true}, {attribute: a, is: true}]", resource(**shuffled))
    assert shown(match) == [("c", "true", "true")]


def test_an_unknown_number_of_resources_does_not_soften_a_result() -> None:
    from msgspec.structs import replace  # noqa: PLC0415 - only here

    (match,) = matches("{attribute: a, is: true}", replace(resource(a=True), exists=unknown("var.count")))
    assert match.truth == T


def test_an_encoded_text_is_read_as_what_it_encodes() -> None:
    text = Known('{"a":"*"}', structure=value({"a": "*"}))
    assert word("{attribute: policy.a, is: equals, args: ['*']}", policy=text) == T


def either(*branches: object) -> Unknown:
    return replace(unknown("var.u"), branches=tuple(map(value, branches)))


CHOSEN = [
    ("{attribute: a, is: equals, args: [x]}", {"a": either("x", "y")}, U),
    ("{attribute: a, is: one_of, args: [x, y]}", {"a": either("x", "y")}, T),
    ("{not: {attribute: a, is: one_of, args: [x, y]}}", {"a": either("x", "y")}, F),
    ("{attribute: a, is: equals, args: [z]}", {"a": either("x", "y")}, F),
    ("{attribute: a, is: true, absent: true}", {"a": either(ON, None)}, T),
    ("{attribute: a, is: true, absent: false}", {"a": either(ON, None)}, U),
    ("{attribute: a, is: present}", {"a": either("x", None)}, U),
    ("{attribute: a, is: contains_any, args: [x]}", {"a": either(["x"], ["x", "y"])}, T),
    ("{attribute: a, is: contains_all, args: [x, y]}", {"a": ["x", either("y", "z")]}, U),
    ("{attribute: a, is: contains_all, args: [x]}", {"a": ["x", either("y", "z")]}, T),
    ("{some: a, where: {attribute: ., is: one_of, args: [x, y]}}", {"a": [either("x", "y")]}, T),
    ("{some: a, where: {attribute: ., is: present}}", {"a": [either("x", None)]}, U),
    ("{some: a, where: {attribute: ., is: present}}", {"a": either(["x"], [])}, U),
    ("{attribute: a.b, is: present}", {"a": either("x", "y")}, U),
    ("{attribute: a, is: greater_than, args: [30]}", {"a": either(7, 14)}, F),
    ("{all: [{attribute: a, is: equals, args: [x]}, {attribute: b, is: true}]}", {"a": either("x", "y"), "b": either(OFF, None)}, F),
]


@pytest.mark.parametrize(("when", "given", "expected"), CHOSEN)
def test_what_holds_of_every_branch_of_a_condition_holds(when: str, given: dict[str, Any], expected: str) -> None:
    assert word(when, **given) == expected


def test_more_choices_than_a_leaf_may_have_are_not_known() -> None:
    many = [either("x", "y") for _ in range(4)]
    assert word("{attribute: a, is: contains_any, args: [x, y]}", a=many) == T
    assert word("{attribute: a, is: contains_any, args: [x, y]}", a=[*many, either("x", "y")]) == U
