"""Text of a change can neither steer a terminal nor act in GitHub's Markdown."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.engine.model.result import Deciding, Line
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
    result = replace(samples.OPEN_DATABASE, column=6, end_column=11)
    shown = render(replace(samples.ASKED, results=(result,)), Page(samples.phrases(), Style(), samples.lines(files)))
    source, under = (line for line in shown.splitlines() if "データ" in line or "^" in line)
    assert clean.width(source[: source.index('"')]) == under.index("^")
    assert under.count("^") == clean.width('"データ"')


def test_secret_is_shown_nowhere_in_an_excerpt_that_is_near_it() -> None:
    source = 'variable "pw" {\n  default = "S3cr3t-Value"\n}\nresource "x" "y" {\n  password = var.pw\n  encrypted = false\n}\n'
    secret = replace(
        samples.SECRET,
        file="a.tf",
        line=5,
        end_line=5,
        column=14,
        end_column=20,
        deciding=Deciding("password", "known", "<hidden>", origin=(Line("a.tf", 2),)),
    )
    near = replace(samples.OPEN_DATABASE, file="a.tf", line=3, end_line=3, column=1, end_column=2)
    verdict = replace(samples.BLOCKED, results=(secret, near))
    shown = render(verdict, Page(samples.phrases(), Style(), samples.lines({"a.tf": source})))
    assert "S3cr3t" not in shown
    assert "2 |   default = (hidden, 12 characters)" in shown
    assert "5 |   password = var.pw" in shown


def test_heredoc_of_a_hidden_value_is_covered_to_its_end() -> None:
    source = "a = <<-EOT\n  one\n  S3cr3t\nEOT\nb = 1\n"
    origin = (Line("a.tf", 1),)
    secret = replace(samples.SECRET, file="b.tf", deciding=Deciding("password", "known", "<hidden>", origin=origin))
    near = replace(samples.OPEN_DATABASE, file="a.tf", line=4, end_line=4, column=1, end_column=4)
    shown = render(replace(samples.BLOCKED, results=(secret, near)), Page(samples.phrases(), Style(), samples.lines({"a.tf": source})))
    assert "S3cr3t" not in shown
