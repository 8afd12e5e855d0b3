"""Local values that need themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.engine.model.span import Span


class Cycle(Struct, frozen=True):
    """`names`: the local values in the order in which each needs the next, from the first that is written. `span`: where that one
    refers to the next."""

    names: tuple[str, ...]
    span: Span


def cycles(needs: Mapping[str, Sequence[tuple[str, Span]]]) -> tuple[Cycle, ...]:
    """One shortest cycle of every group of local values that need each other."""
    left = _on_cycles(needs)
    found: list[Cycle] = []
    while left:
        start = next(name for name in needs if name in left)
        names = _shortest(start, needs, left)
        if names:
            following = names[1] if len(names) > 1 else start
            found.append(Cycle(names, next(span for name, span in needs[start] if name == following)))
        left -= _reached(start, needs, left) if names else {start}
    return tuple(found)


def _on_cycles(needs: Mapping[str, Sequence[tuple[str, Span]]]) -> set[str]:
    """What is left when all that needs nothing left is taken away, again and again; linear in the references."""
    waiting = {name: {other for other, _ in found} for name, found in needs.items()}
    users: dict[str, list[str]] = {}
    for name, others in waiting.items():
        for other in others:
            users.setdefault(other, []).append(name)
    ready = [name for name, others in waiting.items() if not others]
    while ready:
        done = ready.pop()
        waiting.pop(done, None)
        for user in users.get(done, ()):
            if user in waiting and done in waiting[user]:
                waiting[user].discard(done)
                if not waiting[user]:
                    ready.append(user)
    return set(waiting)


def _shortest(start: str, needs: Mapping[str, Sequence[tuple[str, Span]]], left: set[str]) -> tuple[str, ...]:
    """The way from a local value back to itself; empty when it only leads to a cycle."""
    before: dict[str, str] = {}
    pending = [start]
    for name in pending:
        for other, _ in needs[name]:
            if other == start:
                return _way(start, name, before)
            if other in left and other not in before:
                before[other] = name
                pending.append(other)
    return ()


def _way(start: str, last: str, before: Mapping[str, str]) -> tuple[str, ...]:
    names = [last]
    while names[-1] != start:
        names.append(before[names[-1]])
    return tuple(reversed(names))


def _reached(start: str, needs: Mapping[str, Sequence[tuple[str, Span]]], left: set[str]) -> set[str]:
    found = {start}
    pending = [start]
    for name in pending:
        new = [other for other, _ in needs[name] if other in left and other not in found]
        found.update(new)
        pending.extend(new)
    return found
