"""The bundled tables, mapped into memory before a child is forked: the child reads them without opening anything."""

from __future__ import annotations

import os
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from os.path import dirname, join

from bot.engine.facts import Facts

PLACE = join(dirname(dirname(__file__)), "facts")  # noqa: PTH118, PTH120 - pathlib costs 4 ms of a cold start
SUFFIX = ".table"


@lru_cache(maxsize=1)
def facts() -> Facts:
    """Every table that this installation has, once for the process. Raises OSError or `NotATable` when it is not whole."""
    names = [name for name in sorted(os.listdir(PLACE)) if name.endswith(SUFFIX)]  # noqa: PTH208
    return Facts({name.removesuffix(SUFFIX): _mapped(join(PLACE, name)) for name in names})  # noqa: PTH118


def _mapped(path: str) -> memoryview:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return memoryview(mmap(descriptor, 0, access=ACCESS_READ))
    finally:
        os.close(descriptor)
