"""Functions on lists and maps. Elements keep their places; a collection of which only some elements are unknown stays known."""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import text_of_known, to_bool, to_number, to_text
from bot.engine.iac.terraform.function_kinds import Function, first_whole_unknown, lifted, mapping, sequence, wrong
from bot.engine.iac.terraform.operators import equal
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.values import Elements, Merged, Object, Rest, as_sensitive, element_of, known, read_from, rest, trace, unknown
from bot.engine.model.value import Known, Null, Unknown, Value, moved_to


def items_of(collection: Value) -> tuple[Value, ...] | None:
    """The elements of a known sequence, each as it is read from it."""
    found = sequence(collection)
    return None if found is None else tuple([read_from(collection, item) for item in found])


def has_rest(items: tuple[Value, ...]) -> Rest | None:
    """The part of unknown length of a sequence."""
    for item in items:
        if isinstance(item, Rest):
            return item
    return None


def gathered(items: list[Value], e: s.Call, args: list[Value], run: Run) -> Value:
    """A list; unknown as a whole when nothing of it is certain, not even that it has an element."""
    run.hold_collection(len(items))
    if items and all(isinstance(item, Rest) for item in items):
        return unknown(items[0], e.span, args)  # type: ignore[arg-type]  # all are unknown
    return known(tuple(items), e.span, args)


def _concat(args: list[Value], e: s.Call, scope: Scope) -> Value:
    items: list[Value] = []
    for arg in args:
        found = items_of(arg)
        if found is not None:
            items.extend(found)
        elif isinstance(arg, Unknown):
            items.append(rest(arg))
        else:
            return wrong(e, "needs lists")
    return gathered(items, e, [], scope.run)


def _flatten(args: list[Value], e: s.Call, scope: Scope) -> Value:
    if len(args) != 1 or isinstance(args[0], Unknown):
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "wrong number of arguments")
    if sequence(args[0]) is None:
        return wrong(e, "needs a list")
    items: list[Value] = []
    _flattened(args[0], items, scope.run)
    return gathered(items, e, [], scope.run)


def _flattened(collection: Value, items: list[Value], run: Run) -> None:
    for item in items_of(collection) or ():
        run.spend(1)
        if sequence(item) is not None:
            _flattened(item, items, run)
        elif isinstance(item, Unknown) and not isinstance(item, (Object, Rest)):
            items.append(rest(item))  # it may be a list itself
        else:
            items.append(item)


def as_set(items: tuple[Value, ...], run: Run) -> Elements:
    """The elements of a set: without repetition, texts and numbers in order, unknown ones last."""
    run.spend(len(items))
    scalars: dict[tuple[str, str], Value] = {}
    others: list[Value] = []
    for item in items:
        text = text_of_known(item)
        if text is not None and isinstance(item, Known):
            scalars.setdefault((type(item.raw).__name__, text), item)
        elif not any(equal(item, other, run) is True for other in others):
            others.append(item)
    order = sorted(scalars, key=lambda key: (key[0] == "str", _rank(key[1]) if key[0] != "str" else 0.0, key[1]))
    return Elements((*[scalars[key] for key in order], *others))


def _rank(text: str) -> float:
    return to_number(text) or 0.0


def _toset(args: list[Value], e: s.Call, scope: Scope) -> Value:
    items = items_of(args[0]) if len(args) == 1 else None
    if items is None:
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "needs a list")
    return known(as_set(_unified(items), scope.run), e.span)


def _tolist(args: list[Value], e: s.Call, _: Scope) -> Value:
    items = items_of(args[0]) if len(args) == 1 else None
    if items is None:
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "needs a list")
    return known(_unified(items), e.span)


def _unified(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """Scalars of several types become texts."""
    kinds = {
        bool if isinstance(item.raw, bool) else str if isinstance(item.raw, str) else float for item in items if isinstance(item, Known)
    }
    if len(kinds) < 2 or str not in kinds:
        return items
    return tuple(
        [
            known(to_text(item.raw), item.span, (item,)) if isinstance(item, Known) and to_text(item.raw) is not None else item
            for item in items
        ]
    )


def _tomap(args: list[Value], e: s.Call, _: Scope) -> Value:
    if len(args) == 1 and (isinstance(args[0], Unknown) or mapping(args[0]) is not None):
        return moved_to(args[0], e.span)
    return wrong(e, "needs a map")


def _length(args: list[Value], e: s.Call, _: Scope) -> Value:
    if len(args) != 1 or isinstance(args[0], (Unknown, Null)):
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "needs a collection")
    raw = args[0].raw
    if isinstance(raw, tuple) and (missing := has_rest(raw)) is not None:
        return unknown(missing, e.span, args)
    return known(len(raw), e.span, args) if isinstance(raw, (str, tuple, dict)) else wrong(e, "needs a collection")


def _lookup(args: list[Value], e: s.Call, _: Scope) -> Value:
    if not 2 <= len(args) <= 3:
        return wrong(e, "wrong number of arguments")
    cause = first_whole_unknown(args[:2])
    key = text_of_known(args[1])
    if isinstance(args[0], Object) and key is not None:
        return moved_to(args[0].holder.attribute(key, e), e.span)
    found = mapping(args[0])
    if cause is not None or found is None or key is None:
        return unknown(cause, e.span, args[:2]) if cause is not None else wrong(e, "needs a map and a key")
    if key in found:
        return moved_to(element_of(args[0], found[key]), e.span)
    if len(args) == 2:
        return wrong(e, f"no key {key}")
    default = moved_to(args[2], e.span)
    return as_sensitive(default) if args[0].sensitive else default


def _merge(args: list[Value], e: s.Call, scope: Scope) -> Value:
    """Later maps win. With an unknown map only the keys of later maps are certain; see `Merged`."""
    present = [arg for arg in args if not isinstance(arg, Null)]
    if any(mapping(arg) is None and not isinstance(arg, Unknown) for arg in present):
        return wrong(e, "needs maps")
    cause = first_whole_unknown(present)
    if cause is not None:
        origin, refs, sensitive, _ = trace(args)
        return Object(
            cause.reason, cause.expression, e.span, origin, refs, sensitive, (), cause.detail, holder=Merged(tuple(present), cause)
        )
    made = {key: read_from(arg, item) for arg in present for key, item in (mapping(arg) or {}).items()}
    scope.run.hold_collection(len(made))
    return known(made, e.span, [])


def _coalesce(args: list[Value], e: s.Call, _: Scope) -> Value:
    for arg in args:
        if isinstance(arg, Unknown):
            return unknown(arg, e.span, args, arg.parts)
        if isinstance(arg, Known) and arg.raw != "":
            return moved_to(arg, e.span)
    return wrong(e, "nothing that is set")


def _coalescelist(args: list[Value], e: s.Call, _: Scope) -> Value:
    for arg in args:
        if isinstance(arg, Unknown):
            return unknown(arg, e.span, args)
        if sequence(arg):
            return moved_to(arg, e.span)
    return wrong(e, "nothing that is not empty")


def _element(args: list[Value], e: s.Call, _: Scope) -> Value:
    cause = first_whole_unknown(args)
    if cause is not None or len(args) != 2:
        return unknown(cause, e.span, args) if cause else wrong(e, "wrong number of arguments")
    items, number = items_of(args[0]), to_number(args[1].raw) if isinstance(args[1], Known) else None
    if not items or number is None or number != int(number) or (number < 0 and -number > len(items)):
        return wrong(e, "needs a list with elements and an index")
    missing = has_rest(items)
    return unknown(missing, e.span, args) if missing else moved_to(items[int(number) % len(items)], e.span)


def _keys(args: list[Value], e: s.Call, _: Scope) -> Value:
    found = mapping(args[0]) if len(args) == 1 else None
    if found is None:
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "needs a map")
    return known(tuple([read_from(args[0], Known(key, found[key].span)) for key in sorted(found)]), e.span)


def _values(args: list[Value], e: s.Call, _: Scope) -> Value:
    found = mapping(args[0]) if len(args) == 1 else None
    if found is None:
        return unknown(args[0], e.span, args) if len(args) == 1 and isinstance(args[0], Unknown) else wrong(e, "needs a map")
    return known(tuple([read_from(args[0], found[key]) for key in sorted(found)]), e.span)


def _contains(args: list[Value], e: s.Call, scope: Scope) -> Value:
    items = sequence(args[0]) if len(args) == 2 else None
    if items is None:
        cause = first_whole_unknown(args)
        return unknown(cause, e.span, args) if cause else wrong(e, "needs a list and a value")
    undecided: Unknown | None = None
    for item in items:
        same = equal(item, args[1], scope.run) if not _comparable_texts(item, args[1]) else text_of_known(item) == text_of_known(args[1])
        if same is True:
            return known(True, e.span, args)  # noqa: FBT003 - the value
        undecided = undecided or (same if isinstance(same, Unknown) else None)
    return unknown(undecided, e.span, args) if undecided else known(False, e.span, args)  # noqa: FBT003


def _comparable_texts(one: Value, two: Value) -> bool:
    return text_of_known(one) is not None and text_of_known(two) is not None


def _zipmap(args: list[Value], e: s.Call, scope: Scope) -> Value:
    cause = first_whole_unknown(args)
    names, items = (items_of(arg) for arg in args) if len(args) == 2 else (None, None)
    if cause is not None or names is None or items is None or len(names) != len(items):
        return unknown(cause, e.span, args) if cause else wrong(e, "needs two lists of one length")
    for item in (*names, *items):
        if isinstance(item, Rest) or (isinstance(item, Unknown) and item in names):
            return unknown(item, e.span, args)
    keys = [text_of_known(name) for name in names]
    if None in keys:
        return wrong(e, "keys must be texts")
    scope.run.hold_collection(len(keys))
    return known({key: item for key, item in zip(keys, items, strict=True) if key is not None}, e.span)


def _scalar(kind: str) -> Function:
    convert = {"string": to_text, "number": to_number, "bool": to_bool}[kind]

    def apply(args: list[Value], e: s.Call, _: Scope) -> Value:
        if len(args) != 1 or not isinstance(args[0], Known):
            return moved_to(args[0], e.span) if len(args) == 1 else wrong(e, "wrong number of arguments")
        raw = convert(args[0].raw)
        return wrong(e, f"not a {kind}") if raw is None else known(raw, e.span, args)

    return apply


def _sensitive(args: list[Value], e: s.Call, _: Scope) -> Value:
    return as_sensitive(moved_to(args[0], e.span)) if len(args) == 1 else wrong(e, "wrong number of arguments")


def _nonsensitive(args: list[Value], e: s.Call, _: Scope) -> Value:
    return replace(moved_to(args[0], e.span), sensitive=False) if len(args) == 1 else wrong(e, "wrong number of arguments")


def _all_true(items: tuple[object, ...]) -> bool:
    return all(to_bool(item) is True for item in items)


def _any_true(items: tuple[object, ...]) -> bool:
    return any(to_bool(item) is True for item in items)


def _list(args: list[Value], e: s.Call, _: Scope) -> Value:
    return known(tuple(args), e.span)


def _map(args: list[Value], e: s.Call, _: Scope) -> Value:
    """Terraform 0.11's `map`: keys and values in turn."""
    keys = [text_of_known(key) for key in args[::2]]
    if len(args) % 2 or None in keys:
        cause = first_whole_unknown(args[::2])
        return unknown(cause, e.span, args) if cause else wrong(e, "needs keys and values")
    return known({key: value for key, value in zip(keys, args[1::2], strict=True) if key is not None}, e.span)


def _decided(early: bool) -> Function:  # noqa: FBT001
    """`anytrue` (early: True) and `alltrue` (early: False): one element can decide whatever the others are."""
    plain = lifted("a", _any_true if early else _all_true)

    def apply(args: list[Value], e: s.Call, scope: Scope) -> Value:
        for item in (sequence(args[0]) if len(args) == 1 else None) or ():
            if isinstance(item, Known) and to_bool(item.raw) is early:
                return known(early, e.span, args)
        return plain(args, e, scope)

    return apply


COLLECTION: dict[str, Function] = {
    "list": _list,
    "map": _map,
    "concat": _concat,
    "flatten": _flatten,
    "toset": _toset,
    "tolist": _tolist,
    "tomap": _tomap,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "element": _element,
    "keys": _keys,
    "values": _values,
    "contains": _contains,
    "zipmap": _zipmap,
    "tostring": _scalar("string"),
    "tonumber": _scalar("number"),
    "tobool": _scalar("bool"),
    "sensitive": _sensitive,
    "nonsensitive": _nonsensitive,
    "alltrue": _decided(early=False),
    "anytrue": _decided(early=True),
}
