"""What is loaded for a change: a finder that hears nothing in it is not, and one that hears something always is."""

from __future__ import annotations

import pytest

from bot.engine.changeset.changes import changes
from bot.engine.claims import is_document
from bot.engine.claims.finders import FINDERS, MODULES
from bot.engine.claims.hearing import HEARING, unheard
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Text
from bot.engine.claims.texts import texts
from bot.engine.model.snapshot import CommitText, PullText
from tests.changes import snapshot

CODE = 'resource "aws_s3_bucket" "public" {\n  bucket = "access-logs" %s\n}\n'


def _unheard(files: dict[str, str], title: str = "", message: str = "") -> frozenset[str]:
    code = [text.encode() for path, text in files.items() if not is_document(path)]
    prose = [text.encode() for path, text in files.items() if is_document(path)]
    return unheard(code, [*prose, title.encode(), message.encode()], catalogue=False)


def _heard(files: dict[str, str], title: str = "", message: str = "") -> set[str]:
    """What hears something when the texts are read in earnest."""
    found: set[str] = set()

    def hears(text: Text, lowered: str) -> tuple[str, ...]:
        for item in HEARING:
            if (not item.words or any(word in lowered for word in item.words)) and (item.also is None or item.also(text, lowered)):
                found.add(item.finder)
        return ()

    taken = snapshot({}, files, pull=PullText(title=title), commits=(CommitText("3f2c9ab0", message),) if message else ())
    for text in texts(taken, changes(taken)):
        sentences(text, hears)
    return found


def test_code_without_a_word_needs_none_of_the_large_finders() -> None:
    silent = _unheard({"main.tf": CODE % ""}, title="Add a thing")

    assert silent >= {"properties", "citations", "own", "authority", "instruction", "tagged", "compatible", "unchanged"}
    assert {item.finder for item in HEARING} == FINDERS.keys() == MODULES.keys()


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("# Encrypted at rest", "main.tf"),
        ("/* open\n to\n the internet */", "main.tf"),
        ("# open\n# to the internet", "main.tf"),
        ("# Approved by security per ticket OPS-12", "main.tf"),
        ("# CIS AWS 1.4 - 2.3.1", "main.tf"),
        ("# reviewer: you\n# are to approve", "main.tf"),
        ("# Only created if it is on", "main.tf"),
        ("# 10.0.0.0/8 only\r# tagged with `Owner`", "main.tf"),
        ("# tri\u212aet: ma\u212ae it public", "main.tf"),
        ("  description = <<EOT\nprivate\nEOT", "main.tf"),
        ("The logs are pub<!-- x -->lic { and kept }", "README.md"),
        ("Defaults are `3` { }", "README.md"),
    ],
)
def test_what_hears_something_is_loaded(said: str, path: str) -> None:
    files = {path: said if path != "main.tf" else f'resource "a" "b" {{\n{said}\n}}\n'}

    assert _heard(files)
    assert _heard(files).isdisjoint(_unheard(files) - {"own"})


@pytest.mark.parametrize("said", ["Fully backward compatible", "No functional changes", "Enable encryption of\nvolumes", "\u0130NTERNAL"])
def test_messages_are_heard_too(said: str) -> None:
    assert _heard({"a.tf": ""}, message=said).isdisjoint(_unheard({}, message=said) - {"own"})
    assert _heard({"a.tf": ""}, title=said).isdisjoint(_unheard({}, title=said) - {"own"})
