"""The page of the manifest flow by itself."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import requests

from bot.web.setup import ManifestFlow, Shown, Target, Words

WORDS = Words(
    "{{ shown.heading }}|{{ action }}|{{ manifest }}", Shown("begin", ""), Shown("foreign", ""), Shown("denied", "")
)  # fmt: skip


def test_a_code_is_used_once_however_often_the_page_is_loaded() -> None:
    codes: list[str] = []

    def finish(code: str) -> Shown:
        codes.append(code)
        return Shown("made <b>", "")

    flow = ManifestFlow(Target("https://github.example", "acme", {"name": '"<x>'}), WORDS, finish)
    flow.start()
    try:
        begin = requests.get(flow.url, timeout=5)
        _, action, manifest = begin.text.split("|")
        state = parse_qs(urlsplit(action).query)["state"][0]
        pages = [requests.get(f"{flow.url}created?state={state}&code=c{number}", timeout=5).text for number in (1, 2)]
        assert flow.wait(1) is True
    finally:
        flow.stop()
    assert action.startswith("https://github.example/organizations/acme/settings/apps/new?state=")
    assert "&#34;&lt;x&gt;" in manifest
    assert "form-action https://github.example;" in begin.headers["Content-Security-Policy"]
    assert (codes, pages) == (["c1"], ["made &lt;b&gt;||"] * 2)
