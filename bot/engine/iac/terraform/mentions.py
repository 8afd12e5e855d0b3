"""What one module's text refers to: every name of a block, local value, output, alias or file, at its place.

Static, as Terraform's own validation is: what stands in a branch that is never taken counts, and so does what stands in `try`.
https://developer.hashicorp.com/terraform/language/expressions/references
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.aliases import used_providers
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.functions import KNOWN_FUNCTIONS
from bot.engine.iac.terraform.instance_keys import call_fault, resource_fault, unbound_in
from bot.engine.model.span import NOWHERE, Span

Guard: TypeAlias = Literal["", "branch", "guarded", "order"]
Names: TypeAlias = frozenset[str]
NONE: Names = frozenset()
# https://github.com/hashicorp/terraform/blob/main/internal/addrs/parse_ref.go
RESERVED = frozenset({"path", "terraform", "tofu", "each", "count", "self", "template", "lazy", "arg", "action", "run", "output", "list"})
FILES = frozenset(
    {
        *("file", "filebase64", "templatefile", "filemd5", "filesha1", "filesha256", "filesha512"),
        *("filebase64sha256", "filebase64sha512"),
    }
)
_SCOPES = RESERVED | {"var", "local", "module", "data"}
# Words, types and addresses rather than references, by the type of the block they stand in.
_WORDS = {
    "resource": frozenset({"provider"}),
    "data": frozenset({"provider"}),
    "ephemeral": frozenset({"provider"}),
    "module": frozenset({"providers"}),
    "provider": frozenset({"alias", "version"}),
    "lifecycle": frozenset({"ignore_changes", "create_before_destroy", "prevent_destroy"}),
    "provisioner": frozenset({"when", "on_failure"}),
    "dynamic": frozenset({"iterator"}),
}
_ORDER = frozenset({"depends_on", "replace_triggered_by"})  # addresses of blocks, not values


class Mention(Struct, frozen=True):
    """One reference. `kind`: `variable`, `local`, `module` or `resource`, with `name` as it is declared (`region`, `aws_vpc.main`,
    `data.aws_ami.this`); `function`; `module-output`, with `name` that of the call and `rest` what follows it; `file`, with `argument`;
    or a fault of instances, see `instance_keys`.

    `guard`: `branch` where a condition decides whether it is evaluated, `guarded` where a failure is caught, `order` in
    `depends_on`, where only blocks count.
    """

    kind: str
    name: str
    span: Span
    holder: str
    holder_span: Span
    guard: Guard = ""
    rest: tuple[s.Expression, ...] = ()
    argument: s.Expression | None = None


class Mentions(Struct, frozen=True):
    """`found`: what is referred to and not declared in the module itself, and all that it alone cannot tell: outputs and files.

    `needs`: local value → the local values that it refers to, each with the place.
    """

    found: tuple[Mention, ...]
    needs: dict[str, list[tuple[str, Span]]]


def mentions(configuration: Configuration) -> Mentions:
    """One walk over every expression of a module."""
    walk = _Walk(configuration)
    for address, block in _blocks(configuration):
        walk.enter(address, block.span, unbound_in(address, block))
        walk.block(block, NONE)
    for name, written in configuration.locals.items():
        walk.enter(f"local.{name}", written.name_span, frozenset({"each", "count"}))
        walk.needed = walk.needs[name] = []
        walk.expression(written.expression, NONE, "")
    return Mentions(tuple(walk.found), walk.needs)


def _blocks(configuration: Configuration) -> Iterator[tuple[str, s.Block]]:
    yield from configuration.resources.items()
    yield from configuration.further
    for name, block in configuration.modules.items():
        yield f"module.{name}", block
    for name, block in configuration.outputs.items():
        yield f"output.{name}", block
    for block in used_providers(configuration):
        yield f"provider.{block.labels[0]}", block
    for name, block in configuration.checks.items():
        yield f"check.{name}", block
    for name, block in configuration.variables.items():
        for inner in block.blocks:
            if inner.type == "validation":
                yield f"var.{name}", inner


class _Walk:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.found: list[Mention] = []
        self.holder = ""
        self.holder_span = NOWHERE
        self.unbound = NONE
        self.needs: dict[str, list[tuple[str, Span]]] = {}
        self.needed: list[tuple[str, Span]] = []
        self.visitors: dict[type, Callable[[Any, Names, Guard], None]] = {
            s.Variable: lambda *_: None,
            s.GetAttr: self._traversal,
            s.Index: self._traversal,
            s.Splat: self._splat,
            s.Call: self._call,
            s.Template: lambda e, bound, guard: self._each(e.parts, bound, guard),
            s.TemplateIf: self._template_if,
            s.TemplateFor: self._template_for,
            s.Unary: lambda e, bound, guard: self.expression(e.operand, bound, guard),
            s.Binary: lambda e, bound, guard: self._each((e.left, e.right), bound, guard),
            s.Conditional: self._conditional,
            s.TupleCons: lambda e, bound, guard: self._each(e.items, bound, guard),
            s.ObjectCons: self._object,
            s.For: self._for,
        }

    def enter(self, holder: str, span: Span, unbound: Names) -> None:
        self.holder, self.holder_span, self.unbound = holder, span, unbound

    # blocks

    def block(self, block: s.Block, bound: Names) -> None:
        """Every argument and nested block."""
        words = _WORDS.get(block.type, NONE)
        inner = bound
        if block.type == "dynamic" and (name := _iterator(block)):
            inner = bound | {name}
        for name, written in block.attributes.items():
            if type(written.expression) is not s.Literal and name not in words:
                self.expression(written.expression, bound if name == "for_each" else inner, "order" if name in _ORDER else "")
        for nested in block.blocks:
            if not (block.type == "check" and nested.type == "data"):  # stands among the resources
                self.block(nested, inner)

    # expressions

    def expression(self, e: s.Expression, bound: Names, guard: Guard) -> None:
        visit = self.visitors.get(type(e))
        if visit is not None:
            visit(e, bound, guard)

    def _each(self, parts: tuple[s.Expression, ...], bound: Names, guard: Guard) -> None:
        visitors = self.visitors
        for part in parts:
            visit = visitors.get(type(part))
            if visit is not None:
                visit(part, bound, guard)

    def _traversal(self, e: s.GetAttr | s.Index, bound: Names, guard: Guard) -> None:
        steps: list[s.Expression] = []
        node: s.Expression = e
        while True:
            if type(node) is s.GetAttr:
                steps.append(node)
                node = node.source
            elif type(node) is s.Index:
                steps.append(node)
                self.expression(node.key, bound, guard)
                node = node.source
            else:
                break
        if type(node) is not s.Variable:
            self.expression(node, bound, guard)
        elif node.name not in bound:
            steps.reverse()
            self._reference(node.name, steps, guard)

    def _reference(self, root: str, steps: list[s.Expression], guard: Guard) -> None:
        first = steps[0]
        if type(first) is not s.GetAttr or root in RESERVED or (guard == "order" and root in ("var", "local")):
            if root in self.unbound:
                self._note("each-unbound", describe(first), first, guard)
            return
        name, declared = first.name, self.configuration
        if root == "var":
            if name not in declared.variables:
                self._note("variable", name, first, guard)
        elif root == "local":
            if name in declared.locals:
                self.needed.append((name, first.span))
            else:
                self._note("local", name, first, guard)
        elif root == "module":
            if name not in declared.modules:
                self._note("module", name, first, guard)
            elif len(steps) > 1 and guard not in ("guarded", "order"):
                fault = call_fault(declared.modules[name], steps[1:]) if guard != "branch" else ""
                self._note(fault or "module-output", describe(first) if fault else name, steps[-1], guard, tuple(steps[1:]))
        else:
            self._resource(root, steps, guard)

    def _resource(self, root: str, steps: list[s.Expression], guard: Guard) -> None:
        used = 2 if root in ("data", "ephemeral", "resource") else 1
        if len(steps) < used or type(steps[used - 1]) is not s.GetAttr:
            return
        names = [step.name for step in steps[:used] if type(step) is s.GetAttr]
        key = ".".join(names if root == "resource" else (root, *names))
        block = self.configuration.resources.get(key)
        if block is None:
            self._note("resource", key, steps[used - 1], guard)
        elif guard != "order" and (fault := resource_fault(block, steps[used:])):
            self._note(fault, key, steps[used], guard)

    def _note(self, kind: str, name: str, at: s.Expression, guard: Guard, rest: tuple[s.Expression, ...] = ()) -> None:
        self.found.append(Mention(kind, name, at.span, self.holder, self.holder_span, guard, rest))

    def _splat(self, e: s.Splat, bound: Names, guard: Guard) -> None:
        source = e.source
        if type(source) is s.GetAttr and type(source.source) is s.Variable and source.source.name == "module" and "module" not in bound:
            steps = _steps_of_element(e.each)
            if steps and source.name in self.configuration.modules and guard not in ("guarded", "order"):
                self._note("module-output", source.name, steps[-1], guard, (e, *steps))
        self.expression(source, bound, guard)
        self.expression(e.each, bound, guard)

    def _call(self, e: s.Call, bound: Names, guard: Guard) -> None:
        if not guard and e.name not in KNOWN_FUNCTIONS and ":" not in e.name:
            self._note("function", e.name, e, guard)
        if e.name in ("try", "can"):
            guard = "guarded"
        elif e.name in FILES and e.args:
            self.found.append(Mention("file", e.name, e.args[0].span, self.holder, self.holder_span, guard, (), e.args[0]))
        self._each(e.args, bound, guard)

    def _conditional(self, e: s.Conditional, bound: Names, guard: Guard) -> None:
        self.expression(e.condition, bound, guard)
        self._each((e.then, e.otherwise), bound, "guarded" if _asks_for_file(e.condition) else guard or "branch")

    def _template_if(self, e: s.TemplateIf, bound: Names, guard: Guard) -> None:
        self.expression(e.condition, bound, guard)
        self._each((*e.then.parts, *e.otherwise.parts), bound, guard or "branch")

    def _template_for(self, e: s.TemplateFor, bound: Names, guard: Guard) -> None:
        self.expression(e.collection, bound, guard)
        self._each(e.body.parts, bound | {e.key, e.value}, guard or "branch")

    def _object(self, e: s.ObjectCons, bound: Names, guard: Guard) -> None:
        for key, value in e.items:
            if type(key) is not s.Literal:
                if not _is_dotted_name(key):
                    self.expression(key, bound, guard)
            elif key.raw == "dynamic" and key.span.path.endswith(".json"):
                continue  # a nested block of the JSON syntax, with names of its own
            self.expression(value, bound, guard)

    def _for(self, e: s.For, bound: Names, guard: Guard) -> None:
        self.expression(e.collection, bound, guard)
        inner = bound | {e.key, e.value}
        for part in (e.key_result, e.result, e.condition):
            if part is not None:
                self.expression(part, inner, guard or "branch")


def _is_dotted_name(key: s.Expression) -> bool:
    """`integration.request.path`, which Terraform before 0.12 took for a text and newer ones refuse as what it is."""
    while type(key) is s.GetAttr:
        key = key.source
        if type(key) is s.Variable:
            return key.name not in _SCOPES
    return False


def _steps_of_element(e: s.Expression) -> list[s.Expression]:
    """The steps that are taken from each element of a splat."""
    steps: list[s.Expression] = []
    while type(e) is s.GetAttr or type(e) is s.Index:
        steps.append(e)
        e = e.source
    return steps[::-1]


def _iterator(block: s.Block) -> str:
    written = block.attributes.get("iterator")
    if written is None:
        return block.labels[0] if block.labels else ""
    expression = written.expression
    return expression.name if type(expression) is s.Variable else str(expression.raw) if type(expression) is s.Literal else ""


def _asks_for_file(e: s.Expression) -> bool:
    """Whether a condition looks first whether a file is there."""
    if type(e) is s.Call:
        return e.name == "fileexists"
    if type(e) is s.Binary:
        return _asks_for_file(e.left) or _asks_for_file(e.right)
    return type(e) is s.Unary and _asks_for_file(e.operand)
