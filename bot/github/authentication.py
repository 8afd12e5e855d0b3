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

    def __init__(self, credentials: AppCredentials, clock: Clock) -> None:
        self._auth = AppAuth(credentials.app_id, credentials.private_key.decode("ascii", "replace") or "-", jwt_expiry=JWT_SECONDS)
        self._clock = clock
        self._lock = threading.Lock()
        self._header, self._until = "", float("-inf")

    def header(self) -> str:
        with self._lock:
            if self._clock.monotonic() >= self._until:
                self._header, self._until = f"Bearer {self._signed()}", self._clock.monotonic() + JWT_SECONDS - JWT_MARGIN
            return self._header

    def renew(self, refused: str) -> bool:
        """A signed token that GitHub refused may have aged while the machine slept."""
        with self._lock:
            if self._header == refused:
                self._until = float("-inf")
        return True

    def _signed(self) -> str:
        try:
            return self._auth.create_jwt()
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

    def renew(self, refused: str) -> bool:
        """Another thread may have renewed it meanwhile: only the refused one is dropped."""
        with self._lock:
            if self._token is not None and self._token.header == refused:
                self._token = None
        return True


class Nobody:
    """No authorization at all, for what GitHub answers to anybody."""

    def header(self) -> str:
        return ""

    def renew(self, refused: str) -> bool:  # noqa: ARG002 - the protocol's argument
        return False


def _token(body: Any, clock: Clock) -> _Token:
    try:
        ends = msgspec.convert(body["expires_at"], datetime).timestamp() if "expires_at" in body else clock.now() + TOKEN_SECONDS
        life = ends - clock.now() - TOKEN_MARGIN
        return _Token(f"Bearer {body['token']}", clock.monotonic() + max(life, SHORTEST_LIFE))
    except (KeyError, TypeError, msgspec.ValidationError):
        pass
    raise Refusal("unavailable", "GitHub gave no installation token")  # outside of the handler: the cause may hold one
