"""Expressions that fail whatever the values are: made of nothing but literals, other such expressions, and `count` where it is known.

Only the smallest expression that fails is told, and none that may never be evaluated: in branches of a condition, behind `&&` and
`||`, in `try` and `can`, in the content of `dynamic`, in checks and validations. What fails is what Terraform's own console refuses:
see `tests/engine/iac/terraform/conformance.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.dispatch import evaluate
from bot.engine.iac.terraform.expression_parts import parts_of
from bot.engine.iac.terraform.functions import KNOWN_FUNCTIONS
from bot.engine.iac.terraform.scope import LimitReachedError, Run, Scope
from bot.engine.model.asked_for import asks_for_a_value, is_asked_for
from bot.engine.model.reference import Dangling
from bot.engine.model.resource import Limits
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value, is_fully_known

MAX_NAME = 80
MAX_INSTANCES = 64
STEPS = 200_000
DEPTH = 8  # local values that are followed
CATCH = frozenset({"try", "can"})
_READ = frozenset({"file", "filebase64", "fileexists", "fileset", "templatefile", "templatestring", "issensitive"})
_OTHERWISE = frozenset({"lifecycle", "provisioner", "connection", "dynamic"})  # evaluated later, never, or once for each element
_NOT_VALUES = frozenset({"depends_on", "provider", "providers", "source", "version"})


Names = dict[str, Value]  # what is bound


def refused(configuration: Configuration) -> Iterator[Dangling]:
    """Every smallest constant expression that Terraform cannot evaluate."""
    search = _Search(configuration)
    for holder, at, expressions in expressions_of(configuration):
        instances = search.instances(_block(configuration, holder))
        for e in expressions:
            for instance in instances:
                fault, detail = search.checked(e, instance)[0] or (None, "")
                if fault is not None:
                    yield Dangling(fault.span, "refused", describe(fault, MAX_NAME), holder, at, configuration.directory, detail)
                    break


def expressions_of(configuration: Configuration) -> Iterator[tuple[str, Span, list[s.Expression]]]:
    """By the address of their block, with its place, the expressions of a module that are evaluated in every run."""
    for name, written in configuration.locals.items():
        yield f"local.{name}", written.name_span, [written.expression]
    for name, block in configuration.outputs.items():
        yield f"output.{name}", block.span, list(_expressions(block))
    for address, block in configuration.resources.items():
        yield address, block.span, list(_expressions(block))
    for name, block in configuration.modules.items():
        yield f"module.{name}", block.span, list(_expressions(block))


def _block(configuration: Configuration, holder: str) -> s.Block | None:
    kind, _, name = holder.partition(".")
    return configuration.modules.get(name) if kind == "module" else configuration.resources.get(holder)


def _expressions(block: s.Block) -> Iterator[s.Expression]:
    for name, written in block.attributes.items():
        if name not in _NOT_VALUES and type(written.expression) is not s.Literal:
            yield written.expression
    for inner in block.blocks:
        if inner.type == "dynamic" and "for_each" in inner.attributes:
            yield inner.attributes["for_each"].expression
        elif inner.type not in _OTHERWISE:
            yield from _expressions(inner)


class _Search:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.run = Run(configuration.directory, {}, replace(Limits(), steps=STEPS))
        self.locals: dict[str, Value | None] = {}
        self.known: dict[str, Value] = {}
        self.whole: set[int] = set()
        self.depth = 0

    def instances(self, block: s.Block | None) -> list[dict[str, Value]]:
        """What is bound in each instance that is certain; nothing where they are not known, none where there is none."""
        written = block.attributes.get("count") if block is not None else None
        if written is None or not self.is_constant(written.expression, {}, frozenset()):
            return [{}]
        value = self.value(written.expression, {})
        raw = value.raw if isinstance(value, Known) else None
        if not isinstance(raw, int) or isinstance(raw, bool):
            return [{}]
        span = written.expression.span
        return [{"count": Known({"index": Known(index, span)}, span)} for index in range(min(raw, MAX_INSTANCES))]

    def checked(self, e: s.Expression, names: Names) -> tuple[tuple[s.Expression, str] | None, bool]:
        """The smallest constant expression in `e` that fails, and why; and whether `e` itself is constant."""
        if isinstance(e, s.Literal):
            return None, True
        if isinstance(e, s.Variable) or _is_local(e) or (isinstance(e, s.Call) and e.name in CATCH):
            return None, self.is_constant(e, names, frozenset())
        constant = True
        for part in evaluated_parts(e):
            found, is_constant = self.checked(part, names)
            if found is not None:
                return found, False
            constant &= is_constant
        if not constant or isinstance(e, s.TupleCons) or not (isinstance(e, s.Template) or self.is_constant(e, names, frozenset())):
            return None, constant and isinstance(e, s.TupleCons)
        value = self.value(e, names)
        fails = isinstance(value, Unknown) and value.reason == "expression" and bool(value.detail)
        told = fails and isinstance(value, Unknown) and not self.is_to_fill_in(e)
        return ((e, value.detail) if told and isinstance(value, Unknown) else None), not isinstance(value, Unknown)

    def is_to_fill_in(self, e: s.Expression) -> bool:
        """Whether something that the expression reads says what has to be given instead of it."""
        if isinstance(e, s.Literal):
            return isinstance(e.raw, str) and is_asked_for(e.raw)
        if _is_local(e) and isinstance(e, s.GetAttr):
            known = self.known.get(e.name)
            return known is not None and asks_for_a_value(known)
        return any(map(self.is_to_fill_in, parts_of(e)))

    def value(self, e: s.Expression, names: Names) -> Value:
        self.run.depth = 0
        try:
            return evaluate(e, Scope(self.run, None, {**names, "local": Known(self.known)}))
        except (LimitReachedError, RecursionError):
            return Unknown("limit", "", e.span)

    def is_constant(self, e: s.Expression, names: Names, bound: frozenset[str]) -> bool:
        """Whether the expression needs nothing but literals, constant local values, and what `names` and `bound` hold."""
        if isinstance(e, s.Variable):
            return e.name in bound or e.name in names
        if isinstance(e, s.GetAttr) and _is_local(e) and "local" not in bound:
            return self.local(e.name) is not None
        if isinstance(e, s.Unparsed | s.TemplateIf | s.TemplateFor):
            return False
        if isinstance(e, s.Call):
            known = KNOWN_FUNCTIONS.get(e.name.removeprefix("core::"), ("open", ""))
            if known[0] == "open" or e.name in _READ:
                return False
        if isinstance(e, s.For):
            inner = bound | {e.key, e.value}
            rest = [part for part in (e.key_result, e.result, e.condition) if part is not None]
            return self.is_constant(e.collection, names, bound) and all(self.is_constant(part, names, inner) for part in rest)
        return all(self.is_constant(part, names, bound) for part in parts_of(e))

    def local(self, name: str) -> Value | None:
        """A local value that is constant and does not fail."""
        if name not in self.locals:
            self.locals[name] = None  # while it is looked at: a cycle is told elsewhere
            written = self.configuration.locals.get(name)
            if written is not None and self.depth < DEPTH:
                self.depth += 1
                self._remember(name, written.expression)
                self.depth -= 1
        return self.locals[name]

    def _remember(self, name: str, e: s.Expression) -> None:
        value = self.value(e, {}) if self.is_constant(e, {}, frozenset()) else None
        if value is not None and is_fully_known(value, self.whole):
            self.locals[name] = self.known[name] = value


def _is_local(e: s.Expression) -> bool:
    return isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable) and e.source.name == "local"


def evaluated_parts(e: s.Expression) -> tuple[s.Expression, ...]:
    """The parts that are evaluated whenever `e` is, under the same names."""
    if isinstance(e, s.Conditional):
        return (e.condition,)
    if isinstance(e, s.Binary) and e.operator in ("&&", "||"):
        return (e.left,)
    if isinstance(e, s.For):
        return (e.collection,)
    return (e.source,) if isinstance(e, s.Splat) else parts_of(e)
