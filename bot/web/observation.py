"""What the service knows of itself: numbers for metrics, parts for readiness. No name of anybody or anything of GitHub's is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from threading import Lock, Thread, local
from time import monotonic

from bot.confine import Supervisors
from bot.github.app import App
from bot.github.refusal import Refusal
from bot.ledger import Ledger
from bot.ledger.deliveries import Deliveries
from bot.web.condition import Part
from bot.web.inbox import Inbox
from bot.web.metrics import Metrics, Sample

OPEN = ("stored", "waiting", "working")
# The oldest delivery that is not done: beyond this nobody works.
STUCK = 900.0
STEPS = "How long a step of the work takes: claim, look, answer, react, begin, decide, publish, tell, finish."
REQUESTS = "Requests to GitHub, by kind; token: those for installation tokens."
ASK_EVERY = 60.0

Now = Callable[[], datetime]


def database(ledger: Ledger) -> Part:
    """Writable, with the tables that this version needs."""
    ledger.database.probe()
    return Part(ok=True)


def queue(deliveries: Deliveries, now: datetime) -> Part:
    """Whether what came in gets done."""
    waiting, age = _waiting(deliveries, now)
    if not waiting:
        return Part(ok=True, detail="nothing waits")
    return Part(age < STUCK, f"{waiting} not done, the oldest for {age:.0f} s")


def supervisor(processes: Supervisors) -> Part:
    """The processes that evaluate; one that died is started again here."""
    processes.start()
    return Part(ok=True)


class Steps:
    """A watch of the workflows that measures how long each step takes. A step begins and ends in one thread."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics, self._begun = metrics, local()

    def __call__(self, moment: str, step: str) -> None:
        if moment == "before":
            self._begun.at = monotonic()
        else:
            self._metrics.observe("step_seconds", STEPS, monotonic() - self._begun.at, step=step)


class Credentials:
    """Whether GitHub takes the key, as it was when it was asked last: once a minute, while nobody waits for it. GitHub that does not
    answer is no reason not to take its deliveries. The App was told who it is when it began."""

    def __init__(self, app: App) -> None:
        self._app, self._lock = app, Lock()
        self._asked, self._part = monotonic(), Part(ok=True)

    def __call__(self) -> Part:
        with self._lock:
            if monotonic() - self._asked >= ASK_EVERY:
                self._asked = monotonic()
                Thread(target=self._ask, name="credentials", daemon=True).start()
            return self._part

    def _ask(self) -> None:
        try:
            self._app.itself()
        except Refusal as refusal:
            self._part = Part(refusal.passing, refusal.kind)
        else:
            self._part = Part(ok=True)


def ledger_samples(ledger: Ledger, now: Now) -> Iterable[Sample]:
    """Of all replicas together, as the ledger has it."""
    waiting, age = _waiting(ledger.deliveries, now())
    yield Sample("queue_depth", "gauge", "Deliveries that are not done.", waiting)
    yield Sample("queue_oldest_seconds", "gauge", "Age of the oldest delivery that is not done.", round(age, 3))
    for state, number in sorted(ledger.deliveries.counts().items()):
        yield Sample("deliveries", "gauge", "Deliveries in the ledger, by state.", number, {"state": state})
    for conclusion, number in sorted(ledger.evaluations.conclusions().items()):
        yield Sample("reviews_total", "counter", "Verdicts, by conclusion.", number, {"conclusion": conclusion})


def inbox_samples(inbox: Inbox) -> Iterable[Sample]:
    """Of this process."""
    yield Sample("inbox_depth", "gauge", "Deliveries that are answered and not in the ledger yet.", inbox.depth())


def github_samples(app: App) -> Iterator[Sample]:
    """Of this process: requests, and the tightest rate limit of any installation."""
    calls: Counter[str] = Counter(app.as_app.calls)
    for gateway in app.gateways():
        calls.update(gateway.calls)
    for kind, number in sorted({**calls, "token": app.tokens}.items()):
        yield Sample("github_requests_total", "counter", REQUESTS, number, {"kind": kind})
    for resource in ("core", "graphql"):
        budgets = [budget for gateway in app.gateways() if (budget := gateway.budget(resource)) is not None]
        if budgets:
            least = min(budgets, key=lambda budget: budget.remaining)
            label = {"resource": resource}
            yield Sample("github_rate_remaining", "gauge", "Requests left to the installation that has the fewest.", least.remaining, label)
            yield Sample("github_rate_limit", "gauge", "Requests an hour of that installation.", least.limit, label)


def _waiting(deliveries: Deliveries, now: datetime) -> tuple[int, float]:
    counts, oldest = deliveries.counts(), deliveries.oldest()
    return sum(counts.get(state, 0) for state in OPEN), max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
