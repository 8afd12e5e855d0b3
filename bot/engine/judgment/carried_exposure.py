"""View `carried-exposure`: a service that everybody may call already, and that is handed more secrets. One fact a service.

Fields: `open` (true; unknown where who may call is), `where` (the place that lets everybody in), `secret` (the first that is new).
That everybody may call is from before: where it is new it is asked about by itself.
https://cloud.google.com/run/docs/authenticating/public
https://cloud.google.com/run/docs/configuring/services/secrets
https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import block_key, place_of, resting, subject
from bot.engine.judgment.wide_trust import spelled
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.notice import Notice
from bot.engine.model.resource import Model, Resource
from bot.engine.model.tried_out import is_tried_out
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.binding import bindings
from bot.engine.views.reading import attribute, constant, elements, managed, owner, refers_to, text

FIELDS = ("open", "where", "secret")
EVERYBODY = ("allUsers", "allAuthenticatedUsers")
INVOKERS = ("roles/run.invoker", "roles/cloudfunctions.invoker")
# Type → the arguments by which a binding or address names it.
SERVICES = {
    "aws_lambda_function": ("function_name",),
    "google_cloud_run_service": ("service",),
    "google_cloud_run_v2_service": ("name", "service"),
    "google_cloudfunctions_function": ("cloud_function",),
    "google_cloudfunctions2_function": ("cloud_function", "service"),
}
# Block → its argument that names a secret of Google's.
_NAMING = {
    ("secret", "secret"),
    ("secret", "secret_name"),
    ("secret_environment_variables", "secret"),
    ("secret_key_ref", "name"),
    ("secret_key_ref", "secret"),
    ("secret_volumes", "secret"),
}
_SECRETS = ("aws_secretsmanager_secret.", "aws_secretsmanager_secret_version.")


class Opening(Struct, frozen=True):
    """What lets everybody call a service, and the value that does. `unknown`: the value, where it does not tell who."""

    resource: Resource
    value: Value
    unknown: Unknown | None = None


def carried_exposures(difference: Difference) -> Iterator[Subject]:
    """A fact for each service of both sides that everybody may call on both, and that refers to another secret."""
    pairs = [pair for pair in difference.pairs if pair.after.type in SERVICES and not is_tried_out(pair.after.span.path)]
    gaining = []
    for pair in pairs:
        there = {owner(value) for value in _secrets(pair.before)}
        gained = [value for value in _secrets(pair.after) if owner(value) not in there]
        gaining += [(pair, gained)] if gained else []
    before, after = (tuple(_openings(model)) if gaining else () for model in (difference.base, difference.head))
    for pair, gained in gaining:
        former = [item for item in before if _opens(item, pair.before)]
        found = [item for item in after if _opens(item, pair.after)]
        if former and found:
            yield _fact(pair.after, min(found, key=lambda item: item.unknown is not None), gained)


def _openings(model: Model) -> Iterator[Opening]:
    for fact in bindings(model):
        members = elements(fact.attributes["members"])
        if text(fact.attributes.get("role")) in INVOKERS:
            yield from (Opening(fact.resource, item) for item in members if text(item) in EVERYBODY)
            unknown = (item for item in members if isinstance(item, Unknown) and not item.parts)
            yield from (Opening(fact.resource, item, item) for item in unknown)
    for item in managed(model, ("aws_lambda_function_url",)):
        value = attribute(item, "authorization_type")
        if value is not None and text(value) == "NONE":
            yield Opening(item, value)


def _opens(item: Opening, service: Resource) -> bool:
    return any(refers_to(attribute(item.resource, name), service) for name in SERVICES[service.type])


def _secrets(service: Resource) -> Iterator[Value]:
    """What the service names as a secret, in order."""
    for name, value in service.attributes.items():
        yield from _within(value, name)


def _within(value: Value, name: str, outer: str = "") -> Iterator[Value]:
    if isinstance(value, Known) and isinstance(value.raw, dict):
        for inner, part in value.raw.items():
            yield from _within(part, inner, name)
    elif isinstance(value, Known) and isinstance(value.raw, tuple):
        for part in value.raw:
            yield from _within(part, name, outer)
    elif (outer, name) in _NAMING or any(kind in ref for kind in _SECRETS for ref in _refs(value)):
        yield value


def _refs(value: Value) -> tuple[str, ...]:
    return value.refs if isinstance(value, Known | Unknown) else ()


def _fact(service: Resource, opening: Opening, gained: list[Value]) -> Subject:
    first, *others = sorted(gained, key=lambda value: place_of(value, service))
    names = {owner(value) for value in others} - {owner(first)}
    told = (Notice("gets-more", {"n": len(names)}),) if names else ()
    rests = resting(opening.value, *sorted(names))
    cause = Cause(Change("", None, first), key=block_key("carried-exposure", service, ""), facts=told, rests=rests)
    at = place_of(opening.value, opening.resource)
    is_open = opening.unknown or constant(raw=True, span=first.span)
    where = f"{at.path}, line {at.line}"
    return subject("carried-exposure", service, place_of(first, service), cause, open=is_open, where=where, secret=_shown(first))


def _shown(value: Value) -> str:
    return next(iter(_refs(value)), "") or spelled(value) or (value.expression if isinstance(value, Unknown) else "")
