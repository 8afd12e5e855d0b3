"""Who calls: the App by a signed token of a few minutes, or one of its installations by a token of an hour."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jwt
import msgspec
from github.Auth import AppAuth
from msgspec import Struct

from bot.github.limiter import Clock
from bot.github.refusal import Refusal

# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
JWT_SECONDS = 300
JWT_MARGIN = 60
# More than a message needs on its way: beyond this a clock is wrong, and it is ours that has to follow.
MOST_DRIFT = 30
# A token that ends during a call is renewed after the 401; this saves the call.
TOKEN_MARGIN = 120
TOKEN_SECONDS = 3600  # where it is not said
# With a clock that is wrong each token would look old already.
SHORTEST_LIFE = 300


class AppCredentials(Struct, frozen=True):
    """`app_id`: the number, or the client id. `private_key`: PEM as GitHub gave it. Shown without the key."""

    app_id: int | str
    private_key: bytes

    def __repr__(self) -> str:
        return f"AppCredentials({self.app_id!r})"


class AppAuthorization:
    """Signs as the App. Raises `Refusal` for a key that cannot sign, without showing it."""

    late = False

    def __init__(self, credentials: AppCredentials, clock: Clock) -> None:
        self._issuer = str(credentials.app_id)
        self._sign = AppAuth.create_jwt_sign(credentials.private_key.decode("ascii", "replace") or "-", "RS256")
        self._clock = clock
        self._lock = threading.Lock()
        self._header, self._until = "", float("-inf")
        self._drift = 0.0

    def header(self) -> str:
        with self._lock:
            if self._clock.monotonic() >= self._until:
                self._header, self._until = f"Bearer {self._signed()}", self._clock.monotonic() + JWT_SECONDS - JWT_MARGIN
            return self._header

    def renew(self, refused: str, moment: float | None) -> bool:
        """A signed token that GitHub refused may have aged while the machine slept, or been made by a clock that is wrong."""
        drift = 0.0 if moment is None else moment - self._clock.now()
        with self._lock:
            if self._header == refused:
                self._until = float("-inf")
                self._drift = drift if abs(drift) > MOST_DRIFT else 0.0
        return True

    def _signed(self) -> str:
        now = int(self._clock.now() + self._drift)
        try:
            made = self._sign({"iat": now - JWT_MARGIN, "exp": now + JWT_SECONDS, "iss": self._issuer})
            return made if isinstance(made, str) else made.decode()
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            message = f"the private key of the App cannot sign ({type(error).__name__})"
        raise Refusal("unauthorised", message)  # outside of the handler: the cause may hold the key


class _Token(Struct, frozen=True):
    """`until`: on the clock that never jumps."""

    header: str
    until: float

    def __repr__(self) -> str:
        return "_Token()"


class InstallationAuthorization:
    """The token of an installation: kept until shortly before its end, made once for all threads that ask at the same time.

    https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
    """

    late = True  # https://github.com/octokit/auth-app.js tries such a token again for five seconds

    def __init__(self, make: Callable[[], Any], clock: Clock) -> None:
        self._make = make
        self._clock = clock
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def header(self) -> str:
        with self._lock:
            if self._token is None or self._clock.monotonic() >= self._token.until:
                self._token = _token(self._make(), self._clock)
            return self._token.header

    def renew(self, refused: str, moment: float | None) -> bool:  # noqa: ARG002 - it holds no time of ours
        """Another thread may have renewed it meanwhile: only the refused one is dropped."""
        with self._lock:
            if self._token is not None and self._token.header == refused:
                self._token = None
        return True


class Nobody:
    """No authorization at all, for what GitHub answers to anybody."""

    late = False

    def header(self) -> str:
        return ""

    def renew(self, refused: str, moment: float | None) -> bool:  # noqa: ARG002 - the protocol's arguments
        return False


def _token(body: Any, clock: Clock) -> _Token:
    try:
        ends = msgspec.convert(body["expires_at"], datetime).timestamp() if "expires_at" in body else clock.now() + TOKEN_SECONDS
        life = ends - clock.now() - TOKEN_MARGIN
        return _Token(f"Bearer {body['token']}", clock.monotonic() + max(life, SHORTEST_LIFE))
    except (KeyError, TypeError, msgspec.ValidationError):
        pass
    raise Refusal("unavailable", "GitHub gave no installation token")  # outside of the handler: the cause may hold one
