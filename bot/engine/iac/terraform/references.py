"""What a name refers to: `var`, `local`, `module`, `data`, `path`, resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.values import failure
from bot.engine.model.span import NOWHERE
from bot.engine.model.value import Known, Unknown, Value

if TYPE_CHECKING:
    from bot.engine.iac.terraform.modules import Module


def resolve(module: Module, root: s.Variable, steps: list[s.Expression]) -> tuple[Value, int]:
    """The value that a reference starts with, and how many of its steps name it."""
    name = root.name
    first = _name(steps, 0)
    if name in ("var", "local") and first is not None:
        return (module.variable(first) if name == "var" else module.local(first)), 1
    if name in _FIXED and first is not None:
        return _FIXED[name](module, first, steps[0]), 1
    if name == "module":
        return _declared(module, module.configuration.modules.get(first or ""), f"module.{first}", steps[:1], root)
    used, key = (2, f"{name}.{first}.{_name(steps, 1)}") if name in ("data", "ephemeral", "resource") else (1, f"{name}.{first}")
    key = key.removeprefix("resource.")  # the long form, for types whose name is that of something else
    return _declared(module, module.configuration.resources.get(key), key, steps[:used], root)


def _declared(module: Module, block: s.Block | None, key: str, steps: list[s.Expression], root: s.Variable) -> tuple[Value, int]:
    if block is not None:
        return module.whole(key, block), len(steps)
    last = steps[-1] if steps else root
    if not steps:
        return failure("not a reference", last.span, root.name, "undeclared"), 0
    return failure("nothing of this name is declared", last.span, describe(last), "undeclared"), len(steps)


def _name(steps: list[s.Expression], position: int) -> str | None:
    if position >= len(steps):
        return None
    step = steps[position]
    if isinstance(step, s.GetAttr):
        return step.name
    if isinstance(step, s.Index) and isinstance(step.key, s.Literal):
        return str(step.key.raw)
    return None


def _path(module: Module, name: str, step: s.Expression) -> Value:
    if name == "root":
        return Known(".", NOWHERE)
    if name == "module":
        return Known(relative(module.run.root, module.path), NOWHERE)
    return Unknown("environment", describe(step), step.span)


def _environment(_: Module, __: str, step: s.Expression) -> Value:
    return Unknown("environment", describe(step), step.span)


def _unbound(_: Module, __: str, step: s.Expression) -> Value:
    return failure("not bound here", step.span, describe(step), "undeclared")


_FIXED = {"path": _path, "terraform": _environment, "tofu": _environment, "each": _unbound, "count": _unbound, "self": _unbound}


def relative(start: str, target: str) -> str:
    """The path from one directory of the tree to another, as Terraform writes it (`.`, `modules/a`, `../a`)."""
    one = start.split("/") if start else []
    two = target.split("/") if target else []
    shared = 0
    while shared < min(len(one), len(two)) and one[shared] == two[shared]:
        shared += 1
    return "/".join([".."] * (len(one) - shared) + two[shared:]) or "."


def joined_path(directory: str, path: str) -> str | None:
    """`path` seen from `directory`, normalised; None when it leaves the tree."""
    parts: list[str] = []
    for part in [*(directory.split("/") if not path.startswith("/") else []), *path.split("/")]:
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return None if path.startswith("/") else "/".join(parts)
