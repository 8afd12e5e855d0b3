"""A compiled policy is the policy, or it is not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bot.engine.policy import load as loading
from bot.engine.policy import load_policy
from bot.engine.policy.compiled import Packed, pack, unpack
from tests.engine.policy.test_load import WHOLE

SOURCES = {"rules/baseline/port-open.yaml": WHOLE, "rules/baseline/old-rule.yaml": b"id: old-rule\ndeprecated: true\n"}
RULES = Path(__file__).parents[3] / "rules"


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_loaded", {})
    monkeypatch.setattr(loading, "_recent", [])


def test_a_compiled_policy_is_equal_to_the_one_that_was_read() -> None:
    sources = {str(path): path.read_bytes() for path in RULES.rglob("*.yaml")}
    for given in (SOURCES, sources):
        policy = load_policy(given, None if given is sources else ("ingress",))
        found = unpack(pack(policy))
        assert found is not None
        for field in policy.__struct_fields__:
            assert getattr(found, field) == getattr(policy, field)


def test_it_is_used_only_for_the_files_it_was_made_of() -> None:
    policy = load_policy(SOURCES, ("ingress",))
    doctored = msgspec.msgpack.encode(msgspec.structs.replace(msgspec.msgpack.decode(pack(policy), type=Packed), rules=[]))
    assert load_policy(dict(SOURCES), ("ingress", "other"), compiled=doctored).rules == ()
    changed = SOURCES | {"rules/baseline/port-open.yaml": WHOLE.replace(b"A port is open", b"A door is open")}
    assert [rule.title for rule in load_policy(changed, ("ingress",), compiled=doctored).rules] == ["A door is open"]


@pytest.mark.parametrize("data", [b"x", b"", b"\x90", pack(load_policy(SOURCES, ("ingress",))).replace(b"rationale", b"rationala", 1)])
def test_what_another_version_compiled_is_not_used(data: bytes) -> None:
    assert [rule.id for rule in load_policy(SOURCES, ("ingress",), compiled=data).rules] == ["port-open"]


def test_a_compiled_policy_needs_no_reader_of_yaml() -> None:
    code = (
        "import sys; from bot.engine.policy import load_policy; from bot.engine.policy.compiled import pack;"
        "data = sys.stdin.buffer.read(); policy = load_policy({'a-rule.yaml': b''}, compiled=data);"
        "print(len(policy.rules), 'yaml' in sys.modules, 'bot.engine.policy.rulefile' in sys.modules)"
    )
    digest = loading._digest({"a-rule.yaml": b""})
    packed = pack(loading.policy_of(list(load_policy(SOURCES, ("ingress",)).rules), digest))
    done = subprocess.run([sys.executable, "-c", code], input=packed, capture_output=True, check=True, cwd=RULES.parent)
    assert done.stdout == b"1 False False\n"
