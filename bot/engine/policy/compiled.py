"""A policy that was read and checked before, as bytes: of the rules only those are decoded that something asks for.

The bytes come with the installation, as the code does; they are never taken from a tree that is judged.
"""

import msgspec
from msgspec import Struct

from bot.engine.model.rule import Parameter, Rule
from bot.engine.policy.index import Index
from bot.engine.policy.load import Policy, index_of, indexed
from bot.engine.policy.ordered import Rules


class Packed(Struct, frozen=True):
    """`form`: the fields that a rule and its parameters had when it was packed; `digest`: of the files it was read from. `rules`: each with
    its id, in the order of ids."""

    form: tuple[str, ...]
    digest: str
    rules: list[tuple[str, msgspec.Raw]]
    index: Index
    deprecated: tuple[str, ...]


FORM = (*Rule.__struct_fields__, *Parameter.__struct_fields__)


def pack(policy: Policy) -> bytes:
    """The policy as bytes, equal for equal policies."""
    rules = [(rule.id, msgspec.Raw(msgspec.msgpack.encode(rule))) for rule in policy.rules]
    return msgspec.msgpack.encode(Packed(FORM, policy.digest, rules, index_of(policy.rules), tuple(sorted(policy.deprecated))))


def unpack(data: bytes) -> Policy | None:
    """The policy; None when the bytes are of another version of this program, or none of its."""
    try:
        found = msgspec.msgpack.decode(data, type=Packed)
    except msgspec.DecodeError:
        return None
    if found.form != FORM:
        return None
    rules = Rules([name for name, _ in found.rules], [rule for _, rule in found.rules])
    return indexed(rules, found.index, found.digest, frozenset(found.deprecated))
