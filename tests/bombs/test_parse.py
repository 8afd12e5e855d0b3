"""Whatever the bytes are, the parser answers in time, and says so when it could not read them."""

from __future__ import annotations

import time

import pytest

from bot.engine.iac.terraform.parse import parse_file
from tests.bombs.expansions import COUNTED, Files
from tests.bombs.texts import NESTINGS, TEXTS

SECONDS = 20.0
BROKEN = sorted(name for name in TEXTS if name.startswith(("unclosed-", "random-", "zero-", "json-unclosed", "json-garbage", "utf-16")))


def encoded(files: Files) -> list[tuple[str, bytes]]:
    return [(path, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text) for path, text in files.items()]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_it_answers_in_time(name: str) -> None:
    for path, data in encoded(TEXTS[name]()):
        if ".tf" in path:
            started = time.process_time()
            assert parse_file(path, data).path == path
            assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_said(name: str) -> None:
    unread = [gap for path, data in encoded(TEXTS[name]()) for gap in parse_file(path, data).unread]
    assert unread
    assert all(gap.span.line >= 1 for gap in unread)


@pytest.mark.parametrize("name", sorted(NESTINGS))
@pytest.mark.parametrize("depth", [1, 2, 5, 20, 300])
def test_an_opening_too_many_never_makes_a_file_empty_in_silence(name: str, depth: int) -> None:
    opening = NESTINGS[name][0]
    found = parse_file("main.tf", (COUNTED + "locals {\n  x = " + opening * depth).encode())
    assert found.unread
