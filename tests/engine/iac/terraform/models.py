"""Short ways to evaluate text and to read what came out."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from bot.engine.iac.terraform import evaluate
from bot.engine.model.resource import Limits, Model, Resource
from bot.engine.model.value import Plain, Unknown, Value, plain

DEFAULT = Limits()


def models(files: Mapping[str, str] | str, root: str = "", limits: Limits = DEFAULT, only: str | None = None) -> tuple[Model, ...]:
    """The models of a root; one text stands for `main.tf`."""
    given = {"main.tf": files} if isinstance(files, str) else files
    return evaluate(root, {path: dedent(text).encode() for path, text in given.items()}, limits=limits, only=only)


def model(files: Mapping[str, str] | str, root: str = "", limits: Limits = DEFAULT) -> Model:
    """The only model of a root."""
    (found,) = models(files, root, limits)
    return found


def resource(found: Model, address: str) -> Resource:
    """The resource of this address."""
    (one,) = [item for item in found.resources if item.address == address]
    return one


def local(text: str, name: str = "x") -> Value:
    """The value of a local in `main.tf`."""
    return resource(model(text), f"local.{name}").attributes["value"]


def value_of(expression: str, context: str = "") -> Value:
    """The value of an expression, beside other blocks."""
    return local(f"locals {{\n  x = {expression}\n}}\n" + dedent(context))


def plain_of(expression: str, context: str = "") -> Plain:
    """The same as plain data."""
    return plain(value_of(expression, context))


def unknown_of(expression: str, context: str = "") -> Unknown:
    """The value of an expression that is expected to be unknown."""
    found = value_of(expression, context)
    assert isinstance(found, Unknown), found
    return found


def places(value: Value) -> list[tuple[str, int]]:
    """Where a value is read and where it came from, nearest first."""
    return [(span.path, span.line) for span in (value.span, *value.origin)]
