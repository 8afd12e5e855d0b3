"""Documents of a form: valid ones, and ones in which something is wrong somewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot.engine.policy.forms import Anything, Fields, Form, Listed, Many, Named, Text, Word
from bot.engine.policy.keys import AMOUNT, DAYS_TEXT, RELEASE, WAIVERS

NAMES = st.sampled_from(["ssh-open", "rdp-open", "size", "baseline", "cost", "*", "base*", "countersign-not-read", "cost/size"])
PATTERNS = st.sampled_from(["a/", "**/b", "acme/*", "x", "web"])
TEAMS = st.sampled_from(["@acme/on-call", "@a-b/c_d.e"])
ACCOUNTS = st.sampled_from(["@kim", "@acme/data-owners", "@a-b/c_d.e"])
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31)).map(str)
LENGTHS = st.sampled_from(["1", "30", "365"])
AMOUNTS = st.sampled_from(["0", "500", "499.90"])
RELEASES = st.sampled_from(["0.1", "0.1.0", "1", "12.3.4"])
PROTECTED = st.sampled_from(
    (
        *("level", "rules", "disposition", "unknown", "parameters", "paths", "paths.ignore", "roots", "owners", "owners.data"),
        *("rules.ssh-open", "rules.base*.level", "rules.*.disposition", "rules.cost.unknown"),
    )
)
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, "", " ", "x y", "@", "rules.", "rules.a.b", "paths.", "2027-02-30", "1.x", [], ["a", 1], {}, {"a": {}}]
)


def of(form: Form) -> st.SearchStrategy[Any]:
    """Valid documents."""
    if isinstance(form, Word):
        return st.sampled_from(form.allowed)
    if isinstance(form, Text):
        return _text(form)
    if isinstance(form, Many):
        several = st.lists(of(form.item), max_size=3)
        return several | of(form.item) if form.single else several.map(_placed) if form is WAIVERS else several
    if isinstance(form, Fields):
        needed = {key.name: of(key.form) for key in form.keys if key.required}
        return st.fixed_dictionaries(needed, optional={key.name: of(key.form) for key in form.keys if not key.required})
    return of(form.items) | of(form.fields) if isinstance(form, Listed) else _named(form)


def _named(form: Form) -> st.SearchStrategy[Any]:
    if isinstance(form, Named):
        return st.dictionaries(st.just("days") if isinstance(form.item, Anything) else NAMES, of(form.item), max_size=3)
    return st.integers(1, 9)


def spoilt(form: Form) -> st.SearchStrategy[Any]:
    """Documents of the form in which one part, or a key, is something else."""
    return st.builds(_spoil, of(form), st.lists(st.integers(0, 9), max_size=5), JUNK)


def _text(form: Text) -> st.SearchStrategy[str]:
    if form.format == "date":
        return DAYS
    if not form.pattern:
        return PATTERNS
    if "github/workflows" in form.pattern:
        return st.just("acme/ci/.github/workflows/plan.yml@refs/heads/main")
    if form in (AMOUNT, DAYS_TEXT):
        return AMOUNTS if form is AMOUNT else LENGTHS
    if "@" in form.pattern:
        return ACCOUNTS if form.pattern.endswith("?") else TEAMS
    return RELEASES if form is RELEASE else PROTECTED


def _placed(waivers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [waiver if waiver.keys() & {"path", "resource"} else waiver | {"path": "a/*"} for waiver in waivers]


def _spoil(whole: Any, way: list[int], junk: Any) -> Any:
    """The document with `junk` at the end of a way into it; at an empty mapping or list a key or an item is added."""
    if not way or not isinstance(whole, dict | list):
        return junk
    if isinstance(whole, list):
        at = way[0] % (len(whole) + 1)
        return [*whole[:at], _spoil(whole[at], way[1:], junk), *whole[at + 1 :]] if at < len(whole) else [*whole, junk]
    names = sorted(whole)
    at = way[0] % (len(names) + 1)
    return whole | ({names[at]: _spoil(whole[names[at]], way[1:], junk)} if at < len(names) else {"lvel": junk})
