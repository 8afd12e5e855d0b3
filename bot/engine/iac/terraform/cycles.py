"""Local values that need themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.engine.model.span import Span

Needs = Mapping[str, Sequence[tuple[str, Span]]]


class Cycle(Struct, frozen=True):
    """`names`: the local values in the order in which each needs the next, from the first that is written. `span`: where that one
    refers to the next."""

    names: tuple[str, ...]
    span: Span


def cycles(needs: Needs) -> tuple[Cycle, ...]:
    """One shortest cycle of every group of local values that all need each other. Takes time linear in the references."""
    position = {name: number for number, name in enumerate(needs)}
    groups = [sorted(group, key=position.__getitem__) for group in _groups(needs)]
    return tuple([_shortest(group, needs) for group in sorted(groups, key=lambda group: position[group[0]])])


def _groups(needs: Needs) -> Iterator[list[str]]:
    """The strongly connected components that hold a cycle (Tarjan's algorithm, without recursion)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    open_names: set[str] = set()
    for start in needs:
        pending = [] if start in order else [(start, iter(needs[start]))]
        while pending:
            name, rest = pending[-1]
            if name not in order:
                order[name] = lowest[name] = len(order)
                stack.append(name)
                open_names.add(name)
            other = next((target for target, _ in rest if target not in order or target in open_names), None)
            if other is None:
                pending.pop()
                if pending:
                    lowest[pending[-1][0]] = min(lowest[pending[-1][0]], lowest[name])
                if lowest[name] == order[name]:
                    yield from _closed(name, stack, open_names, needs)
            elif other in order:
                lowest[name] = min(lowest[name], order[other])
            else:
                pending.append((other, iter(needs[other])))


def _closed(name: str, stack: list[str], open_names: set[str], needs: Needs) -> Iterator[list[str]]:
    group = [stack.pop()]
    while group[-1] != name:
        group.append(stack.pop())
    open_names.difference_update(group)
    if len(group) > 1 or any(other == name for other, _ in needs[name]):
        yield group


def _shortest(group: list[str], needs: Needs) -> Cycle:
    """A shortest way from the first of a group back to itself."""
    start, members = group[0], frozenset(group)
    before: dict[str, str] = {}
    pending = [start]
    for name in pending:
        for other, _ in needs[name]:
            if other == start:
                return _cycle(start, name, before, needs)
            if other in members and other not in before:
                before[other] = name
                pending.append(other)
    raise AssertionError(group)  # every one of a group leads back to it


def _cycle(start: str, last: str, before: Mapping[str, str], needs: Needs) -> Cycle:
    names = [last]
    while names[-1] != start:
        names.append(before[names[-1]])
    names.reverse()
    following = names[1] if len(names) > 1 else start
    return Cycle(tuple(names), next(span for name, span in needs[start] if name == following))
