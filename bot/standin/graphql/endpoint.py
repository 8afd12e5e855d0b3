"""POST /graphql: errors stand inside a 200, as at GitHub."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema, execute_sync, parse, validate
from graphql.type import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType

from bot.standin import laws
from bot.standin.calls import Refusal
from bot.standin.contract import HERE
from bot.standin.dispatch import rate_headers, spend
from bot.standin.graphql import mutations, objects, pulls
from bot.standin.graphql.context import RESOLVERS, Context, Problem, Resolver

if TYPE_CHECKING:
    from bot.standin.calls import Actor, Request
    from bot.standin.world import World

Out = tuple[int, bytes, dict[str, str]]
JSON = {"Content-Type": "application/json; charset=utf-8"}
REGISTERED = (mutations, objects, pulls)


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    made = build_schema((HERE / "schema.graphql").read_text())
    for kind in made.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.resolve = _resolver(kind.name, name)
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _type_of
    return made


def _resolver(owner: str, name: str) -> Any:
    registered: Resolver | None = RESOLVERS.get(owner, {}).get(name)

    def resolve(parent: Any, info: Any, **arguments: Any) -> Any:
        if registered is not None:
            return registered(parent, info.context, **arguments)
        return parent.get(name) if isinstance(parent, dict) else getattr(parent, name, None)

    return resolve


def _type_of(value: Any, _info: Any, _kind: Any) -> str:
    return objects.type_name(value)


def answer(world: World, request: Request) -> Out:
    headers: dict[str, str] = {}
    actor = None
    try:
        actor = laws.authenticate(world, request.headers.get("authorization"))
        _check(request, actor)
        asked = request.json() or {}
        text = str(asked.get("query", ""))
        writes = "mutation" in text.partition("{")[0]
        headers = spend(world, actor, request, "graphql", content=writes)
        with world.lock:
            body = run(Context(world, actor, request), text, asked.get("variables"), asked.get("operationName"))
        headers |= rate_headers(world, actor, "graphql")
        status = 200
    except Refusal as refusal:
        refused = refusal.answer()
        status, body, headers = refused.status, refused.body, {**headers, **refused.headers}
    world.record("POST", "/graphql", status, actor)
    return status, json.dumps(body).encode(), headers | JSON


def _check(request: Request, actor: Actor) -> None:
    if actor.account is None:
        raise Refusal(401 if actor.app is None else 403, "This endpoint requires you to be authenticated.")
    if request.method != "POST":
        raise Refusal(404, "Not Found")


@lru_cache(maxsize=256)
def _prepared(text: str) -> tuple[DocumentNode, list[GraphQLError]]:
    document = parse(text)
    return document, validate(schema(), document)


def run(context: Context, text: str, variables: dict[str, Any] | None, name: str | None) -> dict[str, Any]:
    try:
        document, problems = _prepared(text)
    except GraphQLError as error:
        return {"errors": [_shown(error)]}
    if problems:
        context.world.unsupported += [f"graphql: {problem.message}" for problem in problems]
        return {"errors": [_shown(problem) for problem in problems]}
    result = execute_sync(schema(), document, None, context, variables, name)
    return {"data": result.data} | ({"errors": [_shown(error) for error in result.errors]} if result.errors else {})


def _shown(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    if cause is not None and not isinstance(cause, Problem):
        raise cause
    out: dict[str, Any] = {"type": cause.kind} if isinstance(cause, Problem) else {}
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return out | ({"path": error.path} if error.path else {}) | {"locations": places, "message": error.message}
