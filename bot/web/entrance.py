"""The door to the ledger: verified, understood, stored, and only then worked on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

from msgspec import Struct

from bot.github.facts import Work
from bot.github.webhook import Own, verified, work
from bot.settings import Secret
from bot.web.door import Arrived, Outcome

# GUID, event, digest of the body, what to do: stores it and lets it be done; False when it is known or nothing for us.
Take: TypeAlias = Callable[[str, str, str, Work], bool]


class Entrance(Struct, frozen=True):
    """See `Door`. `replayed`: whether the work of the same bytes is done under another GUID."""

    own: Own
    secrets: Sequence[Secret]
    replayed: Callable[[str, str], bool]
    take: Take

    def verified(self, body: bytes, signature: str) -> bool:
        return verified(body, signature, [secret.reveal().encode() for secret in self.secrets])

    def receive(self, arrived: Arrived) -> Outcome:
        found = work(arrived.event, arrived.body, self.own)
        digest = sha256(arrived.body).hexdigest()
        if self.replayed(arrived.guid, digest):
            return "known"
        if self.take(arrived.guid, arrived.event, digest, found):
            return "stored"
        return "ignored" if found.kind == "ignore" else "known"
