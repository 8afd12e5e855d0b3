"""The bundled tables, read before a child is forked: it looks into them without opening anything."""

from __future__ import annotations

import os
from functools import lru_cache
from os.path import dirname, join

from bot.engine.facts import Facts

PLACE = join(dirname(dirname(__file__)), "facts")  # noqa: PTH118, PTH120 - pathlib costs 4 ms of a cold start
SUFFIX = ".table"


@lru_cache(maxsize=1)
def facts() -> Facts:
    """Every table that this installation has, once for the process. Raises OSError or `NotATable` when it is not whole.

    Read and not mapped: `mmap` keeps a descriptor of each file open, and a child is to have none but its pipes.
    """
    names = [name for name in sorted(os.listdir(PLACE)) if name.endswith(SUFFIX)]  # noqa: PTH208
    return Facts({name.removesuffix(SUFFIX): _read(join(PLACE, name)) for name in names})  # noqa: PTH118


def _read(path: str) -> memoryview:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return memoryview(file.read())
