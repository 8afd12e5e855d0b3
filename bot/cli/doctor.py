"""`countersign doctor`: an ordered list of what is missing; looks only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from bot.cli import output, prepared, resources
from bot.cli.options import Options, Spec
from bot.cli.setup import manifest
from bot.cli.status import CLEAN, NOT_EVALUATED, VIOLATIONS
from bot.report.clean import line
from bot.report.phrases import Phrases

if TYPE_CHECKING:
    from bot.confine import Layer
    from bot.engine.policy import Policy
    from bot.report.style import Style
    from bot.settings import Settings
    from bot.web.examination import Examined, Finding

SPEC = Spec("doctor", values=("--config-file", "--format"), flags=("--plain",), choices={"--format": ("text", "json")})


def run(options: Options) -> int:
    """0 nothing to do, 1 something to do, 3 something could not be told (which weighs more)."""
    from bot.confine import layers

    active = layers()  # forks a child, which only a process without threads may
    return shown(_examined(options.get("--config-file"), active), options, output.phrases())


def _examined(file: str | None, layers: tuple[Layer, ...]) -> Examined:
    """Settings that cannot be used are what there is to do; the rest waits for them."""
    from bot.settings import SettingsError, load
    from bot.web.examination import Examined, Finding, process
    from bot.web.examination.finding import STEPS

    try:
        settings = load(os.environ, file)
    except SettingsError as error:
        wrong = [Finding("settings", "to-do", f"settings.{problem.key}", problem.where, problem.fields) for problem in error.problems]
        later = [Finding(step, "later", "after", fields={"first": "settings"}) for step in STEPS[1:-1]]
        return Examined((*wrong, *later, *process.confinement(layers)))
    return _asked(settings, layers)


def _asked(settings: Settings, layers: tuple[Layer, ...]) -> Examined:
    from time import time

    from bot.github.app import App, Manner
    from bot.github.authentication import AppCredentials
    from bot.github.caller import Patience
    from bot.web.examination import examine
    from bot.web.examination.steps import Questions, Surroundings, address

    credentials = AppCredentials(settings.app_id, settings.private_key.reveal().encode())
    with App(credentials, address(settings), Manner(patience=Patience(attempts=2))) as app:
        return examine(Questions(Surroundings(settings, app, manifest(""), layers, _policy, time)).steps())


def _policy(rules: Mapping[str, bytes]) -> Policy:
    """The shipped rules with those of an organisation."""
    from bot.engine.policy import load_policy

    return load_policy({**resources.rules(), **rules}, compiled=prepared.policy())


def shown(examined: Examined, options: Options, phrases: Phrases) -> int:
    """Prints what was found; the exit code."""
    if options.get("--format") == "json":
        output.write(document(examined, phrases))
    else:
        output.write(text(examined, phrases, output.style(plain=options.has("--plain"))))
    if examined.of("unknown"):
        return NOT_EVALUATED
    return VIOLATIONS if examined.of("to-do") else CLEAN


def text(examined: Examined, phrases: Phrases, style: Style) -> str:
    """First what to do, then what could not be told, then what waits for it, then what is in order."""
    todo, unknown, later, right = (examined.of(state) for state in ("to-do", "unknown", "later", "done"))
    numbered = [f"{number:>3}. {_line(found, phrases, style)}" for number, found in enumerate(todo, 1)]
    blocks = [
        (phrases.say("doctor.todo", n=len(todo)) if todo else "", numbered),
        (phrases.say("doctor.unknown", n=len(unknown)) if unknown else "", _lines(unknown, phrases, style)),
        ("" if todo or unknown else phrases.say("doctor.nothing"), []),
        (phrases.say("doctor.later") if later else "", _lines(later, phrases, style)),
        (phrases.say("doctor.right") if right else "", _together(right, phrases, style)),
    ]
    return style.finish("\n\n".join("\n".join([heading, *lines]) for heading, lines in blocks if heading) + "\n")


def document(examined: Examined, phrases: Phrases) -> str:
    """For programs: every finding with its step, state, key, subject and sentence, in order."""
    found = [
        {"step": one.step, "state": one.state, "key": one.key, "subject": one.subject, "text": _sentence(one, phrases)}
        for one in examined.findings
    ]
    return msgspec.json.format(msgspec.json.encode({"findings": found}), indent=2).decode() + "\n"


def _together(found: Iterable[Finding], phrases: Phrases, style: Style) -> list[str]:
    """What is in order, one line a kind: a hundred repositories that need nothing are not worth a hundred lines."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        kinds.setdefault((one.step, one.key), []).append(one)
    lines = [(_line(same[0], phrases, style), len(same) - 1) for same in kinds.values()]
    return [f"  - {phrases.say('doctor.more', text=told, n=more) if more else told}" for told, more in lines]


def _lines(found: Iterable[Finding], phrases: Phrases, style: Style) -> list[str]:
    return [f"  - {_line(one, phrases, style)}" for one in found]


def _line(found: Finding, phrases: Phrases, style: Style) -> str:
    told = _sentence(found, phrases)
    about = phrases.say("doctor.about", subject=line(found.subject), text=told) if found.subject else told
    return f"{style.paint('strong', phrases.say(f'doctor.step.{found.step}'))}: {about}"


def _sentence(found: Finding, phrases: Phrases) -> str:
    fields = {name: line(value) if isinstance(value, str) else value for name, value in found.fields.items()}
    if "first" in fields:
        fields["first"] = phrases.say(f"doctor.step.{fields['first']}")
    return phrases.say(found.key if found.key.startswith("settings.") else f"doctor.{found.key}", **fields)
