"""The door's own process: verifies, keeps and answers. Everything that is not the webhook it hands to the process behind it.

It is given the webhook's secrets and the path of the inbox, and never the App's key or the address of the ledger. It ends with the process
behind it, and leaves signals to that one.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct, json, msgpack

from bot.confine.frames import Closed, receive
from bot.github.webhook import Own, verified, work
from bot.settings import Secret
from bot.web import logs
from bot.web.application import guarded
from bot.web.door import Arrived, Outcome
from bot.web.handing import Handing
from bot.web.inbox import Inbox
from bot.web.server import Server
from bot.web.webhook import Told, webhook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_FRAME = 1 << 20
# Of these as many as `handing.MOST` may wait for the process behind us.
THREADS = 24
ORPHAN_SECONDS = 1.0
UNTOLD = 100_000
LISTENING = "listening"


class Task(Struct, frozen=True):
    """What the process has to know. `behind`: where everything else is answered, on loopback."""

    own: Own
    secrets: tuple[str, ...]
    inbox: str
    behind: tuple[str, int]
    level: str = "info"


class Stop(Struct, frozen=True):
    """End within so many seconds."""

    seconds: float


class Keeping:
    """The door whose deliveries are taken over later. See `bot.web.door.Door`."""

    def __init__(self, task: Task, inbox: Inbox) -> None:
        self._task, self._inbox, self._lock = task, inbox, Lock()
        self._secrets = [secret.encode() for secret in task.secrets]

    def verified(self, body: bytes, signature: str) -> bool:
        return verified(body, signature, self._secrets)

    def receive(self, arrived: Arrived) -> Outcome:
        with self._lock:  # msgspec must not learn a class in two threads at once: see bot.workflows.shapes
            found = work(arrived.event, arrived.body, self._task.own)
        self._inbox.keep(arrived.guid, arrived.event, sha256(arrived.body).hexdigest(), msgpack.encode(found))
        return "noted" if found.kind == "ignore" else "kept"


class Telling:
    """Tells the process behind of every request, and never waits for it: what it does not read now is told with the next."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._lock = channel, Lock()
        self._untold: deque[bytes] = deque(maxlen=UNTOLD)

    def __call__(self, told: Told) -> None:
        with self._lock:
            self._untold.append(json.encode(told) + b"\n")
            with suppress(OSError):  # it reads later, or never again
                while self._untold:
                    line = self._untold[0]
                    sent = self._channel.send(line, socket.MSG_DONTWAIT)
                    self._untold.popleft()
                    if sent < len(line):
                        self._untold.appendleft(line[sent:])


def split(door: WSGIApplication, handed: WSGIApplication) -> WSGIApplication:
    """The webhook here, the rest there."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        chosen: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]] = door if environ["PATH_INFO"] == "/webhook" else handed
        return chosen(environ, start)

    return answer


def main(listening: int, channel: int) -> None:
    """Answers on the one descriptor until the other closes, or says stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # sent to all of a group at once; the process behind says when
    behind = socket.socket(fileno=channel)
    try:
        task = msgpack.decode(receive(channel, MAX_FRAME), type=Task)
    except Closed:  # the process behind died at once
        return
    logs.configure(task.level, [Secret(secret) for secret in task.secrets])
    inbox, tell = Inbox(Path(task.inbox), answers=True), Telling(behind)
    app = guarded(webhook(Keeping(task, inbox), tell))
    server = Server(split(app, Handing(*task.behind)), bound=socket.socket(fileno=listening), threads=THREADS)
    server.start()
    gc.freeze()  # modules live as long as the process
    tell(Told(LISTENING))
    server.stop(_until_stopped(channel))
    inbox.close()
    sys.stderr.flush()
    os._exit(0)  # a thread that waits for the process behind must not hold this one


def _until_stopped(channel: int) -> float:
    """Seconds for what has arrived."""
    try:
        return msgpack.decode(receive(channel, MAX_FRAME), type=Stop).seconds
    except (Closed, OSError):
        return ORPHAN_SECONDS
