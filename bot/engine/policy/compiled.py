"""A policy that was read and checked before, as bytes: loading it costs 1 ms instead of 30.

The bytes come with the installation, as the code does; they are never taken from a tree that is judged.
"""

import msgspec
from msgspec import Struct

from bot.engine.model.rule import Parameter, Rule
from bot.engine.policy.load import Policy, policy_of


class Packed(Struct, frozen=True):
    """`form`: the fields that a rule and its parameters had when it was packed; `digest`: of the files it was read from."""

    form: tuple[str, ...]
    digest: str
    rules: list[Rule]
    deprecated: tuple[str, ...]


FORM = (*Rule.__struct_fields__, *Parameter.__struct_fields__)


def pack(policy: Policy) -> bytes:
    """The policy as bytes, equal for equal policies."""
    return msgspec.msgpack.encode(Packed(FORM, policy.digest, list(policy.rules), tuple(sorted(policy.deprecated))))


def unpack(data: bytes) -> Policy | None:
    """The policy; None when the bytes are of another version of this program, or none of its."""
    try:
        found = msgspec.msgpack.decode(data, type=Packed)
    except msgspec.DecodeError:
        return None
    return policy_of(found.rules, found.digest, frozenset(found.deprecated)) if found.form == FORM else None
