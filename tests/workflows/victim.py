"""A process of the App that dies at one step: `python -m tests.workflows.victim DIRECTORY API APP_ID MOMENT STEP GUID…`.

LEDGER and EXECUTOR in the environment: the database, else SQLite files in DIRECTORY; and the name of the process.

The key is read from DIRECTORY/key.pem, the deliveries from DIRECTORY/GUID.json (event and body). MOMENT `never`: it ends in order
when all is done.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.cli import prepared, resources
from bot.confine import Supervisor
from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.connection import Address
from bot.github.installations import AppInstallations
from bot.github.webhook import Own, work
from bot.ledger import Ledger
from bot.report.publish import notes
from bot.workflows import Parts, Shipped
from bot.workflows.durable import Running, Workflows
from bot.workflows.evaluating import Evaluator
from tests.workflows.app import words


def main(directory: str, api: str, app_id: str, moment: str, at: str, *guids: str) -> None:
    place = Path(directory)

    def watch(when: str, step: str) -> None:
        if (when, step) == (moment, at):
            os.kill(os.getpid(), signal.SIGKILL)

    app = App(AppCredentials(int(app_id), (place / "key.pem").read_bytes()), Address(api), Manner(write_spacing=0.0))
    said = words()
    with Supervisor() as supervisor:
        parts = Parts(
            installations=AppInstallations(app, int(app_id), notes(said)),
            ledger=Ledger(os.environ.get("LEDGER") or f"sqlite:///{place}/ledger.sqlite"),
            evaluator=Evaluator(supervisor),
            shipped=Shipped(resources.rules(), prepared.policy()),
            words=said,
            now=lambda: datetime.now(UTC),
        )
        database = os.environ.get("LEDGER") or f"sqlite:///{place}/workflows.sqlite"
        running = Running(database, os.environ.get("EXECUTOR", "single"), sweep_seconds=0.5, grace_seconds=5)
        workflows = Workflows(parts, running, watch=watch)
        workflows.start()
        for guid in guids:
            event, body = msgspec.json.decode((place / f"{guid}.json").read_bytes(), type=tuple[str, str])
            workflows.receive(guid, event, "", work(event, body.encode(), Own(int(app_id), "countersign")))
        end = time.monotonic() + 30
        while parts.ledger.deliveries.oldest() is not None and time.monotonic() < end:
            time.sleep(0.05)
        workflows.stop()
        parts.ledger.close()
    app.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
