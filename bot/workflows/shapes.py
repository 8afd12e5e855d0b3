"""Every shape that is decoded, made known before threads decode.

msgspec works out what a class looks like when it is first decoded, and keeps it with the class from the moment it begins. Another thread
that decodes the same class meanwhile reads what is not there yet, and the process ends with a segmentation fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, msgpack

from bot.engine.policy import compiled  # elsewhere it is loaded late, among threads

PACKAGE = "bot."
LATE = (compiled.Packed,)


def learn() -> int:
    """Looks at every class of ours that is loaded; how many. A class that cannot be decoded is no concern: nobody decodes it."""
    known = 0
    for shape in (*LATE, *_shapes(Struct)):
        try:
            msgpack.Decoder(shape)
        except (TypeError, NameError):
            continue
        known += 1
    return known


def _shapes(base: type[Struct]) -> Iterator[type[Struct]]:
    for shape in base.__subclasses__():
        if shape.__module__.startswith(PACKAGE):
            yield shape
        yield from _shapes(shape)
