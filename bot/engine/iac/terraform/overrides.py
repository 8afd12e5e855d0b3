"""How a block of an override file changes the block that it names.

https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
"""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s


def merged_block(base: s.Block, over: s.Block) -> s.Block:
    """`base` with what `over` sets: arguments one by one, nested blocks by type as a whole, `lifecycle` by argument."""
    attributes = {**base.attributes, **over.attributes}
    replaced = nested_kinds(over)
    kept = [block for block in base.blocks if not replaced.intersection(_kinds(block)) or block.type in _BY_ARGUMENT]
    merged: list[s.Block] = []
    for block in kept:
        twin = next((other for other in over.blocks if other.type == block.type), None) if block.type in _BY_ARGUMENT else None
        merged.append(merged_block(block, twin) if twin else block)
    there = {block.type for block in kept if block.type in _BY_ARGUMENT}
    merged.extend(block for block in over.blocks if block.type not in there)
    return replace(base, attributes=attributes, blocks=tuple(merged), incomplete=base.incomplete or over.incomplete)


def nested_kinds(block: s.Block) -> frozenset[str]:
    """The types of nested blocks that a block sets."""
    return frozenset(kind for inner in block.blocks for kind in _kinds(inner))


_BY_ARGUMENT = ("lifecycle", "required_providers")
_BACKENDS = ("backend", "cloud")


def _kinds(block: s.Block) -> tuple[str, ...]:
    """The types of nested blocks that the block stands for: `dynamic "x"` is an `x`, a backend replaces a cloud."""
    if block.type == "dynamic" and block.labels:
        return (block.labels[0],)
    return _BACKENDS if block.type in _BACKENDS else (block.type,)
