"""`countersign serve`: the App, until it is told to stop."""

from __future__ import annotations

import gc
import signal
import sys
from threading import Event
from typing import TYPE_CHECKING

from bot.cli import configured, output
from bot.cli.options import Options, Spec
from bot.cli.status import CLEAN, NOT_EVALUATED
from bot.cli.supplies import supplies
from bot.report.clean import line
from bot.report.phrases import Phrases

if TYPE_CHECKING:
    from bot.confine import Supervisors
    from bot.settings import Settings
    from bot.web.service import Service

MARGIN = 2.0
# An answer to a webhook takes turns with the reviews: with Python's 5 ms each of many threads would make it wait that long.
SWITCH_SECONDS = 0.0005
SPEC = Spec("serve", values=("--config-file",), flags=("--poll",))


def run(options: Options) -> int:
    """Serves until SIGTERM or SIGINT. 0 when it stopped, 3 when it could not start."""
    from bot.confine import Supervisors

    phrases = output.phrases()
    with Supervisors() as supervisor:  # before a secret is read
        settings = configured.settings(options.get("--config-file"), phrases)
        if settings is None:
            return NOT_EVALUATED
        return _served(settings, supervisor, phrases, poll=options.has("--poll"))


def _served(settings: Settings, supervisor: Supervisors, phrases: Phrases, *, poll: bool) -> int:
    from bot.web import logs

    secrets = (settings.private_key, *settings.webhook_secrets, settings.ledger_url, settings.proxy)
    handler = logs.configure(settings.log_level, secrets)
    for note in settings.notes:
        logs.log.warning("setting-noted", extra={"note": configured.said(note, phrases, "settings.note")})
    stop = _told_to_stop()
    try:
        service = _made(settings, supervisor, phrases, poll=poll)
        if service is None:
            return NOT_EVALUATED
        with service:
            output.write(phrases.say("serve.polling" if poll else "serve.listening", url=service.url) + "\n")
            sys.stdout.flush()
            sys.setswitchinterval(SWITCH_SECONDS)
            gc.freeze()  # rules and modules live as long as the process: looking through them costs an answer 80 ms
            stop.wait()
            _leave_after(settings.grace_seconds + MARGIN)
    finally:
        handler.flush()
    return CLEAN


def _made(settings: Settings, supervisor: Supervisors, phrases: Phrases, *, poll: bool) -> Service | None:
    """None after saying why not."""
    from bot.github.refusal import Refusal
    from bot.web.service import Service, Unusable

    try:
        return Service(settings, supplies(), supervisor=supervisor, poll=poll, apart=not poll)
    except Refusal as refusal:
        problem = "unreachable" if refusal.passing else "refused"
        text = phrases.say(f"serve.problem.{problem}", url=settings.api_url, id=settings.app_id, detail=line(refusal.message))
    except Unusable as unusable:
        text = phrases.say("serve.problem.database", detail=line(unusable.detail))
    except OSError as error:
        text = phrases.say("serve.problem.address", address=settings.address, port=settings.port, detail=str(error.strerror))
    sys.stderr.write(phrases.say("usage.prefix", text=text) + "\n")
    return None


def _leave_after(seconds: float) -> None:
    """A call to GitHub that hangs must not hold the process: what it was part of is carried on by the next start, as after a kill."""
    import os
    from threading import Timer

    def leave() -> None:
        sys.stderr.flush()
        os._exit(CLEAN)

    timer = Timer(seconds, leave)
    timer.daemon = True
    timer.start()


def _told_to_stop() -> Event:
    """Set by the first signal; the second ends the process at once, as it would have without us."""
    stop = Event()

    def tell(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return stop
