"""What the webhook hands over, and what it needs to know about it."""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

# `known`: done or on its way already. `ignored`: nothing for us. `kept`: which of the three it is, is found out soon; `noted`: at leisure,
# since there is nothing to do.
Outcome = Literal["stored", "known", "ignored", "kept", "noted"]
LATER = ("kept", "noted")


class Arrived(Struct, frozen=True):
    """One delivery as it arrived. `guid`: the same for every attempt; `body`: the signed bytes."""

    guid: str
    event: str
    body: bytes
    signature: str = ""


class Door(Protocol):
    """Where deliveries come in, from the webhook as from polling. Safe to share between threads."""

    def verified(self, body: bytes, signature: str) -> bool:
        """Whether the header `X-Hub-Signature-256` was made over these bytes with a secret of ours."""

    def receive(self, arrived: Arrived) -> Outcome:
        """Stores it, in one transaction, and lets it be worked on. Raises `bot.github.webhook.Malformed`."""
