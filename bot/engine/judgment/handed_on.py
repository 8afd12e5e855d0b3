"""View `handed-on`: outputs that hand a secret on from now on, one fact for each secret.

Fields: `secret` (`private-key`, `access-key`, `password`, `secret`), `handed` (true; unknown where only the name of the output says that
it is the secret, of what makes one), `name` (the output), `maker` (what makes or reads the secret), `asked` (whether the key comes with the
change, which is asked about).
Handed on is what is written out, by itself, in a text, or as a part; what a function makes of it (a hash, a length) may be no secret.
https://developer.hashicorp.com/terraform/language/manage-sensitive-data
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import block_key, resting, subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.tried_out import is_tried_out
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.private_key import MAKER
from bot.engine.views.reading import attribute, constant, truth

FIELDS = ("secret", "handed", "name", "maker", "asked")
# Type → attribute → what it is. The pages of the providers.
SECRETS: Mapping[str, Mapping[str, str]] = {
    "aws_iam_access_key": {"secret": "access-key", "ses_smtp_password_v4": "access-key"},
    "aws_secretsmanager_secret_version": {"secret_string": "secret", "secret_binary": "secret"},
    "azuread_application_password": {"value": "access-key"},
    "azuread_service_principal_password": {"value": "access-key"},
    "azurerm_key_vault_secret": {"value": "secret"},
    "google_secret_manager_secret_version": {"secret_data": "secret"},
    "google_service_account_key": {"private_key": "private-key"},
    "random_password": {"result": "password"},
    "tls_private_key": dict.fromkeys(("private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"), "private-key"),
}
_READ = Pattern(r"(?:data\.)?(\w+)\.[\w-]+(?:\[[^\]]*\])?\.(\w+)")
_KEY = Pattern(r"\[[^\]]*\]")
_TELLING = Pattern(r"(?i)private_?key|secret|password|credential")
_MARKED = tuple(len(f"{name}()") for name in ("sensitive", "nonsensitive"))  # functions that change nothing
_QUOTED = len('"${}"')


class Handed(Struct, frozen=True):
    """A secret in an output. `maker`: the address of what makes or reads it; `unknown`: it may be something else of it."""

    output: Resource
    secret: str
    maker: str
    value: Unknown
    unknown: bool = False


def handed_on(difference: Difference) -> Iterator[Subject]:
    """A fact for each secret that an output hands on, where none at its place did before."""
    found = list(_handed(difference.head))
    there = {name for item in (_handed(difference.base) if found else ()) for name in _names(item)}
    there |= {_names(item)[-1] for model in (difference.bases if found else ()) for item in _handed(model)}
    new: dict[str, list[Handed]] = defaultdict(list)
    for item in found:
        path = item.output.span.path
        touched = difference.changed is None or path in difference.changed
        if touched and not is_tried_out(path) and not any(name in there for name in _names(item)):
            new[item.maker].append(item)
    made = {item.address for item in difference.created if item.type == MAKER}
    for maker, items in sorted(new.items()):
        first = min(items, key=lambda item: (item.unknown, -len(item.output.calls), item.output.span))
        key = block_key("handed-on", first.output, _local(maker))
        cause = Cause(Change("value", None, first.value), key=key, rests=resting(*sorted(item.output.definition for item in items)))
        asked = constant(maker in made, first.output.span)
        handed = first.value if first.unknown else constant(raw=True, span=first.output.span)
        words = {"name": first.output.name, "maker": maker, "secret": first.secret}
        yield subject("handed-on", first.output, first.output.span, cause, handed=handed, asked=asked, **words)


def _names(item: Handed) -> tuple[tuple[object, ...], ...]:
    """What makes an output nothing new: its address, whose secret goes to whom, and its name and the maker's wherever the module is.

    By the last, which holds for all roots, a module that moves, or that is copied, hands on what it did.
    """
    callers = tuple(call.name for call in item.output.calls)
    inside = item.maker.count("module.") - len(callers)
    return (item.output.definition,), (item.maker, *callers), (item.output.name, inside, _local(item.maker))


def _handed(model: Model) -> Iterator[Handed]:
    """What is told of outputs deeper inside first, so that what only passes it on is known."""
    passed: list[Handed] = []
    outputs = (item for item in model.resources if item.mode == "output" and truth(attribute(item, "ephemeral")) is not True)
    for output in sorted(outputs, key=lambda item: -len(item.calls)):
        for leaf in _leaves(attribute(output, "value")):
            if (found := _secret(output, leaf, passed)) is not None:
                passed.append(found)
                yield found


def _secret(output: Resource, leaf: Unknown, passed: list[Handed]) -> Handed | None:
    maker = next((ref for ref in leaf.refs if _type_of(ref) in SECRETS), None)
    if maker is None:
        return None
    read = _READ.fullmatch(leaf.expression)
    if read is None or read[1] not in SECRETS:
        may_be = leaf.reason != "computed" and _TELLING.search(output.name)
        return Handed(output, next(iter(SECRETS[_type_of(maker)].values())), maker, leaf, unknown=True) if may_be else None
    secret = SECRETS[read[1]].get(read[2])
    if secret is None or not (_is_written_out(leaf) or any(_passes_on(output, leaf, item) for item in passed)):
        return None
    return Handed(output, secret, maker, leaf)


def _is_written_out(leaf: Unknown) -> bool:
    """Whether nothing but the attribute stands there, or a text around it: the expression is told through functions too."""
    outer, bare = _width(leaf), len(leaf.expression)
    if leaf.parts:
        return leaf.parts.count(None) == 1 and outer == bare + _QUOTED + sum(len(part) for part in leaf.parts if part)
    inner = next((end.end_column - end.column for end in leaf.origin if (end.path, end.line) == (leaf.span.path, leaf.span.line)), 0)
    return outer == bare or (inner == bare and outer - inner in _MARKED)


def _passes_on(output: Resource, leaf: Unknown, item: Handed) -> bool:
    """Whether the leaf is the output of a module called here, and nothing else."""
    if item.output.calls[:-1] != output.calls or not item.output.calls or item.value.span not in leaf.origin:
        return False
    return _width(leaf) == len(f"module.{item.output.calls[-1].name}.{item.output.name}")


def _width(leaf: Unknown) -> int:
    return leaf.span.end_column - leaf.span.column if leaf.span.line == leaf.span.end_line else 0


def _type_of(address: str) -> str:
    """The type of the resource at an address, whatever modules it lies in."""
    return _local(address).partition(".")[0]


def _local(address: str) -> str:
    """Type and name, without modules and keys."""
    return ".".join(_KEY.sub("", address).split(".")[-2:])


def _leaves(value: Value | None) -> Iterator[Unknown]:
    """The unknown parts of a value, in order."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, Known):
        raw = value.raw
        for part in raw if isinstance(raw, tuple) else raw.values() if isinstance(raw, dict) else ():
            yield from _leaves(part)
