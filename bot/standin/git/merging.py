"""Three-way merges of trees; files are merged by lines."""

from bot.standin.git.lines import equal_blocks, split_lines
from bot.standin.git.objects import Entry, ObjectStore
from bot.standin.git.patch import is_binary
from bot.standin.git.trees import differing, edit_tree


def merge_trees(store: ObjectStore, base: str | None, ours: str, theirs: str) -> str | None:
    """The merged tree, or None when a person has to resolve a conflict."""
    mine, other = differing(store, base, ours), differing(store, base, theirs)
    edits: dict[str, tuple[int, str] | None] = {}
    for path, (before, after) in other.items():
        if path not in mine or mine[path][1] == after:
            edits[path] = (after.mode, after.oid) if after else None
            continue
        merged = _merge_entry(store, before, mine[path][1], after)
        if merged is None:
            return None
        edits[path] = merged
    return edit_tree(store, ours, edits) or store.tree(())


def _merge_entry(store: ObjectStore, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> tuple[int, str] | None:
    if base is None or ours is None or theirs is None or {base.kind, ours.kind, theirs.kind} != {"blob"}:
        return None
    texts = [store.data(entry.oid) for entry in (base, ours, theirs)]
    if any(is_binary(text) for text in texts):
        return None
    merged = merge_lines(*(split_lines(text) for text in texts))
    return None if merged is None else (ours.mode, store.blob(b"".join(merged)))


def merge_lines(base: tuple[bytes, ...], ours: tuple[bytes, ...], theirs: tuple[bytes, ...]) -> list[bytes] | None:
    """None when both sides changed the same or adjacent lines differently."""
    kept = [_kept(base, ours), _kept(base, theirs)]
    out: list[bytes] = []
    at, i, j = 0, 0, 0
    while at < len(base) or i < len(ours) or j < len(theirs):
        nxt = at
        while nxt < len(base) and not (nxt in kept[0] and nxt in kept[1]):
            nxt += 1
        ends = (kept[0][nxt], kept[1][nxt]) if nxt < len(base) else (len(ours), len(theirs))
        parts = base[at:nxt], ours[i : ends[0]], theirs[j : ends[1]]
        if parts[1] == parts[2] or parts[2] == parts[0]:
            out += parts[1]
        elif parts[1] == parts[0]:
            out += parts[2]
        else:
            return None
        if nxt >= len(base):
            break
        out.append(base[nxt])
        at, i, j = nxt + 1, ends[0] + 1, ends[1] + 1
    return out


def _kept(base: tuple[bytes, ...], side: tuple[bytes, ...]) -> dict[int, int]:
    return {block.old + k: block.new + k for block in equal_blocks(base, side) for k in range(block.size)}
