"""The manifest flow: a page on this machine sends the operator's browser to GitHub, and GitHub sends it back with a code.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from hmac import compare_digest
from queue import Empty, Queue
from threading import Lock
from urllib.parse import urlencode, urlsplit

import msgspec
from flask import Flask, Response, request
from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from bot.web.application import HEADERS
from bot.web.server import Server

_CODE = re.compile(r"[0-9A-Za-z_-]{1,200}\Z")
_LOCAL = re.compile(r"(?:127\.0\.0\.1|localhost)(?::[0-9]+)?\Z")


class Shown(Struct, frozen=True):
    """What the page says. `link`: where to go next, with its label."""

    heading: str
    text: str
    link: str = ""
    label: str = ""


class Target(Struct, frozen=True):
    """Where the manifest goes. `organisation` empty: an App of the person's own account."""

    github_url: str
    organisation: str
    manifest: Mapping[str, object]

    @property
    def address(self) -> str:
        """The page of GitHub that takes a manifest."""
        within = f"organizations/{self.organisation}/" if self.organisation else ""
        return f"{self.github_url}/{within}settings/apps/new"


class Words(Struct, frozen=True):
    """The page's template, and what it says: before, with an answer of another flow, and with none."""

    template: str
    begin: Shown
    foreign: Shown
    denied: Shown


class ManifestFlow:
    """Waits on loopback for one answer. Only who knows the address, which is printed to the operator, can begin or answer it."""

    def __init__(self, target: Target, words: Words, finish: Callable[[str], Shown]) -> None:
        self._target, self._words, self._finish = target, words, finish
        self._secret, self._state = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._template = Environment(autoescape=True, undefined=StrictUndefined).from_string(words.template)
        self._done: Queue[bool] = Queue()
        self._once = Lock()
        self._last: Shown | None = None
        self._server = Server(self._application(), "127.0.0.1", 0)

    @property
    def url(self) -> str:
        """The page to open."""
        return f"{self._server.url}/{self._secret}/"

    def start(self) -> None:
        """Serves the page from now on."""
        self._server.start()

    def wait(self, seconds: float) -> bool | None:
        """Whether GitHub answered with a code; None when nobody came back in time. A page that is loaded again changes nothing."""
        try:
            return self._done.get(timeout=seconds)
        except Empty:
            return None

    def stop(self) -> None:
        """Lets the last page be read, then closes."""
        self._server.stop()

    def _application(self) -> Flask:
        app = Flask("countersign-setup", static_folder=None)
        app.add_url_rule(f"/{self._secret}/", "begin", self._begin, methods=["GET"])
        app.add_url_rule(f"/{self._secret}/created", "created", self._created, methods=["GET"])
        app.before_request(_only_here)
        return app

    def _begin(self) -> Response:
        manifest = {**self._target.manifest, "redirect_url": f"{self.url}created"}
        action = f"{self._target.address}?{urlencode({'state': self._state})}"
        return self._page(200, self._words.begin, action, msgspec.json.encode(manifest).decode())

    def _created(self) -> Response:
        if not compare_digest(request.args.get("state", "").encode(), self._state.encode()):
            return self._page(400, self._words.foreign)
        with self._once:
            if self._last is None:
                code = request.args.get("code", "")
                self._last = self._finish(code) if _CODE.match(code) else self._words.denied
                self._done.put(self._last is not self._words.denied)
        return self._page(400 if self._last is self._words.denied else 200, self._last)

    def _page(self, status: int, shown: Shown, action: str = "", manifest: str = "") -> Response:
        body = self._template.render(shown=shown, action=action, manifest=manifest)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self._target.github_url))
        policy = f"default-src 'none'; style-src 'unsafe-inline'; form-action {origin}; frame-ancestors 'none'; base-uri 'none'"
        return Response(body, status, {**HEADERS, "Content-Security-Policy": policy}, content_type="text/html; charset=utf-8")


def _only_here() -> Response | None:
    """A page elsewhere whose name was made to point at this machine does not get in."""
    return None if _LOCAL.match(request.host) else Response("", 403)
