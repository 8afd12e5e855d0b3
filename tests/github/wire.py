"""A gateway of the tests: one caller over HTTP, with the promises of the protocol and a death on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import requests

from bot.github.protocols import Answered
from bot.github.refusal import Kind, Refusal
from tests.standin.client import Client

TRIES = 3
KINDS: dict[int, Kind] = {401: "unauthorised", 403: "forbidden", 404: "not-found", 409: "conflict", 413: "too-large", 422: "invalid"}


class Killed(Exception):  # noqa: N818 - the process is gone, nobody handles it
    """The process ended here."""


class Wire:
    """`dies_at`: the write after which the process is gone, counted from 1. `writes`: what was sent. `calls`: how many requests."""

    def __init__(self, client: Client, dies_at: int | None = None) -> None:
        self.client, self.dies_at = client, dies_at
        self.installation_id = 1
        self.writes: list[str] = []
        self.calls = 0

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Any:
        return self._repeated(f"GET {path}", None, dict(parameters or {}))

    def pages(self, path: str, parameters: Mapping[str, str | int] | None = None, *, key: str = "", limit: int = 10_000) -> list[Any]:
        found = self.get(path, {**(parameters or {}), "per_page": 100})
        return list(found[key] if key else found)[:limit]

    def text(self, path: str, accept: str) -> bytes:
        raise NotImplementedError((path, accept))

    def graphql(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        writes = document.startswith("mutation")
        body = self._repeated("POST /graphql", {"query": document, "variables": dict(variables)})
        if writes:
            self._written("POST /graphql")
        if body.get("errors"):
            kind: Kind = "forbidden" if body["errors"][0].get("type") == "FORBIDDEN" else "not-found"
            raise Refusal(kind, str(body["errors"]))
        data: dict[str, Any] = body["data"]
        return data

    def partly(self, document: str, variables: Mapping[str, Any]) -> Answered:
        return Answered(self.graphql(document, variables))

    def create(self, path: str, body: Mapping[str, Any], *, find: Callable[[], Any | None]) -> Any:
        for _ in range(TRIES):
            try:
                made = self._send(f"POST {path}", dict(body))
            except Refusal as refusal:
                if not refusal.passing:
                    raise
                if refusal.kind == "unavailable" and (there := find()) is not None:
                    return there
            else:
                self._written(f"POST {path}")
                return made
        raise Refusal("unavailable", path)

    def update(self, path: str, body: Mapping[str, Any]) -> Any:
        made = self._repeated(f"PATCH {path}", dict(body))
        self._written(f"PATCH {path}")
        return made

    def delete(self, path: str) -> None:
        self._repeated(f"DELETE {path}", None)
        self._written(f"DELETE {path}")

    def _repeated(self, line: str, body: Any, query: dict[str, Any] | None = None) -> Any:
        for left in reversed(range(TRIES)):
            try:
                return self._send(line, body, query)
            except Refusal as refusal:
                if not refusal.passing and refusal.kind != "unauthorised":
                    raise
                if not left:
                    raise
        return None

    def _send(self, line: str, body: Any, query: dict[str, Any] | None = None) -> Any:
        self.calls += 1
        try:
            answer = self.client.send(line, body, **(query or {}))
        except requests.RequestException as lost:
            raise Refusal("unavailable", line) from lost
        if answer.status_code < 300:
            return answer.json() if answer.content else None
        limited = answer.status_code == 429 or (answer.status_code == 403 and "rate limit" in answer.text)
        kind = "rate-limited" if limited else "unavailable" if answer.status_code >= 500 else KINDS[answer.status_code]
        raise Refusal(kind, f"{line}: {answer.text}", status=answer.status_code)

    def _written(self, line: str) -> None:
        self.writes.append(line)
        if len(self.writes) == self.dies_at:
            raise Killed(line)
