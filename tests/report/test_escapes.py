"""Text of a change can neither steer a terminal nor act in GitHub's Markdown."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.report import clean, markdown
from bot.report.hidden import mask
from bot.report.style import Style
from bot.report.terminal import Page, render
from tests.report import samples
from tests.report.markup import Read, read

HOSTILE = st.text(st.sampled_from("ab @#`|\\<>&[]()!*_~:/.-\n\t\r\x1b\x00\x7f\x9b\u202e\u200b1$"), max_size=40) | st.sampled_from(
    [
        "@acme/owners",
        "fixes #12",
        "GH-7",
        "https://evil.example",
        "www.evil.example",
        "<!-- x -->",
        "![x](http://e)",
        "a@b.example",
        "&#64;a",
        ":tada:",
    ]
)


@given(st.text())
def test_one_line_without_controls(text: str) -> None:
    shown = clean.line(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)


@given(HOSTILE)
def test_running_text_says_itself_and_nothing_acts(text: str) -> None:
    assert read(markdown.text(text)) == Read(text=re.sub(" +", " ", clean.line(text)).strip())


@given(HOSTILE)
def test_code_span_says_itself_and_nothing_acts(text: str) -> None:
    assert read(markdown.code(text)).acts == ()


@given(HOSTILE)
def test_sentence_with_code_in_it_does_not_act(text: str) -> None:
    assert read(markdown.prose(text)).acts == ()


@given(HOSTILE)
def test_table_stays_a_table(text: str) -> None:
    row = f"| {markdown.cell(text)} | {markdown.text(text)} |"
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    assert "\n" not in row


def test_attack_in_every_field_shows_no_escape_sequence() -> None:
    shown = render(samples.ATTACKED, Page(samples.phrases(), Style(), samples.lines()))
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_lines_with_secrets_are_masked() -> None:
    phrases = samples.phrases()
    assert mask('  db_password = "correct-horse"', phrases) == "  db_password = (hidden, 13 characters)"
    assert mask('  token = "${var.token}"', phrases) == '  token = "${var.token}"'
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    assert mask(f'user_data = "aws {key}"', phrases) == 'user_data = "aws (hidden, 20 characters)"'
    assert mask('ami = "ami-0123456789abcdef0"', phrases) == 'ami = "ami-0123456789abcdef0"'


def test_wide_characters_and_tabs_keep_the_underline_under_the_value() -> None:
    files = {"network/db.tf": '\n\n\n\n\tn = "データ" # x\n'}
    result = samples.replace(samples.OPEN_DATABASE, column=6, end_column=11)
    shown = render(samples.replace(samples.ASKED, results=(result,)), Page(samples.phrases(), Style(), samples.lines(files)))
    source, under = (line for line in shown.splitlines() if "データ" in line or "^" in line)
    assert clean.width(source[: source.index('"')]) == under.index("^")
    assert under.count("^") == clean.width('"データ"')
