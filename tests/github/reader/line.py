"""The tests' gateway for reading: pages are followed, errors of single fields are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.github.protocols import Answered, FieldError
from tests.github.wire import Wire
from tests.standin.client import Client


class Line(Wire):
    """`altered`: changes an answer's body before it is handed on, as a faulty GitHub would."""

    def __init__(self, client: Client, installation_id: int) -> None:
        super().__init__(client)
        self.installation_id = installation_id
        self.altered: Callable[[str, Any], Any] = lambda _, body: body

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Any:
        return self.altered(path, super().get(path, parameters))

    def pages(self, path: str, parameters: Mapping[str, str | int] | None = None, *, key: str = "", limit: int = 10_000) -> list[Any]:
        found: list[Any] = []
        page = 1
        while len(found) < limit:
            answer = self.get(path, {**(parameters or {}), "per_page": 100, "page": page})
            rows = answer[key] if key else answer
            found += rows
            if len(rows) < 100:
                break
            page += 1
        return found[:limit]

    def partly(self, document: str, variables: Mapping[str, Any]) -> Answered:
        body = self.altered("/graphql", self._repeated("POST /graphql", {"query": document, "variables": dict(variables)}))
        told = [FieldError(error.get("type", ""), tuple(error.get("path", ())), error["message"]) for error in body.get("errors", ())]
        assert all(error.path for error in told), told
        return Answered(body["data"], tuple(told))
