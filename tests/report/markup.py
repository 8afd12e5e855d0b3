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
BLOCKS = {
    "html_block",
    "heading_open",
    "bullet_list_open",
    "ordered_list_open",
    "list_item_open",
    "fence",
    "code_block",
    "hr",
    "table_open",
    "tr_open",
    "td_open",
    "blockquote_open",
}
MENTION = re.compile(r"(?<![\w`])@[A-Za-z0-9]|(?<!\w)#\d|GH-\d|https?://|www\.|\w@\w+\.\w", re.IGNORECASE)
COMMIT = re.compile(r"(?<![0-9A-Za-z\u200b])[0-9a-f]{7,40}(?![0-9A-Za-z\u200b])")  # a link in running text, not in code


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
    acts += [found for token in tokens if token.type == "text" for found in COMMIT.findall(unescape(token.content))]
    return Read(shown.replace(ZERO_WIDTH, "").strip(), tuple(acts))


def acts_of(markdown: str) -> list[str]:
    """Everything on a page that does something, in order; of code spans, which act in no way, nothing."""
    found: list[str] = []
    for token in parser().parse(markdown):
        if token.type in BLOCKS:
            found.append(f"{token.type} {token.content.strip()}".strip())
        for child in token.children or ():
            if child.type in ACTS:
                found.append(f"{child.type} {child.attrs.get('href', child.content)}")
            if child.type == "text":
                found += [*MENTION.findall(unescape(child.content)), *COMMIT.findall(unescape(child.content))]
    return found
