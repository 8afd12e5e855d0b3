"""What an evaluation costs, against the budgets.

    python tools/bench.py [--runs 9] [--changes 60] [--repo DIRECTORY --range A..B] [--index FILE --clones DIRECTORY] [--scan DIRECTORY]

Cold: `countersign review` of one module change in a fresh process with a fresh HOME. CPU is user and system time of the
command and of every process it waited for (wait4); memory is the largest of them.
Warm: the pure evaluation of many changes inside one process, with nothing of a change parsed before. Real changes are the
first-parent commits of `--range`, each against its parent, or those that `--index` names.
Policy: the shipped rules loaded in a fresh process. Authorship: the commits and the body of one pull request.
Scan: `countersign scan` of a directory, its CPU scaled to 1,000 sources.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools import bench_warm

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from tools.bench_cold import load_policy, measure, measure_scan, sample_repository  # noqa: E402 - the path is set first

CPU_MS, MEMORY_MB, MEDIAN_MS, WORST_MS, POLICY_MS, SCAN_MS = 150.0, 60.0, 20.0, 2_000.0, 12.0, 4_000.0
AUTHORSHIP_MS = 2.0


def main() -> int:
    options = arguments()
    passed = [cold(options), policy(options)]
    if options.scan:
        passed += [scan(options.scan)]
    from tools import bench_warm  # noqa: PLC0415 - the engine would count in the memory of the cold runs

    passed += [authorship(options)]
    passed += [warm("generated", bench_warm.generated(options.changes))]
    if options.repo:
        passed += [warm(f"{options.repo} {options.range}", bench_warm.real(options.repo, options.range, options.most))]
    if options.index:
        passed += [warm(options.index, bench_warm.listed(options.index, options.clones))]
    return 0 if all(passed) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--repo", help="a clone with real changes")
    parser.add_argument("--range", default="HEAD~20..HEAD")
    parser.add_argument("--most", type=int, default=200, help="at most so many real changes")
    parser.add_argument("--index", help="real changes, one JSON object a line")
    parser.add_argument("--clones", help="where the clones of the index are", default=".")
    parser.add_argument("--scan", help="a directory to scan")
    return parser.parse_args()


def cold(options: argparse.Namespace) -> bool:
    """Runs the command; the first run counts like every other."""
    with tempfile.TemporaryDirectory() as place:
        repository, span = (options.repo, options.range) if options.repo else (sample_repository(Path(place)), "HEAD~1..HEAD")
        runs = [measure(repository, span) for _ in range(options.runs)]
    cpu, memory = median([run.cpu_ms for run in runs]), max(run.memory_mb for run in runs)
    left = sum(run.left for run in runs)
    print(f"cold review of {Path(repository).name} {span}, {len(runs)} runs, exit {', '.join(sorted({str(run.code) for run in runs}))}")
    ok = row("CPU, first run", runs[0].cpu_ms, "ms", CPU_MS)
    ok &= row("CPU, median", cpu, "ms", CPU_MS)
    row("elapsed, median", median([run.elapsed_ms for run in runs]), "ms", None)
    ok &= row("memory, largest process", memory, "MB", MEMORY_MB)
    ok &= row("processes left", float(left), "", 0.0)
    for complaint in {run.complaint for run in runs if run.complaint}:
        print(f"  it complained: {complaint.strip()[-500:]}")
    return ok and all(run.code in {0, 1, 2} and not run.complaint for run in runs)


def policy(options: argparse.Namespace) -> bool:
    """The shipped rules, loaded as a command loads them."""
    runs = [load_policy() for _ in range(options.runs)]
    print(f"\npolicy of {runs[0].rules} rules in a fresh process, {len(runs)} runs")
    return row("load, median", median([run.cpu_ms for run in runs]), "ms", POLICY_MS)


def authorship(options: argparse.Namespace) -> bool:
    """An ordinary change: nine commits and the body of their pull request, read for who wrote them."""
    from tools.bench_authorship import measure  # noqa: PLC0415 - the engine would count in the memory of the cold runs

    runs = [measure() for _ in range(options.runs)]
    print(f"\nauthorship of nine commits and a body, {len(runs)} runs")
    ok = row("table and change, first run", runs[0].table_ms + runs[0].change_ms, "ms", None)
    return ok & row("change, median", median([run.change_ms for run in runs]), "ms", AUTHORSHIP_MS)


def scan(directory: str) -> bool:
    """One scan."""
    run, sources = measure_scan(directory)
    print(f"\nscan of {directory}, {sources} sources, exit {run.code}")
    row("CPU", run.cpu_ms, "ms", None)
    row("memory, largest process", run.memory_mb, "MB", None)
    return row("CPU for 1,000 sources", run.cpu_ms / max(1, sources) * 1_000, "ms", SCAN_MS) and run.code in {0, 1, 2}


def warm(title: str, changes: list[bench_warm.Timing]) -> bool:
    if not changes:
        print(f"\nwarm evaluation, {title}: no change")
        return True
    totals = [change.total_ms for change in changes]
    lines = sum(change.lines for change in changes)
    print(f"\nwarm evaluation of {len(changes)} changes ({title}), {lines} lines read")
    ok = row("median", median(totals), "ms", MEDIAN_MS)
    row("95th percentile", sorted(totals)[int(len(totals) * 0.95)], "ms", None)
    ok &= row("worst", max(totals), "ms", WORST_MS)
    row("median, all parsed before", median([change.again_ms for change in changes]), "ms", None)
    for part in sorted({name for change in changes for name in change.parts}):
        spent = [change.parts.get(part, 0.0) for change in changes]
        per_thousand = sum(spent) / max(1, lines) * 1_000
        print(f"    {part:<12} median {median(spent):8.2f} ms   {per_thousand:8.2f} ms per 1,000 lines")
    return ok


def row(name: str, value: float, unit: str, budget: float | None) -> bool:
    held = budget is None or value <= budget
    shown = "" if budget is None else f"   budget {budget:8.1f}   {'pass' if held else 'FAIL'}"
    print(f"  {name:<26}{value:9.1f} {unit:<3}{shown}")
    return held


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
