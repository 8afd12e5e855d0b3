"""The last step of an attribute: what the evaluator keeps lazy or shared becomes a plain value."""

from __future__ import annotations

from bot.engine.iac.terraform.scope import Run
from bot.engine.iac.terraform.values import Merged, Object, read_from
from bot.engine.model.value import Known, Unknown, Value


def settled(value: Value, run: Run) -> Value:
    """The value as the model shows it.

    Lazy objects become plain unknowns. What is said of a collection (sensitive, assumed, references) is said of each
    element, and an element that is written elsewhere is read where the collection is read. Raises LimitReachedError for
    a value with more parts than a collection may have, which values that share parts can have at little cost.
    """
    if isinstance(value, Known) and not isinstance(value.raw, (tuple, dict)):
        return value
    run.parts = 0
    return _settled(value, run)


def _settled(value: Value, run: Run) -> Value:
    if not isinstance(value, Known):
        return value if type(value) is Unknown or not isinstance(value, Unknown) else _plain(value, run)
    raw = value.raw
    if isinstance(raw, tuple):
        run.hold_parts(len(raw))
        items = tuple([_settled(read_from(value, item), run) for item in raw])
        return Known(items, value.span, value.origin, value.refs, value.sensitive, value.assumed)
    if isinstance(raw, dict):
        run.hold_parts(len(raw))
        named = {key: _settled(read_from(value, item), run) for key, item in raw.items()}
        return Known(named, value.span, value.origin, value.refs, value.sensitive, value.assumed)
    return value


def _plain(value: Unknown, run: Run) -> Unknown:
    """A lazy object as an unknown; of a map that is partly known, `structure` holds the keys that are certain."""
    certain: Value | None = None
    if isinstance(value, Object) and isinstance(value.holder, Merged):
        certain = _settled(Known({key: value.holder.attribute(key, None) for key in value.holder.keys()}, value.span), run)  # noqa: SIM118
    return Unknown(value.reason, value.expression, value.span, value.origin, value.refs, value.sensitive, (), value.detail, certain)
