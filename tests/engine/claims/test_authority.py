"""Words of authority and the organisation's own policies, held against what is recorded and what is listed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.engine.claims.authority import authority
from bot.engine.claims.citations.own import own_citations
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Text
from bot.engine.model.decision import Decision
from bot.engine.policy.policies import NO_CATALOGUE, Catalogue, load_policies
from tests.report import samples

NOW = datetime(2026, 11, 29, tzinfo=UTC)
CATALOGUE = load_policies(
    b"""\
complete: [SEC-LOG]
policies:
  - id: SEC-LOG-007
    title: Logs are kept for a year
    limits: [{of: log retention, value: 365 days}]
  - id: NET-3
    title: No public endpoints
    approvals:
      - {by: security, what: aws_lb.edge, ref: SEC-1234, until: 2026-12-31}
      - {by: architecture board, what: public bucket, ref: AB-9, until: 2026-01-31}
""",
    "countersign/policies.yml",
)
ANSWER = Decision("r", "b", "accept", "ada", 1, "fine", NOW, "#12 by @ada")


def rests(said: str, block: str = "", catalogue: Catalogue = CATALOGUE, decisions: tuple[Decision, ...] = ()) -> list[str]:
    phrases = samples.phrases()
    spoken = sentences(Text("code", said, "main.tf", 1, block=block))
    found = authority(spoken, catalogue, decisions, NOW)
    return [f"{one.claimed} · {one.status} · {phrases.say(f'claim.{one.key}', **one.fields)}" for one in found]


def own(said: str, catalogue: Catalogue = CATALOGUE) -> list[str]:
    phrases = samples.phrases()
    found = own_citations(sentences(Text("code", said, "main.tf", 1)), catalogue)
    return [f"{one.claimed} · {one.status} · {phrases.say(f'claim.{one.key}', **one.fields)}" for one in found]


NOTHING = "nothing here shows it: no recorded decision, no approval in the organisation's catalogue"


@pytest.mark.parametrize(
    ("said", "claimed"),
    [
        ("Approved by security.", "Approved by security"),
        ("This was signed off by the platform team.", "signed off by the platform team"),
        ("Open to the partner, as agreed with the customer.", "agreed with the customer"),
        ("Reviewed and approved by the CISO.", "Reviewed and approved by the CISO"),
        ("Public as per security review.", "as per security review"),
        ("Opened per ticket OPS-4711.", "per ticket OPS-4711"),
        ("authorized by @kim", "authorized by @kim"),
    ],
)
def test_what_nothing_shows_is_unverifiable(said: str, claimed: str) -> None:
    assert rests(said, catalogue=NO_CATALOGUE) == [f"{claimed} · unverifiable · {NOTHING}"]


def test_a_recorded_answer_shows_it() -> None:
    assert rests("Approved by @ada.", decisions=(ANSWER,)) == ["Approved by @ada · supported · recorded: #12 by @ada"]
    assert rests("Approved by @kim.", decisions=(ANSWER,)) == [f"Approved by @kim · unverifiable · {NOTHING}"]


def test_an_approval_of_the_catalogue_shows_it_for_its_resource_while_it_holds() -> None:
    shown = "Approved by the security team · supported · in the organisation's catalogue: SEC-1234"
    assert rests("Approved by the security team.", "aws_lb.edge") == [shown]
    assert rests("Approved by the security team.", "aws_lb.other") == [f"Approved by the security team · unverifiable · {NOTHING}"]
    assert rests("The public bucket was approved by the architecture board.")[0].endswith(NOTHING)


def test_a_ticket_of_the_catalogue_shows_it() -> None:
    assert rests("Opened per ticket SEC-1234.", "aws_lb.edge") == [
        "per ticket SEC-1234 · supported · in the organisation's catalogue: countersign/policies.yml:6"
    ]


def test_a_limit_is_compared_with_that_of_the_policy() -> None:
    sets = "SEC-LOG-007 sets log retention to 365 days (countersign/policies.yml:3)"
    assert rests("The log retention limit is 365 days per SEC-LOG-007.") == [f"retention limit is 365 · supported · {sets}"]
    assert rests("The log retention limit is 30 days per SEC-LOG-007.") == [f"retention limit is 30 · contradicted · {sets}"]
    assert rests("The limit is 500 requests per SEC-LOG-007.") == [
        "limit is 500 · unverifiable · SEC-LOG-007 sets no such limit that is listed"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Must be approved by security.",
        "Not approved by security.",
        "Changes are approved by the platform team.",
        "Once approved by security, remove this.",
        "TODO: get this signed off by security",
        "Pending: approved by legal",
        "Encrypted by default, signed by KMS.",
        "The request is authorized by IAM.",
        "Approved by default.",
        "The limit is 500.",
        "See the approved list.",
        '"Approved by security"',
    ],
)
def test_what_nobody_claims_is_not_taken(said: str) -> None:
    assert rests(said) == []


def test_the_organisations_own_policies_are_looked_up() -> None:
    assert own("Kept as SEC-LOG-007 asks.") == [
        "SEC-LOG-007 · supported · Logs are kept for a year (countersign/policies.yml:3); whether it is met is not said by that"
    ]
    assert own("Kept as SEC-LOG-009 asks.") == [
        "SEC-LOG-009 · nonexistent · the organisation's catalogue, which lists all of them, has no SEC-LOG-009. Did you mean SEC-LOG-007?"
    ]
    assert own("Private by NET-77.") == ["NET-77 · unverifiable · NET-77 is not in the organisation's catalogue"]
    assert own("SEC-LOG-007, NET-3, ABC-12", NO_CATALOGUE) == []
    assert own("us-east-1, NET-3000-x, a/NET-4, subNET-3") == []
