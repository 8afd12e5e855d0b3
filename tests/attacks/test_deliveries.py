"""Deliveries that GitHub did not make, or not for the second time."""

from __future__ import annotations

import hashlib
import hmac

import requests

from bot.web.service import Service
from tests.web.services import Acme, eventually


def test_forged_replayed_and_hostile_deliveries_do_nothing(acme: Acme) -> None:
    """One process, one attack after the other; the page stays that of the one true delivery."""
    with acme.served() as service:
        pull = acme.opened()
        true = next(made for made in acme.standin.outbox.recorded if made.event == "pull_request")
        headers = true.headers()
        assert _posted(service, true.body, headers) == 202
        assert acme.conclusion(pull) == "failure"
        assert eventually(lambda: service.workflows.status().counts.get("done"))
        state, calls = acme.standin.final_state(), _writes(acme)

        without = {name: value for name, value in headers.items() if name.lower() not in ("x-hub-signature-256", "x-hub-signature")}
        sha1 = hmac.new(acme.app.webhook_secret.encode(), true.body, hashlib.sha1).hexdigest()
        unsigned = [
            without,
            {**without, "X-Hub-Signature": f"sha1={sha1}"},
            {**without, "X-Hub-Signature-256": ""},
            {**without, "X-Hub-Signature-256": "sha256=" + "0" * 64},
            {**without, **_signed(true.body, b"another secret")},
            {**without, **_signed(true.body + b" ", acme.app.webhook_secret.encode())},
        ]
        other = true.body.replace(b'"opened"', b'"reopened"')
        assert [_posted(service, true.body, given) for given in unsigned] == [401] * 6
        assert _posted(service, other, headers) == 401

        assert _posted(service, true.body, headers) == 202
        renamed = headers | {"X-GitHub-Delivery": "00000000-0000-0000-0000-000000000001"}
        assert _posted(service, true.body, renamed) == 202

        secret = acme.app.webhook_secret.encode()
        hostile = [b"\xff\xfe{}", b"\x00", b"[" * 200_000, b'{"a":' * 200_000, b"[]", b"null", b"", true.body + b"\x00", b"payload=%7B%7D"]
        answers = [_posted(service, body, {**without, **_signed(body, secret), **_named(n)}) for n, body in enumerate(hostile)]
        assert answers == [400] * len(hostile)
        assert _posted(service, b"x" * (27 << 20), {**without, **_signed(b"", secret)}) == 413

        assert eventually(lambda: service.workflows.status().oldest_seconds == 0)
        assert acme.standin.final_state() | {"api_calls": 0} == state | {"api_calls": 0}
        assert _writes(acme) == calls
        assert requests.get(f"{service.url}/ready", timeout=5).status_code == 200


def test_of_a_key_that_is_given_twice_no_part_is_believed_without_github(acme: Acme) -> None:
    """Signed, and therefore GitHub's: whichever of two numbers is read, what is done is asked of GitHub itself."""
    with acme.served() as service:
        pull = acme.opened()
        true = next(made for made in acme.standin.outbox.recorded if made.event == "pull_request")
        body = (
            true.body[:-1]
            + b',"action":"opened","number":999,"pull_request":'
            + b'{"number":999,"head":{"sha":"%s","ref":"x"},' % (b"0" * 40)
        )
        body += b'"base":{"sha":"%s","ref":"main"}}}' % (b"0" * 40)
        given = true.headers() | _signed(body, acme.app.webhook_secret.encode())
        assert _posted(service, body, given) == 202
        assert eventually(lambda: service.workflows.status().counts.get("done"))
        assert [run.head_sha for run in acme.standin.runs()] in ([], [pull.head_sha])


def _writes(acme: Acme) -> int:
    """Calls that change a repository; the App looks by itself for what it missed."""
    return sum(method != "GET" and path.startswith("/repos") for method, path, _, _ in acme.standin.calls)


def _posted(service: Service, body: bytes, headers: dict[str, str]) -> int:
    try:
        return requests.post(f"{service.url}/webhook", data=body, headers=headers, timeout=10).status_code
    except requests.ConnectionError:
        return 413  # the server hung up on what it does not read


def _signed(body: bytes, secret: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}


def _named(number: int) -> dict[str, str]:
    return {"X-GitHub-Delivery": f"00000000-0000-0000-0001-{number:012}"}
