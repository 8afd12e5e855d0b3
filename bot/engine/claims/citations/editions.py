"""Which edition of a framework a text names beside it."""

from __future__ import annotations

import re

from bot.engine.pattern import Pattern

_REVISION = Pattern(r"[\s_,(/-]{0,3}(?:r|rev\.?|revision|release)[\s_.-]?(\d)\b", re.IGNORECASE)
_YEAR = Pattern(r"[\s:,(-]{0,3}(20\d\d)\b")
_VERSION = Pattern(r"[\s,(:-]{0,3}(?:v|version)?[\s.]?(\d(?:\.\d)?)\b(?![.\d(-])", re.IGNORECASE)
_FORMS = {
    "nist53": _REVISION,
    "nist171": _REVISION,
    "iso27001": _YEAR,
    "csf": _VERSION,
    "mcsb": Pattern(r"[\s,(]{0,2}v\s?(\d)\b", re.IGNORECASE),
    "cmmc": Pattern(r"\s?(2\.0)\b"),
}
# An edition under another name. The Azure Security Benchmark of version 3 became version 1 of its successor.
_SAME = {("mcsb", "3"): "1"}
# Editions whose numbers are those of another one.
_NUMBERED_AS = {("pci", "4"): "4.0.1", ("pci", "4.0"): "4.0.1", ("cis controls", "8"): "8.1", ("cis controls", "8.0"): "8.1"}
_AZURE = "azure security benchmark"


def edition(table: str, said: str, start: int, end: int) -> str:
    """The edition written directly behind the name at `start` to `end`, as the table writes it; empty for none."""
    form = _FORMS.get(table)
    found = form.match(said, end) if form else None
    if found is None:
        return ""
    version = found[1]
    if table == "mcsb" and said[start:end].lower() in (_AZURE, "asb"):
        return _SAME.get((table, version), f"ASB {version}")
    return version


def listed(table: str, written: str, versions: tuple[str, ...]) -> str:
    """The version of the table that a text means: `1.4.0` is `1.4`, PCI DSS `4.0` numbers as `4.0.1` does. Empty for none."""
    for version in (written, written.removesuffix(".0"), f"{written}.0"):
        if version in versions:
            return version
    return _NUMBERED_AS.get((table, written), "")
