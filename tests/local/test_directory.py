from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.local import directory
from bot.local.problem import Problem
from tests.local.repositories import git, init, write

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_two_directories_become_two_trees(tmp_path: Path) -> None:
    write(tmp_path, {"before/a.tf": "1", "before/moved.tf": "same", "after/a.tf": "2", "after/sub/moved.tf": "same"})
    snapshot, source = directory.change(str(tmp_path / "before"), str(tmp_path / "after"), NOW, {}, "Message")
    assert sorted(snapshot.base.entries) == ["a.tf", "moved.tf"]
    assert snapshot.renames == {"sub/moved.tf": "moved.tf"}
    assert source.blob(snapshot.head.entries["a.tf"].oid, 10).data == b"2"
    assert snapshot.commits[0].message == "Message"


def test_object_ids_are_gits_own(tmp_path: Path) -> None:
    write(init(tmp_path), {"a.tf": "content\n", "empty": ""})
    entries = directory.Directory(str(tmp_path)).entries
    assert {path: entry.oid for path, entry in entries.items()} == {path: git(tmp_path, "hash-object", path) for path in ("a.tf", "empty")}


def test_large_file_is_hashed_in_pieces_and_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"large.tf": b"x" * 3_000_000})
    snapshot, source = directory.tree(str(tmp_path), NOW, {})
    entry = snapshot.head.entries["large.tf"]
    assert entry.oid == hashlib.sha1(b"blob 3000000\0" + b"x" * 3_000_000, usedforsecurity=False).hexdigest()
    assert source.blob(entry.oid, 1_000_000).refused == "limit"


def test_links_are_not_followed_and_caches_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, {"top/.terraform/modules/a.tf": "x", "top/.git/config": "x", "top/a.tf": "x", "outside/b.tf": "x"})
    (tmp_path / "top/linked").symlink_to(tmp_path / "outside")
    snapshot, _ = directory.tree(str(tmp_path / "top"), NOW, {})
    assert {path: entry.mode for path, entry in snapshot.head.entries.items()} == {"a.tf": "100644", "linked": "120000"}


def test_what_is_not_a_file_is_named_and_differs_on_both_sides(tmp_path: Path) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
        os.mkfifo(tmp_path / side / "main.tf")
    snapshot, _ = directory.change(str(tmp_path / "before"), str(tmp_path / "after"), NOW, {})
    assert snapshot.unfetched == {"main.tf": "unreadable"}
    assert snapshot.base.entries["main.tf"] != snapshot.head.entries["main.tf"]


def test_missing_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no-directory"):
        directory.tree(str(tmp_path / "nowhere"), NOW, {})


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    assert list(directory.Directory(str(tmp_path)).entries) == ["loop"]


def test_a_submodule_that_was_not_fetched_is_an_entry(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    write(tmp_path, {"main.tf": ""})
    assert sorted(directory.Directory(str(tmp_path)).entries) == ["main.tf"]
    write(tmp_path, {".gitmodules": '[submodule "modules"]\n'})
    assert directory.Directory(str(tmp_path)).entries["modules"].mode == "160000"
