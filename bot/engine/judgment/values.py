"""Two bodies compared in resolved values: which paths differ, whatever the order of blocks and the spelling of scalars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from bot.engine.model.match import Change
from bot.engine.model.value import Known, Null, Unknown, Value, plain

Body: TypeAlias = Mapping[str, Value]
Names: TypeAlias = Mapping[str, str]
MAX_DEPTH = 24
MAX_PAIRS = 4_000


class Comparison:
    """Compares values of two models. `names`: address on the head → address on the base, of what was moved."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def changes(self, before: Body, after: Body) -> Iterator[Change]:
        """Every path that differs. Of a block that came or went also the paths inside it; of a list the whole."""
        yield from self._bodies("", before, after, 0)

    def same(self, before: Value | None, after: Value | None) -> bool:
        """Whether nothing differs."""
        return next(self._values("", before, after, 0), None) is None

    def _bodies(self, prefix: str, before: Body, after: Body, depth: int) -> Iterator[Change]:
        for name in sorted(before.keys() | after.keys()):
            yield from self._values(f"{prefix}{name}", before.get(name), after.get(name), depth + 1)

    def _values(self, path: str, before: Value | None, after: Value | None, depth: int) -> Iterator[Change]:
        before, after = _set(before), _set(after)
        if before is after or (before is None and after is None):
            return
        if isinstance(before, Unknown) or isinstance(after, Unknown):
            if not self._same_unknown(before, after):
                yield Change(path, before, after)
            return
        old, new = before.raw if before else None, after.raw if after else None
        if depth < MAX_DEPTH and isinstance(old, dict | None) and isinstance(new, dict | None):
            yield from self._objects(path, before, after, depth)
        elif depth < MAX_DEPTH and _is_list(old) and _is_list(new):
            yield from self._lists(path, before, after, depth)
        elif _scalar(old) != _scalar(new):
            yield Change(path, before, after)

    def _objects(self, path: str, before: Known | None, after: Known | None, depth: int) -> Iterator[Change]:
        if before is None or after is None:
            yield Change(path, before, after)
        old = before.raw if before else {}
        new = after.raw if after else {}
        assert isinstance(old, dict)
        assert isinstance(new, dict)
        yield from self._bodies(f"{path}.", old, new, depth)

    def _lists(self, path: str, before: Known | None, after: Known | None, depth: int) -> Iterator[Change]:
        old, new = _items(before), _items(after)
        if len(old) * len(new) > MAX_PAIRS or not any(map(_is_object, (*old, *new))):
            if sorted(map(_text, old)) != sorted(map(_text, new)):
                yield Change(path, before, after)
            return
        gone = [item for item in old if not self._taken(item, new)]
        if not gone and not new:
            return
        if all(map(_is_object, (*gone, *new))):
            yield from self._blocks(path, gone, new, depth)
        else:
            yield Change(path, before, after)

    def _blocks(self, path: str, old: list[Value], new: list[Value], depth: int) -> Iterator[Change]:
        for number in range(max(len(old), len(new))):
            first = old[number] if number < len(old) else None
            second = new[number] if number < len(new) else None
            yield from self._values(path, first, second, depth + 1)

    def _taken(self, item: Value, others: list[Value]) -> bool:
        """Whether one of the others equals the item; that one is then taken away."""
        at = next((number for number, other in enumerate(others) if self.same(item, other)), None)
        if at is not None:
            del others[at]
        return at is not None

    def _same_unknown(self, before: Value | None, after: Value | None) -> bool:
        if not (isinstance(before, Unknown) and isinstance(after, Unknown)):
            return False
        return self._named(before, {}) == self._named(after, self._names)

    def _named(self, value: Unknown, names: Names) -> tuple[object, ...]:
        """The expression with whole addresses of the base: `aws_kms_key.b.arn` reads `module.keys.aws_kms_key.a.arn`."""
        refs = tuple(names.get(ref, ref) for ref in value.refs)
        expression = value.expression
        for ref, former in zip(value.refs, refs, strict=True):
            local = next((ref[at:] for at in _starts(ref) if expression.startswith((f"{ref[at:]}.", f"{ref[at:]}["))), None)
            if local is not None:
                expression = former + expression[len(local) :]
                break
        return expression, frozenset(refs), value.parts


def _starts(address: str) -> Iterator[int]:
    """Where the name of a thing may begin inside its address: after each module."""
    yield 0
    at = address.find(".")
    while at >= 0:
        yield at + 1
        at = address.find(".", at + 1)


def _set(value: Value | None) -> Known | Unknown | None:
    return None if isinstance(value, Null) else value


def _is_list(raw: object) -> bool:
    return raw is None or isinstance(raw, tuple)


def _items(value: Known | None) -> list[Value]:
    return list(value.raw) if value is not None and isinstance(value.raw, tuple) else []


def _is_object(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.raw, dict)


def _scalar(raw: object) -> object:
    """Numbers and booleans as the texts that Terraform converts them to and from."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return str(raw) if isinstance(raw, int | float) else raw


def _text(value: Value) -> str:
    return str(plain(value)) if not isinstance(value, Known) else str(_scalar(plain(value)))
