"""`countersign rules`: the policy, listed, explained, proved, and begun."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import msgspec

from bot.cli import output, resources
from bot.cli.options import Options, Spec, Usage, nearest
from bot.cli.review import TERMS
from bot.cli.status import CLEAN
from bot.engine.model.rule import Rule
from bot.report.phrases import Phrases

SPEC = Spec(
    "rules",
    values=("--format", "--framework", "--rules", "--at", "--until", "--reason", "--config-file", *TERMS),
    flags=("--mutate", "--plain", "--list", "--release"),
    choices={"--format": ("text", "json")},
    positionals=3,
)
_NEW = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+\Z")


def run(options: Options) -> int:
    """Runs the subcommand."""
    commands = {"list": _list, "show": _show, "test": _test, "new": _new, "explain": _explain, "docs": _docs, "hold": _hold}
    command = commands.get(next(iter(options.positionals), ""))
    if command is None:
        raise Usage("rules-command")
    return command(options, output.phrases())


def _loaded(options: Options) -> tuple[Rule, ...]:
    from bot.engine.policy import load_policy

    return tuple(sorted(load_policy(resources.rules(options.get("--rules"))).rules, key=lambda rule: rule.id))


def _list(options: Options, phrases: Phrases) -> int:
    rules = _chosen(_loaded(options), options.get("--framework"))
    if options.get("--format") == "json":
        output.write(msgspec.json.format(msgspec.json.encode([_entry(rule) for rule in rules]), indent=2).decode() + "\n")
        return CLEAN
    style = output.style(plain=options.has("--plain"))
    widest = max((len(rule.id) for rule in rules), default=0)
    lines = [f"{rule.id.ljust(widest)}  {rule.disposition:<9}  {rule.severity:<8}  {rule.title}" for rule in rules]
    output.write(style.finish("\n".join([*lines, "", phrases.say("rules.count", n=len(rules))]) + "\n"))
    return CLEAN


def _chosen(rules: tuple[Rule, ...], framework: str | None) -> tuple[Rule, ...]:
    """The rules that answer a framework; all where none is named."""
    names = sorted({name for rule in rules for name in rule.frameworks})
    if not framework or framework in names:
        return tuple(rule for rule in rules if not framework or framework in rule.frameworks)
    near = nearest(framework, names)
    raise Usage("no-framework-near" if near else "no-framework", word=framework, near=near or "", names=", ".join(names))


def _entry(rule: Rule) -> Mapping[str, object]:
    languages = {target.language or "terraform" for target in rule.targets}
    return {
        "id": rule.id,
        "title": rule.title,
        "disposition": rule.disposition,
        "severity": rule.severity,
        "languages": sorted(languages),
        "resource_types": sorted({name for target in rule.targets for name in target.types}),
        "views": sorted({target.view for target in rule.targets if target.view}),
        "aliases": sorted({name for names in (*rule.aliases.values(), *rule.partial.values()) for name in names}),
        "references": list(rule.references),
        "frameworks": {name: list(ids) for name, ids in rule.frameworks.items()},
    }


def _show(options: Options, phrases: Phrases) -> int:
    rule = _named(options, "show-rule")
    style = output.style(plain=options.has("--plain"))
    targets = ", ".join(target.view or ", ".join(target.types) for target in rule.targets)
    aliases = ", ".join(f"{peer} {' '.join(ids)}" for peer, ids in (*rule.aliases.items(), *rule.partial.items()))
    facts = (
        ("disposition", f"{rule.disposition}, {rule.severity}, {rule.category}"),
        ("unknown", rule.unknown),
        ("applies", targets),
        ("message", rule.message),
        ("question", rule.question),
        ("fix", rule.fix),
        (
            "parameters",
            "; ".join(f"{item.name} = {msgspec.json.encode(item.default).decode()}: {item.description}" for item in rule.parameters),
        ),
        ("aliases", aliases),
        ("references", " ".join(rule.references)),
        ("frameworks", "; ".join(f"{name} {' '.join(ids)}" for name, ids in rule.frameworks.items())),
        ("file", rule.span.path),
    )
    lines = [f"  {phrases.say(f'rules.shown.{key}'):<13}{text}" for key, text in facts if text]
    output.write(style.finish("\n".join([style.paint("strong", f"{rule.id}: {rule.title}"), *lines, "", rule.rationale.rstrip(), ""])))
    return CLEAN


def _named(options: Options, absent: str) -> Rule:
    if len(options.positionals) == 1:
        raise Usage(absent)
    word = options.positionals[1]
    rules = {rule.id: rule for rule in _loaded(options)}
    if word in rules:
        return rules[word]
    if near := nearest(word, list(rules)):
        raise Usage("no-rule-near", word=word, near=near)
    raise Usage("no-rule", word=word)


def _explain(options: Options, phrases: Phrases) -> int:
    from bot.cli.explain import explain

    return explain(_named(options, "show-rule"), options, phrases)


def _hold(options: Options, phrases: Phrases) -> int:
    from bot.cli.hold import hold

    return hold(None if options.has("--list") else _named(options, "hold-rule"), options, phrases)


def _docs(options: Options, phrases: Phrases) -> int:
    from bot.cli.pages import write

    return write(options, phrases)


def _test(options: Options, phrases: Phrases) -> int:
    from bot.cli.prove import prove

    only = _named(options, "show-rule").id if len(options.positionals) > 1 else None
    return prove(resources.rules(options.get("--rules"), examples=True), only, options, phrases)


def _new(options: Options, phrases: Phrases) -> int:
    if len(options.positionals) == 1 or not _NEW.match(options.positionals[1]):
        raise Usage("rule-path")
    top = options.get("--rules") or resources.directory("rules")
    if top.startswith(resources.PACKAGE):
        raise Usage("rules-installed")
    name = options.positionals[1].rpartition("/")[2]
    path = os.path.join(top, options.positionals[1] + ".yaml")
    if os.path.exists(path):
        raise Usage("rule-exists", path=path)
    _write(path, name)
    output.write(phrases.say("rules.made", path=path, id=name) + "\n")
    return CLEAN


def _write(path: str, name: str) -> None:
    from bot import __version__

    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(resources.template("rule.yaml").replace("@ID@", name).replace("@VERSION@", __version__))
    except OSError as error:
        raise Usage("not-written", path=path, detail=str(error.strerror)) from None
