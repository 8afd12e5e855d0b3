"""Objects, diffs and merges are git's own."""

import random
import subprocess
from pathlib import Path

import pytest

from bot.standin import Standin
from bot.standin.git import ObjectStore, changes, edit_tree, merge_base, merge_trees
from bot.standin.git.lines import hunks
from bot.standin.git.merging import merge_lines
from bot.standin.git.objects import Person
from bot.standin.git.patch import FileChange
from bot.standin.state.repository import File

WHO = Person("Mona", "mona@example.com", 1_700_000_000)


def _git(where: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=where, check=True, capture_output=True, text=True).stdout


def _tree(store: ObjectStore, files: dict[str, bytes]) -> str:
    tree = edit_tree(store, None, {path: (0o100644, store.blob(data)) for path, data in files.items()})
    assert tree
    return tree


def test_a_clone_is_sound_and_has_the_same_ids(standin: Standin, tmp_path: Path) -> None:
    repo = standin.organisation("acme").repository(
        "infra",
        files={
            "a/b.tf": "x\n",
            "a.tf": b"\x00\xff",
            "link": File(b"a.tf", 0o120000),
            "run.sh": File(b"#!/bin/sh\n", 0o100755),
            "a-b": "é\n",
        },
    )
    pull = repo.pull_request("fix", files={"a/b.tf": None, "a/c.tf": "y\n"}, message="Zwölf\n\nBody")
    _git(tmp_path, "clone", "-q", f"{standin.url}/acme/infra.git", "clone")
    clone = tmp_path / "clone"
    assert _git(clone, "fsck", "--full", "--strict") == ""
    assert _git(clone, "rev-parse", "origin/fix").strip() == pull.head_sha
    assert _git(clone, "show", "-s", "--format=%B", pull.head_sha).strip() == "Zwölf\n\nBody"
    assert (clone / "link").is_symlink()


@pytest.mark.parametrize("seed", range(12))
def test_hunks_apply_and_are_no_longer_than_gits(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311  # test data
    words = ["a", "b", "}", "{", "  x", "resource y", ""]
    old = [rng.choice(words) + "\n" for _ in range(rng.randrange(1, 60))]
    new = list(old)
    for _ in range(rng.randrange(1, 8)):
        at = rng.randrange(len(new) + 1)
        new[at : at + rng.randrange(3)] = [rng.choice([*words, "new"]) + "\n" for _ in range(rng.randrange(3))]
    before, after = "".join(old).encode(), "".join(new).encode()
    (tmp_path / "f").write_bytes(before)
    change = FileChange("f", "modified", None, None, None, binary=False, hunks=hunks(before, after))
    if before == after:
        assert change.hunks == ()
        return
    (tmp_path / "patch").write_text(f"--- a/f\n+++ b/f\n{change.text}\n")
    _git(tmp_path, "apply", "patch")
    assert (tmp_path / "f").read_bytes() == after
    (tmp_path / "g").write_bytes(before)
    listed = subprocess.run(["git", "diff", "--no-index", "--numstat", "g", "f"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert listed.stdout.split("\t")[:2] == [str(change.additions), str(change.deletions)]


def test_missing_line_feed_and_heading() -> None:
    old = b"resource a {\n" + b"".join(b"  k%d\n" % n for n in range(9)) + b"}"
    change = FileChange("f", "modified", None, None, None, binary=False, hunks=hunks(old, old.replace(b"k8", b"k9")))
    assert change.text == ("@@ -7,5 +7,5 @@ resource a {\n   k5\n   k6\n   k7\n-  k8\n+  k9\n }\n\\ No newline at end of file")


def test_renames_are_found_and_pure_ones_have_no_patch() -> None:
    store = ObjectStore()
    body = b"".join(b"line %d\n" % n for n in range(20))
    old = _tree(store, {"pure.tf": body, "part.tf": body + b"more\n", "gone.tf": b"other\n"})
    new = _tree(store, {"moved/pure.tf": body, "moved/part.tf": body + b"less\n", "fresh.tf": b"entirely\ndifferent\n"})
    seen = {change.path: (change.status, change.previous, change.patch is None) for change in changes(store, old, new)}
    assert seen == {
        "fresh.tf": ("added", None, False),
        "gone.tf": ("removed", None, False),
        "moved/part.tf": ("renamed", "part.tf", False),
        "moved/pure.tf": ("renamed", "pure.tf", True),
    }


def test_merge_base_of_a_criss_cross_is_a_common_ancestor() -> None:
    store = ObjectStore()
    tree = store.tree(())
    root = store.commit(tree, [], WHO, "root")
    left, right = store.commit(tree, [root], WHO, "left"), store.commit(tree, [root], WHO, "right")
    one, two = store.commit(tree, [left, right], WHO, "one"), store.commit(tree, [right, left], WHO, "two")
    assert merge_base(store, left, right) == root
    assert merge_base(store, one, two) in {left, right}
    assert merge_base(store, one, left) == left
    assert merge_base(store, root, store.commit(tree, [], WHO, "elsewhere")) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (b"A\nb\nc\nd\ne\n", b"a\nb\nc\nd\nE\n", b"A\nb\nc\nd\nE\n"),
        (b"a\nb\nc\nd\ne\n", b"a\nc\nd\ne\n", b"a\nc\nd\ne\n"),
        (b"a\nX\nc\nd\ne\n", b"a\nX\nc\nd\ne\n", b"a\nX\nc\nd\ne\n"),
        (b"a\nX\nc\nd\ne\n", b"a\nY\nc\nd\ne\n", None),
    ],
)
def test_lines_are_merged_or_conflict(ours: bytes, theirs: bytes, merged: bytes | None) -> None:
    parts = [tuple(text.splitlines(keepends=True)) for text in (b"a\nb\nc\nd\ne\n", ours, theirs)]
    found = merge_lines(*parts)
    assert (None if found is None else b"".join(found)) == merged


def test_trees_merge_by_file() -> None:
    store = ObjectStore()
    base = _tree(store, {"a": b"a\n", "b": b"b\n", "c": b"c\n"})
    ours, theirs = _tree(store, {"a": b"A\n", "b": b"b\n", "c": b"c\n"}), _tree(store, {"a": b"a\n", "c": b"c\n", "d": b"d\n"})
    assert merge_trees(store, base, ours, theirs) == _tree(store, {"a": b"A\n", "c": b"c\n", "d": b"d\n"})
    assert merge_trees(store, base, ours, _tree(store, {"a": b"B\n", "b": b"b\n", "c": b"c\n"})) is None
