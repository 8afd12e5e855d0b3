from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.engine.model.snapshot import CONFIGURATION, Entry, Snapshot
from bot.engine.supply import complete
from bot.local import clone
from bot.local.git import MAX_LINE, Repository
from bot.local.problem import Problem
from tests.local.repositories import commit, git, init, write

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def committed(path: Path, text: str) -> Snapshot:
    with Repository(str(path)) as repository:
        return clone.committed(repository, clone.endpoints(repository, text), NOW, {})[0]


def working(path: Path) -> tuple[Snapshot, clone.Compared]:
    with Repository(str(path)) as repository:
        snapshot, _, compared = clone.working(repository, NOW, {})
        return snapshot, compared


def whole(path: Path) -> Snapshot:
    """The working tree's snapshot with every blob of both sides."""
    with Repository(str(path)) as repository:
        snapshot, source, _ = clone.working(repository, NOW, {})
        return complete(snapshot, source, every_blob)


def every_blob(snapshot: Snapshot) -> list[str]:
    both = (snapshot.base.entries, snapshot.head.entries)
    return sorted(
        {
            entry.oid
            for entries in both
            for path, entry in entries.items()
            if entry.oid not in snapshot.blobs and path not in snapshot.unfetched
        }
    )


def text(snapshot: Snapshot, path: str) -> bytes:
    return snapshot.blobs[snapshot.head.entries[path].oid]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = init(tmp_path / "clone")
    commit(path, {"main.tf": "a = 1\n" * 20, "old/name.tf": "b = 1\n" * 20, "gone.tf": "c = 1\n", "keep.tf": "d = 1\n"}, "base")
    git(path, "checkout", "--quiet", "-b", "change")
    git(path, "mv", "old/name.tf", "name.tf")
    git(path, "rm", "--quiet", "gone.tf")
    commit(path, {"main.tf": "a = 2\n" + "a = 1\n" * 19, "new.tf": "e = 1\n"}, "Change it\n\nCo-authored-by: A Tool <tool@example.com>")
    return path


def test_range_lists_both_sides_and_finds_renames(repository: Path) -> None:
    snapshot = committed(repository, "main..change")
    assert sorted(snapshot.base.entries) == ["gone.tf", "keep.tf", "main.tf", "old/name.tf"]
    assert sorted(snapshot.head.entries) == ["keep.tf", "main.tf", "name.tf", "new.tf"]
    assert snapshot.renames == {"name.tf": "old/name.tf"}
    assert snapshot.blobs == {}


def test_listing_of_the_base_equals_what_git_lists(repository: Path) -> None:
    with Repository(str(repository)) as opened:
        ends = clone.endpoints(opened, "main..change")
        assert clone.committed(opened, ends, NOW, {})[0].base.entries == opened.tree(ends.base)


def test_head_is_compared_with_the_merge_base_and_not_with_the_tip(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {"later.tf": "f = 1\n"}, "later")
    snapshot = committed(repository, "main..change")
    assert "later.tf" not in snapshot.base.entries
    assert [item.message.split("\n")[0] for item in snapshot.commits] == ["Change it"]


def test_commits_of_a_range_are_those_that_git_tells(repository: Path) -> None:
    for number in range(MAX_LINE + 1):
        commit(repository, {"more.tf": f"g = {number}\n"}, f"more {number}")
    git(repository, "checkout", "--quiet", "-b", "side", "change~2")
    commit(repository, {"side.tf": "h = 1\n"}, "side")
    git(repository, "merge", "--quiet", "--no-ff", "-m", "both", "change")
    with Repository(str(repository)) as opened:
        for ends in ("change..change", "change~1..change", f"change~{MAX_LINE}..change", "main..change", "change..side", "side..change"):
            base, head = (git(repository, "rev-parse", name).strip() for name in ends.split(".."))
            common = git(repository, "merge-base", base, head).strip()
            assert opened.merge_base(base, head) == common
            assert [found.sha for found in opened.commits(common, head)] == git(repository, "rev-list", f"{common}..{head}").split()


def test_commit_texts_keep_trailers_and_identities(repository: Path) -> None:
    found = committed(repository, "main..change").commits[0]
    assert found.message == "Change it\n\nCo-authored-by: A Tool <tool@example.com>\n"
    assert (found.author_name, found.author_email, found.committer_email) == ("Kim", "kim@example.com", "lee@example.com")


def test_working_tree_holds_what_is_not_committed(repository: Path) -> None:
    write(repository, {"main.tf": "changed", "untracked.tf": "new", ".gitignore": "ignored.tf\n", "ignored.tf": "x"})
    (repository / "keep.tf").unlink()
    snapshot = whole(repository)
    assert text(snapshot, "main.tf") == b"changed"
    assert text(snapshot, "untracked.tf") == b"new"
    assert "keep.tf" not in snapshot.head.entries
    assert "ignored.tf" not in snapshot.head.entries
    assert snapshot.renames == {"name.tf": "old/name.tf"}
    assert working(repository)[1].uncommitted == 4


def test_clean_working_tree_equals_the_range(repository: Path) -> None:
    assert working(repository)[0].head.entries == committed(repository, "main..change").head.entries
    assert working(repository)[1].uncommitted == 0


def test_object_ids_of_the_working_tree_are_gits_own(repository: Path) -> None:
    write(repository, {"main.tf": "changed\n"})
    assert working(repository)[0].head.entries["main.tf"].oid == git(repository, "hash-object", "main.tf")


def test_symbolic_links_are_entries_with_their_text_and_never_followed(tmp_path: Path, repository: Path) -> None:
    write(tmp_path, {"secret": "do not read"})
    (repository / "link.tf").symlink_to(tmp_path / "secret")
    snapshot = whole(repository)
    assert snapshot.head.entries["link.tf"].mode == "120000"
    assert text(snapshot, "link.tf") == os.fsencode(tmp_path / "secret")


def test_directory_that_became_a_link_is_not_read_through(tmp_path: Path, repository: Path) -> None:
    commit(repository, {"sub/a.tf": "a"})
    write(tmp_path, {"elsewhere/a.tf": "outside"})
    (repository / "sub/a.tf").unlink()
    (repository / "sub").rmdir()
    (repository / "sub").symlink_to(tmp_path / "elsewhere")
    assert b"outside" not in whole(repository).blobs.values()


def test_large_files_pointers_and_encrypted_files_are_named_as_not_fetched(repository: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
    commit(repository, {"large.tf": b"x" * 5_000_001, "pointer.tf": pointer, "terraform.tfvars": b"\0GITCRYPT\0\x8d\x01"})
    snapshot = whole(repository)
    assert snapshot.unfetched == {"large.tf": "limit", "pointer.tf": "lfs", "terraform.tfvars": "git-crypt"}
    assert text(snapshot, "main.tf").startswith(b"a = 2")


def test_submodule_is_an_entry_and_not_content(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    git(repository, "commit", "--quiet", "-m", "submodule")
    (repository / "module").mkdir()
    snapshot = committed(repository, "main..change")
    assert snapshot.head.entries["module"] == Entry(head, "160000")
    with Repository(str(repository)) as opened:
        assert complete(snapshot, clone.ClonedSource(opened), every_blob).unfetched == {"module": "submodule"}


def test_odd_names_are_read(repository: Path) -> None:
    names = ["-dash.tf", "with space.tf", "line\nbreak.tf", "tab\t.tf", 'quote".tf', "umlaut-ä.tf", ":(glob)x.tf"]
    commit(repository, dict.fromkeys(names, "x"))
    snapshot = committed(repository, "main..change")
    assert set(names) <= set(snapshot.head.entries)


@pytest.mark.parametrize("revision", ["--upload-pack=touch x", "nothing", "main^{tree}", "a\nb"])
def test_unknown_revision_is_said(repository: Path, revision: str) -> None:
    with pytest.raises(Problem, match="unknown-revision"):
        committed(repository, f"{revision}..change")


def test_single_revision_is_not_a_range(repository: Path) -> None:
    with pytest.raises(Problem, match="not-a-range"):
        committed(repository, "main")


def test_directory_outside_any_repository(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="not-a-repository"):
        Repository(str(tmp_path))


def test_repository_without_commits(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no-commits"):
        working(init(tmp_path / "empty"))


def test_repository_without_a_default_branch(tmp_path: Path) -> None:
    path = init(tmp_path / "odd", "trunk")
    commit(path, {"a": "a"})
    with pytest.raises(Problem, match="no-default-branch"):
        working(path)


def test_bare_repository_needs_a_range(tmp_path: Path, repository: Path) -> None:
    git(repository, "clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    with pytest.raises(Problem, match="bare"):
        working(tmp_path / "bare")
    assert "new.tf" in committed(tmp_path / "bare", "main..change").head.entries


def test_shallow_clone_says_how_to_get_the_history(tmp_path: Path, repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {"x": "x"})
    git(repository, "clone", "--quiet", "--depth=1", "--no-single-branch", repository.as_uri(), str(tmp_path / "shallow"))
    with pytest.raises(Problem, match="shallow"):
        committed(tmp_path / "shallow", "origin/main..origin/change")


def test_default_branch_is_the_remotes_before_the_local_one(tmp_path: Path, repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    git(repository, "clone", "--quiet", ".", str(tmp_path / "clone2"))
    commit(tmp_path / "clone2", {"fresh.tf": "x"})
    snapshot, compared = working(tmp_path / "clone2")
    assert compared.base_name == "origin/HEAD"
    assert "fresh.tf" not in snapshot.base.entries


def test_configuration_comes_from_the_base(repository: Path) -> None:
    commit(repository, {".github/countersign.yml": "level: observe\n"})
    with Repository(str(repository)) as opened:
        assert clone.governing(opened, clone.endpoints(opened, "main..change").base, CONFIGURATION) is None
        assert clone.governing(opened, "change", CONFIGURATION) == (".github/countersign.yml", b"level: observe\n")


def test_nothing_the_repositorys_configuration_names_is_run(tmp_path: Path, repository: Path) -> None:
    trap, mark = tmp_path / "trap", tmp_path / "was-run"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    trap.chmod(0o755)
    keys = ("core.fsmonitor", "core.pager", "diff.external", "diff.x.command", "diff.x.textconv", "filter.x.clean", "filter.x.smudge")
    more = ("core.sshCommand", "core.gitProxy", "gpg.program", "core.alternateRefsCommand", "filter.x.process", "core.editor")
    commit(repository, {".gitattributes": "* diff=x filter=x\n"})
    for key in (*keys, *more):
        git(repository, "config", key, str(trap))
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "remote.origin.url", f"ext::{trap}")
    for hook in ("post-index-change", "pre-commit", "reference-transaction", "post-checkout"):
        (repository / ".git/hooks").mkdir(exist_ok=True)
        (repository / ".git/hooks" / hook).symlink_to(trap)
    write(repository, {"main.tf": "changed again\n"})
    assert text(whole(repository), "main.tf") == b"changed again\n"
    with Repository(str(repository)) as opened:
        snapshot, source, _ = clone.committed(opened, clone.endpoints(opened, "main..change"), NOW, {})
        complete(snapshot, source, every_blob)
        assert opened.object("1" * 40, 10) is None
    assert not mark.exists()


def test_no_process_stays_behind(repository: Path) -> None:
    with Repository(str(repository)) as opened:
        assert opened.commit("HEAD")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
