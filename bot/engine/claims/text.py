"""The texts of a change, and the sentences in them: who said it where. What a sentence means is no business of this module."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.match import Change
from bot.engine.model.span import NOWHERE, Span

# A comment or description in infrastructure code; a document beside it; title and body of the pull request; a commit message.
Source: TypeAlias = Literal["code", "document", "title", "body", "commit"]


class Argument(Struct, frozen=True):
    """`value`: as it is written. `line`: on which it stands."""

    name: str
    value: str
    line: int


class Text(Struct, frozen=True):
    """A run of text that the change adds to. `content`: without the marks of its comment. `line`: of its first line in `path`.

    `lines`: the line in `path` of each line of `content`, where they are not one after the other. `sha`: of the commit whose message it is.
    `block`: address of the resource, module call, variable or output that it stands in or directly above; empty for none.
    `added`: the lines in `path` that the change adds; None where all of it is new. `argument`: beside or directly below a comment.
    """

    source: Source
    content: str
    path: str = ""
    line: int = 0
    sha: str = ""
    block: str = ""
    lines: tuple[int, ...] = ()
    added: frozenset[int] | None = None
    argument: Argument | None = None


class Sentence(Struct, frozen=True):
    """One sentence or item of a list. `quoted`: it stands in a quotation or a fence, so nobody asserts it. `last_line`: where it ends.

    `heading`: what it stands under in a document or body. `heard`: the finders that may hear something in it.
    """

    text: Text
    content: str
    line: int = 0
    quoted: bool = False
    last_line: int = 0
    heading: str = ""
    heard: tuple[str, ...] = ()


class Stated(Struct, frozen=True):
    """What one module found in one sentence, before it is compared and shown. `about`: property, citation, authority or instruction.

    `status` as in the verdict's claims. `by`: what shows it, such as an attribute with its place.
    `resource`: the address that it is bound to. `key`, `fields`: a phrase under `claim` in the catalogue of words, and its values.
    `change`: the value that shows it, on both sides; `at`: where that stands, which is the place of what is said in no file.
    """

    sentence: Sentence
    about: Literal["property", "citation", "authority", "instruction"]
    status: Literal["supported", "contradicted", "unverifiable", "nonexistent"]
    claimed: str
    by: str = ""
    resource: str = ""
    key: str = ""
    fields: dict[str, str | int] = {}
    change: Change = Change("", None, None)
    at: Span = NOWHERE
