"""Secrets written into code: `name` (the argument, variable or key), `kind` (`name` or `form`), `value` (sensitive, never shown).

A fact is a known text in a place whose name says secret, or a text whose own form is a credential's. A reference to a secret
store is no fact, and a value that is not known is none either: a secret that is passed in is where it belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Value
from bot.engine.views.reading import constant, fact, span_of, text

MAX_DEPTH = 12
MODES = frozenset({"managed", "variable", "provider", "data"})

_NAME = re.compile(
    r"(^|[_.-])(passw(or)?d|passphrase|secret|token|api_?key|secret_?key|access_?key|private_?key|account_?key|shared_?key|client_?secret|"
    r"secret_?(string|data|value)|auth_?token|connection_?string|credentials?)$",
    re.IGNORECASE,
)
# Names that end like one and are none: identifiers that a caller invents so that a call is not repeated, and names of modes.
_NOT_A_SECRET = re.compile(
    r"(creation|idempotency|client|request|continuation|next|pagination|http|public|partition|primary|foreign|sort|hash|range)_?"
    r"(token|key|credentials?)$",
    re.IGNORECASE,
)

_FORMS = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b|"
    r"\bxox[abprs]-[0-9A-Za-z-]{10,}\b|\bAIza[0-9A-Za-z_-]{35}\b|\bsk_live_[0-9A-Za-z]{16,}\b|\bglpat-[0-9A-Za-z_-]{20}\b|"
    r"(?i:aws_?secret_?(?:access_?)?key)[\"']?\s*[=:]\s*[\"']?[A-Za-z0-9/+]{40}\b|\bAccountKey=[A-Za-z0-9+/]{60,}={0,2}",
)
# References and paths, and what local stand-ins of a cloud take as credentials.
_ELSEWHERE = re.compile(
    r"^(arn:|/|https?://|projects/|@Microsoft\.KeyVault|\{\{|\$\{|vault:|ssm:|secretsmanager:|op://|ENC\[|<)|\.(pem|key|json|txt|crt)$",
    re.IGNORECASE,
)
_STAND_IN = frozenset(
    {
        "",
        "test",
        "mock",
        "fake",
        "dummy",
        "anaccesskey",
        "asecretkey",
        "mock_access_key",
        "mock_secret_key",
        "localstack",
        "true",
        "false",
        "none",
    }
)


def secrets(model: Model) -> Iterator[Subject]:
    """The secrets of the model's resources, providers and variables' defaults."""
    for resource in model.resources:
        if resource.mode in MODES:
            yield from _of_resource(resource)


def _of_resource(resource: Resource) -> Iterator[Subject]:
    for name, value in resource.attributes.items():
        spoken = resource.name if resource.mode == "variable" and name == "default" else name
        if resource.mode != "variable" or name == "default":
            yield from _of_value(resource, name, spoken, value, 0)


def _of_value(resource: Resource, path: str, name: str, value: Value, depth: int) -> Iterator[Subject]:
    if not isinstance(value, Known) or depth > MAX_DEPTH:
        return
    if value.structure is not None:
        yield from _of_value(resource, path, name, value.structure, depth + 1)
    elif isinstance(value.raw, dict):
        yield from _of_object(resource, path, value.raw, depth)
    elif isinstance(value.raw, tuple):
        for index, item in enumerate(value.raw):
            yield from _of_value(resource, f"{path}[{index}]", name, item, depth + 1)
    elif isinstance(value.raw, str):
        kind = _kind(name, value.raw)
        if kind is not None:
            yield _fact(resource, path, name, kind, value)


def _of_object(resource: Resource, path: str, raw: dict[str, Value], depth: int) -> Iterator[Subject]:
    """An object's fields; in a pair of `name` and `value` the first names the second (container environments)."""
    spoken = text(raw.get("name"))
    for key, item in raw.items():
        name = spoken if key == "value" and spoken is not None else key
        yield from _of_value(resource, f"{path}.{key}", name, item, depth + 1)


def _kind(name: str, raw: str) -> str | None:
    if _FORMS.search(raw):
        return "form"
    if not _NAME.search(name) or _NOT_A_SECRET.search(name):
        return None
    found = raw.strip()
    return None if found.lower() in _STAND_IN or _ELSEWHERE.search(found) else "name"


def _fact(resource: Resource, path: str, name: str, kind: str, value: Known) -> Subject:
    span = span_of(value, resource)
    return fact(resource, "secret", span, path, name=constant(name, span), kind=constant(kind, span), value=replace(value, sensitive=True))
