"""View `lock`: providers of a lock file whose package is another one although its version is the same.

Fields: `form` (`replaced`), `name` (the provider's address), `version`. A release's archives never change, and the hashes that the registry
signed for them (`zh:`) all stand there together. A mirror tells fewer of them, and what was installed adds its own (`h1:`, one for each
platform): more or fewer are no other package. https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.judgment.files import Files, is_lock, place
from bot.engine.judgment.subjects import subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.span import Span
from bot.engine.model.value import Known
from bot.engine.pattern import Pattern

FIELDS = ("form", "name", "version")
_PROVIDER = Pattern(r'^\s*provider\s+"([^"\n]+)"\s*\{')
_VERSION = Pattern(r'^\s*version\s*=\s*"([^"\n]+)"')
_HASH = Pattern(r'"(zh:[0-9a-f]{64})"')


class Locked(Struct):
    """One provider. `archives`: hash → line."""

    version: str
    archives: dict[str, int]


def locks(files: Files) -> Iterator[Subject]:
    """A fact for each provider of which the base and the head each name archives that the other does not, under one version."""
    for path, before, after in files.pairs():
        if not is_lock(path) or before is None or after is None:
            continue
        old = _providers(before)
        for name, now in _providers(after).items():
            was = old.get(name)
            if was is None or was.version != now.version:
                continue
            new = now.archives.keys() - was.archives.keys()
            if new and was.archives.keys() - now.archives.keys():
                yield _replaced(path, name, now, min(now.archives[one] for one in new))


def _replaced(path: str, name: str, now: Locked, line: int) -> Subject:
    span = Span(path, line)
    cause = Cause(Change("", None, Known(now.version, span)), key=("lock", name, now.version))
    return subject("lock", place(path, "file", span), span, cause, form="replaced", name=name, version=now.version)


def _providers(text: str) -> Mapping[str, Locked]:
    """The providers of a lock file; Terraform writes one thing a line."""
    found: dict[str, Locked] = {}
    current = Locked("", {})
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _PROVIDER.match(line):
            current = found.setdefault(header[1], Locked("", {}))
        elif version := _VERSION.match(line):
            current.version = version[1]
        for one in _HASH.finditer(line):
            current.archives.setdefault(one[1], number)
    return found
