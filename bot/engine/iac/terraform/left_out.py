"""Optional attributes that are used as if they were always there.

An attribute declared `optional` without default is null where a caller leaves it out. Most functions, `for` and `for_each` refuse null,
and `try` does not catch it: null is a value. https://developer.hashicorp.com/terraform/language/expressions/type-constraints.
Only uses that nothing guards are told: none in a branch of a condition, behind `&&` and `||`, in `try` and `can` around the use itself,
or in a `for` with a filter; and none of an attribute that a validation of the variable looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe, text_of
from bot.engine.model.reference import Dangling

DEPTH = 8  # local values that are followed
MAX_NAME = 80
# Functions that refuse a null as their first argument.
REFUSE = frozenset(
    {
        *("compact", "contains", "distinct", "element", "flatten", "keys", "length", "lookup", "lower", "reverse", "sort", "upper"),
        "values",
    }
)
CATCH = frozenset({"try", "can"})
COLLECTIONS = frozenset({"list", "set", "map"})


class Typed(Struct, frozen=True):
    """What is declared of a value: its type constraint, and whether it may be null because a caller left it out."""

    type: s.Expression
    optional: bool = False


Names: TypeAlias = Mapping[str, Typed]  # `each.value`, `rule.value`, or a name bound by `for`


def left_out(configuration: Configuration) -> Iterator[Dangling]:
    """Every use of an optional attribute that fails where it is left out."""
    types = [block.attributes["type"].expression for block in configuration.variables.values() if "type" in block.attributes]
    if not any("optional(" in text_of(written) for written in types):
        return
    named = {**configuration.resources, **{f"module.{name}": block for name, block in configuration.modules.items()}}
    search = _Search(configuration)
    for address, block in named.items():
        for e in search.whole(block):
            yield Dangling(e.span, "left-out", describe(e, MAX_NAME), address, block.span, configuration.directory)
    for name, written in configuration.locals.items():
        for e in search.expression(written.expression, {}):
            yield Dangling(e.span, "left-out", describe(e, MAX_NAME), f"local.{name}", written.name_span, configuration.directory)


class _Search:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.guarded = False
        validations = [inner for block in configuration.variables.values() for inner in block.blocks if inner.type == "validation"]
        self.looked_at = "\n".join([text_of(written.expression) for inner in validations for written in inner.attributes.values()])

    # uses

    def whole(self, block: s.Block) -> Iterator[s.Expression]:
        """Uses in a resource or call. Whether there is one may rest on what is used in it: then only its elements count."""
        repeated = block.attributes.get("for_each")
        self.guarded = "count" in block.attributes or (repeated is not None and isinstance(repeated.expression, s.Conditional))
        yield from self.block(block, {})
        self.guarded = False

    def block(self, block: s.Block, names: Names) -> Iterator[s.Expression]:
        """Uses in the arguments and nested blocks. `for_each` of the block itself is looked at under the names around it."""
        inner = dict(names)
        repeated = block.attributes.get("for_each")
        if repeated is not None:
            guarded, self.guarded = self.guarded, self.guarded and block.type == "dynamic"
            yield from self.expression(repeated.expression, names)
            yield from self._needed(repeated.expression, names)
            element = _element(self.typed(repeated.expression, names, DEPTH))
            self.guarded = guarded
            if block.type == "dynamic" and isinstance(repeated.expression, s.Conditional):
                return
            iterator = _iterator(block)
            inner.pop(f"{iterator}.value", None)
            if element is not None:
                inner[f"{iterator}.value"] = element
        for name, written in block.attributes.items():
            if name not in ("for_each", "depends_on", "providers"):
                yield from self.expression(written.expression, inner)
        for nested in block.blocks:
            yield from self.block(nested, inner)

    def expression(self, e: s.Expression, names: Names) -> Iterator[s.Expression]:
        """Uses that are evaluated whenever the expression is."""
        if isinstance(e, s.Call):
            if e.name in CATCH:
                return
            if e.name in REFUSE and e.args:
                yield from self._needed(e.args[0], names)
            for arg in e.args:
                yield from self.expression(arg, names)
        elif isinstance(e, s.For):
            yield from self.expression(e.collection, names)
            yield from self._needed(e.collection, names)
            if e.condition is None:
                element = _element(self.typed(e.collection, names, DEPTH))
                inner = {name: typed for name, typed in names.items() if name not in (e.key, e.value)}
                yield from self.expression(e.result, inner if element is None else {**inner, e.value: element})
        else:
            for part in _parts(e):
                yield from self.expression(part, names)

    def _needed(self, e: s.Expression, names: Names) -> Iterator[s.Expression]:
        found = self.typed(e, names, DEPTH)
        if found is not None and found.optional and f".{_last(e)}" not in self.looked_at:
            yield e

    # types

    def typed(self, e: s.Expression, names: Names, depth: int) -> Typed | None:
        """What is declared of an expression; None where that is not known."""
        if isinstance(e, s.Variable):
            return names.get(e.name)
        if isinstance(e, s.GetAttr):
            return self._attribute(e, names, depth)
        if isinstance(e, s.Index):
            return _element(self.typed(e.source, names, depth))
        if isinstance(e, s.Call) and e.name == "try" and e.args:
            return self.typed(e.args[0], names, depth)
        if isinstance(e, s.Conditional) and isinstance(e.otherwise, s.ObjectCons | s.TupleCons):
            found = self.typed(e.then, names, depth)
            return found and Typed(found.type)
        return self._comprehension(e, names, depth) if isinstance(e, s.For) else None

    def _attribute(self, e: s.GetAttr, names: Names, depth: int) -> Typed | None:
        if isinstance(e.source, s.Variable):
            bound = names.get(f"{e.source.name}.{e.name}")
            if bound is not None or depth == 0:
                return bound
            if e.source.name == "var" and not self.guarded:
                declared = self.configuration.variables.get(e.name)
                written = declared.attributes.get("type") if declared is not None else None
                return None if written is None else Typed(written.expression)
            if e.source.name == "local":
                value = self.configuration.locals.get(e.name)
                return None if value is None else self.typed(value.expression, {}, depth - 1)
        return _member(self.typed(e.source, names, depth), e.name)

    def _comprehension(self, e: s.For, names: Names, depth: int) -> Typed | None:
        """A map or list of the elements as they are."""
        element = _element(self.typed(e.collection, names, depth))
        if element is None or not isinstance(e.result, s.Variable) or e.result.name != e.value or e.grouping or e.condition is not None:
            return None
        return Typed(s.Call(e.span, "list" if e.key_result is None else "map", (element.type,)))


def _element(typed: Typed | None) -> Typed | None:
    if typed is None or not isinstance(typed.type, s.Call) or typed.type.name not in COLLECTIONS or len(typed.type.args) != 1:
        return None
    return Typed(typed.type.args[0])


def _member(typed: Typed | None, name: str) -> Typed | None:
    if typed is None or not isinstance(typed.type, s.Call) or typed.type.name != "object" or not typed.type.args:
        return None
    fields = typed.type.args[0]
    for key, declared in fields.items if isinstance(fields, s.ObjectCons) else ():
        if isinstance(key, s.Literal) and key.raw == name:
            if isinstance(declared, s.Call) and declared.name == "optional" and declared.args:
                return Typed(declared.args[0], optional=len(declared.args) == 1)
            return Typed(declared)
    return None


def _iterator(block: s.Block) -> str:
    """The name that holds an element within the block."""
    if block.type != "dynamic":
        return "each"
    written = block.attributes.get("iterator")
    if written is not None and isinstance(written.expression, s.Variable):
        return written.expression.name
    return block.labels[0] if block.labels else ""


def _last(e: s.Expression) -> str:
    while isinstance(e, s.Call) and e.args:
        e = e.args[0]
    return e.name if isinstance(e, s.GetAttr) else ""


def _parts(e: s.Expression) -> tuple[s.Expression, ...]:
    """The parts that are evaluated whatever the values are."""
    if isinstance(e, s.Binary):
        return (e.left,) if e.operator in ("&&", "||") else (e.left, e.right)
    if isinstance(e, s.ObjectCons):
        return tuple(value for _, value in e.items)
    if isinstance(e, s.TupleCons | s.Template):
        return e.items if isinstance(e, s.TupleCons) else e.parts
    if isinstance(e, s.Conditional | s.Unary):
        return (e.condition if isinstance(e, s.Conditional) else e.operand,)
    return (e.source,) if isinstance(e, s.GetAttr | s.Index | s.Splat) else ()
