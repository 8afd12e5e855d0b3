"""What GitHub lists and we have not is taken in once, whatever goes wrong between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.caller import Patience
from bot.github.refusal import Refusal
from bot.github.webhook import Own
from bot.ledger import Ledger
from bot.standin import Standin
from bot.web.entrance import Entrance
from bot.web.polling import Polling
from bot.workflows.spread import delivery_of
from tests.web.services import Acme, eventually


class Scene:
    """A ledger behind the door; nothing works on what comes in."""

    def __init__(self, acme: Acme, app: App, ledger: Ledger) -> None:
        self.acme, self.ledger = acme, ledger
        own = Own(acme.app.id, acme.app.slug)
        self.door = Entrance(own, acme.settings().webhook_secrets, ledger.deliveries.replayed, self._take)
        self.polling = Polling(app.as_app, self.door, ledger.deliveries.known, 0.05, lambda: datetime.now(UTC))

    def _take(self, guid: str, event: str, digest: str, work: object) -> bool:
        return self.ledger.deliveries.store(delivery_of(guid, event, work, digest=digest), datetime.now(UTC))  # type: ignore[arg-type]

    @property
    def made(self) -> set[str]:
        return {made.guid for made in self.acme.standin.outbox.recorded}

    @property
    def stored(self) -> set[str]:
        return set(self.ledger.deliveries.known(tuple(self.made)))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Standin.serve() as standin:
        acme = Acme(standin, tmp_path)
        ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
        credentials = AppCredentials(acme.app.id, acme.app.pem.encode())
        with App(credentials, standin.api, Manner(patience=Patience(attempts=1))) as app:
            made = Scene(acme, app, ledger)
            yield made
            made.polling.stop()
        ledger.close()


def test_every_delivery_is_taken_in_once(scene: Scene) -> None:
    scene.acme.opened()
    assert scene.polling.look() == len(scene.made) > 1
    assert scene.stored == scene.made
    assert scene.polling.look() == 0
    scene.acme.opened("second")
    assert scene.polling.look() > 0
    assert scene.stored == scene.made


def test_one_that_cannot_be_understood_is_left_and_not_asked_for_again(scene: Scene) -> None:
    scene.acme.standin.outbox.recorded[-1].body = b'{"action":"created"}'
    assert scene.polling.look() == len(scene.made) - 1
    fetched = scene.acme.standin.counted()["GET /app/hook/deliveries/{delivery_id}"]
    assert scene.polling.look() == 0
    assert scene.acme.standin.counted()["GET /app/hook/deliveries/{delivery_id}"] == fetched


def test_the_same_bytes_under_another_name_are_fetched_once(scene: Scene) -> None:
    first = scene.acme.standin.outbox.recorded[0]
    second = first.again()
    second.guid = "00000000-0000-0000-0000-000000000001"
    scene.polling.look()
    for guid in scene.stored:
        scene.ledger.deliveries.begin(guid, "one", "v1", datetime.now(UTC))
        scene.ledger.deliveries.finish(guid, "done", "", datetime.now(UTC))
    scene.acme.standin.outbox.add(second)
    assert (scene.polling.look(), scene.polling.look()) == (0, 0)
    assert scene.acme.standin.counted()["GET /app/hook/deliveries/{delivery_id}"] == len(scene.made)


def test_a_failure_in_the_middle_loses_nothing(scene: Scene) -> None:
    scene.acme.opened()
    second = scene.acme.standin.outbox.recorded[1].id
    scene.acme.standin.faults.add(f"GET /app/hook/deliveries/{second}", kind="502")
    with pytest.raises(Refusal):
        scene.polling.look()
    assert 0 < len(scene.stored) < len(scene.made)
    scene.polling.look()
    assert scene.stored == scene.made


def test_the_thread_goes_on_after_a_failure_and_says_how_it_is(scene: Scene) -> None:
    scene.acme.standin.faults.add("GET /app/hook/deliveries*", kind="500", times=2)
    assert not scene.polling.condition().ok
    scene.polling.start()
    assert eventually(lambda: scene.stored == scene.made)
    condition = scene.polling.condition()
    assert condition.ok
    assert "last look" in condition.detail
    scene.polling.stop()
    assert not scene.polling.condition().ok
