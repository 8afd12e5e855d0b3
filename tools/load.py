"""The App under load, against the stand-in on loopback.

    python tools/load.py [--installations 200] [--database URL] [--workers N] [--write-spacing 1.0] [--hot 300]

Starts `countersign serve` as its own process, with SQLite in a temporary directory unless `--database` names another one, and
measures in this order: single reviews while it is idle, one review of every installation at once, answers to a hundred deliveries a
second, and one installation that is flooded while the others go on. CPU is what the kernel accounts to the App's process and to the
one that evaluates. The stand-in and the senders share the machine with both, and their CPU is printed too.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.cli import prepared  # noqa: E402 - the path is set first
from bot.standin.state.pulls import PullRequest  # noqa: E402
from tools.load_answers import Answered, Letter, Nothing, steadily  # noqa: E402
from tools.load_app import Cpu, Served  # noqa: E402
from tools.load_scene import CHANGE, RUN, RUNS, Call, Postman, Sent, Tenant, Timed, registered, tenants  # noqa: E402

CPU_MS, BEGIN_SECONDS, ANSWER_SECONDS, FIRST_CALLS, PUSH_CALLS = 50.0, 1.0, 0.05, 8, 6
RATE, RATE_SECONDS, ROUNDS, IDLE, PATIENCE = 100, 5, 3, 10, 900.0


class Bench(NamedTuple):
    """What a measurement works with."""

    standin: Timed
    app: Served
    postman: Postman
    tenants: list[Tenant]

    def settled(self) -> None:
        """Waits until everything that was sent is done."""
        until(lambda: self.postman.idle() and self.app.waiting() == 0, 0.2)


def main() -> int:
    options = arguments()
    print(f"load average before: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")
    if not prepared.policy():
        prepared.write()  # as `make` does: without it every evaluation reads the rules from their files
    with tempfile.TemporaryDirectory(prefix="countersign-load-") as place, Timed.serve() as standin:
        app = registered(standin)
        given = {"write_spacing": str(options.write_spacing)}
        given |= {"workers": str(options.workers)} if options.workers else {}
        given |= {"ledger_url": options.database} if options.database else {}
        standin.limits.primary = 1_000_000
        with Served(standin, app, Path(place), given) as served, Postman(standin, served.url) as postman:
            bench = Bench(standin, served, postman, tenants(standin, app, options.installations))
            bench.settled()
            passed = [idle(bench), throughput(bench), answers(bench), fairness(bench, options.hot)]
            print(f"\nload average after: {os.getloadavg()[0]:.1f}")
            if complaints := served.complaints():
                print(f"\nit complained:\n{complaints[-2000:]}")
    return 0 if all(passed) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--installations", type=int, default=200)
    parser.add_argument("--database", default="", help="in SQLAlchemy's form; SQLite in a temporary directory without it")
    parser.add_argument("--workers", type=int, default=0, help="reviews at a time; the App's own number without it")
    parser.add_argument("--write-spacing", type=float, default=1.0, help="seconds between two writes of one installation")
    parser.add_argument("--hot", type=int, default=300, help="deliveries for the one installation that is flooded")
    return parser.parse_args()


def idle(bench: Bench) -> bool:
    """A first review and an unchanged push of a few installations, one after the other."""
    begins, firsts, pushes, totals = [], [], [], []
    for tenant in bench.tenants[:IDLE]:
        since, seen = len(bench.standin.answered), len(bench.postman.sent)
        pull = tenant.opened("idle")
        until(partial(_reviewed, bench, tenant, since))
        mine = _calls(bench, tenant, since)
        at = _told(bench.postman.sent[seen:], tenant)
        begins.append(_first(mine, "POST", RUNS) - at)
        totals.append(_first(mine, "PATCH", RUN) - at)
        firsts.append(_requests(mine))
        bench.settled()
        since = len(bench.standin.answered)
        pull.push({"README.md": "words\n"}, by=tenant.author)
        until(partial(_reviewed, bench, tenant, since))
        bench.settled()
        pushes.append(_requests(_calls(bench, tenant, since)))
    print(f"\nidle: {IDLE} installations, one after the other; three files, two comments")
    ok = row("webhook to in_progress, median", median(begins), "s")
    ok &= row("webhook to in_progress, worst", max(begins), "s", BEGIN_SECONDS)
    ok &= row("webhook to completed, median", median(totals), "s")
    ok &= row("requests of a first review, most", max(firsts), "", FIRST_CALLS)
    return row("requests of a push that changes nothing, most", max(pushes), "", PUSH_CALLS) and ok


def throughput(bench: Bench) -> bool:
    """A first review of every other installation, all at once; then a push to each."""
    rest = bench.tenants[IDLE:] or bench.tenants
    pulls: list[PullRequest] = []

    def opened() -> None:
        pulls.extend(tenant.opened("at-once") for tenant in rest)

    def pushed() -> None:
        for tenant, pull in zip(rest, pulls, strict=True):
            pull.push({"db.tf": CHANGE["db.tf"].replace("5432", "3306")}, by=tenant.author)

    ok = _burst(bench, rest, "first reviews", opened)
    ok &= _burst(bench, rest, "reviews of a push that changes one file", pushed)
    return row("memory, App and the process that evaluates", bench.app.memory_mb(), "MB") and ok


def _burst(bench: Bench, those: list[Tenant], title: str, cause: Callable[[], None]) -> bool:
    since, cpu, own, begun = len(bench.standin.answered), bench.app.cpu(), _own(), time.monotonic()
    cause()
    made = time.monotonic() - begun
    until(lambda: _numbers(bench, since, "PATCH", RUN) >= len(those))
    ended = time.monotonic()
    bench.settled()
    spent, own = bench.app.cpu().since(cpu), _own() - own
    print(f"\n{len(those)} {title} at once, one of each installation (made in {made:.1f} s)")
    row("reviews a second", len(those) / (ended - begun), "/s")
    return _cpu(spent, own, len(those))


def _cpu(spent: Cpu, own: float, reviews: int) -> bool:
    ok = row("own CPU of a review, App", spent.app / reviews, "ms")
    ok &= row("own CPU of a review, evaluation", spent.child / reviews, "ms")
    ok &= row("own CPU of a review, both", (spent.app + spent.child) / reviews, "ms", CPU_MS)
    row("CPU of the door meanwhile", spent.door / reviews, "ms")
    return row("CPU of the stand-in and the senders meanwhile", own / reviews, "ms") and ok


def answers(bench: Bench) -> bool:
    """A hundred deliveries a second, each with its own GUID and bytes, in a few rounds: what others do to one of them is not ours.

    Reviews of all the pull requests run meanwhile, and between the rounds. An answer that does nothing, by the same server in a process of
    its own, is measured after each round: what that takes is the machine's.
    """
    bench.postman.paused = True  # what the reviews cause would come on top
    with Nothing() as nothing:
        rounds = [(_answered(bench, number, bench.app.url), _answered(bench, number, nothing.url)) for number in range(ROUNDS)]
    bench.postman.paused = False
    bench.settled()
    ours, floor = ([_p99(round_) for round_ in side] for side in zip(*rounds, strict=True))
    sent = [item for round_, _ in rounds for item in round_]
    print(f"\nanswers to {len(sent)} deliveries of pull requests, {RATE} a second, all new, in {ROUNDS} rounds")
    ok = row("not answered with 202", sum(item.status != 202 for item in sent), "", 0)
    row("answered, median", median([item.seconds for item in sent]) * 1000, "ms")
    ok &= row("answered, 99th percentile of the best round", min(ours), "ms", ANSWER_SECONDS * 1000)
    row("answered, 99th percentile of the worst round", max(ours), "ms")
    row("the same of an answer that does nothing, best", min(floor), "ms")
    return row("the same of an answer that does nothing, worst", max(floor), "ms") and ok


def _answered(bench: Bench, number: int, url: str) -> list[Answered]:
    opened = [made for made in bench.standin.outbox.recorded if made.event == "pull_request"]
    letters, first = [], number * RATE * RATE_SECONDS
    for each in range(first, first + RATE * RATE_SECONDS):
        other = opened[each % len(opened)].again()
        other.guid, other.body = f"00000000-0000-0000-0000-{each:012}", other.body[:-1] + b',"n":%d}' % each
        letters.append(Letter(other.body, dict(other.headers())))
    return steadily(url, letters, RATE)


def _p99(sent: list[Answered]) -> float:
    return sorted(item.seconds for item in sent)[int(len(sent) * 0.99)] * 1000


def fairness(bench: Bench, hot: int) -> bool:
    """One installation opens many pull requests; a second later each other one opens one."""
    flooded, *small = bench.tenants
    since = len(bench.standin.answered)
    for number in range(hot):
        flooded.opened(f"hot-{number}", {f"hot-{number}.tf": CHANGE["db.tf"]})
    time.sleep(1.0)
    seen, start = len(bench.postman.sent), len(bench.standin.answered)
    for tenant in small:
        tenant.opened("small")
    until(lambda: all(_completed(_calls(bench, tenant, start)) for tenant in small), 0.5)
    sent, per = bench.postman.sent[seen:], _by_holder(bench, start)
    begun = [_first(per[tenant.holder], "POST", RUNS) - _told(sent, tenant) for tenant in small]
    ended = [_first(per[tenant.holder], "PATCH", RUN) - _told(sent, tenant) for tenant in small]
    done = sum(call.method == "PATCH" for call in _calls(bench, flooded, since) if call.template == RUN)
    print(f"\nfairness: {hot} pull requests of one installation, then one of each of {len(small)} others")
    row("others, webhook to in_progress, median", median(begun), "s")
    row("others, webhook to in_progress, worst", max(begun), "s")
    row("others, webhook to completed, median", median(ended), "s")
    row("others, webhook to completed, worst", max(ended), "s")
    return row("of the flooded one done meanwhile", done, "")


def _by_holder(bench: Bench, since: int) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in bench.standin.answered[since:]:
        found.setdefault(call.holder, []).append(call)
    return found


def _calls(bench: Bench, tenant: Tenant, since: int) -> list[Call]:
    return [call for call in bench.standin.answered[since:] if call.holder == tenant.holder]


def _numbers(bench: Bench, since: int, method: str, template: str) -> int:
    return sum((call.method, call.template) == (method, template) for call in bench.standin.answered[since:])


def _reviewed(bench: Bench, tenant: Tenant, since: int) -> bool:
    return _completed(_calls(bench, tenant, since))


def _completed(calls: Iterable[Call]) -> bool:
    return any((call.method, call.template) == ("PATCH", RUN) for call in calls)


def _requests(calls: list[Call]) -> int:
    """Without those for a token."""
    return sum("access_tokens" not in call.template for call in calls)


def _first(calls: Iterable[Call], method: str, template: str) -> float:
    return next(call.at for call in calls if (call.method, call.template) == (method, template))


def _told(sent: Iterable[Sent], tenant: Tenant) -> float:
    """When the App was told of the tenant's pull request."""
    mine = (item for item in sent if item.delivery.repository_id == tenant.repository.id)
    return next(item.at for item in mine if item.delivery.event == "pull_request")


def until(found: Callable[[], bool], pause: float = 0.02) -> None:
    """Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing happened for {PATIENCE:g} s")
        time.sleep(pause)


def row(name: str, value: float, unit: str, goal: float | None = None) -> bool:
    held = goal is None or value <= goal
    shown = "" if goal is None else f"   goal {goal:6.1f}   {'pass' if held else 'FAIL'}"
    print(f"  {name:<48}{value:9.2f} {unit:<3}{shown}", flush=True)
    return held


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _own() -> float:
    """CPU of this process, milliseconds: the stand-in and the senders."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1000


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
