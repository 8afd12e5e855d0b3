"""The App at GitHub: who it is, where it is installed, and a gateway for each installation.

with App(AppCredentials(12345, key), Address("https://api.github.com")) as app:
    app.gateway(installation_id).get("/repos/acme/infra")
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Self

from msgspec import Struct

from bot.github.authentication import AppAuthorization, AppCredentials, InstallationAuthorization
from bot.github.caller import Caller, Patience
from bot.github.connection import Address, Connection, quoted
from bot.github.gateway import InstallationGateway
from bot.github.limiter import Clock, Limiter
from bot.github.refusal import Refusal
from bot.github.registration import Installation, Registration, installation, registration


class Manner(Struct, frozen=True):
    """How the App calls. `write_spacing`: seconds between two writes of one installation. `concurrency`: requests at once, of one each.

    `turn`: of an installation and the spacing the seconds until a write's turn among several processes; None for a process alone.
    """

    write_spacing: float = 1.0
    concurrency: int = 10
    patience: Patience = Patience()
    clock: Clock = Clock()
    turn: Callable[[int, float], float] | None = None


class App:
    """Safe to share between threads. Every method raises `Refusal`. Close it, or use it as a context.

    `as_app`: what is asked as the App itself, without an installation. `tokens`: how often a token was asked for.
    """

    def __init__(
        self, credentials: AppCredentials, address: Address | str = "https://api.github.com", manner: Manner | None = None
    ) -> None:
        self.manner = manner or Manner()
        self.id = credentials.app_id
        self._connection = Connection(Address(address) if isinstance(address, str) else address)
        # Its own writes (tokens, re-deliveries) make no content: they need no distance.
        limiter = Limiter(0.0, self.manner.concurrency, self.manner.clock)
        caller = Caller(self._connection, AppAuthorization(credentials, self.manner.clock), limiter, self.manner.patience)
        self.as_app = InstallationGateway(0, caller)
        self._gateways: dict[int, InstallationGateway] = {}
        self._lock = threading.Lock()
        self.tokens = 0
        self._account: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"App({self.id!r}, {self._connection.address.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. What is on its way still ends."""
        self._connection.close()

    def gateway(self, installation_id: int) -> InstallationGateway:
        """The same one each time, so that all threads share its token and its distance between writes."""
        with self._lock:
            if installation_id not in self._gateways:
                self._gateways[installation_id] = InstallationGateway(installation_id, self._caller(installation_id), self.own)
            return self._gateways[installation_id]

    def forget(self, installation_id: int) -> None:
        """The installation is gone: so are its gateway and its token."""
        with self._lock:
            self._gateways.pop(installation_id, None)

    def gateways(self) -> tuple[InstallationGateway, ...]:
        """Those made so far, for metrics."""
        with self._lock:
            return tuple(self._gateways.values())

    def itself(self) -> Registration:
        """The App as GitHub has it."""
        return registration(self.as_app.get("/app"))

    def installations(self) -> tuple[Installation, ...]:
        """Where it is installed, the suspended ones too."""
        return tuple(installation(item) for item in self.as_app.pages("/app/installations"))

    def installation_of(self, repository: str) -> Installation | None:
        """The installation that covers a repository (`owner/name`), None when none does."""
        owner, _, name = repository.partition("/")
        try:
            return installation(self.as_app.get(f"/repos/{quoted(owner)}/{quoted(name)}/installation"))
        except Refusal as refusal:
            if refusal.kind == "not-found":
                return None
            raise

    def own(self) -> tuple[str, str]:
        """Login of the App's account, and its id."""
        if self._account is None:
            found = self.itself()
            self._account = (f"{found.slug}[bot]", str(found.id))
        return self._account

    def _caller(self, installation_id: int) -> Caller:
        limiter = Limiter(self.manner.write_spacing, self.manner.concurrency, self.manner.clock, self._turn(installation_id))
        authorization = InstallationAuthorization(lambda: self._token(installation_id), self.manner.clock)
        return Caller(self._connection, authorization, limiter, self.manner.patience)

    def _turn(self, installation_id: int) -> Callable[[], float]:
        turn, spacing = self.manner.turn, self.manner.write_spacing
        return lambda: turn(installation_id, spacing) if turn is not None and spacing else 0.0

    def _token(self, installation_id: int) -> Any:
        """Asked again after a 5xx: a token that nobody uses ends by itself."""
        with self._lock:
            self.tokens += 1
        return self.as_app.post(f"/app/installations/{installation_id}/access_tokens", {})
