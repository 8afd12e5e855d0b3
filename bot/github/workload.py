"""Who uploads: a run of GitHub Actions proves which repository, commit and workflow it belongs to.

https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

import logging
from threading import Lock
from time import monotonic
from typing import Any

import jwt
import requests
from jwt import PyJWK, PyJWKSet
from msgspec import Struct

from bot.github.connection import Address, session

KEYS = "/.well-known/jwks"
KEPT_SECONDS, AGAIN_SECONDS = 600.0, 30.0
LEEWAY_SECONDS = 30
WAIT_SECONDS = 3.0  # the webhook is answered by the same threads
MAX_TOKEN = 8_192
CLAIMS = ("exp", "iat", "iss", "aud", "sub")

log = logging.getLogger(__name__)


class NotProven(Exception):  # noqa: N818 - what came, not an error of ours
    """The token proves nothing. `reason`: a word for the log and the answer, which holds nothing of the token.

    `passing`: the keys of the issuer could not be read, so that the same token may serve later.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.passing = reason, passing


class Run(Struct, frozen=True):
    """What GitHub signed about a run. `ref`: `refs/pull/12/merge` for a pull request, whose `sha` is the merge commit.

    `workflow`: `OWNER/NAME/.github/workflows/FILE@REF` of the workflow that did the work: of a reusable one where the run calls one.
    `number`, `attempt`: of the run, for its address.
    """

    repository_id: int
    repository: str
    ref: str
    sha: str
    event: str
    workflow: str
    number: str
    attempt: str = "1"


class Issuer:
    """Reads tokens of one issuer made for one audience. Safe to share between threads."""

    def __init__(self, url: str, audience: str, address: Address) -> None:
        self.url, self.audience = url.rstrip("/"), audience
        self._session = session(address)
        self._lock = Lock()
        self._keys: dict[str, PyJWK] = {}
        self._looked = float("-inf")

    def close(self) -> None:
        """Closes the connection."""
        self._session.close()

    def run(self, token: str) -> Run:
        """What the token proves. Raises `NotProven`."""
        if not token or len(token) > MAX_TOKEN:
            raise NotProven("no-token")
        try:
            header = jwt.get_unverified_header(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(str(header.get("kid", ""))),
                algorithms=["RS256"],
                audience=self.audience,
                issuer=self.url,
                leeway=LEEWAY_SECONDS,
                options={"require": list(CLAIMS)},
            )
        except jwt.ExpiredSignatureError:
            raise NotProven("expired") from None
        except jwt.InvalidAudienceError:
            raise NotProven("audience") from None
        except jwt.PyJWTError:
            raise NotProven("signature") from None
        return _run(claims)

    def _key(self, name: str) -> PyJWK:
        """A key that is not known is looked for once more, as GitHub replaces its keys; nobody waits long for one who is looking."""
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise NotProven("keys", passing=True)
        try:
            age = monotonic() - self._looked
            if age >= KEPT_SECONDS or (name not in self._keys and age >= AGAIN_SECONDS):
                self._looked = monotonic()
                self._keys = self._published()
        finally:
            self._lock.release()
        if not self._keys:
            raise NotProven("keys", passing=True)
        if name not in self._keys:
            raise NotProven("signature")
        return self._keys[name]

    def _published(self) -> dict[str, PyJWK]:
        """The keys as the issuer has them now; those of before where it does not say."""
        try:
            with self._session.get(self.url + KEYS, timeout=WAIT_SECONDS, allow_redirects=False) as answer:
                answer.raise_for_status()
                return {key.key_id: key for key in PyJWKSet.from_dict(answer.json()).keys if key.key_id}
        except (requests.RequestException, ValueError, jwt.PyJWTError) as error:
            log.warning("issuer-unread", extra={"kind": type(error).__name__})
            return self._keys


def _run(claims: dict[str, Any]) -> Run:
    def said(name: str) -> str:
        value = claims.get(name)
        return value if isinstance(value, str) else ""

    if not said("repository_id").isdecimal() or not said("repository") or not said("sha") or not said("ref"):
        raise NotProven("claims")
    return Run(
        repository_id=int(said("repository_id")),
        repository=said("repository"),
        ref=said("ref"),
        sha=said("sha"),
        event=said("event_name"),
        workflow=said("job_workflow_ref") or said("workflow_ref"),
        number=said("run_id"),
        attempt=said("run_attempt") or "1",
    )
