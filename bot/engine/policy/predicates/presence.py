"""Whether something is set at all. Null counts as not set; a block list without blocks too."""

from __future__ import annotations

from bot.engine.model.given import is_given
from bot.engine.model.value import Known, Null, Undecided, Unknown, Value
from bot.engine.policy.predicates.predicate import Args, Decide, Inputs, Partly, Predicate, Raw, no_args


def _is_absent(raw: Raw) -> bool:
    return raw is None or raw == ()


def _is_empty(raw: Raw) -> bool:
    return raw is None or raw in ("", (), {}) or (isinstance(raw, str) and not raw.strip())


def _absent(inputs: Inputs, _: Args) -> bool | None:
    return _is_absent(inputs[0])


def _present(inputs: Inputs, _: Args) -> bool | None:
    return not _is_absent(inputs[0])


def _empty(inputs: Inputs, _: Args) -> bool | None:
    return _is_empty(inputs[0])


def _not_empty(inputs: Inputs, _: Args) -> bool | None:
    return not _is_empty(inputs[0])


def _known_to_hold_something(value: Value | None) -> bool:
    """A partly known text with a letter, an identifier that the provider gives, a collection with a known element."""
    if isinstance(value, Undecided):
        return False
    if isinstance(value, Unknown):
        return is_given(value) or any(part and part.strip() for part in value.parts)
    if not isinstance(value, Known) or not isinstance(value.raw, tuple | dict):
        return False
    if isinstance(value.raw, dict):
        return bool(value.raw)
    return any(isinstance(item, Known | Null) or _known_to_hold_something(item) for item in value.raw)


def _partly(*, holds: bool) -> Partly:
    def partly(values: tuple[Value | None, ...], _: Args) -> bool | None:
        return holds if _known_to_hold_something(values[0]) else None

    return partly


def _predicate(name: str, decide: Decide, *, holds: bool) -> Predicate:
    return Predicate(name, decide, no_args, partly=_partly(holds=holds), reads_absence=True)


PREDICATES = (
    _predicate("present", _present, holds=True),
    _predicate("absent", _absent, holds=False),
    _predicate("empty", _empty, holds=False),
    _predicate("not_empty", _not_empty, holds=True),
)
