"""Ids computed from a listing are those git computes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.changeset.identity import object_id, tree_ids
from bot.engine.model.snapshot import Entry
from bot.standin.git import ObjectStore, edit_tree, flatten, lookup

NAMES = st.text("ab-./é", min_size=1, max_size=3).filter(lambda name: name.strip("./") and "/" not in name)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, st.sampled_from([0o100644, 0o100755, 0o120000]), min_size=1, max_size=8)


def without_clashes(files: dict[str, int]) -> dict[str, int]:
    return {path: mode for path, mode in files.items() if not any(other.startswith(f"{path}/") for other in files)}


@given(FILES.map(without_clashes))
def test_ids_of_all_directories_are_gits(files: dict[str, int]) -> None:
    store = ObjectStore()
    root = edit_tree(store, None, {path: (mode, store.blob(path.encode())) for path, mode in files.items()})
    assert root is not None
    entries = {path: Entry(entry.oid, f"{entry.mode:06o}") for path, entry in flatten(store, root).items()}
    ids = tree_ids(entries)
    assert ids.pop("") == root
    assert {folder: found.oid for folder in ids if (found := lookup(store, root, folder))} == ids


def test_empty_tree_and_blob_have_the_ids_everybody_knows() -> None:
    assert tree_ids({}) == {"": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}
    assert object_id("blob", b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
