"""Conditions whose branches no type holds: a text beside a list or map, a list beside a map, and objects that are neither alike nor maps.
Terraform refuses them whichever is taken.

https://developer.hashicorp.com/terraform/language/expressions/conditionals#result-types. Seen in the text alone, with the types that
variables declare; what has no certain kind is left alone, and so is what may never be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.constants import CATCH, evaluated_parts, expressions_of
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.repetition import LISTS
from bot.engine.model.reference import Dangling

MAX_NAME = 80
DEPTH = 8  # local values that are followed
TEXT, LIST, MAP = "a text or number", "a list", "a map"
TEXTS = frozenset(
    {
        *("abs", "base64decode", "base64encode", "basename", "ceil", "chomp", "cidrhost", "cidrnetmask", "cidrsubnet", "dirname"),
        *("file", "filebase64", "floor", "format", "formatdate", "join", "jsonencode", "length", "lower", "max", "md5", "min", "parseint"),
        *("replace", "sha1", "sha256", "strrev", "substr", "templatefile", "timestamp", "title", "tobool", "tonumber", "tostring"),
        *("trim", "trimprefix", "trimspace", "trimsuffix", "upper", "urlencode", "uuid", "yamlencode"),
    }
)
MAPS = frozenset({"merge", "tomap", "zipmap", "transpose"})
_DECLARED = {"list": LIST, "set": LIST, "tuple": LIST, "map": MAP, "object": MAP}


def unlike_branches(configuration: Configuration) -> Iterator[Dangling]:
    """Every condition whose branches are of two kinds."""
    for holder, at, expressions in expressions_of(configuration):
        conditions: list[s.Conditional] = []
        for e in expressions:
            _collect(e, conditions)
        for e in conditions:
            one, other = kind_of(e.then, configuration, DEPTH), kind_of(e.otherwise, configuration, DEPTH)
            unlike = f"{one} and {other}" if one and other and one != other else _unlike_objects(e, configuration)
            if unlike:
                yield Dangling(e.span, "unlike-branches", describe(e, MAX_NAME), holder, at, configuration.directory, unlike)


def _unlike_objects(e: s.Conditional, configuration: Configuration) -> str:
    """How two objects differ that have no type in common. Those of the same attributes need one for each; others become maps, whose
    elements have one type. Nothing is said where the kind of an attribute is not certain: of null and `any` it may fit."""
    one, other = (_attributes(branch, configuration, DEPTH) for branch in (e.then, e.otherwise))
    if one is None or other is None or not all((*one.values(), *other.values())):
        return ""
    if one.keys() == other.keys():
        unlike = next((name for name in one if one[name] != other[name]), None)
        return "" if unlike is None else f"objects whose {unlike} is {one[unlike]} here and {other[unlike]} there"
    kinds = sorted({*one.values(), *other.values()})
    return f"objects of different attributes, among them {' and '.join(kinds)}" if len(kinds) > 1 else ""


def _attributes(e: s.Expression, configuration: Configuration, depth: int) -> dict[str, str] | None:
    """The kinds of an object's attributes by name; None for what is no object that is written out."""
    name = _local_name(e)
    if name is not None:
        found = configuration.locals.get(name)
        return None if found is None or depth == 0 else _attributes(found.expression, configuration, depth - 1)
    if not isinstance(e, s.ObjectCons):
        return None
    kinds: dict[str, str] = {}
    for key, value in e.items:
        if not isinstance(key, s.Literal) or not isinstance(key.raw, str):
            return None
        kinds[key.raw] = "" if _may_be_of_any_type(value) else kind_of(value, configuration, DEPTH)
    return kinds


def _local_name(e: s.Expression) -> str | None:
    return e.name if isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable) and e.source.name == "local" else None


def _may_be_of_any_type(e: s.Expression) -> bool:
    """What is made of a value that the apply alone tells may have a type that is not known before, and then fits all."""
    return isinstance(e, s.Call | s.Splat | s.For) or _local_name(e) is not None


def _collect(e: s.Expression, conditions: list[s.Conditional]) -> None:
    kind = type(e)
    if kind is s.Literal or kind is s.Variable or (isinstance(e, s.Call) and e.name in CATCH):
        return
    if isinstance(e, s.Conditional):
        conditions.append(e)
    for part in evaluated_parts(e):
        _collect(part, conditions)


def kind_of(e: s.Expression, configuration: Configuration, depth: int) -> str:  # noqa: PLR0911 - one line a kind of expression
    """What the expression certainly gives; empty where that cannot be told, and for null, which is anything."""
    if isinstance(e, s.Literal):
        return "" if e.raw is None else TEXT
    if isinstance(e, s.Template):
        return TEXT if len(e.parts) != 1 or isinstance(e.parts[0], s.Literal) else ""
    if isinstance(e, s.TupleCons | s.Splat):
        return LIST
    if isinstance(e, s.ObjectCons):
        return MAP
    if isinstance(e, s.For):
        return LIST if e.key_result is None else MAP
    if isinstance(e, s.Call):
        name = e.name.removeprefix("core::")
        return TEXT if name in TEXTS else LIST if name in LISTS or name == "toset" else MAP if name in MAPS else ""
    if isinstance(e, s.Conditional):
        one, other = kind_of(e.then, configuration, depth), kind_of(e.otherwise, configuration, depth)
        return one if one == other else ""
    if isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable) and depth > 0:
        return _named(e.source.name, e.name, configuration, depth)
    return ""


def _named(scope: str, name: str, configuration: Configuration, depth: int) -> str:
    if scope == "local" and name in configuration.locals:
        return kind_of(configuration.locals[name].expression, configuration, depth - 1)
    variable = configuration.variables.get(name) if scope == "var" else None
    declared = variable.attributes.get("type") if variable is not None else None
    if declared is None:
        return ""
    if isinstance(declared.expression, s.Call):
        return _DECLARED.get(declared.expression.name, "")
    return TEXT if isinstance(declared.expression, s.Variable) and declared.expression.name in ("string", "number", "bool") else ""
