"""`countersign ledger`: the record, verified, replayed, exported, reported."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.cli import configured, output
from bot.cli.options import Options, Spec, Usage
from bot.cli.status import NOT_EVALUATED
from bot.local.problem import Problem

if TYPE_CHECKING:
    from bot.ledger import Ledger
    from bot.report.phrases import Phrases
    from bot.settings import Settings

SPEC = Spec(
    "ledger",
    values=("--ledger", "--config-file", "--repository", "--head", "--last", "--pull", "--from", "--to", "--format", "--policy"),
    flags=("--against-github", "--plain"),
    choices={"--format": ("text", "json", "in-toto")},
    positionals=2,
)
SQLITE = "sqlite:///"


def run(options: Options) -> int:
    """Runs the subcommand on the record of the settings, or on the one that `--ledger` names."""
    from bot.cli import ledger_export, ledger_rebuild, ledger_replay, ledger_report, ledger_verify

    commands: dict[str, Callable[[Opened, Options, Phrases], int]] = {
        "verify": ledger_verify.run,
        "replay": ledger_replay.run,
        "export": ledger_export.run,
        "report": ledger_report.run,
    }
    if options.positionals[:1] == ("rebuild",):
        return ledger_rebuild.run(options, output.phrases())
    command = commands.get(next(iter(options.positionals), ""))
    if command is None:
        raise Usage("ledger-command")
    phrases = output.phrases()
    opened = _opened(options, phrases)
    if opened is None:
        return NOT_EVALUATED
    try:
        return command(opened, options, phrases)
    finally:
        opened.ledger.close()


class Opened:
    """A record that is only read. `settings`: None where only its address was given."""

    def __init__(self, ledger: Ledger, settings: Settings | None) -> None:
        self.ledger, self.settings = ledger, settings
        self.names = ledger.places.names()

    def chosen(self, options: Options) -> tuple[int, ...]:
        """The repositories that are asked about: one by name or number, or all that have a record. Raises `Usage`."""
        known = self.ledger.chain.repositories()
        given = options.get("--repository")
        if given is None:
            return known
        found = [number for number in {*known, *self.names} if given in (str(number), self.names.get(number))]
        if not found:
            raise Usage("ledger-repository", value=given, known=", ".join(self.name(number) for number in known) or "-")
        return tuple(found)

    def one(self, options: Options) -> int:
        """The repository that is asked about, which has to be named where there are several. Raises `Usage`."""
        chosen = tuple(number for number in self.chosen(options) if number or options.get("--repository"))
        if len(chosen) != 1:
            raise Usage("ledger-one", known=", ".join(self.name(number) for number in chosen) or "-")
        return chosen[0]

    def name(self, number: int) -> str:
        """As people know it; 0 holds what belongs to no repository."""
        return self.names.get(number, str(number))


def _opened(options: Options, phrases: Phrases) -> Opened | None:
    """None after saying what is wrong with the settings."""
    from bot.ledger import Ledger, Outdated

    settings, given = None, options.get("--ledger")
    if given is None:
        settings = configured.settings(options.get("--config-file"), phrases)
        if settings is None:
            return None
    url = settings.ledger_url.reveal() if settings else _url(given or "")
    shown = given or "ledger_url"
    if url.startswith(SQLITE) and not os.path.isfile(url.removeprefix(SQLITE)):
        raise Problem("ledger-absent", path=shown)
    try:
        return Opened(Ledger(url, examined=True), settings)
    except Outdated:
        raise Problem("ledger-outdated", path=shown) from None
    except Exception as error:  # noqa: BLE001 - every driver has its own
        raise Problem("ledger-unreadable", path=shown, detail=type(error).__name__) from None


def _url(given: str) -> str:
    return given if "://" in given else f"{SQLITE}{os.path.abspath(given)}"
