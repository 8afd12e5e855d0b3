"""Sends requests as one identity until there is an answer that counts: waits out limits, renews a token, repeats what may be repeated."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from bot.github.answer import Answer, is_limit, is_used_up, moment_of, refusal_of, wait_of
from bot.github.connection import Broken, Connection, Request
from bot.github.graphql import restated
from bot.github.limiter import Limiter
from bot.github.refusal import Refusal

READS = ("GET", "HEAD")


class Authorization(Protocol):
    """Who calls. `late`: GitHub may know a new value a moment after it gave it."""

    late: bool

    def header(self) -> str:
        """The value of the header `Authorization`; empty for nobody. Raises `Refusal`."""

    def renew(self, refused: str, moment: float | None) -> bool:
        """GitHub refused that value at that moment of its own clock (seconds since the epoch, None: not told): whether another try is
        worth it."""


class Patience(Struct, frozen=True):
    """`attempts`: how often a request is sent in all. `longest`: seconds that one call may spend on waiting, so that a worker never sleeps
    until the hour is over; beyond that the caller is told how long to wait. `backoff`: seconds before the second attempt, then doubled.
    """

    attempts: int = 4
    longest: float = 75.0
    backoff: float = 1.0


class Budget(Struct, frozen=True):
    """What is left of a rate limit. `reset`: seconds since the epoch.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
    """

    remaining: int
    limit: int
    reset: float


class Caller:
    """Safe to share between threads."""

    def __init__(self, connection: Connection, authorization: Authorization, limiter: Limiter, patience: Patience) -> None:
        self.connection = connection
        self.patience = patience
        self.limiter = limiter
        self._authorization = authorization
        self._budgets: dict[str, Budget] = {}
        self._calls: Counter[str] = Counter()
        self._counting = threading.Lock()

    def send(self, request: Request, *, repeat: bool = True, write: bool | None = None) -> Answer:
        """A successful answer; anything else raises `Refusal`. Without `repeat` a request that GitHub may have carried out is not sent
        again: the refusal is `unavailable`. `write` None: by the method.
        """
        writes = request.method not in READS if write is None else write
        return _Attempts(self, request, repeat=repeat, write=writes).run()

    def pause(self, attempt: int) -> None:
        """Waits before attempt number `attempt`, counted from 1."""
        self.limiter.clock.sleep(self.patience.backoff * 2 ** (attempt - 1))

    def budget(self, resource: str = "core") -> Budget | None:
        """As GitHub last said; None before the first answer, and where limits are off."""
        with self._counting:
            return self._budgets.get(resource)

    @property
    def calls(self) -> Mapping[str, int]:
        """Requests that were sent, by method, GraphQL apart; repeated ones count again."""
        with self._counting:
            return dict(self._calls)

    def once(self, request: Request, *, write: bool) -> tuple[str, Answer]:
        """One request and the authorization it was sent with. Raises `Broken`, and `Refusal` when there is no token."""
        header = self._authorization.header()
        with self.limiter.passage(write=write):
            with self._counting:
                self._calls["graphql" if request.graphql else request.method.lower()] += 1
            answer = self.connection.send(request, header)
        if request.graphql:
            answer = restated(answer)
        self._note(answer)
        return header, answer

    @property
    def late(self) -> bool:
        return self._authorization.late

    def renew(self, refused: str, moment: float | None) -> bool:
        return self._authorization.renew(refused, moment)

    def _note(self, answer: Answer) -> None:
        remaining, limit, reset = (answer.number(f"x-ratelimit-{name}") for name in ("remaining", "limit", "reset"))
        if remaining is None or limit is None or reset is None:
            return
        with self._counting:
            self._budgets[answer.headers.get("x-ratelimit-resource", "core")] = Budget(int(remaining), int(limit), reset)


class _Attempts:
    """The attempts of one call."""

    def __init__(self, caller: Caller, request: Request, *, repeat: bool, write: bool) -> None:
        self.caller, self.request, self.repeat, self.write = caller, request, repeat, write
        self.asked = f"{request.method} {request.path.partition('?')[0]}"
        self.resource = "graphql" if request.graphql else "core"
        self.sent = 0
        self.waited = 0.0
        self.renewals = 0

    def run(self) -> Answer:
        while True:
            self._until_open()
            answer = self._send()
            if answer is not None:
                return answer

    def _send(self) -> Answer | None:
        """The answer when it is final and good, None when it is to be sent again."""
        self.sent += 1
        try:
            header, answer = self.caller.once(self.request, write=self.write)
        except Broken as broken:
            self._again_later(Refusal("unavailable", f"{self.asked}: no answer ({broken})"))
            return None
        if answer.succeeded:
            self.caller.limiter.opened()
            return answer
        if is_limit(answer):
            self._limited(answer)
        elif answer.failed:
            self._again_later(refusal_of(answer, self.asked))
        elif answer.status != 401 or not self._renewed(header, answer):
            raise refusal_of(answer, self.asked)
        return None

    def _renewed(self, refused: str, answer: Answer) -> bool:
        """Whether it is worth another try, with another value; and then with the same after a while, where GitHub may not know it yet."""
        patience = self.caller.patience
        self.renewals += 1
        if self.renewals == 1:
            return self.caller.renew(refused, moment_of(answer))
        if not self.caller.late or self.renewals >= patience.attempts:
            return False
        self._wait(patience.backoff * 2 ** (self.renewals - 2))
        return True

    def _limited(self, answer: Answer) -> None:
        """Nothing was written. Everybody who shares the limiter waits."""
        wait = wait_of(answer, self.caller.limiter.clock.now())
        wait = self.caller.limiter.close(wait, self.resource) if is_used_up(answer) else self.caller.limiter.close(wait)
        if self.sent >= self.caller.patience.attempts or self.waited + wait > self.caller.patience.longest:
            raise refusal_of(answer, self.asked, retry_after=wait)

    def _again_later(self, refusal: Refusal) -> None:
        """Waits for the next attempt at what may have been carried out; raises the refusal when there is to be none."""
        patience = self.caller.patience
        wait = max(patience.backoff * 2 ** (self.sent - 1), refusal.retry_after or 0.0)
        if not self.repeat or self.sent >= patience.attempts or self.waited + wait > patience.longest:
            raise refusal
        self._wait(wait)

    def _until_open(self) -> None:
        wait = self.caller.limiter.closed_for(self.resource)
        if not wait:
            return
        if self.waited + wait > self.caller.patience.longest:
            raise Refusal("rate-limited", f"{self.asked}: not sent, GitHub asked us to wait", retry_after=wait)
        self._wait(wait)

    def _wait(self, seconds: float) -> None:
        self.caller.limiter.clock.sleep(seconds)
        self.waited += seconds
