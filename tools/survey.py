"""What `scan` and `backtest` make of real repositories, as Markdown tables.

    python tools/survey.py [--last 50] CLONE [CLONE …]

Known shares count policy-relevant values: what some rule reads of a resource type, or of a view, where it is set. Time and
memory are those of the commands, as the kernel accounts them (wait4: the command and the processes it waited for).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.cli import resources  # noqa: E402 - the path is set first
from bot.engine import evaluation  # noqa: E402
from bot.engine.iac import terraform  # noqa: E402
from bot.engine.model.match import Subject  # noqa: E402
from bot.engine.model.resource import Model  # noqa: E402
from bot.engine.model.value import Null, Value, first_unknown  # noqa: E402
from bot.engine.policy import Policy, load_policy  # noqa: E402
from bot.engine.policy.condition import joined, leaves_of  # noqa: E402
from bot.engine.supply import complete  # noqa: E402
from bot.engine.views import VIEWS  # noqa: E402
from bot.local import directory  # noqa: E402


class Ran(NamedTuple):
    """One command."""

    code: int
    out: str
    seconds: float
    memory_mb: float


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--last", type=int, default=50)
    parser.add_argument("clones", nargs="+")
    options = parser.parse_args()
    policy = load_policy(resources.rules())
    scans = [scanned(Path(clone), policy) for clone in options.clones]
    print(table(["files", "roots", "resources", "results", "known", "unknown", "crash", "CPU_s", "MB"], scans))
    print("\nunknown values by reason\n")
    print(table(["reasons"], [(name, {"reasons": row["reasons"]}) for name, row in scans]))
    print("\nresults per 1,000 resources by rule\n")
    print(by_rule(scans))
    print(f"\nbacktest --last {options.last}\n")
    columns = ["changes", "infrastructure", "silent", "ask", "stop", "unread", "failed", "CPU_s", "MB"]
    print(table(columns, [backtested(Path(clone), options.last) for clone in options.clones]))
    return 0


Row = tuple[str, dict[str, object]]


def scanned(clone: Path, policy: Policy) -> Row:
    """One repository: the command's own figures, and the shares of known values."""
    ran = run("scan", str(clone), "--format", "jsonl")
    lines = [json.loads(line) for line in ran.out.splitlines() if line.startswith("{")]
    coverage = lines[-1].get("coverage", {}) if lines else {}
    rules = Counter(line["rule"] for line in lines if "rule" in line)
    files, models = read(clone)
    counts = shares(models, policy)
    total = sum(counts.values())
    known = f"{100 * counts['known'] / total:.1f} % of {total}" if total else "none"
    reasons = ", ".join(f"{name} {count}" for name, count in counts.most_common() if name != "known")
    managed = {(model.root, item.address) for model in models for item in model.resources if item.mode in {"managed", "data"}}
    return clone.name, {
        "files": len(files), "roots": len({model.root for model in models}), "resources": len(managed), "results": sum(rules.values()),
        "known": known, "unknown": total - counts["known"], "crash": "no" if ran.code in {0, 1, 2} and coverage else f"exit {ran.code}",
        "CPU_s": f"{ran.seconds:.1f}", "MB": f"{ran.memory_mb:.0f}", "reasons": reasons, "rules": rules,
    }  # fmt: skip


def read(clone: Path) -> tuple[dict[str, bytes], list[Model]]:
    """The sources of a tree and its models."""
    snapshot, source = directory.tree(str(clone), datetime.now(UTC), {})
    whole = complete(snapshot, source, evaluation.needs)
    files = {path: whole.blobs[entry.oid] for path, entry in whole.head.entries.items() if entry.oid in whole.blobs}
    paths = tuple(sorted(whole.head.entries))
    roots, listed = terraform.find_roots(files, paths), terraform.listing(files, paths)
    models = [model for root in roots for model in terraform.evaluate(root.directory, files, listed=listed)]
    return {path: data for path, data in files.items() if terraform.is_source(path)}, models


def shares(models: Iterable[Model], policy: Policy) -> Counter[str]:
    """How many policy-relevant values are known, and the reasons of those that are not."""
    types, views = relevant(policy)
    counts: Counter[str] = Counter()
    for model in models:
        for value in values(model, types, views):
            unknown = first_unknown(value)
            counts["known" if unknown is None else unknown.reason] += 1
    return counts


def values(model: Model, types: dict[str, set[str]], views: dict[str, set[str]]) -> Iterator[Value]:
    for resource in model.resources:
        yield from picked(resource.attributes, types.get(resource.type, set()))
    for name, attributes in views.items():
        subjects: Iterable[Subject] = VIEWS[name](model)
        for subject in subjects:
            yield from picked(subject.attributes, attributes)


def picked(attributes: dict[str, Value], names: set[str]) -> Iterator[Value]:
    return (value for name, value in attributes.items() if name in names and not isinstance(value, Null))


def relevant(policy: Policy) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Resource type → attributes that rules read, and the same for views."""
    types: dict[str, set[str]] = defaultdict(set)
    views: dict[str, set[str]] = defaultdict(set)
    for rule in policy.rules:
        paths = {joined(joined(rule.element, prefix), path) for prefix, test in leaves_of(rule.when) for path in test.paths}
        first = {path.partition(".")[0] for path in paths}
        for target in rule.targets:
            for name in target.types:
                types[name] |= first
            if target.view in VIEWS and target.view != "unread":
                views[target.view] |= first
    return types, views


def backtested(clone: Path, last: int) -> Row:
    ran = run("backtest", "--repo", str(clone), "--last", str(last), "--format", "json")
    counts = json.loads(ran.out) if ran.out.startswith("{") else {"failed": f"exit {ran.code}"}
    return clone.name, {**counts, "CPU_s": f"{ran.seconds:.1f}", "MB": f"{ran.memory_mb:.0f}"}


def run(*arguments: str) -> Ran:
    """A command in a fresh process with a fresh HOME."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as out:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "PYTHONPATH": str(HOME), "LC_ALL": "C.UTF-8"}
        process = subprocess.Popen([sys.executable, "-m", "bot.cli.main", *arguments], env=environment, stdout=out)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return Ran(process.returncode, out.read(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def table(columns: list[str], rows: list[Row]) -> str:
    lines = ["| repository | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += ["| " + " | ".join([name, *(str(row.get(column, "")) for column in columns)]) + " |" for name, row in rows]
    return "\n".join(lines)


def by_rule(scans: list[Row]) -> str:
    found: list[Counter[str]] = [row["rules"] for _, row in scans if isinstance(row["rules"], Counter)]
    rules = sorted(set().union(*found))
    lines = ["| rule | " + " | ".join(name for name, _ in scans) + " |", "|---" * (len(scans) + 1) + "|"]
    for rule in rules:
        cells = [f"{1000 * counts[rule] / max(1, int(str(row['resources']))):.1f}" for counts, (_, row) in zip(found, scans, strict=True)]
        lines.append(f"| {rule} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
