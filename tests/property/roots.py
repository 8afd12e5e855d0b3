"""Generated Terraform roots whose literals stay addressable, so that a test can hide, narrow or move them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.property.fragments import FRAGMENTS, POOLS

_HOLE = re.compile(r"@(\w+)")
_NUMBER = re.compile(r"\$(?!\{)")
OWN_FILES = ("main.tf", "network.tf", "other.tf")
EFFORT = pytest.mark.parametrize("examples", [pytest.param(12, id="fast"), pytest.param(300, id="deep", marks=pytest.mark.slow)])


class Part(NamedTuple):
    """One block or several of one file: the text between its literals, and the literals."""

    path: str
    text: tuple[str, ...]
    literals: tuple[str, ...]

    def render(self, literals: Sequence[str] | None = None) -> str:
        given_literals = self.literals if literals is None else literals
        return "".join(piece for pair in zip(self.text, (*given_literals, ""), strict=True) for piece in pair)


class Root(NamedTuple):
    """A root as its parts."""

    parts: tuple[Part, ...]

    def holes(self) -> list[tuple[int, int]]:
        return [(number, place) for number, part in enumerate(self.parts) for place in range(len(part.literals))]

    def literal(self, hole: tuple[int, int]) -> str:
        return self.parts[hole[0]].literals[hole[1]]

    def replacing(self, hole: tuple[int, int], text: str) -> Root:
        part = self.parts[hole[0]]
        literals = (*part.literals[: hole[1]], text, *part.literals[hole[1] + 1 :])
        return Root((*self.parts[: hole[0]], part._replace(literals=literals), *self.parts[hole[0] + 1 :]))

    def files(self) -> dict[str, str]:
        """Path → text."""
        out: dict[str, str] = {}
        for part in self.parts:
            out[part.path] = out.get(part.path, "") + part.render()
        return out


def parts(name: str, number: int, path: str, draw: Callable[[Sequence[str]], str]) -> list[Part]:
    """One fragment with its literals drawn."""
    found = []
    for section in re.split(r"^--- ", _NUMBER.sub(str(number), FRAGMENTS[name]), flags=re.MULTILINE):
        head, _, rest = section.partition("\n")
        body, where = (rest, head) if head else (section, path)
        words = _HOLE.findall(body)
        found.append(Part(where, tuple(_HOLE.split(body)[::2]), tuple(draw(POOLS[word]) for word in words)))
    return found


@st.composite
def roots(draw: st.DrawFn, names: Sequence[str] = tuple(FRAGMENTS), most: int = 4) -> Root:
    """A root of a few fragments over a few files."""
    chosen = draw(st.lists(st.sampled_from(list(names)), min_size=1, max_size=most))
    places = [draw(st.sampled_from(OWN_FILES)) for _ in chosen]
    made = [
        parts(name, number, place, lambda pool: draw(st.sampled_from(pool)))
        for number, (name, place) in enumerate(zip(chosen, places, strict=True))
    ]
    return Root(tuple(part for group in made for part in group))


def holds(examples: int, check: Callable[..., None], **strategies: st.SearchStrategy[object]) -> None:
    """Runs `check` on generated cases: the same ones every time."""
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    limited = settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=quiet, phases=phases)
    limited(given(**strategies)(check))()
