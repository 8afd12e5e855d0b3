"""Regular expressions as what CPython compiles them to, so that a command reads in 1 ms what takes it 20 to compile.

The format is the interpreter's own, as that of a `.pyc` is: what another one wrote is not used, nor is anything without `_sre`.
"""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.engine.model.signal import Signals
    from bot.engine.policy import Policy

LENGTH = 4
Code = tuple[int, list[int], int, dict[str, int], tuple[str | None, ...]]


def interpreter() -> bytes:
    """Which interpreters read the same codes."""
    return f"{sys.implementation.cache_tag} {sys.hexversion:x} {getattr(_sre(), 'MAGIC', '')}".encode()


def shipped(policy: Policy, signals: Signals) -> Iterator[tuple[str | bytes, int]]:
    """Every pattern of our modules, of the rules, and of the table of signals."""
    from importlib import import_module
    from pkgutil import walk_packages

    from bot import engine, report
    from bot.engine.pattern import Pattern
    from bot.engine.policy.condition import leaves_of

    for package in (engine, report):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    yield from ((pattern.pattern, int(pattern.flags)) for pattern in Pattern.constants)
    tests = (test for rule in policy.rules for _, test in leaves_of(rule.when) if test.predicate == "matches")
    yield from ((text, 0) for test in tests for text in test.args if isinstance(text, str) and not text.startswith("$"))
    ignoring = (text for row in signals.rows for text in (row.pattern, row.name, row.unaddressed) if text)
    yield from ((text, int(re.IGNORECASE)) for text in (*ignoring, *signals.denials))


def pack(patterns: Iterable[tuple[str | bytes, int]]) -> bytes:
    """The codes of patterns with their flags."""
    codes = [(wanted, marshal.dumps(_code(*wanted))) for wanted in sorted(set(patterns), key=repr)] if _sre() else []
    ends = accumulate(len(code) for _, code in codes)
    places = marshal.dumps({wanted: (end - len(code), end) for (wanted, code), end in zip(codes, ends, strict=True)})
    return b"".join((len(places).to_bytes(LENGTH, "little"), places, *(code for _, code in codes)))


def reader(data: bytes) -> Callable[[str | bytes, int], re.Pattern[Any] | None]:
    """What `pack` wrote, one pattern at a time."""
    first = LENGTH + int.from_bytes(data[:LENGTH], "little")
    places: dict[tuple[str | bytes, int], tuple[int, int]] = marshal.loads(data[LENGTH:first])  # noqa: S302 - as trusted as a .pyc
    codes, sre = memoryview(data)[first:], _sre()

    def find(pattern: str | bytes, flags: int) -> re.Pattern[Any] | None:
        if (place := places.get((pattern, int(flags)))) is None:
            return None
        kept: Code = marshal.loads(codes[slice(*place)])  # noqa: S302
        found: re.Pattern[Any] = sre.compile(pattern, *kept)
        return found

    return find


def _code(pattern: str | bytes, flags: int) -> Code:
    """The arguments after the first that `re` itself gives to `_sre.compile`."""
    compiler: Any = re._compiler  # type: ignore[attr-defined]  # noqa: SLF001 - the standard library's own steps
    made = re.compile(pattern, flags)
    names: dict[str, int] = dict(made.groupindex)
    by_number: list[str | None] = [None] * (made.groups + 1)
    for name, number in names.items():
        by_number[number] = name
    code = compiler._code(re._parser.parse(pattern, flags), flags)  # type: ignore[attr-defined]  # noqa: SLF001
    return made.flags, list(map(int, code)), made.groups, names, tuple(by_number)


def _sre() -> Any:
    try:
        import _sre  # type: ignore[import-not-found]  # CPython alone has it
    except ImportError:
        return None
    return _sre
