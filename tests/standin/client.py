"""A small HTTP client for the tests: one caller, JSON in and out."""

from collections.abc import Mapping
from typing import Any, Self

import jwt
import requests

from bot.standin import Standin
from bot.standin.state.apps import App, Installation, Token

AGENT = {"User-Agent": "tests"}


class Client:
    """Sends as one caller; `token` None for nobody."""

    def __init__(self, standin: Standin, token: str | None) -> None:
        self.standin, self.token = standin, token
        self.session = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def send(self, line: str, body: Any = None, headers: Mapping[str, str] | None = None, **query: Any) -> requests.Response:
        """`line`: method and path, as in `GET /repos/acme/infra`."""
        method, path = line.split(" ")
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = path if path.startswith("http") else self.standin.url + path
        return self.session.request(
            method, url, json=body, params=query or None, headers={**AGENT, **own, **(headers or {})}, timeout=10, allow_redirects=False
        )

    def graphql(self, query: str, **variables: Any) -> Any:
        return self.send("POST /graphql", {"query": query, "variables": variables}).json()


def token_for(installation: Installation) -> str:
    token = Token(installation, dict(installation.permissions), None)
    installation.world.tokens[token.text] = token
    return token.text


def signed(app: App, **claims: Any) -> str:
    now = int(app.world.clock.jwt_now())
    return jwt.encode({"iat": now - 60, "exp": now + 300, "iss": str(app.id), **claims}, app.pem, algorithm="RS256")
