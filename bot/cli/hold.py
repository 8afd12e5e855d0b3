"""`countersign rules hold`: the operator lets a rule observe at once, in every repository of a running App, and ends it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bot.cli import configured, output
from bot.cli.options import Options, Usage
from bot.cli.status import CLEAN, NOT_EVALUATED
from bot.engine.model.rule import Rule
from bot.report.clean import line
from bot.report.phrases import Phrases

if TYPE_CHECKING:
    from bot.ledger import Hold, Ledger


def hold(rule: Rule | None, options: Options, phrases: Phrases) -> int:
    """Holds, releases or lists; the record is that of the App whose settings are at hand. `rule`: None to list."""
    until = _day(options.get("--until"))
    if rule is not None and not options.has("--release"):
        _refuse_honest(rule)
    settings = configured.settings(options.get("--config-file"), phrases)
    if settings is None:
        return NOT_EVALUATED
    from bot.ledger import Ledger

    ledger = Ledger(settings.ledger_url.reveal())
    try:
        text = "".join(f"{text}\n" for text in _done(ledger, rule, until, options, phrases))
    finally:
        ledger.close()
    output.write(text)
    return CLEAN


def _done(ledger: Ledger, rule: Rule | None, until: date | None, options: Options, phrases: Phrases) -> Iterator[str]:
    now = datetime.now(UTC)
    if rule is None:
        found = ledger.holds.in_force(now)
        yield from (_said(item, phrases) for item in found)
        yield phrases.say("rules.held.count", n=len(found))
    elif options.has("--release"):
        if not ledger.holds.release(rule.id, now):
            raise Usage("not-held", word=rule.id)
        yield phrases.say("rules.held.released", id=rule.id, n=look_again(ledger, f"release/{rule.id}/{now:%Y%m%d%H%M%S}", now))
    else:
        number = ledger.holds.place(rule.id, line(options.get("--reason") or ""), until, now)
        yield phrases.say("rules.held.placed", id=rule.id, n=look_again(ledger, f"hold/{number}", now))


def look_again(ledger: Ledger, name: str, now: datetime) -> int:
    """Has the App look at every open pull request again; how many repositories there are."""
    from bot.github.facts import Work
    from bot.workflows.spread import delivery_of

    found = ledger.places.all()
    for repository, installation, full_name in found:
        work = Work("configuration", "configuration", installation, repository, full_name)
        ledger.deliveries.store(delivery_of(f"{name[:60]}/{repository}", "hold", work, background=True), now)
    return len(found)


def _said(item: Hold, phrases: Phrases) -> str:
    fields = {"id": item.rule, "since": f"{item.since:%Y-%m-%d %H:%M} UTC", "until": str(item.until), "reason": line(item.reason)}
    parts = [phrases.say("rules.held.since", **fields)]
    parts += [phrases.say("rules.held.until", **fields)] if item.until else []
    parts += [phrases.say("rules.held.because", **fields)] if item.reason else []
    return "".join(parts)


def _day(text: str | None) -> date | None:
    """A day that is not over. Raises `Usage`."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Usage("not-a-day", word=text) from None
    if found < datetime.now(UTC).date():
        raise Usage("day-is-over", word=text)
    return found


def _refuse_honest(rule: Rule) -> None:
    from bot.engine.policy.resolution import NEVER_LOOSENED

    if rule.id in NEVER_LOOSENED:
        raise Usage("never-held", word=rule.id)
