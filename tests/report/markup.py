"""Reads Markdown the way GitHub renders it, as far as our output uses it: what is shown, and what would act."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from markdown_it import MarkdownIt
from msgspec import Struct

ZERO_WIDTH = "\u200b"
ACTS = {
    "link_open",
    "image",
    "html_inline",
    "html_block",
    "heading_open",
    "bullet_list_open",
    "ordered_list_open",
    "fence",
    "hr",
    "em_open",
    "s_open",
}
MENTION = re.compile(r"(?<![\w`])@[A-Za-z0-9]|(?<!\w)#\d|GH-\d|https?://|www\.|\w@\w+\.\w", re.IGNORECASE)


class Read(Struct, frozen=True):
    """What a reader sees as text, and everything in it that would do something."""

    text: str
    acts: tuple[str, ...] = ()


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read(markdown: str) -> Read:
    """Renders, then looks for what GitHub would find in the rendered text: mentions, references, links."""
    tokens = [child for token in parser().parse(markdown) for child in (token, *(token.children or ()))]
    acts = [token.type for token in tokens if token.type in ACTS]
    shown = "".join(unescape(token.content) for token in tokens if token.type in ("text", "code_inline"))
    acts += MENTION.findall(shown)
    return Read(shown.replace(ZERO_WIDTH, "").strip(), tuple(acts))
