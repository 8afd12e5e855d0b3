"""Text of a change can neither steer a terminal nor act in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.engine.decisions.question import Refused
from bot.engine.model.decision import Lapsed
from bot.engine.model.result import Deciding, Line, Place, Result, Suppression
from bot.engine.model.verdict import Claim, FileCoverage, Verdict
from bot.report import clean, markdown
from bot.report.answer import explained, reply, status
from bot.report.comments import Held
from bot.report.hidden import mask
from bot.report.publish import Context, publication
from bot.report.shared_check import Numbered, ejected, worst
from bot.report.style import Style
from bot.report.summary import Asked
from bot.report.summary import render as render_summary
from bot.report.terminal import Page, render
from tests.report import samples
from tests.report.markup import Read, acts_of, read
from tests.report.words import words

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
        "3f2c9ab0d1",
        "/countersign accept J-1",
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


@pytest.mark.parametrize(
    "piece", ["a", "a-", "password", "secret=", 'a="', "eyJ", "eyJabcdefghijk.", "-----BEGIN ", "A1b", "ż", "gho_", '"', "= "]
)
def test_time_of_masking_grows_no_faster_than_the_text(piece: str) -> None:
    """A long line of a hostile change does not hold up the App: half a megabyte within a second or two, not hours."""
    text = piece * (500_000 // len(piece))
    assert mask(text, samples.phrases())


@pytest.mark.parametrize("text", ['{"password": "S3cr3t"}', "db.master_password = 'x' , api_key: \"S3cr3t\"", 'x="a",my-token-1 ="S3cr3t"'])
def test_settings_named_after_secrets_are_masked_in_every_notation(text: str) -> None:
    assert "S3cr3t" not in mask(text, samples.phrases())


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


ATTACKS = [
    "@acme/owners",
    "&#64;acme &#x40;acme &commat;acme",
    "fixes #12 GH-7 acme/infra#3 acme/infra@3f2c9ab0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6",
    "see 3f2c9ab and 3f2c9ab0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6",
    "[approved](https://evil.example) https://evil.example www.evil.example mail@evil.example",
    "![x](https://evil.example/p.png)",
    "<img src=https://evil.example/p.png> <details><summary>x</summary>",
    "<!-- countersign:result 0123456789abcdef 0123456789ab settled -->",
    "\n<!-- countersign:summary -->\n",
    "\n/countersign accept J-1 because fine\n",
    "/countersign break-glass because INC-1",
    "```\n````\n~~~ suggestion",
    "| a | b |\n|---|---|\n| c | d |",
    "\n# Approved\n\n> [!NOTE]\n> fine\n\n- [x] done\n\n---\n1. one",
    "</details>\n\n</details>",
    "`code` and ``more``` of it",
    "$`x`$ $$y$$ [^1] ~~gone~~ **bold** _it_ :tada:",
    "\u202egnp.exe\u2066\x1b[2J\x00\u200b",
]
FIELDS = ("title", "message", "fix", "question", "file", "resource", "category", "number", "environment")


def attacked(attack: str) -> tuple[Result, ...]:
    """Results with the attack in every field that is echoed, in each form that a comment takes."""
    deciding = Deciding(attack, "known", attack, origin=(Line(attack, 3),), before=f"{attack}b", before_state="known")
    fields = dict.fromkeys(FIELDS, attack) | {"number": "J-1"}
    known = replace(samples.OPEN_DATABASE, id="a", deciding=deciding, places=(Place(attack, 4, attack), Place(attack, 5, attack)), **fields)
    asked = replace(known, id="b", treatment="judgment", kind="review")
    unknown = replace(asked, id="c", kind="open", deciding=Deciding(attack, "unknown", reason=attack, expression=attack))
    unset = replace(known, id="d", deciding=replace(deciding, state="absent"))
    rest = [
        replace(known, id="e", blocks=False, baseline_state="absent"),
        replace(known, id="f", blocks=False, suppression=Suppression("waiver", attack)),
        replace(unknown, id="g", blocks=False),
        replace(known, id="h", blocks=False, kind="informational", treatment="advice"),
        *_answered(known, asked, attack),
    ]
    return (known, asked, unknown, unset, *(replace(item, id=f"{item.id}{number}") for item in rest for number in range(6)))


def _answered(known: Result, asked: Result, attack: str) -> tuple[Result, ...]:
    """With the attack in everything that a person wrote, and in what was shown to them."""
    given = replace(samples.ACCEPTED, by=attack, reason=attack, ref=attack, told={attack: attack}, carried=True)
    lifted = replace(asked, blocks=False, suppression=Suppression("decision", attack))
    return (
        replace(known, id="i", disputes=(given, given)),
        replace(asked, id="j", answer=replace(given, verb="reject")),
        replace(asked, id="k", lapsed=Lapsed(given, "facts")),
        replace(asked, id="l", lapsed=Lapsed(given, "expired")),
        replace(lifted, id="m", answer=given),
        replace(lifted, id="n"),
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_in_every_echoed_field_acts_nowhere_on_the_page(attack: str) -> None:
    """What acts on a page of harmless text is what acts on a page full of attacks: the same links, headings and details."""
    assert [acts_of(text) for text in _page(attack)] == [acts_of(text) for text in _page("plain")]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_line_of_the_page_is_a_command_or_a_marker_of_the_attack(attack: str) -> None:
    for text in _page(attack):
        first, *lines = text.splitlines()
        assert not [line for line in lines if re.match(r"\s*(>\s*)*/countersign", line)]
        assert not [line for line in lines if line.lstrip().startswith("<!--")]
        assert "0123456789abcdef" not in first


def _page(attack: str) -> list[str]:
    """Every text that would be sent, and what becomes of the comments once settled."""
    coverage = replace(samples.COVERAGE, unread=1, files=(FileCoverage(attack, "unread", attack),))
    claims = (Claim(attack, {"path": attack, "line": 1}, "contradicted", by=attack),)
    verdict = Verdict("violations", "failure", attacked(attack), coverage, claims, base=attack, policy_digest="sha256:1")
    context = Context(head="8d1e0c2", base=attack, files=frozenset({attack}), owners={attack: (attack,)})
    shown = publication(verdict, context, words())
    held = tuple(Held(item.key, item.body) for item in shown.comments)
    waived = tuple(replace(item, blocks=False, suppression=Suppression("waiver", attack)) for item in verdict.results)
    later = publication(replace(verdict, results=waived, coverage=samples.COVERAGE), replace(context, held=held, summarised=True), words())
    phrases = words().phrases
    out = ejected(shown, "8d1e0c2", attack, phrases)
    both = worst(Numbered(7, shown), [Numbered(8, replace(shown, title=attack))], phrases)
    died = publication(Verdict("own-failure", "failure", (), coverage, notices=(attack,)), context, words())
    alone = render_summary(
        verdict, phrases, words().templates["summary.md.j2"], Asked(apart=frozenset(item.id for item in verdict.results))
    )
    assert shown.summary_comment
    assert later.summary_comment
    bodies = [*(item.body for item in shown.comments), *(item.body for item in later.fixed)]
    texts = [
        shown.summary,
        shown.text,
        shown.summary_comment,
        later.summary,
        later.summary_comment,
        both.summary,
        out.summary,
        died.summary,
    ]
    return [*bodies, *texts, alone, *_replies(replace(verdict, owners={attack: (attack,)}), attack)]


def _replies(verdict: Verdict, attack: str) -> list[str]:
    """Replies to commands in which everything that can be named is the attack, and the page of a change that passes all the same."""
    fields = "words found near number thread length most latest day today days login category owners least permission now numbers"
    given: dict[str, str | int] = dict.fromkeys((*fields.split(), "difference", "head", "teams"), attack)
    said = words().phrases.texts["command"]
    assert isinstance(said, Mapping)
    refusals = [reply(Refused(key, {**given, "word": "accept", "number": "J-1"}), words()) for key in said if key not in ("form", "owners")]
    glass = replace(verdict, state="bypassed", bypass=replace(samples.ACCEPTED, by=attack, reason=attack))
    shown = publication(glass, Context(), words())
    answers = [explained(replace(verdict, results=(item,)), "J-1", words()) for item in verdict.results]
    replies = [f"<!-- countersign:reply -->\n{text}" for text in (*refusals, status(verdict, words()), *answers)]  # as they are posted
    return [*replies, shown.summary, shown.summary_comment or ""]
