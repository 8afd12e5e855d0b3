"""Blobs and commits of a repository, through one `git cat-file --batch` that stays open."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from msgspec import Struct

from bot.local.process import CHUNK, Child


class Found(Struct, frozen=True):
    """One object. `data` is None when it is larger than allowed."""

    oid: str
    type: str
    size: int
    data: bytes | None


class Objects:
    """Asks the process by name or object id; use as a context so that it never outlives the command."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._child = Child([*command, "cat-file", "--batch"], environment, quiet=True)
        self._buffer = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._child.__exit__(kind, error, trace)

    def get(self, name: str, limit: int) -> Found | None:
        """The object, or None when there is none of that name. Names with a line break cannot be asked for."""
        if "\n" in name or not name:
            return None
        try:
            _write(self._child.input, name.encode("utf-8", "surrogateescape") + b"\n")
            header = self._line().decode("utf-8", "replace").split(" ")
            if len(header) != 3 or not header[2].isdigit():
                return None
            size = int(header[2])
            data = self._take(size + 1, keep=size <= limit)
        except (BrokenPipeError, EOFError):
            return None
        return Found(header[0], header[1], size, data[:-1] if data is not None else None)

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _take(self, count: int, *, keep: bool) -> bytes | None:
        data = bytearray()
        while count:
            if not self._buffer:
                self._more()
            piece = self._buffer[:count]
            del self._buffer[:count]
            count -= len(piece)
            if keep:
                data += piece
        return bytes(data) if keep else None

    def _more(self) -> None:
        data = os.read(self._child.output, CHUNK)
        if not data:
            raise EOFError
        self._buffer += data


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
