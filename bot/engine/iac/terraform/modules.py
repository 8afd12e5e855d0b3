"""One instance of a module: its names, evaluated when they are asked for and remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.bodies import argument, by_kind, nested
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.constraints import constrained
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.expressions import evaluate
from bot.engine.iac.terraform.instances import Expansion, Place, expand, switched_on
from bot.engine.iac.terraform.published import PREFIX, UNTOLD
from bot.engine.iac.terraform.references import resolve
from bot.engine.iac.terraform.scope import REFERENCE_DEPTH, LimitReachedError, Run, Scope
from bot.engine.iac.terraform.values import Instances, Object, as_assumed, as_sensitive, failure, with_refs
from bot.engine.model.resource import Call
from bot.engine.model.span import NOWHERE, Span
from bot.engine.model.value import Known, Null, Reason, Unknown, Value, or_default


class Module:
    """A module's instance. `prefix` and `definition`: what stands before its addresses, with and without keys.

    `arguments`: what sets its variables, and where that is evaluated. `missing`: the reason of a variable that nothing
    sets. `child` opens the module that a call names (None: not in the tree).
    """

    def __init__(  # noqa: PLR0913 - a module is all of this
        self,
        run: Run,
        configuration: Configuration,
        arguments: Mapping[str, tuple[s.Expression, Scope]],
        child: Callable[[Module, str, Place], Module | Unknown],
        *,
        prefix: str = "",
        definition: str = "",
        calls: tuple[Call, ...] = (),
        directories: tuple[str, ...] = (),
        exists: Unknown | None = None,
        missing: Reason = "variable",
    ) -> None:
        self.run = run
        self.configuration = configuration
        self.arguments = arguments
        self.child = child
        self.prefix = prefix
        self.definition = definition
        self.calls = calls
        self.directories = directories or (configuration.directory,)
        self.exists = exists
        self.missing: Reason = missing
        self.scope = Scope(run, self, {})
        self._values: dict[str, Value] = {}
        self._running: set[str] = set()
        self._expansions: dict[str, Expansion] = {}
        self._wholes: dict[str, Value] = {}
        self._children: dict[tuple[str, str], Module | Unknown] = {}

    @property
    def path(self) -> str:
        return self.configuration.directory

    def remembered(self, name: str, span: Span, compute: Callable[..., Value], *inputs: object) -> Value:
        """The value of a name. A name that is being evaluated already is a cycle; a limit inside makes it unknown."""
        found = self._values.get(name)
        if found is not None:
            return found
        if name in self._running:
            return Unknown("cycle", name, span)
        run = self.run
        depth = run.depth
        run.depth += REFERENCE_DEPTH
        self._running.add(name)
        try:
            value = compute(*inputs)
        except (LimitReachedError, RecursionError) as problem:
            value = Unknown("limit", name, span, detail=str(problem))
            run.report(span, "attribute", str(problem))
        finally:
            run.depth = depth
            self._running.discard(name)
        self._values[name] = value
        return value

    def resolve(self, name: s.Variable, steps: list[s.Expression]) -> tuple[Value, int]:
        """What a reference refers to, and how many of its steps that took."""
        return resolve(self, name, steps)

    def variable(self, name: str) -> Value:
        """An input: what the caller or a variable file gives, else the default."""
        block = self.configuration.variables.get(name)
        if block is None:
            return failure("no such variable", NOWHERE, f"var.{name}", "undeclared")
        return self.remembered(f"var.{name}", block.span, self._variable, block, name)

    def _variable(self, block: s.Block, name: str) -> Value:
        value = self._given(block, name)
        if is_true(block, "sensitive"):
            value = as_sensitive(value)
        return value

    def _given(self, block: s.Block, name: str) -> Value:
        constraint = block.attributes.get("type")
        default = block.attributes.get("default")
        given = self.arguments.get(name)
        if given is not None:
            value = evaluate(*given)
            replaced = default is not None and is_false(block, "nullable")
            if not (isinstance(value, Null) and replaced):
                value = or_default(value) if replaced else value
                return constrained(value, constraint, self.scope)
        if default is not None:
            return as_assumed(constrained(evaluate(default.expression, self.scope), constraint, self.scope))
        return Unknown(self.missing, f"var.{name}", block.span)

    def local(self, name: str) -> Value:
        """A local value."""
        written = self.configuration.locals.get(name)
        if written is None:
            return failure("no such local value", NOWHERE, f"local.{name}", "undeclared")
        return self.remembered(f"local.{name}", written.span, evaluate, written.expression, self.scope)

    def output(self, name: str) -> Value:
        """An output, as the caller reads it."""
        block = self.configuration.outputs.get(name)
        if block is None:
            return failure(f"no output {name}", NOWHERE, f"output.{name}", "undeclared")
        written = block.attributes.get("value")
        if written is None:
            return Unknown("not-read" if block.incomplete else "expression", f"output.{name}", block.span)
        value = self.remembered(f"output.{name}", written.span, evaluate, written.expression, self.scope)
        return as_sensitive(value) if is_true(block, "sensitive") else value

    def expansion(self, key: str, block: s.Block) -> Expansion:
        """The instances of a resource or call. `key`: its address within the module."""
        found = self._expansions.get(key)
        if found is None:
            if f"count {key}" in self._running:
                return Expansion("unknown", (Place("", {}, None, Unknown("cycle", key, block.span)),))
            self._running.add(f"count {key}")
            found = self._expansions[key] = self._expanded(key, block)
            self._running.discard(f"count {key}")
        return found

    def _expanded(self, key: str, block: s.Block) -> Expansion:
        found, switches = expand(block, self.scope), self.run.switches
        cause = switches.left_out(f"{self.prefix}{key}", block.extent, found.empty) if found.empty is not None else None
        return switched_on(block, cause) if cause is not None and switches.is_on else found

    def whole(self, key: str, block: s.Block) -> Value:
        """A resource, data source or call as its references see it: an object, or a collection of them by key."""
        found = self._wholes.get(key)
        if found is None:
            expansion = self.expansion(key, block)
            objects = [self._object(key, block, place) for place in expansion.places]
            found = _collected(expansion, objects)
            if not any(place.exists and place.exists.reason == "cycle" for place in expansion.places):
                self._wholes[key] = found
        return found

    def _object(self, key: str, block: s.Block, place: Place) -> Object:
        address = f"{self.prefix}{key}{place.suffix}"
        if block.type == "module":
            inside = self.opened(key, block.labels[0], place)
            if isinstance(inside, Unknown):
                return Object(
                    inside.reason,
                    key,
                    block.span,
                    refs=(address,),
                    detail=inside.detail,
                    holder=Missing(inside, address, key + place.suffix),
                )
            return Object("computed", key, block.span, refs=(), holder=Outputs(inside))
        reason: Reason = "data-source" if block.type == "data" else "computed"
        return Object(reason, key, block.span, refs=(address,), holder=ResourceInstance(self, block, address, place, reason))

    def opened(self, key: str, name: str, place: Place) -> Module | Unknown:
        """The module of one call's instance."""
        found = self._children.get((key, place.suffix))
        if found is None:
            found = self._children[key, place.suffix] = self.child(self, name, place)
        return found


def _collected(expansion: Expansion, objects: list[Object]) -> Value:
    if expansion.form == "single":
        return objects[0]
    if expansion.form == "count":
        return Known(tuple(objects))
    if expansion.form == "each":
        if all(isinstance(place.key, str) for place in expansion.places):
            return Known({str(place.key): item for place, item in zip(expansion.places, objects, strict=True)})
        return Instances("instances", objects[0].expression, objects[0].span, refs=objects[0].refs, element=objects[-1])
    cause = expansion.places[0].exists
    return Instances(
        "instances",
        objects[0].expression,
        objects[0].span,
        refs=objects[0].refs,
        detail=cause.expression if cause else "",
        element=objects[0],
    )


def is_true(block: s.Block, name: str) -> bool:
    """Whether an argument is the literal true."""
    return _literal(block, name) in (True, "true")


def is_false(block: s.Block, name: str) -> bool:
    return _literal(block, name) in (False, "false")


def _literal(block: s.Block, name: str) -> object:
    written = block.attributes.get(name)
    return written.expression.raw if written is not None and isinstance(written.expression, s.Literal) else None


class ResourceInstance:
    """One instance of a resource or data source, its arguments evaluated one by one."""

    def __init__(self, module: Module, block: s.Block, address: str, place: Place, reason: Reason) -> None:
        self.module = module
        self.block = block
        self.address = address
        self.name = address[len(module.prefix) :]
        self.reason: Reason = reason
        self.kinds = by_kind(block.blocks)
        self.scope = Scope(module.run, module, place.names)

    def attribute(self, name: str, step: s.Expression) -> Value:
        """What a reference reads: the argument when it is set, else what only the provider knows."""
        value = self.argument(name)
        if value is None or isinstance(value, Null):
            made = self._rendered(step) if name == "rendered" and self.block.labels[0] == "template_file" else None
            return made or Unknown(self.reason, f"{self.name}.{name}", step.span, refs=(self.address,))
        return with_refs(value, (self.address,))

    def argument(self, name: str) -> Value | None:
        """What the configuration says; None when it says nothing."""
        written = self.block.attributes.get(name)
        if written is not None and type(written.expression) is s.Literal and written.expression.raw is not None and not self.block.blocks:
            return Known(written.expression.raw, written.expression.span)
        if written is None and name not in self.kinds:
            return Unknown("not-read", name, self.block.span) if self.block.incomplete else None
        return self.module.remembered(
            f"{self.address}#{name}", written.span if written else self.kinds[name][0].span, self._evaluated, name
        )

    def _rendered(self, step: s.Expression) -> Value | None:
        """What `data.template_file` makes of its own arguments, as `templatestring` does; None where not a piece of it is known.
        https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file"""
        at = step.span
        given = self.block.attributes.get("vars")
        key, each = s.Variable(at, "key"), s.Call(at, "tostring", (s.Variable(at, "value"),))
        texts = s.For(at, "key", "value", given.expression if given is not None else s.ObjectCons(at, ()), each, key)
        value = evaluate(s.Call(at, "templatestring", (s.GetAttr(at, s.Variable(at, "self"), "template"), texts)), self._own())
        return with_refs(value, (self.address,)) if isinstance(value, Known) or (isinstance(value, Unknown) and value.parts) else None

    def _own(self) -> Scope:
        """The names that the block's own expressions may use."""
        if "self" not in self.scope.names:
            this = Object(self.reason, "self", self.block.span, refs=(self.address,), holder=self)
            self.scope = self.scope.binding({"self": this})
        return self.scope

    def _evaluated(self, name: str) -> Value:
        self._own()
        written = self.block.attributes.get(name)
        value = argument(written, self.scope) if written is not None else None
        if name in self.kinds:
            value = nested(self.kinds[name], self.scope, value)
        assert value is not None
        return value


class Outputs:
    """A module as its caller sees it."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def attribute(self, name: str, step: s.Expression) -> Value:
        value = self.module.output(name)
        if isinstance(value, Unknown) and value.reason == "undeclared" and value.expression == f"output.{name}":
            if self.module.path.startswith(PREFIX):
                return Unknown("module-source", describe(step), step.span, refs=(self.module.prefix.rstrip("."),), detail=UNTOLD)
            return replace(value, expression=describe(step), span=step.span)
        return value


class Missing:
    """A module that is not in the tree."""

    def __init__(self, cause: Unknown, address: str, name: str) -> None:
        self.cause = cause
        self.address = address
        self.name = name

    def attribute(self, name: str, step: s.Expression) -> Value:
        return Unknown(self.cause.reason, f"{self.name}.{name}", step.span, refs=(self.address,), detail=self.cause.detail)
