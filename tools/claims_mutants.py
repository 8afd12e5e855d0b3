"""Changes real code below claims that hold, so that they no longer do or still do, and counts what is then said of them. Synthetic.

The claims are those of the newest trees of clones (named `owner__name`) that are answered with "it is so" by one value on one line. Each
is looked at with the files of its directories alone. What breaks a claim and what keeps it is decided here, by the line, not by the engine.

    python tools/claims_mutants.py CLONES OWNER/NAME...
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import dirname

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.confine.tables import facts
from bot.engine.evaluation import evaluate
from bot.engine.model.verdict import Claim
from tests.changes import snapshot

MOST_PER_TREE = 40
MOST_BYTES = 200_000
Files = dict[str, str]
_PLACE = re.compile(r"\(([^()]+):(\d+)\)$")
_SHOWN = re.compile(r"(?:\.|^)(\w+)(?:\[\d+\])? = (.+) \([^()]+\)$", re.DOTALL)
# Of a value that shows a claim → another with which nobody would say it.
_BREAKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\btrue\b"), "false"),
    (re.compile(r"\bfalse\b"), "true"),
    (re.compile(r'"Enabled"'), '"Suspended"'),
    (re.compile(r'"ACTIVE"'), '"INACTIVE"'),
    (re.compile(r'"(?:10|172|192)\.[\d.]+/\d+"'), '"0.0.0.0/0"'),
    (re.compile(r":aws:policy/[\w/-]+"), ":aws:policy/AdministratorAccess"),
    (re.compile(r'"[a-z0-9-]+:(?:Get|List|Describe)\w*\*?"'), '"s3:DeleteObject"'),
    (re.compile(r"\.(?:nano|micro|small|medium|large)\b"), ".24xlarge"),
)
# What a provider leaves off where nothing is written.
_OFF_WHEN_ABSENT = re.compile(
    r"\s*(?:storage_encrypted|encrypted|multi_az|deletion_protection|backup_retention_period|prevent_destroy|transit_encryption_enabled"
    r"|point_in_time_recovery|enable_deletion_protection|deletion_protection_enabled|internal|kms_master_key_id|count|for_each)\s*="
)
_NUMBER = re.compile(r"(?<![\w.\"/-])(\d+)(?![\w.\"/-])")
# The same value, written in another way.
_KEEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"= true\b"), "= !false"),
    (re.compile(r"= true\b"), '= tobool("true")'),
    (re.compile(r"= false\b"), "= !true"),
    (re.compile(r"= (\d+)$"), r"= \1 + 0"),
    (re.compile(r"= (\d+)$"), r"= max(\1, 0)"),
    (re.compile(r'= ("[^"$]+")$'), r'= join("", [\1])'),
    (re.compile(r'= ("[^"$]+")$'), r"= coalesce(null, \1)"),
    (re.compile(r"= (true|false|\d+|\"[^\"$]+\")$"), r"= local.countersign_kept"),
)
# Switches of a block that no claim of the vocabulary is about.
_UNRELATED = re.compile(
    r"^(\s*(?:skip_final_snapshot|apply_immediately|auto_minor_version_upgrade|copy_tags_to_snapshot|enable_dns_hostnames|ebs_optimized"
    r"|force_detach_policies|bucket_key_enabled|is_ipv6_enabled|preserve_host_header|enable_http2)\s*= )(true|false)\b"
)


def _git(clone: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, check=True).stdout.decode("utf-8", "replace")  # noqa: S603, S607 - git of the machine


def _tree(clone: Path) -> Files:
    names = [name for name in _git(clone, "ls-tree", "-r", "--name-only", "HEAD").split("\n") if name.endswith((".tf", ".tfvars", ".md"))]
    read = {name: _git(clone, "show", f"HEAD:{name}") for name in names}
    return {name: text for name, text in read.items() if len(text) < MOST_BYTES}


def _claims(files: Files) -> tuple[Claim, ...]:
    return tuple([claim for claim in evaluate(snapshot({}, files), facts()).claims if claim.about == "property"])


def _is_the_same(one: Claim, other: Claim) -> bool:
    """Whether it is the same sentence about the same property: of several answers to a sentence the value's name tells them apart."""
    same_place = one.text == other.text and one.place.get("path") == other.place.get("path") and one.resource == other.resource
    return same_place and _name(one) in {_name(other), ""}


def _name(claim: Claim) -> str:
    shown = _SHOWN.search(claim.by or "")
    return shown[1] if shown else ""


def _changed(files: Files, path: str, line: int, text: str) -> Files:
    lines = files[path].split("\n")
    lines[line - 1] = text
    return {**files, path: "\n".join(lines)}


def _breaking(files: Files, path: str, line: int) -> Iterator[Files]:
    said = files[path].split("\n")[line - 1]
    code = said.partition(" #")[0]
    rest = said[len(code) :]
    for pattern, by in _BREAKS:
        changed = pattern.sub(by, code)
        if changed != code:
            yield _changed(files, path, line, changed + rest)
    if _OFF_WHEN_ABSENT.match(code):
        yield _changed(files, path, line, "")
    if _NUMBER.search(code):
        yield _changed(files, path, line, _NUMBER.sub(lambda found: str(int(found[1]) * 2 + 3), code) + rest)


def _keeping(files: Files, path: str, line: int) -> Iterator[Files]:
    lines = files[path].split("\n")
    code = lines[line - 1].partition(" #")[0].rstrip()
    rest = lines[line - 1][len(code) :]
    for pattern, by in _KEEPS:
        found = pattern.search(code)
        if found:
            changed = _changed(files, path, line, pattern.sub(by, code) + rest)
            if "countersign_kept" in by:
                changed[path] += f"\nlocals {{\n  countersign_kept = {found[1]}\n}}\n"
            yield changed
    for number, other in enumerate(lines, start=1):
        found = _UNRELATED.match(other) if abs(number - line) < 30 and number != line else None
        if found:
            yield _changed(files, path, number, f"{found[1]}{'false' if found[2] == 'true' else 'true'}")
    yield {**files, path: "\n\n" + files[path]}


def _near(files: Files, *paths: str) -> Files:
    wanted = {dirname(path) for path in paths}
    return {name: text for name, text in files.items() if dirname(name) in wanted}


def _tried(files: Files, claim: Claim) -> Iterator[tuple[str, str]]:
    """Of each mutant whether it breaks or keeps the claim, and what is said of it then."""
    place = _PLACE.search(claim.by or "")
    own = str(claim.place.get("path", ""))
    if place is None or not own or place[1] not in files:
        return
    near = _near(files, own, place[1])
    if not any(_is_the_same(claim, one) and one.status == "supported" for one in _claims(near)):
        return
    for kind, mutants in (("breaks", _breaking(near, place[1], int(place[2]))), ("keeps", _keeping(near, place[1], int(place[2])))):
        for mutant in mutants:
            told = {one.status for one in _claims(mutant) if _is_the_same(claim, one)}
            yield kind, next((status for status in ("contradicted", "supported", "unverifiable") if status in told), "silent")


def main() -> int:
    count: Counter[tuple[str, str]] = Counter()
    for repository in sys.argv[2:]:
        files = _tree(Path(sys.argv[1]) / repository.replace("/", "__"))
        supported = [claim for claim in _claims(files) if claim.status == "supported"][:MOST_PER_TREE]
        for claim in supported:
            for kind, status in _tried(files, claim):
                count[kind, status] += 1
                if (kind, status) in {("keeps", "contradicted"), ("breaks", "supported")}:
                    print(f"wrong: {kind}, {status}: {repository} {claim.place} {claim.by}")
    _print(count)
    return 0


def _print(count: Mapping[tuple[str, str], int]) -> None:
    for kind in ("breaks", "keeps"):
        print(kind, {status: number for (own, status), number in sorted(count.items()) if own == kind})
    said = sum(number for (_, status), number in count.items() if status == "contradicted")
    print(f"contradicted {said}, rightly {count.get(('breaks', 'contradicted'), 0)}")


if __name__ == "__main__":
    sys.exit(main())
