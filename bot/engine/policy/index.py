"""Which rules look where, by their numbers in the policy."""

from typing import TypeAlias

from msgspec import Struct

Glob: TypeAlias = tuple[str, str, int]


class Index(Struct, frozen=True):
    """`types`: language, type, and the rules that look at it; `globs`, `views`: as in `Policy`."""

    types: list[tuple[str, str, list[int]]]
    globs: list[Glob]
    views: dict[str, list[int]]
