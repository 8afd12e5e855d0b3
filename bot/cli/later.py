"""A module of the standard library that is imported when something of it is used."""

from __future__ import annotations

import os
import sys
from types import ModuleType


class Later(ModuleType):
    """Stands for the module with its name where another package imports it and hardly ever uses it."""

    def __getattr__(self, name: str) -> object:
        if self.__name__ == "platform" and name == "system" and sys.platform == "linux":
            return _system  # all that `uuid` asks when it is imported, at the price of 2 ms
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        from importlib import import_module

        return getattr(import_module(self.__name__), name)


def _system() -> str:
    return os.uname().sysname
