"""Conversions between primitive types, and what is said of a value: sensitive, ephemeral."""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import to_bool, to_number, to_text
from bot.engine.iac.terraform.function_kinds import Function, wrong
from bot.engine.iac.terraform.scope import Scope
from bot.engine.iac.terraform.values import as_sensitive, known, unknown
from bot.engine.model.value import Known, Unknown, Value, moved_to


def _scalar(kind: str) -> Function:
    convert = {"string": to_text, "number": to_number, "bool": to_bool}[kind]

    def apply(args: list[Value], e: s.Call, _: Scope) -> Value:
        if len(args) != 1 or not isinstance(args[0], Known):
            return moved_to(args[0], e.span) if len(args) == 1 else wrong(e, "wrong number of arguments")
        raw = convert(args[0].raw)
        return wrong(e, f"not a {kind}") if raw is None else known(raw, e.span, args)

    return apply


def _sensitive(args: list[Value], e: s.Call, _: Scope) -> Value:
    return as_sensitive(moved_to(args[0], e.span)) if len(args) == 1 else wrong(e, "wrong number of arguments")


def _issensitive(args: list[Value], e: s.Call, _: Scope) -> Value:
    """Only when the value is known: what is unknown may be sensitive by what gives it."""
    if len(args) != 1 or (isinstance(args[0], Unknown) and not args[0].sensitive):
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "wrong number of arguments")
    return Known(args[0].sensitive, e.span)


def _ephemeralasnull(args: list[Value], e: s.Call, _: Scope) -> Value:
    """Ephemeral values are never known, so what is known is not ephemeral."""
    return moved_to(args[0], e.span) if len(args) == 1 else wrong(e, "wrong number of arguments")


def _nonsensitive(args: list[Value], e: s.Call, _: Scope) -> Value:
    return replace(moved_to(args[0], e.span), sensitive=False) if len(args) == 1 else wrong(e, "wrong number of arguments")


TYPES: dict[str, Function] = {
    "tostring": _scalar("string"),
    "tonumber": _scalar("number"),
    "tobool": _scalar("bool"),
    "sensitive": _sensitive,
    "nonsensitive": _nonsensitive,
    "issensitive": _issensitive,
    "ephemeralasnull": _ephemeralasnull,
}
