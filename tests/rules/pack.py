"""The rule files as the tests read them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.confine.tables import facts
from bot.engine.claims.examples import listening
from bot.engine.policy.examples import Evaluated, Listen, RuleFile, evaluated, load_rule_with_examples
from bot.engine.policy.load import load_policy

ROOT = Path(__file__).parents[2]
PATHS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "rules").rglob("*.yaml"))


def name_of(path: str) -> str:
    return Path(path).stem


@cache
def rule_file(path: str) -> RuleFile:
    return load_rule_with_examples(path, (ROOT / path).read_bytes())


@cache
def examples_of(path: str) -> tuple[Evaluated, ...]:
    return tuple(evaluated(example, facts(), listen()) for example in rule_file(path).examples)


@cache
def listen() -> Listen:
    return listening(load_policy({path: (ROOT / path).read_bytes() for path in PATHS}), facts())
