"""The addresses of the App. Everything else is not found, and says so in one line."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

import msgspec
from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from bot.web.condition import Condition, Probe, Probing
from bot.web.door import Door
from bot.web.metrics import CONTENT_TYPE, Metrics
from bot.web.webhook import MAX_BODY, Counted, plain, webhook

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

log = logging.getLogger(__name__)


def application(door: Door, metrics: Metrics, probes: Mapping[str, Probe], further: Iterable[Blueprint] = ()) -> Flask:
    """Webhook, health and metrics, and what is switched on besides; without a template, a session or a static file."""
    app, probing = guarded(webhook(door, Counted(metrics)), *further), Probing(probes)
    for path, view in (
        ("/health", lambda: _json(200, {"status": "ok"})),
        ("/ready", lambda: _readiness(probing.look())),
        ("/metrics", lambda: Response(metrics.text(), 200, content_type=CONTENT_TYPE)),
    ):
        app.add_url_rule(path, endpoint=path, view_func=view, methods=["GET"], provide_automatic_options=False)
    return app


def guarded(*parts: Blueprint) -> Flask:
    """These addresses, and everything else not found; every answer with our headers."""
    app = Flask("countersign", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    for part in parts:
        app.register_blueprint(part)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)
    app.after_request(_guarded)
    return app


def _readiness(condition: Condition) -> Response:
    return _json(200 if condition.ready else 503, {"ready": condition.ready, "parts": condition.parts})


def _json(status: int, value: object) -> Response:
    return Response(msgspec.json.encode(value) + b"\n", status, content_type="application/json")


def _refused(error: HTTPException) -> Response:
    """Werkzeug's status with a line in place of its page; 405 keeps the methods that are allowed."""
    kept = {name: value for name, value in error.get_headers() if name == "Allow"}
    return plain(error.code or 500, f"{error.name.lower()}\n", **kept)


def _failed(error: Exception) -> Response:
    """A fault of ours. GitHub notes a failed delivery, and the sweep finds it again."""
    log.error("request-failed", exc_info=error)
    return plain(500, "internal error\n")


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
