"""What is promised of configurations, for all of them: protection holds, order does not matter where it may not, errors have a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.engine.policy import ConfigurationError, Problem
from bot.engine.policy.configuration import load_configuration, load_organisation
from bot.engine.policy.dropped import notices
from bot.engine.policy.keys import ORGANISATION, REPOSITORY
from bot.engine.policy.precedence import Governance, governance
from bot.engine.policy.resolution import EVERY_KEY, ORDERED, Layer, Where, protected_keys
from bot.engine.policy.waiver import load_waivers
from tests.engine.policy import documents
from tests.engine.policy.test_precedence import POLICY

WHERES = st.builds(
    Where,
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.sampled_from(["observe", "comment", "enforce"]),
    st.sampled_from(["", "acme/web", "acme/x"]),
    st.dictionaries(documents.NAMES, documents.PATTERNS, max_size=2),
)
LOADERS = (load_configuration, load_organisation, load_waivers)


def come_to(where: Where, organisation: Any, repository: Any = None, branch: Any = None) -> Governance:
    later = [(item, tightens) for item, tightens in ((repository, False), (branch, True)) if item]
    loaded = [(load_configuration(json.dumps(item).encode(), "r"), tightens) for item, tightens in later]
    return governance([(load_organisation(json.dumps(organisation).encode(), "o"), False), *loaded], where)


def protected_lists(found: Governance, *names: str) -> bool:
    (layer,) = (layer for layer in found.layers if layer.configuration.path == "o")
    return any(entry in names for section in layer.sections for entry in section.protected)


@settings(max_examples=60)
@given(documents.of(ORGANISATION), documents.of(REPOSITORY), documents.of(REPOSITORY), WHERES)
def test_whatever_a_repository_says_nothing_protected_gets_weaker(organisation: Any, repository: Any, branch: Any, where: Where) -> None:
    before, after = come_to(where, organisation), come_to(where, organisation, repository, branch)
    organisation_layer: Layer = before.layers[0]
    for rule in POLICY.rules:
        old, new = before.settings(rule), after.settings(rule)
        keys = protected_keys(organisation_layer, rule)
        for key in keys & ORDERED.keys():
            assert ORDERED[key].index(getattr(new, key)) >= ORDERED[key].index(getattr(old, key))
        assert new.parameters == old.parameters or "parameters" not in keys
    if protected_lists(before, "paths", "paths.ignore"):
        assert after.ignored == before.ignored
    if protected_lists(before, "owners", "owners.data"):
        assert after.owners.get("data") == before.owners.get("data")


@settings(max_examples=60)
@given(documents.of(ORGANISATION), documents.of(REPOSITORY), documents.of(REPOSITORY), WHERES)
def test_a_branch_only_tightens(organisation: Any, repository: Any, branch: Any, where: Where) -> None:
    before, after = come_to(where, organisation, repository), come_to(where, organisation, repository, branch)
    for rule in POLICY.rules:
        old, new = before.settings(rule), after.settings(rule)
        assert all(ORDERED[key].index(getattr(new, key)) >= ORDERED[key].index(getattr(old, key)) for key in ORDERED)
        assert new.parameters == old.parameters
    assert (after.ignored, after.roots, after.owners) == (before.ignored, before.roots, before.owners)


@settings(max_examples=60)
@given(documents.of(ORGANISATION), documents.of(REPOSITORY), WHERES)
def test_what_is_not_told_has_its_effect(organisation: Any, repository: Any, where: Where) -> None:
    """Without a notice, the files come to the same with every protection taken away."""
    found = come_to(where, organisation, repository)
    if notices(found, POLICY.rules):
        return
    free = {name: item for name, item in organisation.items() if name != "protected"}
    free["scopes"] = [{name: item for name, item in scope.items() if name != "protected"} for scope in organisation.get("scopes", ())]
    bare = come_to(where, free, repository)
    honest = [rule for rule in POLICY.rules if rule.id != "countersign-not-read"]
    assert [found.settings(rule) for rule in honest] == [bare.settings(rule) for rule in honest]
    assert (found.ignored, found.roots, found.owners) == (bare.ignored, bare.roots, bare.owners)


@settings(max_examples=60)
@given(documents.of(ORGANISATION), WHERES)
def test_an_empty_repository_configuration_is_the_organisations(organisation: Any, where: Where) -> None:
    one, other = come_to(where, organisation), come_to(where, organisation, {"version": "1"})
    assert [one.settings(rule) for rule in POLICY.rules] == [other.settings(rule) for rule in POLICY.rules]
    assert (one.ignored, one.roots, one.owners, one.changes) == (other.ignored, other.roots, other.owners, other.changes)


@settings(max_examples=60)
@given(
    st.binary(max_size=60)
    | st.text("{}[]:,-&*#!|>'\"%@`<? \t\nabc0~", max_size=60).map(str.encode)
    | documents.spoilt(REPOSITORY).map(lambda found: json.dumps(found).encode())
)
@example(b"level: observe\n\tpaths: {}")
@example(b"&a [*a]")
@example(b"? [a]\n: b")
@example(b"rules: &x {a: {level: observe}, b: *x}")
@example(b"<<: {level: observe}")
@example(b"\xff\xfe")
@example(b"[" * 100)
@example(b"level: observe\x00")
@example(b"- &a {b: 1}\n- *a\n" * 60)
def test_any_bytes_are_read_or_refused_with_a_line(data: bytes) -> None:
    for load in LOADERS:
        found = problems(load, data)
        assert found is None or found
        assert all(problem.span.path == "f.yml" and problem.span.line >= 1 for problem in found or ())
        assert all(str(problem).startswith("`f.yml:") and "\n" not in str(problem) for problem in found or ())


def test_a_large_file_is_refused_fast_and_many_problems_are_cut() -> None:
    assert len(problems(load_configuration, b"a: b\n" * 300_000) or ()) == 1
    assert len(problems(load_configuration, b"".join(b"key%d: 1\n" % number for number in range(20_000))) or ()) == 100


def problems(load: Callable[[bytes, str], object], data: bytes) -> tuple[Problem, ...] | None:
    """Why the file is refused; None when it is read."""
    try:
        load(data, "f.yml")
    except ConfigurationError as error:
        return error.problems
    return None


def test_every_key_is_ordered_or_a_parameter() -> None:
    assert {*ORDERED, "parameters"} == EVERY_KEY
