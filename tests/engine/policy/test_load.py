"""Rule files: what is loaded, and what an author of a rule reads when something is wrong."""

from __future__ import annotations

import pytest

from bot.engine.model.rule import All, Not, Parameter, Quantified, Target
from bot.engine.model.rule import Test as Leaf
from bot.engine.model.span import Span
from bot.engine.policy import PolicyError, load_policy, load_rule
from tests.engine.policy.build import rule_text

WHOLE = b"""\
id: port-open
title: A port is open
disposition: judgment
severity: medium
category: network
since: 0.1.0
applies_to:
  - {view: ingress}
  - {terraform: [aws_thing, "data.aws_other"]}
element: rule
when:
  all:
    - {attribute: prefixes, is: world}
    - {attributes: [from_port, to_port], is: covers_port, args: [22, $more]}
    - {attribute: encrypted, is: false, absent: true}
    - not: {every: tags, where: {attribute: ".", is: present}, absent: unknown}
anchor: prefixes
message: "Port {from_port} of {resource} is open."
question: Is it meant to be open?
fix: Close it.
rationale: |
  Because.
references: [https://example.com/a]
aliases: {checkov: [CKV_1, CKV_2]}
partial: {trivy: [AVD-1]}
parameters: {more: {default: [80, 81], description: Further ports}}
examples:
  - this: [is not, read
"""


def problems(data: bytes, path: str = "rules/baseline/aws/a-rule.yaml", views: tuple[str, ...] = ("bucket", "ingress")) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_policy({path: data}, views)
    return str(caught.value).split("\n")


def test_a_whole_rule() -> None:
    rule = load_rule("rules/baseline/aws/port-open.yaml", WHOLE, ("ingress",))
    assert (rule.id, rule.pack, rule.since, rule.element, rule.anchor) == ("port-open", "baseline", "0.1.0", "rule", "prefixes")
    assert (rule.disposition, rule.severity, rule.unknown, rule.category) == ("judgment", "medium", "advice", "network")
    assert rule.targets == (Target(view="ingress"), Target(language="terraform", types=("aws_thing", "data.aws_other")))
    assert rule.when == All(
        (
            Leaf(("prefixes",), "world"),
            Leaf(("from_port", "to_port"), "covers_port", (22, "$more")),
            Leaf(("encrypted",), "false", absent=True),
            Not(Quantified("every", "tags", Leaf((".",), "present"), absent=None)),
        )
    )
    assert (rule.aliases, rule.partial) == ({"checkov": ("CKV_1", "CKV_2")}, {"trivy": ("AVD-1",)})
    assert rule.parameters == (Parameter("more", [80, 81], "Further ports"),)
    assert (rule.rationale, rule.question, rule.references) == ("Because.", "Is it meant to be open?", ("https://example.com/a",))
    assert rule.span == Span("rules/baseline/aws/port-open.yaml", 1, 5, 1, 14)


def test_an_undecided_result_of_a_severe_rule_asks_unless_the_rule_says_otherwise() -> None:
    when = "{attribute: a, is: true}"
    assert load_rule("a-rule.yaml", rule_text(when), ()).unknown == "judgment"
    assert load_rule("a-rule.yaml", rule_text(when, unknown="violation"), ()).unknown == "violation"
    assert load_rule("a-rule.yaml", rule_text(when).replace(b"severity: high", b"severity: low"), ()).unknown == "advice"


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        (
            "{attribute: a, is: covers_prot, args: [22]}",
            "`{at}:8:22` `$.when.is: covers_prot` is not a predicate. One of: {predicates}. Did you mean `covers_port`?",
        ),
        (
            "{attribute: a, is: covers_port}",
            (
                "`{at}:8:22` `$.when.is` does not fit: `covers_port` takes ports, ranges of ports (`8000-8100`)"
                " or groups: admin, database, internal."
            ),
        ),
        ("{attribute: a, is: true, args: [1]}", "`{at}:8:34` `$.when.args` does not fit: `true` takes no arguments."),
        ("{attribute: a, is: at_least, args: [many]}", "`{at}:8:38` `$.when.args` does not fit: `at_least` takes one number."),
        ("{attributes: [a, b], is: world}", "`{at}:8:16` `$.when.attributes` has 2 paths; `world` reads 1."),
        (
            "{attribute: a..b, is: world}",
            "`{at}:8:15` `$.when.attribute: a..b` is not a path: names joined by dots, a name with other letters in quotes.",
        ),
        (
            "{attribute: a, is: world, absnt: true}",
            "`{at}:8:29` `$.when.absnt` is not a key here. One of: attribute, attributes, is, args, absent. Did you mean `absent`?",
        ),
        ("{attribute: a, is: world, absent: maybe}", "`{at}:8:37` `$.when.absent: maybe` is not a truth. One of: true, false, unknown."),
        ("{attribute: a}", "`{at}:8:3` `$.when.is` is missing."),
        (
            "{al: []}",
            "`{at}:8:4` `$.when: al` is not a condition. One of: all, any, not, some, every, attribute, attributes. Did you mean `all`?",
        ),
        ("{all: []}", "`{at}:8:9` `$.when.all` is empty: it would always hold, or never."),
        ("{every: a, where: {attribute: b, is: true}}", "`{at}:8:3` `$.when.absent` is missing."),
        (
            "{attribute: a, is: matches, args: ['(a+)+']}",
            "`{at}:8:37` `$.when.args` does not fit: `matches` takes a pattern that is safe on every text; this one repeats a repeat.",
        ),
        ("{attribute: a, is: one_of, args: $sizes}", "`{at}:8:36` `$.when.args: $sizes` is not a parameter of this rule: there is none."),
    ],
)
def test_a_condition_that_cannot_be_used(when: str, problem: str) -> None:
    from bot.engine.policy.predicates import PREDICATES  # noqa: PLC0415 - only for the list in one message

    expected = problem.replace("{at}", "rules/baseline/aws/a-rule.yaml").replace("{predicates}", ", ".join(sorted(PREDICATES)))
    assert problems(rule_text(when)) == [expected]


def test_the_place_inside_nested_conditions() -> None:
    (found,) = problems(rule_text("all:\n  - {attribute: a, is: true}\n  - not:\n      any:\n        - {attribute: b, is: wrold}"))
    assert found.startswith("`rules/baseline/aws/a-rule.yaml:12:32` `$.when.all[1].not.any[0].is: wrold` is not a predicate.")
    assert found.endswith("Did you mean `world`?")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            b"disposition: violation",
            b"disposition: violaton",
            "`{at}:3:14` `$.disposition: violaton` is not a disposition. One of: violation, judgment, advice. Did you mean `violation`?",
        ),
        (
            b"severity: high",
            b"severity: severe",
            "`{at}:4:11` `$.severity: severe` is not a severity. One of: critical, high, medium, low.",
        ),
        (b"message: Wrong.", b"message: ''", "`{at}:9:10` `$.message` is empty."),
        (
            b"message: Wrong.",
            b"message: 'Port {form_port}.'",
            "`{at}:9:10` `$.message: {form_port}` cannot be filled. One of: resource, type, from_port. Did you mean `{from_port}`?",
        ),
        (b"fix: Mend it.\n", b"", "`{at}:1:1` `$.fix` is missing."),
        (b"fix: Mend it.", b"fix: Mend it.\nfix: Or not.", "`{at}:11:1` `$.fix` stands here twice."),
        (b"fix: Mend it.", b"fixes: Mend it.", None),
        (b"id: a-rule", b"id: another", "`{at}:1:5` `$.id: another` has to be the name of its file, `a-rule`."),
        (b"id: a-rule", b"id: A_rule", "`{at}:1:5` `$.id: A_rule` has to be small letters, digits and single hyphens."),
        (b"disposition: violation", b"disposition: judgment", "`{at}:1:5` `$.question` is missing: a judgment asks one question."),
        (
            b"disposition: violation",
            b"disposition: judgment\nquestion: Tell me.",
            "`{at}:4:11` `$.question: Tell me.` has to be one sentence that ends in a question mark.",
        ),
        (
            b"{terraform: aws_thing}",
            b"{view: ingres}",
            "`{at}:6:20` `$.applies_to.view: ingres` is not a view. One of: bucket, ingress. Did you mean `ingress`?",
        ),
        (b"{terraform: aws_thing}", b"{terraform: 'aws thing'}", "`{at}:6:25` `$.applies_to.terraform: aws thing` is not a resource type."),
        (b"{terraform: aws_thing}", b"[]", "`{at}:6:13` `$.applies_to` is empty."),
        (
            b"rationale: Because.",
            b"rationale: Because.\nreferences: ['http://a.example']",
            "`{at}:12:14` `$.references[0]: http://a.example` has to be an https address.",
        ),
        (
            b"rationale: Because.",
            b"rationale: Because.\nanchor: to_prt",
            "`{at}:12:9` `$.anchor: to_prt` is not a path that `when` reads. One of: from_port. Did you mean `from_port`?",
        ),
        (
            b"rationale: Because.",
            b"rationale: Because.\nparameters: {a: {default: 1, description: A}}",
            "`{at}:12:13` `$.parameters.a` is not used: no argument is `$a`.",
        ),
        (b"rationale: Because.", b"rationale: [Because.", "`{at}:12:1` is not readable: did not find expected ',' or ']'."),
    ],
)
def test_a_rule_file_that_cannot_be_used(old: bytes, new: bytes, problem: str | None) -> None:
    data = rule_text("{attribute: from_port, is: present}").replace(old, new, 1)
    found = problems(data)
    if problem is None:
        assert [line.split("` ", 2)[1] for line in found] == ["`$.fix", "`$.fixes"]
        assert found[1].endswith("Did you mean `fix`?")
    else:
        assert found == [problem.replace("{at}", "rules/baseline/aws/a-rule.yaml")]


def test_all_problems_of_all_files_are_found_at_once() -> None:
    when = "{attribute: a, is: true}"
    one = rule_text(when).replace(b"severity: high", b"severity: x")
    other = rule_text("{attribute: a, is: x}").replace(b"fix: Mend it.", b"fix: ''").replace(b"id: a-rule", b"id: b-rule")
    with pytest.raises(PolicyError) as caught:
        load_policy({"r/b-rule.yaml": other, "r/a-rule.yaml": one, "r/empty.yaml": b"", "r/README.md": b"no rule"}, ())
    places = [(problem.span.path, problem.span.line, problem.place) for problem in caught.value.problems]
    assert places == [
        ("r/a-rule.yaml", 4, "$.severity"),
        ("r/b-rule.yaml", 8, "$.when.is"),
        ("r/b-rule.yaml", 10, "$.fix"),
        ("r/empty.yaml", 1, ""),
    ]


def test_an_id_is_used_once_for_ever() -> None:
    data = rule_text("{attribute: a, is: true}")
    with pytest.raises(PolicyError) as caught:
        load_policy({"x/a-rule.yaml": data, "y/a-rule.yaml": data}, ())
    assert str(caught.value) == "`y/a-rule.yaml:1:5` `$.id: a-rule` is the id of another rule (`x/a-rule.yaml`); ids are never used again."
    with pytest.raises(PolicyError) as caught:
        load_policy({"x/a-rule.yaml": data, "y/a-rule.yaml": b"id: a-rule\ndeprecated: true\n"}, ())
    assert (
        str(caught.value)
        == "`x/a-rule.yaml:1:5` `$.id: a-rule` is the id of a deprecated rule (`y/a-rule.yaml`); ids are never used again."
    )


def test_a_deprecated_rule_finds_nothing() -> None:
    policy = load_policy({"y/a-rule.yaml": b"id: a-rule\ndeprecated: true\n"}, ())
    assert (tuple(policy.rules), policy.deprecated) == ((), frozenset({"a-rule"}))


def test_the_digest_is_of_what_is_loaded() -> None:
    data = rule_text("{attribute: a, is: true}")
    plain = load_policy({"a-rule.yaml": data}, ())
    assert load_policy({"a-rule.yaml": data + b"examples: []\n", "notes.txt": b"x"}, ()).digest == plain.digest
    assert load_policy({"a-rule.yaml": data + b"# more\n"}, ()).digest != plain.digest
    assert load_policy({"b/a-rule.yaml": data}, ()).digest != plain.digest
    assert plain.digest.startswith("sha256:")


def test_rules_stand_in_the_order_of_their_ids() -> None:
    data = rule_text("{attribute: a, is: true}")
    sources = {
        f"{pack}/{name}.yaml": data.replace(b"id: a-rule", f"id: {name}".encode()) for pack, name in (("a", "z"), ("b", "c"), ("c", "m"))
    }
    assert [rule.id for rule in load_policy(sources, ()).rules] == ["c", "m", "z"]
