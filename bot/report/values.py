"""Deciding values as a reader sees them: Terraform's own notation, on one line, nothing hidden shown."""

from __future__ import annotations

from bot.engine.model.result import SWITCHED_OFF, Deciding, Result
from bot.engine.model.value import Plain
from bot.report.clean import line
from bot.report.hidden import HIDDEN, covered, mask
from bot.report.phrases import Phrases


def notation(value: Plain, phrases: Phrases) -> str:
    """A plain value in Terraform's notation."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return covered(phrases) if value == HIDDEN else _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(notation(item, phrases) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{line(str(key))} = {notation(item, phrases)}" for key, item in value.items()) + "}"
    return str(value)


def deciding(item: Deciding, phrases: Phrases) -> str:
    """What decided: the value, that it is not set, or what is not known."""
    if item.state == "absent":
        return phrases.say("terminal.not-set")
    if item.state == "unknown":
        if not item.expression:
            return phrases.say("terminal.value-unknown-bare")
        key = "terminal.value-switched-off" if item.reason in SWITCHED_OFF else "terminal.value-unknown"
        return phrases.say(key, expression=mask(line(item.expression), phrases))
    return mask(notation(item.value, phrases), phrases)


def former(item: Deciding, phrases: Phrases) -> str | None:
    """What stood there on the base, where that differs; None when there is nothing to say."""
    if item.before_state == "none" or (item.before_state == item.state and item.before == item.value):
        return None
    if item.before_state == "known":
        return mask(notation(item.before, phrases), phrases)
    if was := _unknown_before(item, phrases):
        return phrases.say("terminal.value-unknown", expression=was)
    return phrases.say("terminal.not-set" if item.before_state == "absent" else "terminal.value-unknown-bare")


def _unknown_before(item: Deciding, phrases: Phrases) -> str:
    """What is written on the base of which it is not known what it comes to; empty where nothing tells."""
    return "" if item.before_state != "unknown" or item.before is None else mask(line(str(item.before)), phrases)


def _quoted(text: str) -> str:
    return '"' + line(text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")) + '"'


def undecided(item: Result, phrases: Phrases) -> str:
    """What is said of a result that is open: which value is not known, and why. The rule's message would assert what nobody knows."""
    told = item.deciding
    if told.state != "unknown":
        was = _unknown_before(told, phrases)
        key = "terminal.before-unknown" if was else "terminal.undecided"
        return phrases.say(key, title=item.title, value=deciding(told, phrases), before=was)
    reason = f"reason.{told.reason}"
    why = phrases.say(reason) if phrases.has(reason) else told.reason or ""
    return f"{item.title}: {deciding(told, phrases)} ({why})"
