"""Which rule refutes that a control is met: what its references and frameworks name, where it says the same as the control.

A recommendation of CIS and a control of Security Hub say one thing of one service, but the numbers of CIS mean other things in other
editions: only an edition that the text names counts. A control of NIST, PCI or HIPAA says a principle, and catalogues give a rule up to
thirty of them. A rule refutes one of a few plain ones, and only if it is a violation and answers no other; or, of encryption at rest and
in transit, if its requirement of PCI DSS tells the two apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.engine.model.rule import Rule
from bot.engine.pattern import Pattern
from bot.engine.policy.load import Policy

# https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8
_ANCHOR = Pattern(r"/securityhub/latest/userguide/[\w-]+-controls\.html#([a-z0-9]+)-(\d+)$")
_ONE_THING: Mapping[str, tuple[str, str]] = {
    "aws-fsbp-2026-08": ("fsbp", ""),
    "cis-aws-1.4.0": ("cis aws", "1.4"),
    "cis-azure-1.3.0": ("cis azure", "1.3"),
    "cis-gcp-1.2.0": ("cis gcp", "1.2"),
}
_PRINCIPLES: Mapping[str, tuple[str, str]] = {
    "nist-800-53-r5": ("nist53", ""),
    "pci-dss-4.0.1": ("pci", "4.0"),
    "hipaa-164-c": ("hipaa", ""),
}
_NUMBERED_BY_EDITION = ("cis", "pci")
# Least privilege, no embedded credentials, stored and transmitted data, no hard-coded passwords. Of boundaries (SC-7) whoever opens a port
# speaks too.
_PLAIN = frozenset({"AC-6", "IA-5(7)", "3.5.1", "4.2.1", "8.6.2"})
_PCI = "pci-dss-4.0.1"
# https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final, https://www.ecfr.gov/current/title-45/part-164/section-164.312
_TOLD_BY: Mapping[str, str] = {
    "SC-28": "3.5.1",
    "SC-28(1)": "3.5.1",
    "SC-8": "4.2.1",
    "SC-8(1)": "4.2.1",
    "164.312(a)(2)(iv)": "3.5.1",
    "164.312(e)(1)": "4.2.1",
    "164.312(e)(2)(ii)": "4.2.1",
}


@lru_cache(maxsize=4)
def implied(policy: Policy) -> Mapping[tuple[str, str, str], frozenset[str]]:
    """Table, edition (empty where numbers are the same in all) and identifier in lower case → the rules that refute it."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for rule in policy.rules:
        for key in _of(rule):
            found.setdefault(key, set()).add(rule.id)
    return {key: frozenset(rules) for key, rules in found.items()}


def edition_of(table: str, named: str) -> str:
    """An edition as a text names it, as far as numbers depend on it: `1.4.0` is `1.4`, `4.0.1` is `4.0`."""
    if not table.startswith(_NUMBERED_BY_EDITION):
        return ""
    return ".".join([*named.split("."), "0"][:2]) if named else "none"


def _of(rule: Rule) -> Iterator[tuple[str, str, str]]:
    for reference in rule.references:
        if (anchor := _ANCHOR.search(reference)) is not None:
            yield "fsbp", "", f"{anchor[1]}.{anchor[2]}"
    for name, (table, edition) in _ONE_THING.items():
        if len(ids := rule.frameworks.get(name, ())) == 1:
            yield table, edition, ids[0].lower()
    if rule.disposition != "violation":
        return
    for name, (table, edition) in _PRINCIPLES.items():
        yield from ((table, edition, one.lower()) for one in _principles(rule, name))


def _principles(rule: Rule, name: str) -> Iterator[str]:
    ids = rule.frameworks.get(name, ())
    told = rule.frameworks.get(_PCI, ())
    for one in ids:
        if one in _TOLD_BY:
            if told == (_TOLD_BY[one],):
                yield one
                if f"{one}(1)" in _TOLD_BY:
                    yield f"{one}(1)"
        elif len(ids) == 1 and one in _PLAIN:
            yield one
