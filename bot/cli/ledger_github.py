"""The places of the record that our check runs on GitHub carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.cli.ledger import Opened
    from bot.ledger import Head
    from bot.settings import Settings


def heads(opened: Opened, settings: Settings, repository: int, last: int) -> list[Head]:
    """Of the `last` pull requests that changed last. Raises `Refusal`."""
    from bot.github.app import App, Manner
    from bot.github.authentication import AppCredentials
    from bot.github.caller import Patience
    from bot.github.connection import Address
    from bot.github.witness import summaries
    from bot.ledger import Head
    from bot.report.record import read

    installation = opened.ledger.places.installation(repository)
    if installation is None:
        return []
    credentials = AppCredentials(settings.app_id, settings.private_key.reveal().encode())
    address = Address(settings.api_url, settings.ca_bundle, settings.proxy.reveal())
    with App(credentials, address, Manner(patience=Patience(attempts=2))) as app:
        texts = list(summaries(app.gateway(installation), opened.name(repository), settings.app_id, last))
    return [Head(*found) for found in map(read, texts) if found is not None]
