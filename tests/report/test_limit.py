"""Markdown that is cut stays within its limit, closes what it opened, and begins as it began."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.report.limit import blocks, fit, size

NOTE = "The rest is left out."
MARKER = "<!-- countersign:summary -->\n\n"
PIECES = st.sampled_from(
    [
        "Some words of a paragraph.\n\n",
        "ż" * 40 + "\n\n",
        "| a | b |\n|---|---|\n" + "| x | y |\n" * 9 + "\n",
        "```\ncode\n\nmore code\n```\n\n",
        "````hcl\n```\n\n" + "line\n" * 20 + "````\n\n",
        "<details><summary>more</summary>\n\n",
        "inside\n\n</details>\n\n",
        "in `<details>` of code\n\n",
        "x" * 300 + "\n\n",
    ]
)


@given(st.lists(PIECES, max_size=30), st.integers(250, 1500))
def test_cut_text_fits_and_leaves_nothing_open(pieces: list[str], limit: int) -> None:
    text = MARKER + "".join(pieces)
    cut = fit(text, limit, NOTE)
    assert size(cut) <= limit
    assert cut.startswith(MARKER.strip())
    assert cut == text if size(text) <= limit else cut.rstrip().endswith(NOTE)
    assert _open_fence(cut) is None
    opened = len(re.findall(r"<details>", _prose(cut)))
    assert opened >= len(re.findall(r"</details>", _prose(cut))) - text.count("</details>")
    if size(text) > limit:
        assert len(re.findall(r"</details>", _prose(cut))) >= opened


@given(st.lists(PIECES, max_size=20))
def test_blocks_are_the_text(pieces: list[str]) -> None:
    assert "".join(blocks("".join(pieces))) == "".join(pieces)


def test_ends_at_a_block_not_within() -> None:
    text = "".join(f"Paragraph {number} of many.\n\n" for number in range(50))
    kept = fit(text, 200, NOTE).removesuffix(f"\n\n{NOTE}\n").split("\n\n")
    assert all(re.fullmatch(r"Paragraph \d+ of many\.\n?", line) for line in kept if line.strip())


def _open_fence(text: str) -> str | None:
    fence: str | None = None
    for line in text.splitlines():
        found = re.match(r"(`{3,})", line)
        if found and fence is None:
            fence = found[1]
        elif found and fence and len(found[1]) >= len(fence) and not line.strip("`").strip():
            fence = None
    return fence


def _prose(text: str) -> str:
    return re.sub(r"`[^`\n]+`", "", text)
