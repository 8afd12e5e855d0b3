"""Which function answers which endpoint."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from bot.standin.calls import Answer, Call

GREEDY = {"path", "ref", "basehead", "branch"}
Handler = Callable[[Call], Any]


class Route(NamedTuple):
    """`needs`: any of these, where the published table is silent or too wide; `content`: counts as content creation."""

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    needs: tuple[str, ...] | None
    content: bool

    @property
    def operation(self) -> str:
        return f"{self.method} {self.template}"


ROUTES: dict[str, Route] = {}
_BY_METHOD: dict[str, list[Route]] = {}


def route(operation: str, *, needs: tuple[str, ...] | None = None, content: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler. Templates are the published ones: `{path}`, `{ref}`, `{basehead}`, `{branch}` may hold slashes."""
    method, template = operation.split(" ")

    def register(handler: Handler) -> Handler:
        pattern = re.sub(r"\{(\w+)\}", lambda m: f"(?P<{m[1]}>{'.+' if m[1] in GREEDY else '[^/]+'})", template)
        made = Route(method, template, re.compile(f"^{pattern}$"), handler, needs, content)
        ROUTES[operation] = made
        _BY_METHOD.setdefault(method, []).append(made)
        _BY_METHOD[method].sort(key=lambda known: (known.template.count("{"), -len(known.template)))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The endpoint of a path that is still percent-encoded."""
    for known in _BY_METHOD.get(method, ()):
        found = known.pattern.match(path)
        if found:
            return known, {name: unquote(value) for name, value in found.groupdict().items()}
    return None


def as_answer(value: Any) -> Answer:
    """Handlers return an Answer, or the body of a 200."""
    return value if isinstance(value, Answer) else Answer(200, value)
