"""Slips of the pen in identifiers: what was meant is named first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.engine.claims.cited import cited, table

NAMES = {
    "nist53": ("NIST SP 800-53", "5"),
    "csf": ("NIST CSF", "2.0"),
    "soc2": ("SOC 2", "2017"),
    "iso27001": ("ISO 27001", "2022"),
    "hipaa": ("HIPAA", "Subpart C"),
    "pci": ("PCI DSS 4.0.1", "4.0.1"),
    "nist171": ("NIST 800-171", "2"),
    "cis aws": ("CIS AWS 3.0.0", "3.0"),
}


def _slips(name: str, one: str) -> Iterator[str]:
    """A bracket left out, a digit typed twice, letters or numbers in the wrong order."""
    if found := re.fullmatch(r"([A-Z]{2})-(\d+)\((\d+)\)", one):
        family, control, enhancement = found.groups()
        yield f"{family}-{control}{enhancement}"
        yield f"{family}-{control}({enhancement}{enhancement})"
        yield f"{family[::-1]}-{control}({enhancement})"
    if name == "csf":
        yield one[1] + one[0] + one[2:]
        yield one[:3] + one[4] + one[3] + one[5:]
    if name == "soc2":
        yield re.sub(r"(\d)\.", r"\1\1.", one)
    if name == "hipaa" and "(" in one:
        yield one.replace(".312", ".321").replace(".308", ".380")
    if name in ("pci", "cis aws", "nist171", "iso27001") and one.count(".") > 1:
        *chapters, chapter, number = one.split(".")
        yield ".".join([*chapters, number, chapter])


def _misses(name: str) -> list[tuple[str, str]]:
    """The slip and what was meant, where the slip is no identifier itself; at most 30 for each framework."""
    head, version = NAMES[name]
    framework = table().framework(name)
    assert framework is not None
    ids = next(edition.ids for edition in framework.editions if edition.version == version)
    made = [(f"{head} {slip}", one) for one in ids[:: max(1, len(ids) // 60)] for slip in _slips(name, one) if slip != one]
    return [(said, one) for said, one in made if [found.status for found in cited(said)] == ["nonexistent"]][:30]


def _named(said: str) -> list[str]:
    return str(cited(said)[0].fields.get("near", "")).split(", ")


def test_what_was_meant_is_named_first() -> None:
    """Numbers in the wrong order may be those of two others: then one of the two is named."""
    misses = [miss for name in NAMES for miss in _misses(name)]
    right = [said for said, one in misses if _named(said)[0] == one]
    assert len(right) >= 100
    assert len(right) >= 0.94 * len(misses)


@pytest.mark.parametrize("name", ["nist53", "csf", "soc2", "hipaa"])
def test_letters_brackets_and_doubled_digits_are_always_told(name: str) -> None:
    wrong = [(said, one, _named(said)) for said, one in _misses(name) if one not in _named(said)]
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "near", "last", "other"),
    [
        ("NIST 800-53 AC-69", "AC-6(9)", "AC-25", ""),
        ("NIST CSF RP.AC-1", "PR.AC-1", "", ""),
        ("HIPAA 164.321(a)(1)", "164.312(a)(1)", "164.318", ""),
        ("SOC 2 CC6.9", "", "CC6.8", ""),
        ("SOC 2 AC-2", "", "", "NIST SP 800-53"),
        ("CIS AWS 1.4.0 5.2.12", "5.2", "", "CIS Kubernetes"),
        ("GDPR Article 142", "", "Art. 99", ""),
    ],
)
def test_what_has_it_or_ends_there_is_named(said: str, near: str, last: str, other: str) -> None:
    (found,) = cited(said)
    assert (found.fields["near"], found.fields["last"], found.fields["other"]) == (near, last, other)
