"""Trees: read a path, list everything, change a few paths without touching the rest."""

from collections.abc import Mapping

from bot.standin.git.objects import MODE_TREE, Entry, ObjectStore


def flatten(store: ObjectStore, tree: str | None, prefix: str = "") -> dict[str, Entry]:
    """Every file below a tree: full path → entry. Submodules are files here."""
    found: dict[str, Entry] = {}
    for entry in store.entries(tree) if tree else ():
        if entry.mode == MODE_TREE:
            found.update(flatten(store, entry.oid, f"{prefix}{entry.name}/"))
        else:
            found[prefix + entry.name] = entry
    return found


def lookup(store: ObjectStore, tree: str, path: str) -> Entry | None:
    """The entry at a path; the empty path is the tree itself."""
    here: Entry | None = Entry(MODE_TREE, "", tree)
    for part in [part for part in path.split("/") if part]:
        if here is None or here.mode != MODE_TREE:
            return None
        here = next((entry for entry in store.entries(here.oid) if entry.name == part), None)
    return here


def edit_tree(store: ObjectStore, tree: str | None, edits: Mapping[str, tuple[int, str] | None]) -> str | None:
    """A tree with some paths set to (mode, oid) or removed; None when nothing is left."""
    entries = {entry.name: entry for entry in store.entries(tree)} if tree else {}
    deeper: dict[str, dict[str, tuple[int, str] | None]] = {}
    for path, edit in edits.items():
        name, slash, rest = path.partition("/")
        if slash:
            deeper.setdefault(name, {})[rest] = edit
        elif edit is None:
            entries.pop(name, None)
        else:
            entries[name] = Entry(edit[0], name, edit[1])
    for name, inner in deeper.items():
        old = entries.get(name)
        new = edit_tree(store, old.oid if old and old.mode == MODE_TREE else None, inner)
        if new is None:
            entries.pop(name, None)
        else:
            entries[name] = Entry(MODE_TREE, name, new)
    return store.tree(entries.values()) if entries else None


def differing(store: ObjectStore, old: str | None, new: str | None, prefix: str = "") -> dict[str, tuple[Entry | None, Entry | None]]:
    """Paths whose entry differs: (before, after). Equal subtrees are never opened."""
    if old == new:
        return {}
    before = {entry.name: entry for entry in store.entries(old)} if old else {}
    after = {entry.name: entry for entry in store.entries(new)} if new else {}
    found: dict[str, tuple[Entry | None, Entry | None]] = {}
    for name in sorted(before.keys() | after.keys()):
        a, b = before.get(name), after.get(name)
        if a == b:
            continue
        trees = [entry.oid if entry and entry.mode == MODE_TREE else None for entry in (a, b)]
        if any(trees):
            found.update(differing(store, trees[0], trees[1], f"{prefix}{name}/"))
        files = [None if entry is None or entry.mode == MODE_TREE else entry for entry in (a, b)]
        if any(files):
            found[prefix + name] = (files[0], files[1])
    return found
