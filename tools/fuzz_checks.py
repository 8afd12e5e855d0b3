"""What must hold on any bytes: no exception, no silence about an error, no value that cannot be written down."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import msgspec
import pygohcl  # type: ignore[import-untyped]  # a C extension without stubs

from bot.confine.tables import facts
from bot.engine.evaluation import evaluate as decide
from bot.engine.evaluation import scan
from bot.engine.iac import terraform
from bot.engine.iac.terraform.parse import parse_file
from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.engine.model.value import plain
from tools.fuzz_cases import Case

_RULES = Path(__file__).parents[1] / "rules"
POLICY = {str(path.relative_to(_RULES)): path.read_bytes().partition(b"\nexamples:")[0] for path in sorted(_RULES.rglob("*.yaml"))}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAX_ORACLE_BYTES = 10_000
_NATIVE = (".tf", ".tofu", ".tfvars")


class SilenceError(AssertionError):
    """Something was wrong with the bytes and nothing says so."""


def parses(case: Case) -> None:
    """Each file is parsed, and a syntax error in it is said."""
    for path, data in case.files.items():
        found = parse_file(path, data)
        if path.endswith(_NATIVE) and not found.unread and _is_refused(data):
            raise SilenceError(path)


def _is_refused(data: bytes) -> bool:
    """Whether HCL's own parser refuses it; it is not asked of a large file, as it evaluates what it has read in
    this process, nor of one with a zero byte, where its text ends."""
    if len(data) > MAX_ORACLE_BYTES or 0 in data:
        return False
    try:
        pygohcl.loads(data.decode("utf-8", "replace"))
    except pygohcl.HCLParseError:
        return True
    except (pygohcl.HCLInternalError, RecursionError):  # it has read the file and failed to evaluate it
        return False
    return False


def evaluates(case: Case) -> None:
    """Each root is evaluated; every value can be encoded."""
    for root in terraform.find_roots(case.files):
        for model in terraform.evaluate(root.directory, case.files):
            for resource in model.resources:
                msgspec.msgpack.encode({name: plain(value) for name, value in resource.attributes.items()})


def concludes(case: Case) -> None:
    """The verdict is reached, can be encoded and read back, and is not clean when something was not read."""
    verdict = decide(snapshot(case), facts())
    if msgspec.msgpack.decode(msgspec.msgpack.encode(verdict), type=type(verdict)) != verdict:
        raise SilenceError("a verdict that does not read back")
    if verdict.state == "clean" and (verdict.coverage.unread or verdict.coverage.partly):
        raise SilenceError("clean although something was not read")


def scans(case: Case) -> None:
    """A scan, file by file too, reaches an end."""
    msgspec.msgpack.encode(scan(snapshot(case), facts(), standalone=True, include_pass=True))


def snapshot(case: Case) -> Snapshot:
    blobs = {_oid(data): data for data in (*case.before.values(), *case.files.values())}
    before, after = ({path: Entry(_oid(data)) for path, data in files.items()} for files in (case.before, case.files))
    return Snapshot(Tree("base", before), Tree("head", after), blobs, POLICY, NOW)


def _oid(data: bytes) -> str:
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


CHECKS = {"parse": parses, "evaluate": evaluates, "conclude": concludes, "scan": scans}
