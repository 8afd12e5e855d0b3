"""The last step of making an App from a manifest: the code that GitHub sent back becomes id and secrets.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

from contextlib import closing

from msgspec import Struct

from bot.github.answers import decoded
from bot.github.authentication import Nobody
from bot.github.caller import Caller, Patience
from bot.github.connection import Address, Connection, Request, quoted
from bot.github.limiter import Clock, Limiter


class Converted(Struct, frozen=True):
    """The new App with its secrets, which GitHub tells this once. Shown without them. `webhook_secret` None: without a webhook."""

    id: int
    slug: str
    client_id: str
    webhook_secret: str | None
    pem: str
    html_url: str = ""

    def __repr__(self) -> str:
        return f"Converted(id={self.id}, slug={self.slug!r})"


def converted(code: str, address: Address | str = "https://api.github.com", clock: Clock | None = None) -> Converted:
    """Sent once: a code works once and for an hour, so an answer that is lost cannot be had again, and the person starts anew.

    Raises `Refusal`: `not-found` for a code that is used or too old.
    """
    with closing(Connection(Address(address) if isinstance(address, str) else address)) as connection:
        caller = Caller(connection, Nobody(), Limiter(0.0, clock=clock), Patience())
        answer = caller.send(Request("POST", f"/app-manifests/{quoted(code)}/conversions"), repeat=False)
        return decoded(answer.json(), Converted)
