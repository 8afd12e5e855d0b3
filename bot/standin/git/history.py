"""Walks of the commit graph."""

from bot.standin.git.objects import ObjectStore


def ancestors(store: ObjectStore, oid: str) -> set[str]:
    """The commit itself and everything it can reach."""
    seen: set[str] = set()
    waiting = [oid]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting.extend(store.read_commit(here).parents)
    return seen


def merge_base(store: ObjectStore, one: str, other: str) -> str | None:
    """The best common ancestor; of several the newest; None for unrelated histories."""
    if one == other:
        return one
    reached = ancestors(store, one)
    common: list[str] = []
    seen: set[str] = set()
    waiting = [other]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in reached:
            common.append(here)
        else:
            waiting.extend(store.read_commit(here).parents)
    best = common if len(common) < 2 else _independent(store, common)
    return max(best, key=lambda oid: store.read_commit(oid).committer.when, default=None)


def _independent(store: ObjectStore, oids: list[str]) -> list[str]:
    reach = {oid: ancestors(store, oid) for oid in oids}
    return [oid for oid in oids if not any(oid in reach[other] for other in oids if other != oid)]


def between(store: ObjectStore, base: str | None, head: str) -> list[str]:
    """Commits that head has and base has not, parents before children."""
    known = ancestors(store, base) if base else set()
    ordered: list[str] = []
    waiting: list[tuple[str, bool]] = [(head, False)]
    while waiting:
        here, done = waiting.pop()
        if done:
            ordered.append(here)
        elif here not in known:
            known.add(here)
            waiting.append((here, True))
            waiting.extend((parent, False) for parent in reversed(store.read_commit(here).parents))
    return ordered
