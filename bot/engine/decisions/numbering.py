"""The numbers by which people answer: given in order on one pull request, and never to anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from bot.engine.model.result import Result


def numbered(results: Iterable[Result], numbers: Mapping[str, str]) -> tuple[Result, ...]:
    """What is asked of somebody, numbered: V-1, V-2 … to fix, J-1, J-2 … to decide. `numbers`: those given before, by `keys`."""
    found = tuple(results)
    names = keys(found)
    given = [numbers.get(name, "") for name in names]
    last = {letter: max((_count(number) for number in numbers.values() if number[:1] == letter), default=0) for letter in "VJ"}
    out: list[Result] = []
    for result, number in zip(found, given, strict=True):
        letter = ("V" if result.treatment == "violation" else "J") if result.asked else ""
        if letter and number[:1] != letter:
            last[letter] += 1
        out.append(replace(result, number=(number if number[:1] == letter else f"{letter}-{last[letter]}") if letter else ""))
    return tuple(out)


def keys(results: Iterable[Result]) -> tuple[str, ...]:
    """What a number is given to: the id of each result; of several results with one id the later ones are counted."""
    seen: Counter[str] = Counter()
    out: list[str] = []
    for result in results:
        seen[result.id] += 1
        out.append(result.id if seen[result.id] == 1 else f"{result.id}+{seen[result.id]}")
    return tuple(out)


def allocated(results: Iterable[Result]) -> dict[str, str]:
    """What is to be remembered: key → number."""
    found = tuple(results)
    return {key: result.number for key, result in zip(keys(found), found, strict=True) if result.number}


def _count(number: str) -> int:
    return int(number[2:]) if number[2:].isdecimal() else 0
