"""Facts of a view on a small text, as a test reads them."""

from __future__ import annotations

from textwrap import dedent

from bot.engine.iac.terraform import evaluate
from bot.engine.model.match import Subject
from bot.engine.model.value import Plain, plain
from bot.engine.views import VIEWS


def facts(view: str, text: str, **files: str) -> list[Subject]:
    sources = {"main.tf": dedent(text).strip("\n"), **files}
    return [subject for model in evaluate("", {path: data.encode() for path, data in sources.items()}) for subject in VIEWS[view](model)]


def read(subject: Subject, name: str) -> Plain:
    """The attribute as plain data; None when it is not set."""
    value = subject.attributes.get(name)
    return None if value is None else plain(value)


def lines(subject: Subject, name: str) -> list[int]:
    """The line of the attribute, then those of its elements."""
    value = subject.attributes[name]
    raw = getattr(value, "raw", ())
    return [value.span.line, *(item.span.line for item in (raw if isinstance(raw, tuple) else ()))]
