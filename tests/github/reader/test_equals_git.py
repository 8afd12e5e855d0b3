"""What is read through GitHub equals what git itself has: trees, contents, moves, commits, and so the verdict."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.engine.evaluation import evaluate, needs
from bot.engine.model.snapshot import CommitText, Snapshot
from bot.github.cache import Memory
from bot.github.facts import RepositoryRef
from bot.github.reader import InstallationReader
from bot.standin.state.repository import Content, File
from tests.github.reader.conftest import CHANGED, FILES, GROUP, Scene, empty
from tests.github.reader.gitrepository import local

NUMBER = itertools.count(1)
PATHS = ("main.tf", "vars.tf", "a/main.tf", "a/b/c.tf", "a/notes.md", "x.tfvars", "données/é.tf", "b/link.tf", "raw.bin")
TEXTS = (
    GROUP.format(name="a", cidr='["0.0.0.0/0"]'),
    GROUP.format(name="a", cidr="var.net"),
    "# pad\n" * 9 + GROUP.format(name="b", cidr='["10.0.0.0/8"]'),
    'variable "net" {\n  default = ["0.0.0.0/0"]\n}\r\n',
    'module "a" {\n  source = "./a"\n}',
    "",
)
CONTENTS: st.SearchStrategy[Content] = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS).map(lambda text: File(text.encode(), 0o100755)),
    st.sampled_from([File(b"main.tf", 0o120000), File(b"../vars.tf", 0o120000)]),
    st.sampled_from([b"\0binary\xff", 'a = "\ufeff\u2028"\n', b'latin = "\xe9"\n', b"\xef\xbb\xbfa = 1\n"]),
)
TREES = st.dictionaries(st.sampled_from(PATHS), CONTENTS, max_size=6)


def same(through_github: Snapshot, through_git: Snapshot) -> None:
    assert through_github.base.entries == through_git.base.entries
    assert through_github.head.entries == through_git.head.entries
    assert (through_github.base.revision, through_github.head.revision) == (through_git.base.revision, through_git.head.revision)
    assert (through_github.blobs, through_github.unfetched) == (through_git.blobs, through_git.unfetched)
    assert through_github.renames == through_git.renames
    assert {bare(commit) for commit in through_github.commits} == {bare(commit) for commit in through_git.commits}
    verdicts = [replace(evaluate(found), snapshot_digest="") for found in (through_github, through_git)]
    assert verdicts[0] == verdicts[1]


def bare(commit: CommitText) -> CommitText:
    """GitHub leaves the line break out that git puts at the end of a message."""
    return replace(commit, message=commit.message.rstrip("\n"))


def test_a_change_of_three_files(reading: Scene, tmp_path: Path) -> None:
    pull = reading.opened(CHANGED)
    same(reading.snapshot(pull), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))


def test_moves_modes_links_and_removals(reading: Scene, tmp_path: Path) -> None:
    main, module = FILES["main.tf"], FILES["modules/net/main.tf"]
    assert isinstance(main, str)
    assert isinstance(module, str)
    reading.repo.commit({"script.sh": "#!/bin/sh\n", "gone.tf": "a = 1\n", "was-file": "x\n", "linked.tf": File(b"main.tf", 0o120000)})
    pull = reading.opened(
        {
            "modules/net/main.tf": None,
            "modules/network/main.tf": module.replace("22", "23"),
            "main.tf": None,
            "root.tf": main,
            "script.sh": File(b"#!/bin/sh\n", 0o100755),
            "gone.tf": None,
            "was-file": None,
            "was-file/now.tf": "b = 1\n",
            "linked.tf": File(b"root.tf", 0o120000),
            "sub": File(b"1" * 40, 0o160000),
            "space and é, '.tf": "c = 1\n",
        }
    )
    found = reading.snapshot(pull)
    assert found.renames == {"modules/network/main.tf": "modules/net/main.tf", "root.tf": "main.tf"}
    same(found, local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))


def test_head_is_compared_with_the_merge_base_and_not_with_the_tip(reading: Scene, tmp_path: Path) -> None:
    pull = reading.opened(CHANGED)
    before = pull.merge_base
    reading.repo.commit({"later.tf": "a = 1\n", "vars.tf": None})
    found = reading.snapshot(pull)
    assert found.base.revision == before
    same(found, local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))


def test_pushes_are_read_with_what_is_known_from_before(reading: Scene, tmp_path: Path) -> None:
    pull = reading.opened(CHANGED)
    for files in ({"new.tf": None}, {"main.tf": FILES["main.tf"]}, {"deep/er/x.tf": "a = 1\n"}, {"call.tf": None, "vars.tf": None}):
        reading.snapshot(pull)
        pull.push(files)
        same(reading.snapshot(pull), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))
    pull.force_push({"README.md": "other\n"})
    same(reading.snapshot(pull), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))


def test_merge_group_is_read_from_its_base_to_its_head(reading: Scene, tmp_path: Path) -> None:
    group = reading.repo.merge_group([reading.opened(CHANGED), reading.opened({"other.tf": "a = 1\n"}, "other")])
    same(reading.queued(group), local(reading.repo, group.base_sha, group.head_sha, tmp_path / "clone"))


def placed(files: Mapping[str, Content]) -> dict[str, Content]:
    """Without files where a directory has to be."""
    return {path: content for path, content in files.items() if not any(other.startswith(f"{path}/") for other in files)}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(base=TREES.map(placed), change=TREES.map(placed), removed=st.sets(st.sampled_from(PATHS)))
def test_any_change_is_read_as_git_reads_it(
    reading: Scene, base: dict[str, Content], change: dict[str, Content], removed: set[str]
) -> None:
    repo = reading.org.repository(f"any-{next(NUMBER)}", files={"keep.md": "k\n", **base})
    edits: dict[str, Content] = dict.fromkeys(removed & base.keys()) | change
    pull = repo.pull_request("change", files={**edits, "always.md": "x\n"}, by=reading.mona)
    reader = InstallationReader(reading.line, Memory())
    found = reader.look(RepositoryRef(repo.id, repo.full_name, reading.installation.id), pull.number)
    assert found is not None
    with TemporaryDirectory() as directory:
        wanted = local(repo, pull.base_tip, pull.head_sha, Path(directory) / "clone")
        through_github = reader.snapshot(found.pull, empty(), needs)
        same(through_github, replace(wanted, renames=through_github.renames))  # of several equal files each side may take another one
