"""View `lock`: providers of a lock file whose package is another one although its version is the same. Of those that go to another major
version it gives facts of view `dependency`, whatever the constraints say: the lock file is what an apply installs.

Fields: `form` (`replaced`), `name` (the provider's address), `version`. A release's archives never change, and the hashes that the registry
signed for them (`zh:`) all stand there together. A mirror tells fewer of them, and what was installed adds its own (`h1:`, one for each
platform): more or fewer are no other package. https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.judgment.dependency import major_key
from bot.engine.judgment.files import Files, is_lock, place
from bot.engine.judgment.subjects import subject
from bot.engine.judgment.versions import is_other_major
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.span import Span
from bot.engine.model.value import Known
from bot.engine.pattern import Pattern

FIELDS = ("form", "name", "version")
_PROVIDER = Pattern(r'^\s*provider\s+"([^"\n]+)"\s*\{')
_VERSION = Pattern(r'^\s*version\s*=\s*"([^"\n]+)"')
_HASH = Pattern(r'"(zh:[0-9a-f]{64})"')


class Locked(Struct):
    """One provider. `line`: where its version stands. `archives`: hash → line."""

    version: str
    line: int
    archives: dict[str, int]


def locks(files: Files) -> Iterator[Subject]:
    """A fact for each provider of which the base and the head each name archives that the other does not, under one version."""
    for path, name, was, now in _locked(files):
        new = now.archives.keys() - was.archives.keys()
        if was.version == now.version and new and was.archives.keys() - now.archives.keys():
            yield _replaced(path, name, now, min(now.archives[one] for one in new))


def majors(files: Files) -> Iterator[Subject]:
    """A fact of view `dependency` for each provider that is locked to another major version."""
    for path, address, was, now in _locked(files):
        if is_other_major(was.version, now.version):
            span, name = Span(path, now.line), address.rpartition("/")[2]
            change = Change(f"{address}.version", Known(was.version, span), Known(now.version, span))
            cause = Cause(change, key=major_key(name, now.version))
            yield subject("dependency", place(path, "file", span), span, cause, form="major", name=name)


def _locked(files: Files) -> Iterator[tuple[str, str, Locked, Locked]]:
    """Path and address of each provider that was locked before and is, with both."""
    for path, before, after in files.pairs():
        if is_lock(path) and before is not None and after is not None:
            old = _providers(before)
            for name, now in _providers(after).items():
                if name in old:
                    yield path, name, old[name], now


def _replaced(path: str, name: str, now: Locked, line: int) -> Subject:
    span = Span(path, line)
    cause = Cause(Change("", None, Known(now.version, span)), key=("lock", name, now.version))
    return subject("lock", place(path, "file", span), span, cause, form="replaced", name=name, version=now.version)


def _providers(text: str) -> Mapping[str, Locked]:
    """The providers of a lock file; Terraform writes one thing a line."""
    found: dict[str, Locked] = {}
    current = Locked("", 0, {})
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _PROVIDER.match(line):
            current = found.setdefault(header[1], Locked("", 0, {}))
        elif version := _VERSION.match(line):
            current.version, current.line = version[1], number
        for one in _HASH.finditer(line):
            current.archives.setdefault(one[1], number)
    return found
