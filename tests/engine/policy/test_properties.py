"""Unknown never becomes silence, and order never matters, on conditions and bodies made at random."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.engine.model.resource import Resource
from bot.engine.model.rule import All, AnyOf, Condition, Not, Quantified, Rule
from bot.engine.model.rule import Test as Leaf
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.policy import judge, load_rule
from bot.engine.policy.load import policy_of
from bot.engine.policy.order import no_worse
from tests.engine.policy.build import model, resource, rule_text, value

# What is said of a value that the tree does not tell is known of secrets alone (it is not in the code); they are tested apart.
LEAVES = [
    ("true", ()),
    ("false", ()),
    ("equals", ("a",)),
    ("not_equals", ("a",)),
    ("one_of", ("a", 22)),
    ("none_of", ("a", 22)),
    ("contains_any", ("a", "*")),
    ("contains_all", ("a", "b")),
    ("less_than", (22,)),
    ("at_least", (22,)),
    ("present", ()),
    ("absent", ()),
    ("empty", ()),
    ("not_empty", ()),
    ("matches", ("a.*",)),
    ("starts_with", ("a",)),
    ("ends_with", ("a",)),
    ("contains_text", ("a",)),
    ("version_below", ("22.1",)),
    ("world", ()),
    ("wider_than", (16,)),
    ("cidr_private", ()),
    ("covers_port", (22,)),
    ("wildcard_action", ()),
    ("glob_covers", ("a:b",)),
]
PATHS = ["a", "b", "block.a", "block.b", "map.*", "block.0.a", "absent"]
ABSENT = st.sampled_from([True, False, None])
SCALARS = st.sampled_from(
    [
        "a",
        "b",
        "*",
        "a:*",
        "true",
        True,
        False,
        22,
        30,
        "22",
        "",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "0.0.0.0/1",
        "128.0.0.0/1",
        "20-25",
        None,
        "22.0",
    ]
)
PLAIN = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "a": PLAIN,
        "b": PLAIN,
        "block": st.lists(st.dictionaries(st.sampled_from("ab"), PLAIN), max_size=3),
        "map": st.dictionaries(st.sampled_from("xy"), PLAIN),
    },
)
REASONS = st.sampled_from(["variable", "computed", "not-read", "limit", "expression"])


def leaves(paths: list[str]) -> st.SearchStrategy[Condition]:
    one = st.builds(
        lambda path, leaf, absent: Leaf((path,), leaf[0], leaf[1], absent), st.sampled_from(paths), st.sampled_from(LEAVES), ABSENT
    )
    ports = st.builds(
        lambda *found: Leaf(found[:2], "covers_port", (22,), found[2]), st.sampled_from(paths), st.sampled_from(paths), ABSENT
    )
    return st.one_of(one, ports)


def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(All, some), st.builds(AnyOf, some), st.builds(Not, inner))


QUANTIFIED = st.builds(
    Quantified,
    st.sampled_from(["some", "every"]),
    st.sampled_from(["block", "map.*", "a", "absent"]),
    st.recursive(leaves(["a", "b", "."]), grown, max_leaves=3),
    ABSENT,
)
CONDITIONS = st.recursive(st.one_of(leaves(PATHS), QUANTIFIED), grown, max_leaves=6)
ELEMENTS = st.sampled_from(["", "", "block", "map.*"])
BASE = load_rule("a-rule.yaml", rule_text("{attribute: a, is: true}"), ())


def rule_of(when: Condition, element: str) -> Rule:
    return replace(BASE, when=when, element=element, anchor="a")


def hidings(body: Value, by: Unknown) -> Iterator[Value]:
    """The value with each of its known parts replaced, one at a time; a partly known text keeps its pieces."""
    if isinstance(body, Known):
        yield by
        raw = body.raw
        if isinstance(raw, str) and len(raw) > 1:
            yield replace(by, parts=(raw[:1], None, raw[2:]))
            yield replace(by, parts=(None, raw[1:]))
        if isinstance(raw, tuple):
            for number, item in enumerate(raw):
                yield from (replace(body, raw=(*raw[:number], changed, *raw[number + 1 :])) for changed in hidings(item, by))
        if isinstance(raw, dict):
            for key, item in raw.items():
                yield from (replace(body, raw={**raw, key: changed}) for changed in hidings(item, by))


def hidden(given_resource: Resource, reason: str) -> Iterator[Resource]:
    by = Unknown(reason, "var.hidden")  # type: ignore[arg-type]  # a reason
    for name, item in given_resource.attributes.items():
        for changed in hidings(item, by):
            yield replace(given_resource, attributes={**given_resource.attributes, name: changed})


def truths(rule: Rule, of: Resource) -> list[str]:
    return sorted(match.truth for match in judge(policy_of([rule]), model(of)))


@given(CONDITIONS, BODIES, REASONS)
@example(Quantified("some", "map.*", Leaf(("a",), "equals", ("a",), absent=True), absent=True), {"map": {"x": "a:*"}}, "variable")
def test_hiding_a_value_never_turns_a_result_into_silence(when: Condition, body: dict[str, Any], reason: str) -> None:
    rule, whole = rule_of(when, ""), resource(**body)
    before = judge(policy_of([rule]), model(whole), include_pass=True)[0].truth
    for changed in hidden(whole, reason):
        after = judge(policy_of([rule]), model(changed), include_pass=True)[0].truth
        assert after in {before, "unknown"}


@given(CONDITIONS, BODIES, st.sampled_from(["block", "map.*"]), REASONS)
def test_hiding_a_value_never_turns_an_elements_result_into_silence(
    when: Condition, body: dict[str, Any], element: str, reason: str
) -> None:
    rule, whole = rule_of(when, element), resource(**body)
    before = truths(rule, whole)
    if not before:
        return
    for changed in hidden(whole, reason):
        after = truths(rule, changed)
        assert after, (before, changed)
        assert after.count("true") + after.count("unknown") >= 1


@given(CONDITIONS, BODIES, st.sampled_from(["a", "b", "block", "map"]))
def test_what_a_partly_read_body_lacks_never_silences(when: Condition, body: dict[str, Any], lost: str) -> None:
    rule = rule_of(when, "")
    whole = resource(**body)
    before = judge(policy_of([rule]), model(whole), include_pass=True)[0].truth
    kept = {name: item for name, item in whole.attributes.items() if name != lost}
    partly = replace(whole, attributes=kept, incomplete=Unknown("not-read", "body"))
    after = judge(policy_of([rule]), model(partly), include_pass=True)[0].truth
    assert after in {before, "unknown"}


@given(CONDITIONS, ELEMENTS, st.lists(BODIES, min_size=2, max_size=4), st.randoms())
def test_the_order_of_resources_never_matters(when: Condition, element: str, bodies: list[dict[str, Any]], random: object) -> None:
    rule = rule_of(when, element)
    resources = [resource(name=f"r{number}", **body) for number, body in enumerate(bodies)]
    found = judge(policy_of([rule]), model(*resources), include_pass=True)
    random.shuffle(resources)  # type: ignore[attr-defined]  # hypothesis hands out a Random
    assert judge(policy_of([rule]), model(*resources), include_pass=True) == found


@given(CONDITIONS, BODIES)
def test_the_same_is_no_worse_than_itself(when: Condition, body: dict[str, Any]) -> None:
    for match in judge(policy_of([rule_of(when, "")]), model(resource(**body))):
        assert no_worse(match.evidence, match.evidence)


@given(CONDITIONS, BODIES)
def test_evidence_tells_why(when: Condition, body: dict[str, Any]) -> None:
    for match in judge(policy_of([rule_of(when, "")]), model(resource(**body)), include_pass=True):
        assert match.evidence


@given(st.sampled_from(["secret_like", "hard_coded"]), PLAIN)
def test_a_secret_that_is_not_read_is_undecided(predicate: str, plain: object) -> None:
    rule = rule_of(Leaf(("a",), predicate), "")
    before = truths(rule, resource(a=plain))
    for changed in hidden(resource(a=plain), "not-read"):
        assert set(truths(rule, changed)) <= {"unknown", *before}
        assert not before or truths(rule, changed)


def test_null_is_never_hidden() -> None:
    assert list(hidings(Null(), Unknown("limit"))) == []
    assert value(None) == Null(value(None).span)
