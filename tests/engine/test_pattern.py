"""Constants that are patterns: compiled late, so that nothing but this would notice one that is none."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import bot.engine
import bot.report
from bot.engine.pattern import Pattern, compile_all

IMPORTED = re.compile(r"[A-Z_]+\w* *(?::[^=]+)?= re\.compile\(")  # at the margin: a constant; `Pattern` is one that waits


def test_every_pattern_of_the_engine_and_the_report_is_one() -> None:
    for package in (bot.engine, bot.report):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    compile_all()


def test_no_module_compiles_a_pattern_when_it_is_imported() -> None:
    files = [path for package in (bot.engine, bot.report) for path in Path(package.__path__[0]).rglob("*.py")]
    lines = ((path, *each) for path in files for each in enumerate(path.read_text().splitlines(), 1))
    found = [f"{path.name}:{number}" for path, number, line in lines if IMPORTED.match(line)]
    assert found == []


def test_does_what_a_compiled_pattern_does() -> None:
    word, same = Pattern(r"([a-z])\w*", re.IGNORECASE), re.compile(r"([a-z])\w*", re.IGNORECASE)
    text = "One 2two three"
    for name in ("match", "fullmatch", "search"):
        found, expected = getattr(word, name)(text), getattr(same, name)(text)
        assert (found and found.span()) == (expected and expected.span())
    assert [item.span() for item in word.finditer(text)] == [item.span() for item in same.finditer(text)]
    assert (word.findall(text), word.split(text), word.sub("-", text)) == (same.findall(text), same.split(text), same.sub("-", text))
    assert word.match(text, 5).span() == same.match(text, 5).span()  # type: ignore[union-attr]


def test_no_pattern_is_an_error_when_it_is_used() -> None:
    broken = Pattern("(")
    try:
        with pytest.raises(re.error):
            broken.search("")
    finally:
        Pattern.constants.remove(broken)
