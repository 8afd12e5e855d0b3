"""What is logged is one JSON object a line, and holds no secret however it came there."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Secret
from bot.standin.state.apps import token_text
from bot.web.logs import Redaction, configure
from tests.settings.keys import PEM, WEBHOOK_SECRET

DATABASE = "postgresql+psycopg://countersign:pa55word@db/countersign"
SECRETS = (Secret(PEM), Secret(WEBHOOK_SECRET), Secret(DATABASE))
TOKEN = token_text(7)
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3In0.c2lnbmF0dXJl"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = (root.handlers[:], root.level, own.level)
    made = io.StringIO()
    configure("info", SECRETS, made)
    yield made
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_fields(stream: io.StringIO) -> None:
    logging.getLogger("bot.web").info("delivery-received", extra={"delivery": "a\nb", "attempt": 2, "parts": {"n": [1, None]}})
    logging.getLogger("bot.web").debug("quiet")
    logging.getLogger("library").info("quiet")
    (entry,) = lines(stream)
    assert {name: entry[name] for name in ("level", "logger", "event", "delivery", "attempt", "parts")} == {
        "level": "info",
        "logger": "bot.web",
        "event": "delivery-received",
        "delivery": "a\nb",
        "attempt": 2,
        "parts": {"n": [1, None]},
    }
    assert entry["time"].endswith("+00:00")


# Keys are made anew in each process, and the names of the cases have to be the same in all.
SHOWN_NOWHERE = [
    TOKEN,
    "ghs_" + "a" * 36,
    "github_pat_" + "a1" * 30,
    PEM,
    PEM.replace("\n", "\\n"),
    PEM.splitlines()[3],
    PEM[:200],
    WEBHOOK_SECRET,
    "pa55word",
    DATABASE,
    JWT,
    "sha256=" + "0f" * 32,
]


@pytest.mark.parametrize("text", SHOWN_NOWHERE, ids=[str(number) for number in range(len(SHOWN_NOWHERE))])
@pytest.mark.parametrize("frame", ["{}", "Authorization: Bearer {}", 'x="{}"', "{{'a': '{}'}}", "https://h/?t={}&b"])
def test_a_secret_does_not_appear(stream: io.StringIO, text: str, frame: str) -> None:
    framed, log = frame.format(text), logging.getLogger("bot.x")
    log.warning(framed)
    log.warning("event", extra={"field": framed, "nested": [{framed: (framed,)}]})
    log.warning("event %s", framed)
    log.error("failed", exc_info=ValueError(framed))
    shown = stream.getvalue()
    assert len(lines(stream)) == 4
    assert [part for part in _pieces(text) if part in shown] == []


@given(st.text())
def test_text_without_a_secret_is_kept(text: str) -> None:
    assert Redaction().hide(f"event {text[:18]}") == f"event {text[:18]}"


def test_short_settings_do_not_blank_the_log() -> None:
    assert Redaction((Secret("abc"), Secret(""))).hide("abc abc") == "abc abc"


def _pieces(text: str) -> list[str]:
    """Every stretch of 16 characters that is the secret's own."""
    body = text.removeprefix("sha256=").removeprefix("-----BEGIN RSA PRIVATE KEY-----")
    if body == DATABASE:
        return ["pa55word"]
    return [body[at : at + 16] for at in range(0, max(1, len(body) - 15), 8) if "--" not in body[at : at + 16]]
