"""Which rules see what, elements, parameters, views and the order of what is found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.value import plain
from bot.engine.policy import applicable, judge, load_policy, load_rule
from bot.engine.policy.load import policy_of
from tests.engine.policy.build import matches, model, resource, rule_text, unknown, value

ON = "{attribute: on, is: true}"


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("{terraform: aws_thing}", ["aws_thing.a"]),
        ("{terraform: [aws_thing, aws_other]}", ["aws_other.a", "aws_thing.a"]),
        ("{terraform: data.aws_thing}", ["data.aws_thing.a"]),
        ("{terraform: 'aws_*'}", ["aws_other.a", "aws_thing.a"]),
        ("{terraform: variable}", ["variable.a"]),
        ("[{terraform: aws_thing}, {terraform: 'aws_t*'}]", ["aws_thing.a"]),
        ("{bicep: aws_thing}", []),
    ],
)
def test_targets(target: str, seen: list[str]) -> None:
    data = replace(resource("aws_thing", mode="data", on=True), address="data.aws_thing.a")
    everything = (resource("aws_thing", on=True), resource("aws_other", on=True), data, resource("variable", mode="variable", on=True))
    rule = load_rule("a-rule.yaml", rule_text(ON).replace(b"{terraform: aws_thing}", target.encode()), ())
    assert [match.subject.resource.address for match in judge(policy_of([rule]), model(*everything))] == seen


def test_a_rule_that_is_silent_says_why_only_when_asked() -> None:
    assert matches(ON, resource(on=False)) == ()
    (match,) = matches(ON, resource(on="false"), include_pass=True)
    assert (match.truth, [(item.path, item.value) for item in match.evidence]) == ("false", [("on", value("false", 2))])


def test_each_element_is_judged_by_itself() -> None:
    blocks = value([value({"on": True, "name": "x"}, 3), value({"on": False}, 4), unknown("var.n", line=5), value({"on": True}, 6)])
    found = matches(ON, resource(block=blocks), element="block")
    assert [(match.truth, match.subject.span.line) for match in found] == [("true", 3), ("unknown", 5), ("true", 6)]
    assert [match.evidence[0].path for match in found] == ["block.on", "block", "block.on"]
    assert found[0].element == "block[x]"
    assert plain(found[0].subject.attributes["name"]) == "x"


def test_an_element_is_named_by_its_content() -> None:
    one, other = ({"on": True, "port": 1}, {"on": True, "port": 2})
    first, second = (
        sorted(match.element for match in matches("{attribute: port, is: present}", resource(block=blocks), element="block"))
        for blocks in ([one, other], [other, one])
    )
    assert first == second
    assert len(set(first)) == 2


def test_no_element_is_no_result() -> None:
    assert matches(ON, resource(), element="block") == ()
    assert [match.truth for match in matches(ON, resource(), element="block", include_pass=True)] == ["false"]
    (match,) = matches(ON, resource(incomplete=unknown(reason="not-read")), element="block")
    assert match.truth == "unknown"


def test_one_object_where_a_list_of_blocks_is_usual() -> None:
    (match,) = matches(ON, resource(block={"on": True}), element="block")
    assert match.truth == "true"


def test_every_value_of_a_map() -> None:
    (match,) = matches("{attribute: ., is: starts_with, args: [sk_]}", resource(variables={"A": "x", "B": "sk_1"}), element="variables.*")
    assert [(item.path, plain(item.value)) for item in match.evidence if item.value] == [("variables.*", "sk_1")]


def test_parameters() -> None:
    text = rule_text(
        "{attribute: size, is: none_of, args: [$allowed, nano]}", parameters="{allowed: {default: [micro, small], description: Sizes}}"
    )
    policy = load_policy({"a-rule.yaml": text}, ())
    sizes = model(*(resource(name=name, size=name) for name in ("micro", "small", "nano", "big")))

    def found(**parameters: Any) -> list[str]:
        return [match.subject.resource.name for match in judge(policy, sizes, parameters={"a-rule": parameters} if parameters else {})]

    assert found() == ["big"]
    assert found(allowed=["big"]) == ["micro", "small"]
    assert found(allowed="big") == ["micro", "small"]
    assert found(other=1) == ["big"]


def test_a_parameter_that_does_not_fit_leaves_the_rule_undecided() -> None:
    text = rule_text("{attribute: days, is: less_than, args: [$least]}", parameters="{least: {default: 7, description: Days}}")
    policy = load_policy({"a-rule.yaml": text}, ())
    (match,) = judge(policy, model(resource(days=30)), parameters={"a-rule": {"least": "many"}})
    assert match.truth == "unknown"


def test_a_view_is_computed_once_for_all_rules() -> None:
    calls: list[str] = []

    def view(_: Model) -> Iterator[Subject]:
        calls.append("view")
        yield Subject(resource(), {"open": value("true", 7)}, value(1, 7).span, "door", "block")

    rules = [
        rule_text("{attribute: open, is: true}").replace(b"{terraform: aws_thing}", b"{view: door}").replace(b"a-rule", name)
        for name in (b"r-1", b"r-2")
    ]
    policy = load_policy({f"r-{number}.yaml": data for number, data in enumerate(rules, start=1)}, ("door",))
    found = judge(policy, model(resource(open=False)), views={"door": view})
    assert [(match.rule.id, match.truth, match.subject.path) for match in found] == [("r-1", "true", "block"), ("r-2", "true", "block")]
    assert calls == ["view"]
    assert [rule.id for rule in applicable(policy, model(), views={"door": view})] == ["r-1", "r-2"]


def test_the_rules_that_apply() -> None:
    rule = load_rule("a-rule.yaml", rule_text(ON), ())
    assert applicable(policy_of([rule]), model(resource(on=False))) == (rule,)
    assert applicable(policy_of([rule]), model(resource("aws_other", on=True))) == ()


def test_the_order_of_resources_never_matters() -> None:
    everything = [resource(name=name, on=on) for name, on in (("a", True), ("b", unknown()), ("c", True))]
    found = [matches(ON, *order) for order in permutations(everything)]
    assert all(item == found[0] for item in found)
    assert [match.subject.resource.name for match in found[0]] == ["a", "b", "c"]


def test_a_match_names_root_and_environment() -> None:
    rule = load_rule("a-rule.yaml", rule_text(ON), ())
    (match,) = judge(policy_of([rule]), Model("stacks/a", "prod.tfvars", "terraform", (resource(on=True),)))
    assert (match.root, match.environment) == ("stacks/a", "prod.tfvars")
