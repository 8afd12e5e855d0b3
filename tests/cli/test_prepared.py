"""What is read once at installation is what would be read now, or it is not used."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from bot.cli import output, pattern_codes, prepared, resources
from bot.engine import pattern
from bot.engine.authorship.table import load_signals
from bot.engine.policy import load_policy
from bot.engine.policy.compiled import unpack
from bot.report.phrases import load
from tests.cli.command import countersign
from tests.local.repositories import commit, git


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepared, "PLACE", str(tmp_path))
    return tmp_path


def test_rules_words_and_signals_are_those_of_the_files(place: Path) -> None:
    prepared.write()
    assert list(prepared.rules().items()) == list(resources.rules().items())
    read, kept = load_policy(resources.rules()), unpack(prepared.policy())
    assert kept is not None
    for field in ("digest", "rules", "by_type", "globs", "by_view", "deprecated"):
        assert getattr(kept, field) == getattr(read, field)
    words = resources.template("phrases.yaml").encode()
    assert msgspec.json.decode(prepared.phrases(words)) == load(words).texts
    assert output.phrases() == load(words)
    assert prepared.signals() == load_signals(resources.facts("authorship.yaml"), "bot/facts/authorship.yaml")
    kept_files = {"rules.msgpack", "policy.msgpack", "phrases.json", "signals.msgpack", "patterns.marshal"}
    assert {path.name for path in place.iterdir()} == kept_files


def test_without_preparation_the_files_are_read(place: Path) -> None:
    assert list(place.iterdir()) == []
    assert prepared.policy() == b""
    assert output.phrases() == load(resources.template("phrases.yaml").encode())


def test_patterns_are_those_that_would_be_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[pattern.Kept] = []
    monkeypatch.setattr(pattern, "_kept", kept)
    texts = [re.compile(r"(?P<word>[a-z]+)-(\d+)|(?i:[äö])"), re.compile(r"(?P<word>[a-z]+)-(\d+)|x", re.IGNORECASE)]
    find = pattern_codes.reader(pattern_codes.pack((one.pattern, one.flags) for one in texts))
    found = [find(one.pattern, one.flags) for one in texts]
    assert found == texts  # equal: text, flags and code
    assert [one and one.groupindex for one in found] == [one.groupindex for one in texts]
    lines = re.compile(rb"(?m)^[ \t]*(?P<b>\w)")
    assert pattern_codes.reader(pattern_codes.pack([(lines.pattern, 0)]))(lines.pattern, 0) == lines
    assert find("other", 0) is None
    pattern.keep(find)
    assert (pattern.compiled(texts[1].pattern, texts[1].flags), pattern.compiled("other")) == (texts[1], re.compile("other"))


def test_patterns_of_another_interpreter_are_compiled(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[pattern.Kept] = []
    monkeypatch.setattr(pattern, "_kept", kept)
    prepared._keep(prepared.PATTERNS, prepared._digest([b"another"]), b"codes")
    prepared.keep_patterns()
    assert (place / prepared.PATTERNS).exists()
    assert kept == []


def test_rule_files_that_changed_are_read_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = place / "rules" / "a.yaml"
    rule.parent.mkdir()
    rule.write_bytes(b"id: a\n")
    monkeypatch.setattr(resources, "directory", lambda _: str(rule.parent))
    _keep_rules(rule.parent)
    assert prepared.rules() == {"a.yaml": b"kept"}
    os.utime(rule, (0, 0))
    assert prepared.rules() == {"a.yaml": b"id: a\n"}
    _keep_rules(rule.parent)
    rule.with_name("b.yaml").write_bytes(b"id: b\n")
    assert prepared.rules() == {"a.yaml": b"id: a\n", "b.yaml": b"id: b\n"}
    _keep_rules(rule.parent)
    assert prepared.digest(kept := prepared.rules()) == "sha256:kept"
    assert (kept, prepared.digest(dict(kept))) == ({"a.yaml": b"kept"}, "")  # an equal one may be of other files
    rule.unlink()
    assert prepared.rules() == {"b.yaml": b"id: b\n"}


def _keep_rules(top: Path) -> None:
    kept = (prepared._state(str(top)), "sha256:kept", {"a.yaml": b"kept"})
    prepared._keep(prepared.RULES, prepared._digest(prepared._engine((prepared.HEAD,))), msgspec.msgpack.encode(kept))


@pytest.mark.usefixtures("place")
def test_rules_that_other_code_has_read_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.write()
    assert prepared.policy()
    monkeypatch.setattr(prepared, "READERS", prepared.READERS[:-1])
    assert prepared.policy() == b""


def test_other_words_are_not_taken_for_those_that_were_read(place: Path) -> None:
    prepared.write()
    assert place.joinpath(prepared.PHRASES).exists()
    assert prepared.phrases(resources.template("phrases.yaml").encode() + b"x: y\n") == b""


@pytest.mark.parametrize("name", [prepared.POLICY, prepared.PHRASES])
def test_what_is_cut_short_is_not_used(place: Path, name: str) -> None:
    prepared.write()
    (place / name).write_bytes((place / name).read_bytes()[: prepared.DIGEST - 1])
    assert prepared.policy() == b"" or prepared.phrases(resources.template("phrases.yaml").encode()) == b""


@pytest.mark.parametrize(
    "files",
    [
        {"open.tf": 'locals {\n  list = yamldecode("- 0.0.0.0/0")\n}\n'},
        {"open.tf.json": '{"locals": {"list": "${\\u0079amldecode(\\"- 0.0.0.0/0\\")}"}}\n'},
        {
            "open.tf": 'locals {\n  row  = csvdecode("a\\n0.0.0.0/0\\n")[0].a\n  text = textencodebase64(local.row, "UTF-16LE")\n'
            '  list = [cidrsubnet(textdecodebase64(local.text, "UTF-16LE"), 0, 0)]\n}\n'
        },
    ],
)
def test_what_is_imported_late_is_there_where_a_change_needs_it(clone: Path, files: dict[str, str]) -> None:
    git(clone, "checkout", "--quiet", "-b", "yaml", "main")
    opened = (clone / "main.tf").read_text().replace('["10.0.0.0/8"]', "local.list")
    commit(clone, {"main.tf": opened, **files}, "Open it through YAML")
    done = countersign("review", "main..yaml", "--repo", clone)
    assert (done.code, done.error) == (1, "")
