"""`countersign rules docs DIRECTORY`: a page for each rule, and an index of them by pack."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.cli import output, resources
from bot.cli.options import Options, Usage
from bot.cli.status import CLEAN
from bot.engine.policy.examples import Example, RuleFile, load_rule_with_examples
from bot.report.phrases import Phrases
from bot.report.template import render


def write(options: Options, phrases: Phrases) -> int:
    """Writes the pages over those that are there; raises `Usage` when the directory cannot be written."""
    if len(options.positionals) == 1:
        raise Usage("docs-directory")
    top = options.positionals[1]
    files = resources.rules(options.get("--rules"), examples=True)
    made = pages([load_rule_with_examples(path, data) for path, data in files.items()], phrases)
    try:
        os.makedirs(top, exist_ok=True)
        for name, text in made.items():
            with open(os.path.join(top, name), "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise Usage("not-written", path=top, detail=str(error.strerror)) from None
    output.write(phrases.say("rules.pages", n=len(made) - 1, path=top) + "\n")
    return CLEAN


def pages(rules: Iterable[RuleFile], phrases: Phrases) -> Mapping[str, str]:
    """File name → text: `ID.md` for each rule, and `README.md`."""
    ordered = sorted(rules, key=lambda item: (item.rule.pack, item.rule.id))
    page, index = resources.template("rule.md.j2"), resources.template("rules.md.j2")
    made = {f"{item.rule.id}.md": render(page, phrases, r=item.rule, examples=list(map(_shown, item.examples))) for item in ordered}
    return {"README.md": render(index, phrases, rules=[item.rule for item in ordered]), **made}


class Shown(Struct, frozen=True):
    """An example as a reader sees it: texts by path, what the rule finds said at the end of the line."""

    name: str
    files: dict[str, str]


def _shown(example: Example) -> Shown:
    found = {(item.file, item.line): item.kind for item in example.expected}
    return Shown(example.name, {path: _text(path, data.decode(), found) for path, data in example.files.items()})


def _text(path: str, text: str, found: Mapping[tuple[str, int], str]) -> str:
    lines = enumerate(text.rstrip().split("\n"), start=1)
    return "\n".join(f"{line}  # {found[path, number]}" if (path, number) in found else line for number, line in lines)
