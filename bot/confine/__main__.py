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
    try:
        while True:
            send(_OUTPUT, msgpack.encode(answer(functions, receive(_INPUT, MAX_REQUEST))))
    except (Closed, CallerGone):
        return


def answer(functions: Mapping[str, Callable[[bytes], bytes]], body: bytes) -> Response:
    """One request carried out; whatever happens to the child is a response."""
    try:
        request = msgpack.decode(body, type=Request)
        function = functions[request.function]
    except (DecodeError, KeyError) as error:
        return Response(reason="exception", detail=f"request refused: {type(error).__name__}")
    try:
        return Response(result=run(lambda: function(request.payload), request.limits, watch=_INPUT))
    except Died as death:
        return Response(reason=death.reason, detail=death.detail)


if __name__ == "__main__":
    main(*sys.argv[1:2])
