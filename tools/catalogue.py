"""Packs the catalogue of controls (JSON, compressed with gzip) into `bot/facts/controls.table`, which an installation carries.

python tools/catalogue.py DIRECTORY

DIRECTORY has controls_catalogue.json.gz. Only identifiers, which of them are withdrawn, and titles of works in the public domain are
taken. Where the catalogue lists a part, numbers that the publisher counts are completed here, each with its sum.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.facts.controls import Edition, Framework, parents  # noqa: E402 - the path is set first
from bot.engine.facts.table import pack  # noqa: E402

PLACE = HOME / "bot" / "facts" / "controls.table"
SOURCE = (
    "prowler-cloud/prowler@3e000faa (Apache-2.0), usnistgov/oscal-content@88bb8dee and GSA/fedramp-automation@c784140b (public domain), "
    "turbot/steampipe-mod-aws-compliance@a1d0b446 (Apache-2.0), cwe2 3.0.0, checkov 3.3.30 (Apache-2.0)"
)
DATE = "2026-11-22"
# Name of the table → name in the catalogue.
NAMES = {
    "cis alibaba": "CIS alibabacloud",
    "cis aws": "CIS aws",
    "cis azure": "CIS azure",
    "cis controls": "CIS Controls",
    "cis gcp": "CIS gcp",
    "cis github": "CIS github",
    "cis kubernetes": "CIS kubernetes",
    "cis m365": "CIS m365",
    "cis oracle": "CIS oraclecloud",
    "cis workspace": "CIS googleworkspace",
    "checkov": "Checkov",
    "cmmc": "CMMC",
    "csf": "NIST CSF",
    "cwe": "CWE",
    "fedramp": "FedRAMP",
    "fsbp": "AWS FSBP / Security Hub",
    "gdpr": "GDPR",
    "hipaa": "HIPAA",
    "iso27001": "ISO/IEC 27001 Annex A",
    "mcsb": "Microsoft cloud security benchmark",
    "nist171": "NIST SP 800-171",
    "nist53": "NIST SP 800-53",
    "pci": "PCI DSS",
    "soc2": "SOC 2 TSC",
}
EDITIONS = {
    ("cwe", "4.14"): "4.14",
    ("hipaa", "45 CFR 164 Subpart C"): "Subpart C",
    ("mcsb", "v1 (= Azure Security Benchmark v3)"): "1",
    ("mcsb", "v2.0"): "2",
    ("nist171", "2 (partial)"): "2",
    ("soc2", "2017 (rev. 2022)"): "2017",
}
# Editions whose identifiers are all there: counted by the publisher, or equal in two independent lists. An edition of CIS that lacks a
# number between others is not whole there: such numbers are in doubt.
WHOLE = {
    "cis aws": ("1.2", "1.3", "1.4", "1.5", "2.0", "3.0", "4.0", "5.0", "6.0"),
    "cis azure": ("2.0", "2.1", "3.0", "5.0"),
    "cis gcp": ("2.0", "3.0", "4.0"),
    "cis kubernetes": ("1.8", "1.10", "1.11", "1.12"),
    "cis controls": ("8.1",),
    "cmmc": ("2.0",),
    "csf": ("1.1", "2.0"),
    "gdpr": ("2016/679",),
    "hipaa": ("Subpart C",),
    "iso27001": ("2013", "2022"),
    "mcsb": ("1", "2"),
    "nist171": ("2",),
    "nist53": ("4", "5"),
    "fedramp": ("rev5 LOW", "rev5 MODERATE", "rev5 HIGH", "rev5 LI-SaaS"),
    "pci": ("3.2.1", "4.0.1"),
    "soc2": ("2017",),
}
# How far editions reach that are not listed, by chapter: an identifier within may stand in one of them.
UNLISTED = {
    "cis aws": "1:24 2:9 3:16 4:16 5:7 2.1:6 2.2:3 2.3:4 2.4:2",
    "cis azure": "1:25 2:19 3:20 4:20 5:20 6:10 7:10 8:12 9:12 10:3 1.1:6 1.2:8 2.1:22 2.2:4 2.3:4 2.4:3 4.1:8 4.2:8 4.3:10 4.4:6 4.5:5 "
    "5.1:9 5.2:12 5.3:3",
    "cis gcp": "1:18 2:17 3:10 4:13 5:3 6:16 7:18 6.1:5 6.2:17 6.3:8",
    "cis kubernetes": "1:8 1.1:40 1.2:36 1.3:8 1.4:21 1.5:8 1.6:10 1.7:9 2:8 2.1:16 2.2:11 3:3 3.1:21 3.2:10 4.1:12 4.2:16 5.1:14 5.2:14 "
    "5.3:3 5.4:4 5.5:3 5.6:6 5.7:6",
    "cis controls": "1:9 2:11 3:15 4:13 5:7 6:9 7:11 8:13 9:8 10:8 11:8 12:13 13:12 14:10 15:11 16:15 17:10 18:12 19:9 20:9",
    # The edition of 2005: 133 controls.
    "iso27001": "A.6.1:8 A.6.2:3 A.7.1:3 A.7.2:2 A.8.1:3 A.8.2:3 A.8.3:3 A.9.1:6 A.9.2:7 A.10:10 A.10.1:4 A.10.2:3 A.10.3:2 A.10.4:2 "
    "A.10.5:1 A.10.6:2 A.10.7:4 A.10.8:5 A.10.9:3 A.10.10:6 A.11:7 A.11.1:1 A.11.2:4 A.11.3:3 A.11.4:7 A.11.5:6 A.11.6:2 A.11.7:2 A.12:6 "
    "A.12.1:1 A.12.2:4 A.12.3:2 A.12.4:3 A.12.5:5 A.12.6:1 A.13.1:2 A.13.2:3 A.14.1:5 A.15:3 A.15.1:6 A.15.2:2 A.15.3:2",
    # Revision 3.
    "nist171": "3:17 3.4:12 3.5:12 3.6:5 3.7:6 3.10:8 3.11:4 3.12:5 3.14:8 3.15:3 3.16:3 3.17:3",
    # Appendix J of revision 4.
    "nist53": "AP:2 AR:8 DI:2 DM:3 IP:6 SE:2 TR:3 UL:2 AR-7:2 DI-1:2 DI-2:2 DM-1:2 DM-2:2 DM-3:2 IP-1:2 IP-4:2 TR-1:2 TR-2:2",
    # The criteria of 2016.
    "soc2": "CC1:5 CC2:6 CC3:4 CC5:8 CC6:8 CC7:5 C1:8 A1:3 PI1:6 P1:9 P2:9 P3:9 P4:9 P5:9 P6:9 P7:9 P8:9",
    "mcsb": "AM:6 IR:7 PV:8",
    # 1.x to 3.2, and their testing procedures.
    "pci": "1:11 2:11 3:11 4:11 5:11 6:11 7:11 8:11 9:11 10:11 11:11 12:11 1.1:9 1.2:3 1.3:8 1.4:3 2.2:5 3.2:3 3.6:10 6.3:7 6.4:7 "
    "6.5:10 8.4:3 "
    "8.5:16 9.1:4 9.10:2 10.5:7 11.1:3 11.2:3 11.3:4 12.3:10 12.8:5 12.9:7 12.11:2",
}
# 108 subcategories.
CSF = (
    "ID.AM:6 ID.BE:5 ID.GV:4 ID.RA:6 ID.RM:3 ID.SC:5 PR.AC:7 PR.AT:5 PR.DS:8 PR.IP:12 PR.MA:2 PR.PT:5 DE.AE:5 DE.CM:8 DE.DP:5 "
    "RS.RP:1 RS.CO:5 "
    "RS.AN:5 RS.MI:3 RS.IM:2 RC.RP:1 RC.IM:2 RC.CO:3"
)
# 114 controls.
ISO_2013 = (
    "A.5.1:2 A.6.1:5 A.6.2:2 A.7.1:2 A.7.2:3 A.7.3:1 A.8.1:4 A.8.2:3 A.8.3:3 A.9.1:2 A.9.2:6 A.9.3:1 A.9.4:5 A.10.1:2 A.11.1:6 A.11.2:9 "
    "A.12.1:4 A.12.2:1 A.12.3:1 A.12.4:4 A.12.5:1 A.12.6:2 A.12.7:1 A.13.1:3 A.13.2:4 A.14.1:3 A.14.2:9 A.14.3:1 A.15.1:3 "
    "A.15.2:2 A.16.1:7 "
    "A.17.1:3 A.17.2:1 A.18.1:5 A.18.2:3"
)
# 110 requirements.
NIST_171 = "3.1:22 3.2:3 3.3:9 3.4:9 3.5:11 3.6:3 3.7:6 3.8:9 3.9:2 3.10:6 3.11:3 3.12:4 3.13:16 3.14:7"
# Requirements of 3.2.1, without their testing procedures.
PCI_3 = (
    "1:5 1.1:7 1.2:3 1.3:7 2:6 2.1:1 2.2:5 3:7 3.2:3 3.4:1 3.5:4 3.6:8 4:3 4.1:1 5:4 5.1:2 6:7 6.3:2 6.4:6 6.4.5:4 6.5:10 7:3 7.1:4 "
    "7.2:3 8:8 "
    "8.1:8 8.2:6 8.3:2 8.5:1 9:10 9.1:3 9.4:4 9.5:1 9.6:3 9.7:1 9.8:2 9.9:3 10:9 10.2:7 10.3:6 10.4:3 10.5:5 10.6:3 10.8:1 11:6 "
    "11.1:2 11.2:3 "
    "11.3:4 11.3.4:1 11.5:1 12:11 12.1:1 12.3:10 12.4:1 12.5:5 12.6:2 12.8:5 12.10:6 12.11:1"
)
CIS_EARLIER = {"cis aws": {"1.2": "1:22 2:9 3:14 4:4", "1.3": "1:22 2.1:2 2.2:1 3:11 4:15 5:4"}}
ARTICLES = 99  # of the GDPR
# https://www.hhs.gov/hipaa/for-professionals/security/laws-regulations: paragraphs that the catalogue gives as a whole.
HIPAA = """
    164.306(a) 164.306(a)(1) 164.306(a)(2) 164.306(a)(3) 164.306(a)(4) 164.306(b) 164.306(b)(1) 164.306(b)(2) 164.306(b)(2)(i)
    164.306(b)(2)(ii) 164.306(b)(2)(iii) 164.306(b)(2)(iv) 164.306(c) 164.306(d) 164.306(d)(1) 164.306(d)(2) 164.306(d)(3)
    164.306(d)(3)(i) 164.306(d)(3)(ii) 164.306(d)(3)(ii)(A) 164.306(d)(3)(ii)(B) 164.306(d)(3)(ii)(B)(1) 164.306(d)(3)(ii)(B)(2)
    164.306(e) 164.308(a)(4)(ii) 164.308(b)(2) 164.308(b)(3) 164.310(a)(2)(i) 164.310(a)(2)(ii) 164.310(a)(2)(iii) 164.310(a)(2)(iv)
    164.310(d)(2)(i) 164.310(d)(2)(ii) 164.310(d)(2)(iii) 164.310(d)(2)(iv) 164.314(a)(1) 164.314(a)(2)(i) 164.314(a)(2)(i)(A)
    164.314(a)(2)(i)(B) 164.314(a)(2)(i)(C) 164.314(a)(2)(i)(D) 164.314(a)(2)(ii) 164.314(a)(2)(ii)(A) 164.314(a)(2)(ii)(B)
    164.314(a)(2)(iii) 164.314(b)(1) 164.314(b)(2)(i) 164.314(b)(2)(ii) 164.314(b)(2)(iii) 164.314(b)(2)(iv) 164.316(a)
    164.316(b)(1)(i) 164.316(b)(1)(ii) 164.316(b)(2)(i) 164.316(b)(2)(ii) 164.316(b)(2)(iii) 164.318(a) 164.318(b) 164.318(c)
"""
PUBLIC_DOMAIN = ("nist53", "csf", "hipaa")
WITHDRAWN = re.compile(r"\[(?:withdrawn|deprecated)\]")


def main() -> int:
    """Writes the table and prints its size."""
    given = json.loads(gzip.decompress((Path(sys.argv[1]) / "controls_catalogue.json.gz").read_bytes()))
    records = {name: _framework(name, given[listed]) for name, listed in NAMES.items()}
    data = pack(SOURCE, DATE.replace("-", "."), DATE, records)
    PLACE.write_bytes(data)
    print(f"{len(records)} frameworks, {sum(len(edition.ids) for one in records.values() for edition in one.editions):,} identifiers")
    print(f"controls {len(data):,} bytes")
    return 0


def _framework(name: str, given: dict[str, Any]) -> Framework:
    editions = dict(_completed(name, {EDITIONS.get((name, version), version): found for version, found in given.items()}))
    made = tuple(
        Edition(
            version,
            tuple(sorted({_written(name, one) for one in ids}, key=_order)),
            version in WHOLE.get(name, ()),
            tuple(sorted(_written(name, one) for one, title in ids.items() if WITHDRAWN.search(title))),
            tuple(_between(ids)) if name.startswith("cis ") else (),
        )
        for version, ids in sorted(editions.items(), key=lambda item: _order(item[0]))
    )
    return Framework(made, _titles(name, editions), _spans(UNLISTED.get(name, "")))


def _between(ids: dict[str, str]) -> Iterator[str]:
    """The numbers that are missing between others."""
    last: dict[str, int] = {}
    there = {*ids, *(above for one in ids for above in parents(one))}
    for one in there:
        chapter, _, number = one.rpartition(".")
        last[chapter] = max(last.get(chapter, 0), int(number))
    yield from (one for one in _numbers({chapter: most for chapter, most in last.items() if chapter}) if one not in there)


def _titles(name: str, editions: dict[str, dict[str, str]]) -> dict[str, str]:
    """Of the newest edition that has the identifier, where the work is in the public domain. Sentences are no titles."""
    found: dict[str, str] = {}
    for _, ids in sorted(editions.items()) if name in PUBLIC_DOMAIN else ():
        found |= {_written(name, one): _title(title) for one, title in ids.items() if title and len(title) < 90}
    return found


def _title(title: str) -> str:
    return WITHDRAWN.sub("", title).strip().replace("—", "-")


def _completed(name: str, given: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """The editions with what the catalogue lists only in part."""
    parts = {
        ("csf", "1.1"): [f"{one}-{n}" for one, most in _spans(CSF).items() for n in range(1, most + 1)],
        ("iso27001", "2013"): list(_numbers(_spans(ISO_2013))),
        ("nist171", "2"): list(_numbers(_spans(NIST_171))),
        ("pci", "3.2.1"): [*map(str, range(1, 13)), *_numbers(_spans(PCI_3))],
    }
    assert [len(parts[key]) for key in list(parts)[:3]] == [108, 114, 110]
    for version, ids in given.items():
        if name == "gdpr":
            yield "2016/679", {f"Art. {number}": "" for number in range(1, ARTICLES + 1)}
        elif name == "hipaa":
            yield version, ids | dict.fromkeys((one for one in HIPAA.split() if one not in ids), "")
        elif (name, version) in parts:
            yield version, {one: ids.get(one, "") for one in parts[name, version]}
        elif version != "20x KSI low 25.05C":
            yield version, ids
    for version, most in CIS_EARLIER.get(name, {}).items():
        yield version, dict.fromkeys(_numbers(_spans(most)), "")


def _spans(written: str) -> dict[str, int]:
    """`1:24 2:9` → chapter → its last number."""
    return {chapter: int(last) for chapter, _, last in (span.rpartition(":") for span in written.split())}


def _numbers(most: dict[str, int]) -> Iterator[str]:
    return (f"{chapter}.{number}" for chapter, last in most.items() for number in range(1, last + 1))


def _written(name: str, identifier: str) -> str:
    if name == "csf":  # 2.0 writes `PR.AA-05`, 1.1 `PR.AC-5`, and people either
        return identifier.replace("-0", "-")
    return identifier.replace("_", ".") if name == "nist171" else identifier


def _order(identifier: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", identifier)]


if __name__ == "__main__":
    sys.exit(main())
