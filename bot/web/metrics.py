"""Counts, states and durations as text: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.

No name of a repository, a person or a branch is ever a label.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Literal, TypeAlias

from msgspec import Struct

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "countersign_"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 5.0, 10.0)

Labels: TypeAlias = tuple[tuple[str, str], ...]
Kind = Literal["counter", "gauge", "histogram"]


class Sample(Struct, frozen=True):
    """One number. `name` without the prefix; `help` is printed once for all samples of a name."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    value: float
    labels: Mapping[str, str] = {}


Collector: TypeAlias = Callable[[], Iterable[Sample]]


class _Series(Struct):
    kind: Kind
    help: str
    bounds: tuple[float, ...] = ()
    numbers: dict[Labels, list[float]] = {}


class Metrics:
    """What this process counts, and what collectors look up when somebody asks. Safe to share between threads."""

    def __init__(self, collectors: Iterable[Collector] = ()) -> None:
        self._lock = Lock()
        self._series: dict[str, _Series] = {}
        self._collectors = list(collectors)

    def collect(self, collector: Collector) -> None:
        """Ask `collector` at every reading."""
        self._collectors.append(collector)

    def count(self, name: str, help_text: str, **labels: str) -> None:
        """One more."""
        with self._lock:
            self._numbers(name, _Series("counter", help_text, numbers={}), labels, 1)[0] += 1

    def observe(self, name: str, help_text: str, seconds: float, **labels: str) -> None:
        """One duration into its bucket."""
        with self._lock:
            made = _Series("histogram", help_text, SECONDS, {})
            numbers = self._numbers(name, made, labels, len(SECONDS) + 2)
            numbers[bisect_left(SECONDS, seconds)] += 1
            numbers[-1] += seconds

    def text(self) -> str:
        """Everything, one sample a line."""
        lines = self._collected()
        with self._lock:
            for name, series in sorted(self._series.items()):
                lines += [f"# HELP {PREFIX}{name} {series.help}", f"# TYPE {PREFIX}{name} {series.kind}"]
                lines += [line for labels, numbers in sorted(series.numbers.items()) for line in _lines(name, series, labels, numbers)]
        return "\n".join(lines) + "\n"

    def _numbers(self, name: str, made: _Series, labels: Mapping[str, str], width: int) -> list[float]:
        series = self._series.setdefault(name, made)
        return series.numbers.setdefault(tuple(sorted(labels.items())), [0.0] * width)

    def _collected(self) -> list[str]:
        lines: list[str] = []
        told: set[str] = set()
        for sample in sorted((sample for collector in self._collectors for sample in collector()), key=lambda sample: sample.name):
            if sample.name not in told:
                lines += [f"# HELP {PREFIX}{sample.name} {sample.help}", f"# TYPE {PREFIX}{sample.name} {sample.kind}"]
                told.add(sample.name)
            lines.append(f"{PREFIX}{sample.name}{_labels(tuple(sorted(sample.labels.items())))} {_number(sample.value)}")
        return lines


def _lines(name: str, series: _Series, labels: Labels, numbers: list[float]) -> list[str]:
    full = PREFIX + name
    if series.kind != "histogram":
        return [f"{full}{_labels(labels)} {_number(numbers[0])}"]
    lines, total = [], 0.0
    for bound, number in zip([*map(str, series.bounds), "+Inf"], numbers, strict=False):
        total += number
        lines.append(f"{full}_bucket{_labels((*labels, ('le', bound)))} {_number(total)}")
    return [*lines, f"{full}_sum{_labels(labels)} {_number(numbers[-1])}", f"{full}_count{_labels(labels)} {_number(total)}"]


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}"
