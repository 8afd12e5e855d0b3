"""Instances that are meant and are not there: an index on what is not repeated, no index on what is, `each` and `count` where nothing is.

Terraform tells them from the text alone, also in branches that are not taken and inside `try`:
https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#referring-to-instances. Calls of modules are different:
their value is an object, a list or a map, so `try` catches what does not fit, and a branch that is not taken does not fail.
"""

from __future__ import annotations

from bot.engine.iac.terraform import syntax as s
from bot.engine.model.reference import ReferenceKind

INSTANCE_KINDS: dict[str, ReferenceKind] = {kind: kind for kind in ("single-indexed", "repeated-whole", "each-unbound")}
NOTHING: frozenset[str] = frozenset()
_REPEATING = {"count": "count", "for_each": "each"}


def is_repeated(block: s.Block) -> bool:
    return "count" in block.attributes or "for_each" in block.attributes


def unbound_in(address: str, block: s.Block) -> frozenset[str]:
    """Which of `each` and `count` mean nothing in a block; nothing is said of providers, checks and validations."""
    if address.startswith(("provider.", "check.", "var.")) or block.incomplete:
        return NOTHING
    return frozenset({name for argument, name in _REPEATING.items() if argument not in block.attributes})


def resource_fault(block: s.Block, steps: list[s.Expression]) -> str:
    """`steps`: what follows the address of a resource or data source. The kind of the fault, or the empty text."""
    if not steps or block.incomplete:
        return ""
    if isinstance(steps[0], s.GetAttr):
        return "repeated-whole" if is_repeated(block) else ""
    is_key = isinstance(steps[0], s.Index) and isinstance(steps[0].key, s.Literal)
    return "single-indexed" if is_key and not is_repeated(block) else ""


def call_fault(block: s.Block, steps: list[s.Expression]) -> str:
    """As `resource_fault`, of the call of a module: a name of an output where there are several instances. Of those of `for_each` the
    name may be a key."""
    if not steps or not isinstance(steps[0], s.GetAttr) or not is_repeated(block) or block.incomplete:
        return ""
    return "" if "for_each" in block.attributes and len(steps) > 1 else "repeated-whole"
