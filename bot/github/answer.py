"""What an answer of GitHub means: success, a limit with the time to wait, or a refusal of some kind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import Any

import msgspec
from msgspec import Struct

from bot.github.refusal import Kind, Refusal

# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
LIMITED = ("rate limit", "abuse detection", "submitted too quickly")
STATUSES: Mapping[int, Kind] = {
    401: "unauthorised",
    403: "forbidden",
    404: "not-found",
    406: "too-large",  # a diff beyond GitHub's limits
    409: "conflict",
    410: "not-found",
    413: "too-large",
    429: "rate-limited",
    451: "forbidden",
}
# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
TOKEN = re.compile(r"\b(gh[a-z]_[A-Za-z0-9._-]{16,}|github_pat_\w{16,}|eyJ[\w-]{8,}\.[\w.-]+)")
MAX_MESSAGE = 1000


class Answer(Struct, frozen=True):
    """`headers`: names in lower case. `body`: bytes as they came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def failed(self) -> bool:
        """Whether GitHub, or something before it, broke: then it may have acted or not. Who does not know how has not."""
        return self.status >= 500 and self.status != 501

    def json(self) -> Any:
        """The decoded body, None for an empty one. Raises `Refusal` for a body that is not JSON."""
        if not self.body:
            return None
        try:
            return msgspec.json.decode(self.body)
        except msgspec.MsgspecError:
            pass
        try:
            return json.loads(self.body)  # accepts half characters (`\ud800`), which GitHub passes on where a user wrote them
        except ValueError:
            raise Refusal("unavailable", f"{self.status}: the answer is not JSON", status=self.status) from None

    def page(self, relation: str) -> str:
        """The address of another page of the same list (`next`, `prev`, `first`, `last`), empty where none is named.

        https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
        """
        found = re.search(rf'<([^<>]+)>\s*;[^,<]*\brel="{relation}"', self.headers.get("link", ""))
        return found[1] if found else ""

    @property
    def names_pages(self) -> bool:
        """Whether a further page would be named: GitHub, which signs its answers so, names each; others may not."""
        return "link" in self.headers or "x-github-request-id" in self.headers

    def number(self, header: str) -> float | None:
        """A header's number; None when it is not there or no number."""
        try:
            return max(float(self.headers.get(header, "")), 0.0)
        except ValueError:
            return None


def is_limit(answer: Answer) -> bool:
    """Whether GitHub says "later": with 403 or 429, and for comments in a row with 422."""
    if answer.status == 429:
        return True
    if answer.status not in (403, 422):
        return False
    told = answer.status == 403 and ("retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0")
    return told or any(words in message_of(answer).lower() for words in LIMITED)


def is_used_up(answer: Answer) -> bool:
    """Whether the limit is that of the hour, which REST and GraphQL have one each of; else it is a secondary one, which is for both."""
    return answer.headers.get("x-ratelimit-remaining") == "0" and "retry-after" not in answer.headers


def wait_of(answer: Answer, now: float) -> float | None:
    """Seconds until the limit ends; None when GitHub does not say. `now`: seconds since the epoch, where the answer names no time of its
    own: with a clock of ours that is ahead, what is left would look over, and we would carry on."""
    after = answer.number("retry-after")
    if after is not None:
        return after
    reset = answer.number("x-ratelimit-reset")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        made = moment_of(answer)
        return max(reset - (now if made is None else made), 0.0) + 1.0  # it is not said when within that second
    return None


def moment_of(answer: Answer) -> float | None:
    """When it was made, by GitHub's own clock, in seconds since the epoch; None where it does not say."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, IndexError, TypeError):
        return None


def refusal_of(answer: Answer, asked: str, *, retry_after: float | None = None) -> Refusal:
    """`asked`: method and path, for the person who reads the message."""
    kind = "rate-limited" if is_limit(answer) else _kind(answer)
    message = f"{asked}: {answer.status} {message_of(answer) or responses.get(answer.status, '')}".rstrip()
    needed = answer.headers.get("x-accepted-github-permissions", "") if kind in ("forbidden", "not-found") else ""
    wait = answer.number("retry-after") if retry_after is None else retry_after
    return Refusal(kind, message, status=answer.status, retry_after=wait, needed=needed)


def message_of(answer: Answer) -> str:
    """GitHub's sentence and its errors, which are objects or plain strings; empty when the body has none."""
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.MsgspecError:
        return ""
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    said = [_text(error) for error in errors] if isinstance(errors, list) else [_text(errors)] if errors else []
    sentence = str(body.get("message") or "")
    details = "; ".join(part for part in said if part)
    return redacted(f"{sentence} ({details})" if details else sentence)


def redacted(text: str) -> str:
    """A text from outside, short and without anything that looks like a token."""
    return TOKEN.sub("(hidden)", text)[:MAX_MESSAGE]


def _kind(answer: Answer) -> Kind:
    if answer.failed:
        return "unavailable"
    if answer.status in (403, 422) and '"too_large"' in answer.body.decode("utf-8", "replace"):
        return "too-large"
    return STATUSES.get(answer.status, "invalid")


def _text(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    place = ".".join(str(error[name]) for name in ("resource", "field") if error.get(name))
    words = [str(error[name]) for name in ("code", "message") if error.get(name)]
    return ": ".join(part for part in (place, " ".join(words)) if part)
