"""`countersign ledger rebuild`: the answers of a record that is lost, found again on GitHub."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from bot.cli import configured, output
from bot.cli.options import Options, Usage, number
from bot.cli.status import CLEAN, NOT_EVALUATED, VIOLATIONS
from bot.report.clean import line

if TYPE_CHECKING:
    from bot.github.app import App
    from bot.github.facts import RepositoryRef
    from bot.report.phrases import Phrases
    from bot.settings import Settings
    from bot.workflows.rebuild import Found, Rebuilding

PULLS = 100
STANDING = ("rebuilt", "known")


def run(options: Options, phrases: Phrases) -> int:
    """0 everything that checks tell of is recorded, 1 something is not, 3 GitHub could not be asked. Raises `Usage`."""
    from bot.github.app import App, Manner
    from bot.github.authentication import AppCredentials
    from bot.github.caller import Patience
    from bot.github.connection import Address
    from bot.github.refusal import Refusal

    if options.get("--ledger") is not None:
        raise Usage("ledger-rebuild-settings")
    settings = configured.settings(options.get("--config-file"), phrases)
    if settings is None:
        return NOT_EVALUATED
    credentials = AppCredentials(settings.app_id, settings.private_key.reveal().encode())
    address = Address(settings.api_url, settings.ca_bundle, settings.proxy.reveal())
    try:
        with App(credentials, address, Manner(patience=Patience(attempts=2))) as app:
            found = list(_rebuilt(app, settings, options, phrases))
    except Refusal as refusal:
        sys.stderr.write(phrases.say("usage.prefix", text=phrases.say("ledger.unreachable", detail=line(refusal.message))) + "\n")
        return NOT_EVALUATED
    if options.get("--format") == "json":
        output.write(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n")
    else:
        output.write("\n".join(text for item in found for text in _lines(item, phrases)) + "\n")
    return CLEAN if all(item.whole for item in found) else VIOLATIONS


def _rebuilt(app: App, settings: Settings, options: Options, phrases: Phrases) -> Iterator[Rebuilding]:
    from bot.github.conversation import reviews
    from bot.github.witness import checked, spoken
    from bot.ledger import Ledger
    from bot.workflows.rebuild import Conversations, rebuild

    ledger = Ledger(settings.ledger_url.reveal())
    try:
        for repository in _repositories(app, options.get("--repository")):
            gateway = app.gateway(repository.installation_id)
            checks = checked(gateway, repository.full_name, settings.app_id, number(options, "--last", PULLS, "ledger"))
            said = Conversations(partial(spoken, gateway, repository.full_name), partial(reviews, gateway, repository))
            yield rebuild(ledger, repository, checks, said, phrases, datetime.now(UTC))
    finally:
        ledger.close()


def _repositories(app: App, named: str | None) -> Iterator[RepositoryRef]:
    """Those that the App is installed on, or the one that is named. Raises `Usage`."""
    from bot.github.reader import InstallationReader

    places = [place.id for place in app.installations() if not place.suspended]
    found = [repository for place in places for repository in InstallationReader(app.gateway(place)).repositories()]
    chosen = [item for item in found if named in (None, item.full_name, str(item.id))]
    if not chosen:
        raise Usage("ledger-repository", value=named or "-", known=", ".join(item.full_name for item in found) or "-")
    yield from chosen


def _lines(item: Rebuilding, phrases: Phrases) -> Iterator[str]:
    counted = {name: sum(answer.outcome == name for answer in item.answers) for name in STANDING}
    left = [answer for answer in item.answers if answer.outcome not in counted]
    told = {"repository": line(item.repository), "known": str(counted["known"]), "handles": str(item.handles), "left": str(len(left))}
    yield phrases.say("ledger.rebuild.count", n=counted["rebuilt"], **told)
    yield from (f"  {_said(answer, phrases)}" for answer in left)
    if item.unread:
        numbers = ", ".join(f"#{number}" for number in item.unread)
        yield f"  {phrases.say('ledger.rebuild.unread', n=len(item.unread), numbers=numbers)}"


def _said(answer: Found, phrases: Phrases) -> str:
    at = f"{answer.at:%Y-%m-%d %H:%M:%S} UTC" if answer.at else "-"
    what = " ".join(part for part in (answer.verb, answer.handle) if part)
    return phrases.say(f"ledger.rebuild.{answer.outcome}", number=str(answer.number), what=what, login=line(answer.login), at=at)
