"""Our own modules out of one file, written at installation: finding and opening three hundred of them costs a command 10 ms.

A module is taken from there while its source has the size and the second of writing that it had then, which is what the
interpreter asks of a `.pyc`. Anything else is imported as ever.
"""

from __future__ import annotations

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec  # what importlib.machinery calls so, and is 1 ms to import
from types import CodeType, ModuleType

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLACE = os.path.join(PACKAGE, "__pycache__", f"modules.{sys.implementation.cache_tag}.marshal")
PARTS = ("cli", "confine", "engine", "local", "report")  # what a command uses; the App imports once
LENGTH = 8
Entry = tuple[str, bool, int, int, int, int]  # the path below the package, whether it is a package, size, second, first and last byte


class Archive:
    """A finder and loader of modules; see https://docs.python.org/3/reference/import.html#the-meta-path."""

    def __init__(self, descriptor: int, entries: dict[str, Entry], start: int) -> None:
        """`start`: where the codes begin in the file."""
        self._descriptor = descriptor
        self._entries = entries
        self._start = start

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the protocol's
        if (entry := self._entries.get(name)) is None:
            return None
        source, is_package, size, written, _, _ = entry
        place = f"{PACKAGE}/{source}"
        try:
            now = os.stat(place)
        except OSError:
            return None
        if (now.st_size, int(now.st_mtime)) != (size, written):
            return None
        spec = ModuleSpec(name, self, origin=place, is_package=is_package)  # type: ignore[arg-type]  # the base class is no need
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(place)]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """None: an ordinary one."""

    def exec_module(self, module: ModuleType) -> None:
        _, _, _, _, first, last = self._entries[module.__name__]
        code: CodeType = marshal.loads(os.pread(self._descriptor, last - first, self._start + first))  # noqa: S302 - written with this installation
        exec(code, module.__dict__)  # noqa: S102 - which is what importing is


def install() -> None:
    """From here on our modules come from the archive; nothing happens without one that this interpreter wrote for this place."""
    if any(isinstance(finder, Archive) for finder in sys.meta_path):
        return
    try:
        descriptor = os.open(PLACE, os.O_RDONLY)
    except OSError:
        return
    head = marshal.dumps(_written_by())
    if os.pread(descriptor, len(head), LENGTH) != head:
        os.close(descriptor)
        return
    length = int.from_bytes(os.pread(descriptor, LENGTH, 0), "little")
    entries = marshal.loads(os.pread(descriptor, length, LENGTH + len(head)))  # noqa: S302
    sys.meta_path.insert(0, Archive(descriptor, entries, LENGTH + len(head) + length))


def write() -> None:
    """Compiles every module of `PARTS` and writes the archive."""
    codes = [(name, source, _compiled(source)) for name, source in _sources()]
    table = marshal.dumps(_entries(codes))
    os.makedirs(os.path.dirname(PLACE), exist_ok=True)
    with open(f"{PLACE}.new", "wb") as file:
        file.write(b"".join((len(table).to_bytes(LENGTH, "little"), marshal.dumps(_written_by()), table, *(code for _, _, code in codes))))
    os.replace(f"{PLACE}.new", PLACE)  # whole or not at all, for whoever runs a command meanwhile


def _written_by() -> str:
    return f"{sys.implementation.cache_tag} {sys.hexversion:x} {sys.flags.optimize} {PACKAGE}"


def _entries(codes: list[tuple[str, str, bytes]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    first = 0
    for name, source, code in codes:
        status = os.stat(os.path.join(PACKAGE, source))
        last = first + len(code)
        found[name] = (source, source.endswith("__init__.py"), status.st_size, int(status.st_mtime), first, last)
        first = last
    return found


def _sources() -> list[tuple[str, str]]:
    """The modules with the paths of their sources below the package."""
    found = []
    for top in PARTS:
        for directory, _, files in os.walk(os.path.join(PACKAGE, top)):
            for file in sorted(files):
                if file.endswith(".py"):
                    source = os.path.relpath(os.path.join(directory, file), PACKAGE)
                    found.append((f"bot.{source[:-3].replace(os.sep, '.').removesuffix('.__init__')}", source))
    return sorted(found)


def _compiled(source: str) -> bytes:
    path = f"{PACKAGE}/{source}"
    with open(path, "rb") as file:
        return marshal.dumps(compile(file.read(), path, "exec", dont_inherit=True))
