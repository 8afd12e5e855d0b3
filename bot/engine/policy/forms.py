"""What a file of ours may say, as values. The same form reads the file, words what does not fit, and is an editor's JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from bot.engine.documents import Node, scalar, to_plain
from bot.engine.model.span import Span
from bot.engine.model.value import Plain
from bot.engine.pattern import Pattern
from bot.engine.policy.reading import Reader, below


class Word(Struct, frozen=True):
    """One of the allowed words. `what`: what none of them is not ("a level")."""

    what: str
    allowed: tuple[str, ...]


class Text(Struct, frozen=True):
    """A text. `pattern`: all of it, in what Python and ECMA-262 share; `fault`: text → what is wrong, empty when it fits.

    `loose`: an editor may read it as a number or a truth; it is a text all the same.
    """

    pattern: str = ""
    fault: Callable[[str], str] = lambda _: ""
    format: str = ""
    loose: bool = False


class Many(Struct, frozen=True):
    """A list. `single`: one item may also stand without the list."""

    item: Form
    single: bool = False


class Fields(Struct, frozen=True):
    """Named keys, each with its own form. `placed`: the answer also carries `place`, so that its parts can be found again."""

    keys: tuple[Key, ...]
    placed: bool = False


class Listed(Struct, frozen=True):
    """A list that may bear more than its items: then it is keys, and the items stand under `name`."""

    fields: Fields
    name: str

    @property
    def items(self) -> Form:
        """The form of the list."""
        return next(key.form for key in self.fields.keys if key.name == self.name)


class Named(Struct, frozen=True):
    """Names of the author's choice, each with a value of one form."""

    item: Form


class Anything(Struct, frozen=True):
    """Any value; somebody else knows its form."""


class Key(Struct, frozen=True):
    """A key, and what an editor says about it."""

    name: str
    form: Form
    description: str
    required: bool = False


Form: TypeAlias = Word | Text | Many | Fields | Listed | Named | Anything


class Reading:
    """Reads nodes by their forms. What does not fit is reported to the reader and left out of the answer.

    `spans`: the place of every key and item → where it is written.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.spans: dict[str, Span] = {}

    def read(self, form: Form, node: Node, place: str) -> Plain:
        """The node as plain data."""
        self.spans.setdefault(place, node.span)
        if isinstance(form, Word):
            return self.reader.word(node, place, form.what, form.allowed)
        if isinstance(form, Text):
            return self._text(form, node, place)
        if isinstance(form, Many):
            return self._many(form, node, place)
        if isinstance(form, Fields):
            return self._fields(form, node, place)
        if isinstance(form, Listed):
            return self._listed(form, node, place)
        return self._named(form, node, place) if isinstance(form, Named) else to_plain(node)

    def _text(self, form: Text, node: Node, place: str) -> Plain:
        if node.kind == "scalar" and node.text and scalar(node) is None:  # `~` and `null` are no texts
            self.reader.report(node.span, place, "is empty.", node.text)
            return ""
        text = self.reader.text(node, place)
        if text and (fault := form.fault(text)):
            self.reader.report(node.span, place, fault, text)
        return text

    def _many(self, form: Many, node: Node, place: str) -> Plain:
        if form.single and node.kind != "sequence":
            return [self.read(form.item, node, place)]
        return [self.read(form.item, item, at) for item, at in self.reader.entries(node, place)]

    def _fields(self, form: Fields, node: Node, place: str) -> Plain:
        forms = {key.name: key.form for key in form.keys}
        self._note(node, place)
        found = self.reader.fields(node, place, tuple(forms), [key.name for key in form.keys if key.required])
        placed = {"place": place} if form.placed else {}
        return placed | {name: self.read(forms[name], value, below(place, name)) for name, value in found.items()}

    def _listed(self, form: Listed, node: Node, place: str) -> Plain:
        if node.kind == "mapping":
            return self._fields(form.fields, node, place)
        return {form.name: self.read(form.items, node, place)}

    def _named(self, form: Named, node: Node, place: str) -> Plain:
        self._note(node, place)
        return {name: self.read(form.item, value, below(place, name)) for name, value in self.reader.names(node, place).items()}

    def _note(self, node: Node, place: str) -> None:
        for key, _ in node.pairs:
            self.spans.setdefault(below(place, key.text), key.span)


def matching(pattern: str, fault: str) -> Text:
    """A text that the pattern matches as a whole."""
    compiled = re.compile(pattern)
    return Text(pattern, lambda text: "" if compiled.fullmatch(text) else fault)


DAY = Pattern(r"\d{4}-\d\d-\d\d")


def _day_fault(text: str) -> str:
    try:
        fits = DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        fits = False
    return "" if fits else "is not a day. Write it as 2027-01-31."


ANY_TEXT = Text()
LOOSE_TEXT = Text(loose=True)
TEXTS = Many(ANY_TEXT)
DAY_TEXT = Text(fault=_day_fault, format="date")
