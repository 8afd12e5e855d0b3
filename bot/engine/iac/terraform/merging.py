"""A body as the source has it, filled in with what a plan says of it. Every value keeps its place in the source."""

from __future__ import annotations

import json
from collections import Counter

from bot.engine.model.plan import hidden_why
from bot.engine.model.span import Span
from bot.engine.model.value import MAX_ORIGIN, Known, Null, Plain, Unknown, Value, is_fully_known

_WORDS = {"true": True, "false": False}


class Merging:
    """`by`: the place of the plan, which becomes the origin of what it tells. `differences`: paths where the source says otherwise."""

    def __init__(self, by: Span) -> None:
        self.by = by
        self.differences: list[str] = []

    def body(self, source: dict[str, Value], planned: dict[str, Plain], span: Span, at: str = "") -> dict[str, Value]:
        """Arguments and nested blocks. What neither sets, or only apply will tell of an argument not set, stays away."""
        found: dict[str, Value] = {}
        for name in dict.fromkeys((*source, *planned)):
            written, said = source.get(name), planned.get(name)
            if written is not None:
                found[name] = self.value(written, said, f"{at}{name}") if name in planned else written
            elif not _is_nothing(said):
                found[name] = self.told(said, span)
        return found

    def value(self, source: Value, said: Plain, at: str) -> Value:
        """One value that the source sets."""
        if hidden_why(said) is not None or (said is None and not isinstance(source, Unknown)):
            return source
        if isinstance(source, Unknown):
            return self._settled(source, said)
        if isinstance(source, Null):
            return self.told(said, source.span)
        return self._known(source, said, at)

    def _settled(self, source: Unknown, said: Plain) -> Value:
        if said is None:
            return Null(source.span, self._origin(source), source.refs, source.sensitive)
        if source.sensitive:
            return source
        found = self.told(said, source.span, self._origin(source))
        return Known(found.raw, found.span, found.origin, source.refs) if isinstance(found, Known) else found

    def _known(self, source: Known, said: Plain, at: str) -> Value:
        raw = source.raw
        if isinstance(raw, dict) and isinstance(said, list) and len(said) == 1:
            said = said[0]
        if isinstance(raw, dict) and isinstance(said, dict):
            return Known(self.body(raw, said, source.span, f"{at}."), source.span, source.origin, source.refs)
        if isinstance(raw, tuple) and isinstance(said, list):
            return self._list(source, raw, said, at)
        if isinstance(raw, (dict, tuple)) or isinstance(said, (dict, list)) or not _same(raw, said):
            self.differences.append(at)
            return self.told(said, source.span, self._origin(source))
        return source

    def _list(self, source: Known, raw: tuple[Value, ...], said: list[Plain], at: str) -> Value:
        """Elements in the order of the source where the plan has them in another: most lists of a provider are sets."""
        if is_fully_known(source) and _multiset(source) == Counter(map(_canonical, said)):
            return source
        if len(raw) == len(said):
            paired = self._paired(raw, said)
            if paired is not None:
                items = tuple([self.value(item, other, at) for item, other in zip(raw, paired, strict=True)])
                return Known(items, source.span, source.origin, source.refs)
        if not any(isinstance(item, Unknown) for item in raw):
            self.differences.append(at)
        return self.told(said, source.span, self._origin(source))

    def _paired(self, raw: tuple[Value, ...], said: list[Plain]) -> list[Plain] | None:
        """What is said of each element: the first that it does not differ from, elements with most known parts first."""
        left = list(said)
        found: dict[int, Plain] = {}
        for number in sorted(range(len(raw)), key=lambda number: not is_fully_known(raw[number])):
            fitting = next((item for item in left if self._fits(raw[number], item)), None)
            if fitting is None:
                return None
            left.remove(fitting)
            found[number] = fitting
        return [found[number] for number in range(len(raw))]

    def _fits(self, item: Value, said: Plain) -> bool:
        trial = Merging(self.by)
        trial.value(item, said, "")
        return not trial.differences

    def told(self, said: Plain, span: Span, origin: tuple[Span, ...] | None = None) -> Value:
        """What only the plan says, at the place in the source that it belongs to."""
        steps = (self.by,) if origin is None else origin
        why = hidden_why(said)
        if why is not None:
            return Unknown("computed" if why == "computed" else "sensitive", "", span, steps, (), why == "sensitive")
        if said is None:
            return Null(span, steps)
        if isinstance(said, dict):
            return Known({name: self.told(item, span, steps) for name, item in said.items() if item is not None}, span, steps)
        if isinstance(said, list):
            return Known(tuple([self.told(item, span, steps) for item in said]), span, steps)
        return Known(said, span, steps)

    def _origin(self, source: Value) -> tuple[Span, ...]:
        return (*source.origin, self.by)[-MAX_ORIGIN:]


def _is_nothing(said: Plain) -> bool:
    """What providers write for an argument that is not set."""
    return said is None or (not said and isinstance(said, (str, list, dict))) or hidden_why(said) is not None


def _same(raw: Plain, said: Plain) -> bool:
    """Whether two scalars are one value under Terraform's conversions; texts that hold JSON are compared as what they hold."""
    if _canonical(raw) == _canonical(said):
        return True
    if isinstance(raw, str) and isinstance(said, str) and raw[:1] in "{[" and said[:1] in "{[":
        try:
            return bool(json.loads(raw) == json.loads(said))
        except (ValueError, RecursionError):
            return False
    return False


def _canonical(value: Plain) -> str:
    if isinstance(value, str):
        value = _WORDS.get(value, value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(float(value)) if abs(value) < 1e15 else str(value)
    if isinstance(value, str):
        try:
            return _canonical(float(value)) if value.strip() == value and value[:1] in "-0123456789" else value
        except ValueError:
            return value
    return json.dumps(value, sort_keys=True, default=str)


def _multiset(source: Known) -> Counter[str]:
    assert isinstance(source.raw, tuple)
    scalars = [item.raw if isinstance(item, Known) and not isinstance(item.raw, (tuple, dict)) else "" for item in source.raw]
    return Counter(map(_canonical, scalars))
