"""Pages a reviewer looks at."""

import re
import threading

import pytest
import requests

from bot.standin.web import markdown
from tests.standin.conftest import Scene


def _page(scene: Scene, path: str) -> str:
    answer = requests.get(scene.standin.url + path, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.text


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(style|[^>])*?>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))


def test_the_conversation(scene: Scene) -> None:
    scene.repo.protect("main", [("countersign", scene.app.id)])
    output = {"title": "Your turn: fix 1 violation", "summary": "## Violations\n\n| a | b |\n|---|---|\n| 1 | 2 |"}
    run = scene.repo.checks.create(
        scene.app, {"name": "countersign", "head_sha": scene.pull.head_sha, "conclusion": "failure", "output": output}
    )
    scene.pull.comment_on(scene.app.bot, "main.tf", 5, "Close it.\n\n```suggestion\nline 5\n```")
    scene.pull.comment(scene.app.bot, "summary for @mona")
    hidden = scene.pull.comment(scene.app.bot, "old words")
    hidden.minimised = "OUTDATED"
    page = _text(_page(scene, "/acme/infra/pull/1"))
    for words in (
        "Change five",
        "Merging is blocked",
        "countersign: failure",
        "Required",
        "Suggested change",
        "summary for",
        "marked as outdated",
    ):
        assert words in page
    assert '<div class="suggestion">' in _page(scene, "/acme/infra/pull/1")
    details = _page(scene, f"/acme/infra/runs/{run.id}")
    assert "Your turn: fix 1 violation" in details
    assert "<td>1</td>" in details
    assert "line five" in _text(_page(scene, "/acme/infra/pull/1/files"))
    for path in ("/", "/acme/infra", "/acme/infra/pull/1/commits", "/acme/infra/pull/1/checks"):
        assert "Change five" in _page(scene, path) or path == "/"


def test_a_thread_stands_under_its_line(scene: Scene) -> None:
    scene.pull.comment_on(scene.app.bot, "main.tf", 5, "UNDER")
    page = _page(scene, "/acme/infra/pull/1/files")
    assert page.index("line five") < page.index("UNDER") < page.index("line 6")


def test_merged_draft_and_missing(scene: Scene) -> None:
    scene.pull.to_draft()
    assert "badge draft" in _page(scene, "/acme/infra/pull/1")
    scene.pull.ready()
    scene.pull.merge(scene.mona, "squash")
    assert "badge merged" in _page(scene, "/acme/infra/pull/1")
    assert requests.get(scene.standin.url + "/acme/infra/pull/99", timeout=5).status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        '<div style="position:fixed" class="badge open" id="x">fake</div>',
        "<iframe src=//evil></iframe>",
    ],
)
def test_html_is_sanitised(hostile: str) -> None:
    html = markdown.render(hostile)
    for word in ("<script", "onerror", 'javascript:alert(1)"', "style=", 'class="badge', "id=", "<iframe"):
        assert word not in html


@pytest.mark.parametrize(
    ("text", "pings"),
    [
        ("hello @mona and @acme/data-owners.", ["mona", "acme/data-owners"]),
        ("`@mona`", []),
        ("```\n@mona\n```", []),
        ("@\u200bmona", []),
        ("&#64;mona &commat;mona", ["mona", "mona"]),
        ("mail mona@example.com", []),
        ("<details><summary>@mona</summary>\n\n@priya\n</details>", ["mona", "priya"]),
        ("| a |\n|---|\n| @mona |", ["mona"]),
    ],
)
def test_whom_a_body_would_notify(text: str, pings: list[str]) -> None:
    assert markdown.pings(text) == pings


def test_links_references_and_closing_words() -> None:
    assert markdown.links("see main.tf, www.example.com, https://a.example and [b](https://b.example)") == [
        "http://www.example.com",
        "https://a.example",
        "https://b.example",
    ]
    assert markdown.references("fixes #12 but not `#13`") == ["#12"]
    assert markdown.closes("This fixes #12")
    assert not markdown.closes("This fixes nothing")


def test_pages_and_calls_at_once(scene: Scene) -> None:
    codes: list[int] = []

    def look() -> None:
        codes.append(requests.get(scene.standin.url + "/acme/infra/pull/1", timeout=10).status_code)

    def write() -> None:
        codes.append(scene.client.send("POST /repos/acme/infra/issues/1/comments", {"body": "x"}).status_code)

    threads = [threading.Thread(target=job) for job in (look, write) * 12]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(codes)) == [200, 201]
    assert len(scene.pull.seen().comments) == 12
