"""CONTRACT 9 and 10: files, diffs, commits, contents, forks."""

import base64
import io
import tarfile
from typing import Any

import pytest
import requests

from bot.standin.state.repository import File
from tests.standin.conftest import LINES, Scene

R = "/repos/acme/infra"
DIFF = {"Accept": "application/vnd.github.diff"}


def _all(scene: Scene, line: str, **query: Any) -> list[Any]:
    answer = scene.client.send(line, **query)
    found = list(answer.json())
    while "next" in answer.links:
        answer = scene.client.send(f"GET {answer.links['next']['url']}")
        found += answer.json()
    return found


def test_files_come_in_pages_and_stop_at_3000(scene: Scene) -> None:
    pull = scene.repo.pull_request("many", files={f"f/{n:04}.tf": f"{n}\n" for n in range(3005)}, by=scene.mona)
    url = f"GET {R}/pulls/{pull.number}"
    assert len(scene.client.send(f"{url}/files").json()) == 30
    assert len(scene.client.send(f"{url}/files", per_page=500).json()) == 100
    assert len(_all(scene, f"{url}/files", per_page=100)) == 3000
    assert scene.client.send(url).json()["changed_files"] == 3005
    refused = scene.client.send(url, headers=DIFF)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (406, "too_large")


def test_where_a_patch_is_absent(scene: Scene) -> None:
    scene.repo.commit({"old.tf": LINES, "image.png": b"\x00\x01", "empty.tf": ""})
    big = "".join(f"{n}\n" for n in range(20_001))
    edits = {
        "old.tf": None,
        "renamed.tf": LINES,
        "image.png": b"\x00\x02",
        "empty2.tf": "",
        "big.tf": big,
        "gone": None,
        "docs/guide.md": None,
    }
    pull = scene.repo.pull_request("patches", files=edits, by=scene.mona)
    files = {file["filename"]: file for file in _all(scene, f"GET {R}/pulls/{pull.number}/files")}
    assert {name: (file["status"], "patch" in file) for name, file in files.items()} == {
        "big.tf": ("added", False),
        "docs/guide.md": ("removed", True),
        "empty2.tf": ("added", False),
        "image.png": ("modified", False),
        "renamed.tf": ("renamed", False),
    }
    assert files["renamed.tf"]["previous_filename"] == "old.tf"
    assert files["big.tf"]["additions"] == 20_001
    assert files["docs/guide.md"]["patch"] == "@@ -1 +0,0 @@\n-guide"
    assert scene.client.send(f"GET {R}/pulls/{pull.number}", headers=DIFF).status_code == 406


def test_the_diff_media_type(scene: Scene) -> None:
    text = scene.client.send(f"GET {R}/pulls/1", headers=DIFF).text
    assert text.startswith("diff --git a/main.tf b/main.tf\nindex ")
    assert "-line 5\n+line five\n" in text
    assert "--- /dev/null\n+++ b/new.tf\n@@ -0,0 +1,2 @@\n+one\n+two\n" in text


def test_mergeable_is_computed_on_the_first_look(scene: Scene) -> None:
    looks = [scene.client.send(f"GET {R}/pulls/1").json()["mergeable"] for _ in range(2)]
    assert looks == [None, True]
    scene.repo.commit({"main.tf": LINES.replace("line 5\n", "line V\n")})
    assert scene.client.send(f"GET {R}/pulls/1").json()["mergeable_state"] == "dirty"


def test_commits_stop_at_250_and_compare_at_300_files(scene: Scene) -> None:
    for number in range(252):
        scene.pull.push({"n.tf": f"{number}\n"})
    assert len(_all(scene, f"GET {R}/pulls/1/commits", per_page=100)) == 250
    compared = scene.client.send(f"GET {R}/compare/main...change").json()
    assert (compared["total_commits"], len(compared["commits"]), compared["status"]) == (253, 250, "ahead")
    second = scene.client.send(f"GET {R}/compare/main...change", page=2, per_page=100).json()
    assert (len(second["commits"]), second["files"]) == (100, [])
    scene.repo.pull_request("many", files={f"f/{n:04}.tf": f"{n}\n" for n in range(305)})
    assert len(scene.client.send(f"GET {R}/compare/main...many").json()["files"]) == 300


def test_compare_is_from_the_merge_base_and_knows_forks(scene: Scene) -> None:
    fork = scene.repo.fork(scene.standin.user("ada"))
    fork.commit({"fork.tf": "x\n"}, branch="topic")
    scene.repo.commit({"later.tf": "x\n"})
    compared = scene.client.send(f"GET {R}/compare/main...ada:topic").json()
    assert [file["filename"] for file in compared["files"]] == ["fork.tf"]
    assert (compared["status"], compared["behind_by"]) == ("diverged", 1)
    assert scene.client.send(f"GET {R}/compare/main...nobody:topic").status_code == 404


def test_contents(scene: Scene) -> None:
    scene.repo.commit(
        {
            "big.bin": b"x" * (1024 * 1024 + 1),
            "a dir/ü.json": '{"a": 1}',
            "link": File(b"main.tf", 0o120000),
            "sub": File(b"1" * 40, 0o160000),
        }
    )
    get = scene.client.send
    big = get(f"GET {R}/contents/big.bin").json()
    assert (big["content"], big["encoding"], big["size"]) == ("", "none", 1024 * 1024 + 1)
    raw = {"Accept": "application/vnd.github.raw+json"}
    assert len(get(f"GET {R}/contents/big.bin", headers=raw).content) == 1024 * 1024 + 1
    assert get(f"GET {R}/contents/a%20dir/%C3%BC.json", headers=raw).text == '{"a": 1}'
    followed = get(f"GET {R}/contents/link").json()
    assert base64.b64decode(followed["content"]).decode() == LINES
    assert get(f"GET {R}/contents/sub").json()["type"] == "submodule"
    assert [entry["name"] for entry in get(f"GET {R}/contents/docs").json()] == ["guide.md"]
    assert get(f"GET {R}/contents/nope").status_code == 404
    assert get(f"GET {R}/contents/new.tf", ref=scene.pull.head_sha).json()["size"] == 8
    assert get(f"GET {R}/contents/main.tf", ref="nope").status_code == 404


def test_trees_and_blobs(scene: Scene) -> None:
    tree = scene.client.send(f"GET {R}/git/trees/main", recursive=1).json()
    assert [row["path"] for row in tree["tree"]] == ["docs", "docs/guide.md", "main.tf"]
    blob = scene.client.send(f"GET {R}/git/blobs/{tree['tree'][2]['sha']}").json()
    assert base64.b64decode(blob["content"]).decode() == LINES
    scene.standin.tree_limits = (2, 10**6)
    cut = scene.client.send(f"GET {R}/git/trees/main", recursive=1).json()
    assert (cut["truncated"], len(cut["tree"])) == (True, 2)


def test_a_tarball_is_a_short_lived_redirect(scene: Scene) -> None:
    answer = scene.client.send(f"GET {R}/tarball/main")
    assert answer.status_code == 302
    data = requests.get(answer.headers["Location"], timeout=5).content
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert sorted(name.split("/", 1)[1] for name in tar.getnames()) == ["docs/guide.md", "main.tf"]
    scene.standin.clock.advance(301)
    assert requests.get(answer.headers["Location"], timeout=5).status_code == 404


def test_files_can_be_written_with_contents_write(scene: Scene) -> None:
    body = {"message": "m", "content": base64.b64encode(b"x\n").decode(), "branch": "change"}
    assert scene.client.send(f"PUT {R}/contents/new2.tf", body).status_code == 403
    scene.installation.permissions["contents"] = "write"
    next(iter(scene.standin.tokens.values())).permissions["contents"] = "write"
    assert scene.client.send(f"PUT {R}/contents/new2.tf", body).status_code == 201
    assert scene.client.send(f"PUT {R}/contents/new2.tf", body).status_code == 422
    assert "new2.tf" in {change.path for change in scene.pull.changes}


def test_a_fork_is_read_through_the_base_repository(scene: Scene) -> None:
    ada = scene.standin.user("ada")
    fork = scene.repo.fork(ada)
    pull = scene.repo.pull_request("topic", files={"evil.tf": "x\n"}, by=ada, head=fork)
    assert scene.client.send("GET /repos/ada/infra").status_code == 404
    assert scene.client.send(f"GET {R}/contents/evil.tf", ref=pull.head_sha).status_code == 200
    assert scene.client.send(f"GET {R}/git/ref/pull/{pull.number}/head").json()["object"]["sha"] == pull.head_sha
    made = scene.client.send(f"POST {R}/check-runs", {"name": "x", "head_sha": pull.head_sha}).json()
    assert (made["pull_requests"], made["check_suite"]["head_branch"]) == ([], None)
    assert scene.client.send(f"GET {R}/commits/{pull.head_sha}/pulls").json() == []
    assert scene.client.send(f"GET {R}/commits/topic/check-runs").status_code == 422
    fork.delete()
    shown = scene.client.send(f"GET {R}/pulls/{pull.number}").json()
    assert (shown["head"]["repo"], shown["head"]["sha"]) == (None, pull.head_sha)


def test_a_changed_base_is_an_edit_with_the_same_head(scene: Scene) -> None:
    scene.repo.create_branch("release")
    scene.repo.commit({"release.tf": "x\n"}, branch="release")
    head = scene.pull.head_sha
    scene.pull.edit(base="release", by=scene.mona)
    sent = scene.standin.outbox.recorded[-1]
    assert (sent.event, sent.action) == ("pull_request", "edited")
    assert b'"changes":{"base":{"ref":{"from":"main"},"sha":{"from":"' in sent.body
    assert scene.pull.head_sha == head
    assert scene.client.send(f"GET {R}/pulls/1").json()["base"]["ref"] == "release"


def test_force_push_close_and_reopen(scene: Scene) -> None:
    before = scene.pull.head_sha
    after = scene.pull.force_push({"main.tf": LINES + "more\n"})
    assert scene.pull.head_sha == after != before
    assert [change.path for change in scene.pull.changes] == ["main.tf"]
    assert len(scene.pull.commits) == 1
    scene.pull.close()
    assert scene.client.send(f"GET {R}/pulls", state="closed").json()[0]["number"] == 1
    scene.pull.reopen()
    assert [one.action for one in scene.standin.outbox.recorded if one.event == "pull_request"] == [
        "opened",
        "synchronize",
        "closed",
        "reopened",
    ]


@pytest.mark.parametrize(("how", "parents", "files"), [("merge", 2, 1), ("squash", 1, 1), ("rebase", 1, 1)])
def test_merges(scene: Scene, how: Any, parents: int, files: int) -> None:
    scene.repo.commit({"later.tf": "x\n"})
    commit = scene.repo.commit_of(scene.pull.merge(scene.mona, how))
    assert len(commit.parents) == parents
    assert set(scene.repo.files("main")) == {"main.tf", "new.tf", "later.tf", "docs/guide.md"}
    assert scene.repo.read("main.tf") == LINES.replace("line 5\n", "line five\n").encode()
    assert scene.pull.seen().state == "merged"
    assert [one.action for one in scene.standin.outbox.recorded if one.event == "pull_request"].count("closed") == files
    assert scene.client.send(f"GET {R}/pulls/1/merge").status_code == 204
    assert len(scene.pull.changes) == 2


def test_a_direct_push_of_the_head_merges_the_pull_request(scene: Scene) -> None:
    scene.repo.update_ref("refs/heads/main", scene.pull.head_sha, scene.mona)
    assert scene.pull.seen().state == "merged"
