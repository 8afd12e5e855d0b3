"""One type for several values, as Terraform finds it for the elements of a list, set or map.

https://developer.hashicorp.com/terraform/language/expressions/types#conversion-of-complex-types
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.engine.iac.terraform.conversions import to_text
from bot.engine.iac.terraform.scope import Run
from bot.engine.iac.terraform.values import Elements
from bot.engine.model.value import Known, Value

SCALARS = (bool, str, float)


def unified(items: Sequence[Value], run: Run) -> tuple[Value, ...] | None:
    """The values under one type; None when there is none. What is unknown or null fits any type and stays."""
    kinds = {_kind(item) for item in items if isinstance(item, Known)}
    if len(kinds) <= 1 and not kinds & {tuple, dict}:
        return tuple(items)
    run.spend(len(items))
    if kinds <= {bool, str, float}:
        return _texts(items) if str in kinds else None
    if kinds == {tuple}:
        return _sequences(items, run)
    return _mappings(items, run) if kinds == {dict} else None


def _kind(item: Known) -> type:
    raw = item.raw
    if isinstance(raw, (tuple, dict)):
        return tuple if isinstance(raw, tuple) else dict
    return bool if isinstance(raw, bool) else str if isinstance(raw, str) else float


def _texts(items: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(
        [replace(item, raw=to_text(item.raw)) if isinstance(item, Known) and not isinstance(item.raw, str) else item for item in items]
    )


def _sequences(items: Sequence[Value], run: Run) -> tuple[Value, ...] | None:
    """Tuples of one length place by place, lists of several lengths all elements together."""
    held = [(position, item) for position, item in enumerate(items) if isinstance(item, Known)]
    raws = [item.raw for _, item in held if isinstance(item.raw, tuple)]
    same = len({len(raw) for raw in raws}) == 1 and not any(isinstance(raw, Elements) for raw in raws)
    columns = list(zip(*raws, strict=True)) if same else [tuple(part for raw in raws for part in raw)]
    made = [unified(column, run) for column in columns]
    if any(column is None for column in made):
        return None
    rows: list[tuple[Value, ...]]
    if same:
        rows = list(zip(*[column for column in made if column is not None], strict=True)) if made else [() for _ in raws]
    else:
        parts = iter(made[0] or ())
        rows = [tuple([next(parts) for _ in raw]) for raw in raws]
    sets = [Elements(row) if isinstance(item.raw, Elements) else row for (_, item), row in zip(held, rows, strict=True)]
    return _with(items, list(zip([position for position, _ in held], sets, strict=True)))


def _mappings(items: Sequence[Value], run: Run) -> tuple[Value, ...] | None:
    """Objects with the same attributes attribute by attribute; others as maps, when they can be."""
    held = [(position, item) for position, item in enumerate(items) if isinstance(item, Known)]
    raws = [item.raw for _, item in held if isinstance(item.raw, dict)]
    if all(raw.keys() == raws[0].keys() for raw in raws):
        columns = {key: unified([raw[key] for raw in raws], run) for key in raws[0]}
        if any(column is None for column in columns.values()):
            return None
        rows = [{key: (columns[key] or ())[row] for key in raws[0]} for row in range(len(raws))]
        return _with(items, [(position, row) for (position, _), row in zip(held, rows, strict=True)])
    whole = unified([part for raw in raws for part in raw.values()], run)
    if whole is None:
        return None
    parts = iter(whole)
    return _with(items, [(position, {key: next(parts) for key in raw}) for (position, _), raw in zip(held, raws, strict=True)])


def _with(items: Sequence[Value], raws: Sequence[tuple[int, tuple[Value, ...] | dict[str, Value]]]) -> tuple[Value, ...]:
    made = list(items)
    for position, raw in raws:
        item = made[position]
        assert isinstance(item, Known)
        made[position] = replace(item, raw=raw)
    return tuple(made)
