"""From a request to an answer: faults, caller, limits, permission, form, handler, cache headers."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING

from bot.standin import contract, laws
from bot.standin.calls import Actor, Answer, Call, Refusal, Request
from bot.standin.laws.permissions import accepted, needs
from bot.standin.rest import Route, find
from bot.standin.rest.routing import as_answer

if TYPE_CHECKING:
    from bot.standin.shape import Urls
    from bot.standin.world import World

REMOVED = ("merge_commit_sha", "assignee", "rate")
VERSIONS = ("2022-11-28", "2026-03-10")
Out = tuple[int, bytes, dict[str, str]]


def rest(world: World, request: Request) -> Out:
    """Status, body and headers of a REST call."""
    request.path = _by_id(world, request.path)
    found = find(request.method, request.path)
    name = found[0].template if found else request.path
    actor: Actor | None = None
    extra: dict[str, str] = {}
    try:
        _check_headers(request)
        actor = laws.authenticate(world, request.headers.get("authorization"))
        if found is None:
            world.unsupported.append(f"{request.method} {request.path}")
            answer = Refusal(404, "Not Found").answer()
        else:
            extra = spend(world, actor, request, _resource(found[0]), content=found[0].content)
            answer, more = _handle(world, request, actor, *found)
            extra |= more
    except Refusal as refusal:
        answer = refusal.answer()
    world.record(request.method, name, answer.status, actor)
    return _encode(world, request, actor, answer, extra, found[0].operation if found else "")


def _by_id(world: World, path: str) -> str:
    """`/repositories/ID/…`, where a renamed repository redirects to, as `/repos/OWNER/NAME/…`."""
    parts = path.split("/", 3)
    repo = world.repositories.get(int(parts[2])) if parts[1] == "repositories" and len(parts) > 2 and parts[2].isdigit() else None
    return path if repo is None else "/".join(["/repos", repo.full_name, *parts[3:]])


def _resource(route: Route) -> str:
    return "integration_manifest" if route.template.startswith("/app-manifests") else "core"


def _check_headers(request: Request) -> None:
    if not request.headers.get("user-agent"):
        raise Refusal(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
    version = request.headers.get("x-github-api-version")
    if version is not None and version not in VERSIONS:
        raise Refusal(400, f"Version {version} is not supported. Supported versions: {', '.join(VERSIONS)}")


def spend(world: World, actor: Actor, request: Request, resource: str, *, content: bool) -> dict[str, str]:
    """Rate-limit headers; raises the refusal when the limit is reached. Asking for the limits is free."""
    if request.path == "/rate_limit" or not world.limits.enabled:
        return {}
    now, write = world.clock.now(), request.method not in {"GET", "HEAD"}
    refused = world.limits.spend(actor.holder, resource, now, write=write, content=content)
    headers = rate_headers(world, actor, resource)
    if refused is None:
        return headers
    if refused.kind == "primary":
        raise Refusal(403, f"API rate limit exceeded for {actor.holder}.", headers=headers | {"X-RateLimit-Remaining": "0"})
    sentence = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    raise Refusal(403, sentence, headers=headers | {"Retry-After": str(refused.retry_after)})


def rate_headers(world: World, actor: Actor, resource: str) -> dict[str, str]:
    if not world.limits.enabled:
        return {}
    limit, used, reset = world.limits.allowance(actor.holder, resource, world.clock.now())
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(limit - used, 0)),
        "X-RateLimit-Used": str(used),
        "X-RateLimit-Reset": str(reset),
        "X-RateLimit-Resource": resource,
    }


def _handle(world: World, request: Request, actor: Actor, route: Route, params: dict[str, str]) -> tuple[Answer, dict[str, str]]:
    if not all(value.isdigit() for name, value in params.items() if name.endswith(("_id", "_number"))):
        raise Refusal(404, "Not Found")
    call = Call(world, request, actor, route.template, params)
    wanted = needs(route)
    extra = accepted(wanted) if actor.token and wanted else {}
    with world.lock:
        laws.authorise(call, route)
        call.body = request.json()
        laws.check_query(call, route.operation)
        laws.check_body(call, route.operation)
        answer = as_answer(route.handler(call))
    return answer, extra


def _encode(world: World, request: Request, actor: Actor | None, answer: Answer, extra: dict[str, str], operation: str) -> Out:
    headers = {"X-GitHub-Request-Id": secrets.token_hex(8).upper(), **extra, **answer.headers}
    headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    headers["X-GitHub-Api-Version-Selected"] = request.urls.version
    if answer.body is None:
        return answer.status, b"", headers
    if isinstance(answer.body, bytes):
        return answer.status, answer.body, headers
    if world.strict and operation and answer.status < 300:
        check_answer(world, operation, answer, request.urls)
    data = json.dumps(answer.body, separators=(",", ":")).encode()
    headers.setdefault("Content-Type", "application/json; charset=utf-8")
    return _conditional(world, request, actor, answer.status, data, headers)


def check_answer(world: World, operation: str, answer: Answer, urls: Urls) -> None:
    """The published description is of the older version: what the newer one removed is not missed."""
    found = contract.problems(operation, "responses", answer.body, str(answer.status))
    absent = () if urls.older else tuple(f'"{name}" is a required property' for name in REMOVED)
    world.untrue += [
        f"{operation} {answer.status} {place}: {text}"
        for place, text in found
        if text not in absent and not contract.known_difference(place, text)
    ]


def _conditional(world: World, request: Request, actor: Actor | None, status: int, data: bytes, headers: dict[str, str]) -> Out:
    """ETags depend on the caller too; a 304 costs no quota."""
    if request.method != "GET" or status != 200:
        return status, data, headers
    holder = request.headers.get("authorization", "")
    etag = f'W/"{hashlib.sha256(holder.encode() + request.path.encode() + data).hexdigest()}"'
    headers["ETag"] = etag
    headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
    if request.headers.get("if-none-match") == etag:
        if actor:
            world.limits.refund(actor.holder, "core")
        return 304, b"", headers
    return status, data, headers
