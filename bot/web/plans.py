"""`POST /plans?root=DIRECTORY`: what `terraform show -json` prints, sent by a run of GitHub Actions that proves what it is.

https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-cloud-providers
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from typing import Protocol

from flask import Blueprint, Response, request

from bot.github.workload import NotProven, Run
from bot.report.phrases import Phrases
from bot.web.webhook import plain
from bot.workflows.uploads import NotTaken

MAX_PLAIN = 64 * 1024 * 1024
STATUS = {"not-a-pull": 422, "not-ours": 404, "not-a-root": 422, "not-a-plan": 422, "too-much": 413}

log = logging.getLogger(__name__)


class Takes(Protocol):
    """See `bot.workflows.uploads.Uploads`."""

    def take(self, run: Run, root: str, data: bytes) -> int:
        """The number of the pull request; raises `NotTaken`."""


def plans(prove: Callable[[str], Run], uploads: Takes, phrases: Phrases) -> Blueprint:
    """`prove`: what a token proves; raises `NotProven`. Nothing of the body is read before."""
    made = Blueprint("plans", __name__)

    def post() -> Response:
        try:
            run = prove(_token(request.headers.get("Authorization", "")))
        except NotProven as error:
            log.warning("plan-refused", extra={"reason": error.reason})
            return plain(503 if error.passing else 401, phrases.say(f"upload.{error.reason}") + "\n")
        return _taken(run, uploads, phrases)

    made.add_url_rule("/plans", view_func=post, methods=["POST"], provide_automatic_options=False)
    return made


def _taken(run: Run, uploads: Takes, phrases: Phrases) -> Response:
    try:
        number = uploads.take(run, request.args.get("root", ""), _body())
    except NotTaken as error:
        log.warning("plan-not-taken", extra={"reason": error.key, "repository": run.repository})
        answer = phrases.say(f"upload.{error.key}", detail=error.detail, repository=run.repository)
        return plain(STATUS[error.key], answer + "\n")
    log.info("plan-taken", extra={"repository": run.repository, "number": number, "run": run.number})
    return plain(202, phrases.say("upload.taken", number=number, repository=run.repository) + "\n")


def _token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _body() -> bytes:
    """The body, unpacked where it is packed. Raises `NotTaken` for more than we read."""
    data = request.get_data(cache=False)
    if request.headers.get("Content-Encoding", "").lower() != "gzip":
        return data
    unpacking = zlib.decompressobj(wbits=31)
    try:
        found = unpacking.decompress(data, MAX_PLAIN)
    except zlib.error:
        return b""
    if not unpacking.eof:
        raise NotTaken("too-much")
    return found
