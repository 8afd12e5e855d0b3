"""Markdown as a reader sees it: GitHub's flavour, HTML sanitised, mentions and references marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

MARKED = re.compile(
    r"(?<![\w/@`.-])@(?P<user>[A-Za-z0-9][A-Za-z0-9-]{0,38})(?:/[A-Za-z0-9._-]*[A-Za-z0-9_-])?(?![\w@])"
    r"|(?<![\w&/#])(?:#|GH-)(?P<number>\d{1,9})\b"
    r"|(?<![\w/.])(?P<host>www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<]*)?)"
)
TAG = re.compile(r"(<[^<>]*>)")
QUIET = re.compile(r"<(/?)(?:a|code|pre|tt)\b")
CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w.-]+/[\w.-]+)?#\d+", re.IGNORECASE)
TAGS = {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "b",
    "i",
    "strong",
    "em",
    "a",
    "pre",
    "code",
    "img",
    "tt",
    "div",
    "ins",
    "del",
    "sup",
    "sub",
    "p",
    "ol",
    "ul",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "kbd",
    "q",
    "samp",
    "var",
    "hr",
    "ruby",
    "rt",
    "rp",
    "li",
    "tr",
    "td",
    "th",
    "s",
    "strike",
    "summary",
    "details",
    "caption",
    "figure",
    "figcaption",
    "abbr",
    "bdo",
    "cite",
    "dfn",
    "mark",
    "small",
    "span",
    "time",
    "wbr",
    "picture",
    "source",
    "input",
}
ATTRIBUTES = {
    "*": {"align", "title", "dir", "lang"},
    "a": {"href", "class"},
    "img": {"src", "alt", "width", "height"},
    "details": {"open"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "div": {"class"},
    "span": {"class"},
    "input": {"type", "checked", "disabled"},
    "li": {"class"},
    "ol": {"start"},
    "p": {"class"},
}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    made = MarkdownIt("gfm-like", {"html": True, "linkify": True}).use(tasklists_plugin)
    if made.linkify:
        made.linkify.set({"fuzzy_link": False})
    made.add_render_rule("fence", _fence)
    return made


def _marked(html: str) -> str:
    """Mentions, references and bare addresses in running text become links; code and links keep them as they are."""
    out: list[str] = []
    inside = 0
    for part in TAG.split(html):
        tag = QUIET.match(part)
        if tag:
            inside += -1 if tag[1] else 1
        out.append(part if inside or part.startswith("<") else MARKED.sub(_link, part))
    return "".join(out)


def _link(match: re.Match[str]) -> str:
    if match["host"]:
        return f'<a href="http://{match[0]}" rel="nofollow">{match[0]}</a>'
    if match["number"]:
        return f'<a href="#{match["number"]}" class="reference">{match[0]}</a>'
    return f'<a href="/{match["user"]}" class="mention">{match[0]}</a>'


def _fence(_: RendererHTML, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    token = tokens[index]
    info = token.info.strip().split(" ")[0]
    if info == "suggestion":
        return f'<div class="suggestion"><div class="suggestion-head">Suggested change</div>{code(token.content, "text")}</div>'
    if info == "mermaid":
        return f'<div class="diagram"><div class="suggestion-head">Diagram (mermaid)</div>{code(token.content, "text")}</div>'
    return code(token.content, info)


def code(text: str, language: str) -> str:
    """A coloured block."""
    try:
        lexer = get_lexer_by_name({"hcl": "terraform"}.get(language, language or "text"), stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    return str(highlight(text, lexer, HtmlFormatter(cssclass="code")))


@lru_cache(maxsize=512)
def render(text: str) -> str:
    """Safe HTML. Authors' own classes, styles, scripts and ids are gone."""
    raw = _parser().render(_without_classes(text))
    clean = nh3.clean(raw, tags=TAGS, attributes=ATTRIBUTES, link_rel="nofollow", url_schemes={"http", "https", "mailto"})
    return _marked(_alerts(clean))


def _without_classes(text: str) -> str:
    return re.sub(r"(<[a-zA-Z][^<>]*?)\sclass\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", r"\1", text)


def _alerts(html: str) -> str:
    def shown(match: re.Match[str]) -> str:
        kind = match[1].capitalize()
        return f'<blockquote><p><strong class="alert">{kind}</strong></p><p>'

    return re.sub(r"<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*(?:<br\s*/?>)?", shown, html, flags=re.IGNORECASE)


def pings(text: str) -> list[str]:
    """Whom a body would notify: `@user`, `@org/team`."""
    return [name.removeprefix("@") for name in re.findall(r'class="mention"[^>]*>([^<]+)<', render(text))]


def references(text: str) -> list[str]:
    """Issues and pull requests that a body would link to."""
    return re.findall(r'class="reference"[^>]*>([^<]+)<', render(text))


def closes(text: str) -> bool:
    """Whether a body holds words that close an issue when merged."""
    return bool(CLOSES.search(text))


def links(text: str) -> list[str]:
    """Where the links and images of a body lead, mentions and references apart."""
    html = re.sub(r'<a[^>]*class="(?:mention|reference)"[^>]*>', "", render(text))
    return re.findall(r'(?:href|src)="([^"]+)"', html)
