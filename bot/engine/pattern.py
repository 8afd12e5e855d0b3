"""A regular expression that is compiled when it is first used: of the two hundred of this program a command needs a few dozen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, AnyStr, ClassVar, Generic, TypeAlias

Kept: TypeAlias = Callable[[str | bytes, int], re.Pattern[Any] | None]
_kept: list[Kept] = []


def keep(kept: Kept) -> None:
    """From here on `compiled` asks for a pattern there first: under a text and its flags stands what `re.compile` makes of them."""
    _kept[:] = [kept]


def compiled(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` returns. Raises `re.error` where the text is no pattern."""
    for kept in _kept:
        if found := kept(pattern, flags):
            return found
    return re.compile(pattern, flags)


class Pattern(Generic[AnyStr]):
    """A constant of a module; what is made of data is `compiled`. It does what `re.Pattern` does, as far as it is used.

    `constants`: of all modules that are loaded.
    """

    constants: ClassVar[list[Pattern[Any]]] = []

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self.pattern: AnyStr = pattern
        self.flags = flags
        self.constants.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[AnyStr]:
        """Raises `re.error` where the text is no pattern."""
        return compiled(self.pattern, self.flags)

    # Each is the compiled pattern's own method, and once it has been asked for it costs what that costs.

    @cached_property
    def match(self) -> Callable[..., re.Match[AnyStr] | None]:
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[AnyStr] | None]:
        return self.compiled.fullmatch

    @cached_property
    def search(self) -> Callable[..., re.Match[AnyStr] | None]:
        return self.compiled.search

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[AnyStr]]]:
        return self.compiled.finditer

    @cached_property
    def findall(self) -> Callable[..., list[Any]]:
        return self.compiled.findall

    @cached_property
    def split(self) -> Callable[..., list[AnyStr | Any]]:
        return self.compiled.split

    @cached_property
    def sub(self) -> Callable[..., AnyStr]:
        return self.compiled.sub


def compile_all() -> None:
    """Compiles those of all modules that are loaded, for a process whose children would each do it again."""
    for constant in Pattern.constants:
        constant.compiled  # noqa: B018 - it is kept
