"""What every resolver needs: the caller, errors in GitHub's form, connections with its limits."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.standin.state.accounts import RANK, role_of

if TYPE_CHECKING:
    from bot.standin.calls import Actor, Request
    from bot.standin.shape import Urls
    from bot.standin.state.accounts import Account
    from bot.standin.state.repository import Repository
    from bot.standin.world import World

FORBIDDEN = "Resource not accessible by integration"
MOST = 100
Resolver = Callable[..., Any]
RESOLVERS: dict[str, dict[str, Resolver]] = {}


class Problem(Exception):  # noqa: N818  # an answer, not a fault of the program
    """An error inside a 200; `kind` is GitHub's `type`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Context(NamedTuple):
    world: World
    actor: Actor
    request: Request

    @property
    def urls(self) -> Urls:
        return self.request.urls

    @property
    def account(self) -> Account:
        if self.actor.account is None:
            raise Problem("FORBIDDEN", FORBIDDEN)
        return self.actor.account


def field(owner: str, *names: str) -> Callable[[Resolver], Resolver]:
    """Register a resolver for fields of a type; the resolver gets (parent, context, **arguments)."""

    def register(resolver: Resolver) -> Resolver:
        for name in names or (resolver.__name__,):
            RESOLVERS.setdefault(owner, {})[name] = resolver
        return resolver

    return register


def visible(context: Context, repo: Repository) -> bool:
    if not repo.private:
        return True
    if context.actor.token:
        return context.actor.token.covers(repo)
    return context.actor.user is not None and role_of(context.actor.user, repo) != "none"


def require(context: Context, repo: Repository, *wanted: str) -> None:
    """Any of these permissions (`name:level`) is enough; FORBIDDEN otherwise."""
    token = context.actor.token
    reading = all(name.endswith(":read") for name in wanted)
    if reading and not repo.private:
        return
    if token:
        if not token.covers(repo) or not any(token.may(*name.split(":")) for name in wanted):
            raise Problem("FORBIDDEN", FORBIDDEN)
    elif context.actor.user is None or RANK[role_of(context.actor.user, repo)] < RANK["read" if reading else "triage"]:
        raise Problem("FORBIDDEN", f"{context.account.login} does not have the correct permissions to execute this")


def connection(
    name: str,
    items: Sequence[Any],
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    **_: Any,
) -> dict[str, Any]:
    """A page of a list; GitHub demands `first` or `last`, at most 100."""
    if first is None and last is None:
        raise Problem(
            "MISSING_PAGINATION_BOUNDARIES", f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        )
    for argument, count in (("first", first), ("last", last)):
        if count is not None and count > MOST:
            sentence = f"Requesting {count} records on the `{name}` connection exceeds the `{argument}` limit of {MOST} records."
            raise Problem("EXCESSIVE_PAGINATION", sentence)
        if count is not None and count < 0:
            raise Problem("ARGUMENT_ERROR", f"`{argument}` on the `{name}` connection cannot be less than zero.")
    start, end = _at(after) + 1 if after else 0, _at(before) if before else len(items)
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    shown = list(items[start:end])
    edges = [{"cursor": _cursor(start + k), "node": item} for k, item in enumerate(shown)]
    page = {
        "hasNextPage": end < len(items),
        "hasPreviousPage": start > 0,
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
    }
    return {"totalCount": len(items), "nodes": shown, "edges": edges, "pageInfo": page}


def _cursor(index: int) -> str:
    return base64.b64encode(f"cursor:v2:{index}".encode()).decode()


def _at(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().rsplit(":", 1)[1])
    except (ValueError, IndexError):
        raise Problem("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from None
