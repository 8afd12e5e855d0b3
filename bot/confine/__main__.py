"""The supervisor's own process: `python -I -m bot.confine [REGISTRY]` answers frames on standard input until it closes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module

from msgspec import DecodeError, msgpack

from bot.confine.child import CallerGone, Died, run
from bot.confine.frames import Closed, receive, send
from bot.confine.supervisor import MAX_REQUEST, REGISTRY, Request, Response

_INPUT, _OUTPUT = 0, 1


def main(registry: str = REGISTRY) -> None:
    """Serves until the caller closes its end; a running child ends with it."""
    os.environ.clear()
    module = import_module(registry)
    module.prepare()
    functions: Mapping[str, Callable[[bytes], bytes]] = module.FUNCTIONS
    supply: Callable[[bytes], None] = getattr(module, "supply", _unused)
    try:
        while True:
            send(_OUTPUT, msgpack.encode(answer(functions, receive(_INPUT, MAX_REQUEST), supply)))
    except (Closed, CallerGone):
        return


def answer(functions: Mapping[str, Callable[[bytes], bytes]], body: bytes, supply: Callable[[bytes], None]) -> Response:
    """One request carried out; whatever happens to the child is a response."""
    try:
        request = msgpack.decode(body, type=Request)
        if request.supplied:
            return _supplied(supply, request.payload)
        function = functions[request.function]
    except (DecodeError, KeyError) as error:
        return Response(reason="exception", detail=f"request refused: {type(error).__name__}")
    try:
        return Response(result=run(lambda: function(request.payload), request.limits, watch=_INPUT))
    except Died as death:
        return Response(reason=death.reason, detail=death.detail)


def _supplied(supply: Callable[[bytes], None], payload: bytes) -> Response:
    try:
        supply(payload)
    except Exception as error:  # noqa: BLE001 - it saves time and decides nothing: each child finds the same by itself
        return Response(reason="exception", detail=type(error).__name__)
    return Response()


def _unused(payload: bytes) -> None:
    """A registry that has no use for a supply."""


if __name__ == "__main__":
    main(*sys.argv[1:2])
