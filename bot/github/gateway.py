"""The one way to GitHub's interface for one installation: reads, updates, makes and never makes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.github.answer import Answer
from bot.github.caller import Budget, Caller
from bot.github.connection import Request, quoted
from bot.github.graphql import answered, refusal_in
from bot.github.protocols import Answered
from bot.github.refusal import Refusal

__all__ = ["InstallationGateway", "quoted"]

PAGE = 100
CREATIONS = 3


class InstallationGateway:
    """See `bot.github.protocols.Gateway`."""

    def __init__(self, installation_id: int, caller: Caller) -> None:
        self.installation_id = installation_id
        self._caller = caller

    def __repr__(self) -> str:
        return f"InstallationGateway({self.installation_id})"

    @property
    def calls(self) -> Mapping[str, int]:
        """Requests that were sent, by method, GraphQL apart; the calls for tokens are the App's."""
        return self._caller.calls

    def budget(self, resource: str = "core") -> Budget | None:
        """What is left of the rate limit of `core` or `graphql`; None before the first answer, and where limits are off."""
        return self._caller.budget(resource)

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Any:
        return self._caller.send(Request("GET", path, parameters or {})).json()

    def pages(self, path: str, parameters: Mapping[str, str | int] | None = None, *, key: str = "", limit: int = 10_000) -> list[Any]:
        items: list[Any] = []
        for page in self.each_page(path, {"per_page": min(PAGE, limit), **(parameters or {})}, key=key):
            items += page
            if len(items) >= limit:
                break
        return items[:limit]

    def each_page(self, path: str, parameters: Mapping[str, str | int] | None = None, *, key: str = "") -> Iterator[list[Any]]:
        """The items page by page; a page is asked for when it is wanted."""
        answer = self._caller.send(Request("GET", path, {"per_page": PAGE, **(parameters or {})}))
        yield _items(answer, path, key)
        while url := answer.next_page():
            answer = self._caller.send(Request("GET", url))
            yield _items(answer, path, key)

    def text(self, path: str, accept: str) -> bytes:
        return self._caller.send(Request("GET", path, accept=accept)).body

    def graphql(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        found = self._asked(document, variables)
        if found.errors:
            raise refusal_in(found.errors)
        return found.data

    def partly(self, document: str, variables: Mapping[str, Any]) -> Answered:
        return self._asked(document, variables)

    def create(self, path: str, body: Mapping[str, Any], *, find: Callable[[], Any | None]) -> Any:
        for attempt in range(1, CREATIONS + 1):
            try:
                return self._caller.send(Request("POST", path, body=body), repeat=False).json()
            except Refusal as refusal:
                if refusal.kind != "unavailable":
                    raise
                self._caller.pause(attempt)
                found = find()
                if found is not None:
                    return found
                last = refusal
        raise last

    def update(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._caller.send(Request("PATCH", path, body=body)).json()

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A POST that may be carried out twice without harm: a token, another attempt at a delivery."""
        return self._caller.send(Request("POST", path, body=body)).json()

    def delete(self, path: str) -> None:
        try:
            self._caller.send(Request("DELETE", path))
        except Refusal as refusal:
            if refusal.kind != "not-found":
                raise

    def _asked(self, document: str, variables: Mapping[str, Any]) -> Answered:
        body = {"query": document, "variables": dict(variables)}
        write = document.lstrip().startswith("mutation")
        return answered(self._caller.send(Request("POST", "/graphql", body=body, graphql=True), write=write))


def _items(answer: Answer, path: str, key: str) -> list[Any]:
    body = answer.json()
    found = body.get(key) if key and isinstance(body, dict) else body
    if not isinstance(found, list):
        raise Refusal("unavailable", f"GET {path}: the answer holds no list", status=answer.status)
    return found
