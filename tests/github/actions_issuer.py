"""An issuer of run tokens on loopback, with keys of its own, as GitHub Actions has one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

AUDIENCE = "https://countersign.example"


@lru_cache(maxsize=8)
def key(name: str) -> RSAPrivateKey:
    """A key of this name."""
    del name
    return generate_private_key(65537, 2048)


class ActionsIssuer:
    """`url`: what tokens name as issuer. `published`: names of the keys that it shows; `asked`: how often it was asked for them."""

    def __init__(self) -> None:
        self.published = ["first"]
        self.asked = 0
        self.status = 200
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                body = json.dumps(issuer.keys()).encode()
                self.send_response(issuer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def keys(self) -> dict[str, Any]:
        """What stands at its address."""
        shown = [json.loads(RSAAlgorithm.to_jwk(key(name).public_key())) | {"kid": name, "use": "sig"} for name in self.published]
        return {"keys": shown}

    def token(self, *, signed_by: str = "first", audience: str = AUDIENCE, minutes: int = 5, **claims: Any) -> str:
        """A token as a run gets it; claims that are None are left out."""
        now = datetime.now(UTC)
        usual = {
            "iss": self.url,
            "aud": audience,
            "sub": "repo:acme/infra:pull_request",
            "iat": now,
            "exp": now + timedelta(minutes=minutes),
            "repository": "acme/infra",
            "repository_id": "7",
            "ref": "refs/pull/12/merge",
            "sha": "c" * 40,
            "event_name": "pull_request",
            "workflow_ref": "acme/infra/.github/workflows/plan.yml@refs/pull/12/merge",
            "job_workflow_ref": "acme/workflows/.github/workflows/plan.yml@refs/heads/main",
            "run_id": "99",
            "run_attempt": "1",
        }
        told = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(told, key(signed_by), algorithm="RS256", headers={"kid": signed_by})


@contextmanager
def actions_issuer() -> Iterator[ActionsIssuer]:
    """One that answers while the block runs."""
    issuer = ActionsIssuer()
    thread = Thread(target=issuer.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        issuer.server.shutdown()
        issuer.server.server_close()
        thread.join()
