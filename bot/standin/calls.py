"""One request to the stand-in, from bytes to answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from bot.standin.shape.urls import Urls

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account
    from bot.standin.state.apps import App, Token
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.repository import Repository
    from bot.standin.world import World

Headers = Mapping[str, str]


class Answer(NamedTuple):
    """`body`: JSON, or bytes sent as they are; None for no content."""

    status: int = 200
    body: Any = None
    headers: Headers = MappingProxyType({})


class Refusal(Exception):  # noqa: N818  # an answer, not a fault of the program
    """An answer other than success: GitHub's message, and `errors` where it gives them."""

    def __init__(self, status: int, message: str, errors: Sequence[Any] | None = None, headers: Headers | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, errors, headers or {}

    def answer(self) -> Answer:
        body: dict[str, Any] = {"message": self.message}
        if self.errors is not None:
            body["errors"] = list(self.errors)
        page = "https://docs.github.com/rest"
        return Answer(self.status, body | {"documentation_url": page, "status": str(self.status)}, self.headers)


def invalid(resource: str, field_name: str, code: str = "invalid", message: str | None = None) -> Refusal:
    """A 422 that names one field."""
    error = {"resource": resource, "field": field_name, "code": code} | ({"message": message} if message else {})
    return Refusal(422, "Validation Failed", [error])


def unprocessable(*sentences: str) -> Refusal:
    """A 422 whose errors are plain strings, as reviews answer."""
    return Refusal(422, "Unprocessable Entity", sentences)


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


@dataclass(frozen=True)
class Actor:
    """Who calls: an App by its JWT, an installation by its token, a user by theirs, or nobody."""

    app: App | None = None
    token: Token | None = None
    user: Account | None = None

    @property
    def account(self) -> Account | None:
        return self.token.installation.app.bot if self.token else self.user

    @property
    def holder(self) -> str:
        """Whose rate limit it is."""
        if self.token:
            return f"installation {self.token.installation.id}"
        return f"app {self.app.id}" if self.app else f"user {self.user.id}" if self.user else "anonymous"


@dataclass
class Request:
    """As it came over the wire; `path` without query and without the GHES prefix."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    urls: Urls

    def json(self) -> Any:
        if not self.raw:
            return None
        try:
            return json.loads(self.raw)
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None


@dataclass
class Call:
    """A request that has an endpoint: `template` with its `params`."""

    world: World
    request: Request
    actor: Actor
    template: str
    params: dict[str, str]
    body: Any = None
    _repo: Repository | None = field(default=None, repr=False)

    @property
    def urls(self) -> Urls:
        return self.request.urls

    @property
    def query(self) -> dict[str, str]:
        return self.request.query

    @property
    def account(self) -> Account:
        """The caller as the author of what the call makes."""
        if self.actor.account is None:
            raise Refusal(401, "Requires authentication")
        return self.actor.account

    @property
    def app(self) -> App:
        """The App that calls by its JWT, or through an installation."""
        if self.actor.app:
            return self.actor.app
        if self.actor.token:
            return self.actor.token.installation.app
        raise Refusal(403, "You must authenticate via a GitHub App.")

    @property
    def repo(self) -> Repository:
        if self._repo is None:
            raise not_found()
        return self._repo

    def use(self, repo: Repository) -> None:
        self._repo = repo

    def pull(self) -> PullRequest:
        number = self.params["pull_number"]
        found: PullRequest | None = self.repo.pull(int(number)) if number.isdigit() else None
        if found is None:
            raise not_found()
        return found

    def commit(self, name: str) -> str:
        """The commit a ref or id names; GitHub's 422 when there is none."""
        found = self.repo.resolve(name)
        if found is None:
            raise Refusal(422, f"No commit found for SHA: {name}")
        return found

    def page(self) -> tuple[int, int]:
        """(page from 1, size): 30 by default, at most 100."""
        return max(int(self.query.get("page", 1)), 1), min(max(int(self.query.get("per_page", 30)), 1), 100)

    def paged(self, items: Sequence[Any], wrap: str | None = None) -> Answer:
        """One page of a list, with `Link`; `wrap` names the key of the list in an object with `total_count`."""
        number, size = self.page()
        shown = items[(number - 1) * size : number * size]
        last = max((len(items) + size - 1) // size, 1)
        body = {"total_count": len(items), wrap: shown} if wrap else shown
        return Answer(200, body, link(self.request, number, last))


def link(request: Request, number: int, last: int) -> dict[str, str]:
    wanted = {"prev": number - 1, "first": 1} if number > 1 else {}
    wanted |= {"next": number + 1, "last": last} if number < last else {}
    root = request.urls.api + request.path
    parts = [f'<{root}?{urlencode({**request.query, "page": page})}>; rel="{name}"' for name, page in wanted.items()]
    return {"Link": ", ".join(parts)} if parts else {}
