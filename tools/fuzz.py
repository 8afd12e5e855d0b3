"""Looks for bytes that make the parser or the evaluator raise, hang, or keep silent about what they could not read.

    python tools/fuzz.py --seconds 60 --jobs 2 --out DIRECTORY [--seeds DIRECTORY]
    python tools/fuzz.py --replay FILE

Cases are grown from the fragments of the tests, from a grammar, and from files of `--seeds`, and mutated by bytes, tokens
and structure. Unique failures are saved in `--out`, one msgpack file each (path → bytes) beside a text that says what happened.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from tools.fuzz_cases import Case, Grower  # noqa: E402 - the path is set first
from tools.fuzz_checks import CHECKS  # noqa: E402


def main() -> int:
    options = arguments()
    if options.replay:
        return replay(Path(options.replay))
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    if options.worker is not None:
        work(options, out)
        return 0
    return watch(options, out)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", default="fuzz-found")
    parser.add_argument("--seeds", help="a directory with Terraform files")
    parser.add_argument("--limit", type=float, default=2.0, help="CPU seconds after which a case counts as a hang")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--replay", help="a saved case")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


# The watching process: starts workers, ends what hangs, keeps what killed a worker


class Worker:
    """One process and the case it is at."""

    def __init__(self, number: int, options: argparse.Namespace, out: Path) -> None:
        self.number, self.options, self.out = number, options, out
        self.current, self.count = out / f".worker-{number}", out / f".count-{number}"
        self.restarts = 0
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, __file__, *forwarded(self.options), "--worker", str(self.number), "--seed", str(self.seed())]
        self.current.unlink(missing_ok=True)
        return subprocess.Popen(command)  # noqa: S603 - ourselves

    def seed(self) -> int:
        return int(self.options.seed) * 1000 + self.number + 97 * self.restarts

    def stuck(self, limit: float) -> bool:
        """Whether its case has run for longer than any case may; wall time, so that waiting in C code counts."""
        try:
            return time.time() - self.current.stat().st_mtime > limit * 5 + 5
        except FileNotFoundError:
            return False

    def restart(self, what: str) -> None:
        case = msgspec.msgpack.decode(self.current.read_bytes(), type=Case)
        save(self.out, case, what, f"{what}: the worker did not survive this case")
        self.restarts += 1
        self.process = self.start()


def forwarded(options: argparse.Namespace) -> list[str]:
    given = ["--seconds", str(options.seconds), "--out", options.out, "--limit", str(options.limit)]
    return [*given, "--seeds", options.seeds] if options.seeds else given


def watch(options: argparse.Namespace, out: Path) -> int:
    started = time.monotonic()
    workers = [Worker(number, options, out) for number in range(options.jobs)]
    try:
        while time.monotonic() - started < options.seconds + 2:
            time.sleep(0.5)
            for worker in workers:
                tend(worker, options.limit, over=time.monotonic() - started > options.seconds)
            show(workers, out, started, end="\r")
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.wait()
    show(workers, out, started, end="\n")
    found = sorted(path.stem for path in out.glob("*.txt"))
    print("\n".join(found))
    return 1 if found else 0


def tend(worker: Worker, limit: float, *, over: bool) -> None:
    code = worker.process.poll()
    if code is None and worker.stuck(limit):
        worker.process.kill()
        worker.process.wait()
        worker.restart("hang")
    elif code not in (None, 0) and not over:
        worker.restart(f"died-{signal.Signals(-code).name if code and code < 0 else code}")


def show(workers: list[Worker], out: Path, started: float, end: str) -> None:
    total = sum(read_count(worker.count) for worker in workers)
    unique = len(list(out.glob("*.txt")))
    elapsed = time.monotonic() - started
    print(f"{elapsed:6.0f} s  {total} executions  {total / elapsed:.0f}/s  {unique} unique failures", end=end, flush=True)


def read_count(path: Path) -> int:
    try:
        return sum(int(line) for line in path.read_text().split())
    except (FileNotFoundError, ValueError):
        return 0


# The working process


def work(options: argparse.Namespace, out: Path) -> None:
    chance = random.Random(options.seed)  # noqa: S311 - reproducible, not secret
    grower = Grower(chance, Path(options.seeds) if options.seeds else None)
    current, count = out / f".worker-{options.worker}", out / f".count-{options.worker}"
    done, before, deadline = 0, read_count(count), time.monotonic() + options.seconds
    while time.monotonic() < deadline:
        case = grower.grow()
        current.write_bytes(msgspec.msgpack.encode(case))
        check(case, out, options.limit)
        done += 1
        if done % 20 == 0:
            count.write_text(f"{before} {done}")
    count.write_text(f"{before} {done}")
    current.unlink(missing_ok=True)


def check(case: Case, out: Path, limit: float) -> None:
    """Every property on one case; what fails is saved."""
    for name, property_ in CHECKS.items():
        started = time.process_time()
        problem = failure(property_, case)
        if problem:
            save(out, case, f"{name}-{problem[0]}", problem[1])
        elif (taken := time.process_time() - started) > limit:
            save(out, case, f"slow-{name}", f"{taken:.1f} s")


def failure(property_: Callable[[Case], None], case: Case) -> tuple[str, str] | None:
    """A signature of the failure (type and innermost places) and its text."""
    try:
        property_(case)
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        places = "-".join(f"{Path(frame.filename).stem}.{frame.lineno}" for frame in frames)
        return f"{type(error).__name__}-{places}", "".join(traceback.format_exception(error))[-6_000:]
    return None


def save(out: Path, case: Case, signature: str, text: str) -> None:
    """Keeps the smallest case of each signature."""
    name = f"{signature[:120]}-{hashlib.sha256(signature.encode()).hexdigest()[:6]}"
    encoded, path = msgspec.msgpack.encode(case), out / f"{name}.case"
    if path.exists() and path.stat().st_size <= len(encoded):
        return
    path.write_bytes(encoded)
    shown = "\n".join(f"--- {file}\n{data[:3_000].decode('utf-8', 'replace')}" for file, data in case.files.items())
    (out / f"{name}.txt").write_text(f"{text}\n{shown}\n")


def replay(path: Path) -> int:
    case = msgspec.msgpack.decode(path.read_bytes(), type=Case)
    failed = 0
    for name, property_ in CHECKS.items():
        started = time.process_time()
        problem = failure(property_, case)
        print(f"{name}: {time.process_time() - started:.2f} s {problem[1] if problem else 'holds'}")
        failed += problem is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
