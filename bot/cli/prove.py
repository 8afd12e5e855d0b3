"""`countersign rules test`: every rule against the examples of its own file, and the examples against changed rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.cli import output
from bot.cli.options import Options
from bot.cli.status import CLEAN, VIOLATIONS
from bot.confine import tables
from bot.engine.judgment import OF_CLAIMS
from bot.engine.policy.examples import Deviation, Evaluated, Listen, RuleFile, evaluated, lacking, load_rule_with_examples, run
from bot.engine.policy.load import load_policy
from bot.engine.policy.mutation import survey
from bot.engine.policy.problem import PolicyError, Problem
from bot.report.clean import line
from bot.report.phrases import Phrases


class Proof(Struct, frozen=True):
    """How many examples and mutants of one rule were run, and what is wrong, in words."""

    examples: int
    mutants: int
    wrong: tuple[str, ...]
    survivors: tuple[str, ...]


def prove(files: Mapping[str, bytes], only: str | None, options: Options, phrases: Phrases) -> int:
    """Runs and prints. 1 when an example is not as marked or a mutant survived; raises `PolicyError` with all problems."""
    mutate = options.has("--mutate")
    progress = output.Progress(plain=options.has("--plain"))
    loaded = [file for file in _loaded(files) if only in (None, file.rule.id)]
    proofs: list[Proof] = []
    listen = _listening(files, loaded)
    for number, file in enumerate(loaded, start=1):
        progress.show(phrases.say("rules.progress", done=number, all=len(loaded), rule=file.rule.id))
        proofs.append(_proof(file, phrases, listen, mutate=mutate))
    progress.done()
    style = output.style(plain=options.has("--plain"))
    output.write(style.finish("\n".join(_lines(proofs, phrases, mutate=mutate)) + "\n"))
    return VIOLATIONS if any(proof.wrong or proof.survivors for proof in proofs) else CLEAN


def _loaded(files: Mapping[str, bytes]) -> list[RuleFile]:
    found: list[RuleFile] = []
    problems: list[Problem] = []
    for path, data in files.items():
        try:
            found.append(load_rule_with_examples(path, data))
        except PolicyError as error:
            problems += error.problems
    if problems:
        raise PolicyError(problems)
    return sorted(found, key=lambda file: file.rule.id)


def _listening(files: Mapping[str, bytes], loaded: Sequence[RuleFile]) -> Listen | None:
    """What hears the examples of rules on what is said; nothing where there is none."""
    if not any(target.view in OF_CLAIMS for file in loaded for target in file.rule.targets):
        return None
    from bot.engine.claims.examples import listening

    return listening(load_policy(files), tables.facts())


def _proof(file: RuleFile, phrases: Phrases, listen: Listen | None, *, mutate: bool) -> Proof:
    given = tuple(evaluated(example, tables.facts(), listen) for example in file.examples)
    wrong = [_different(file, example, item, phrases) for example in given for item in run(file.rule, example).differences]
    wrong += [phrases.say("rules.lacking", rule=file.rule.id, kind=phrases.say(f"rules.kind.{kind}")) for kind in lacking(file)]
    if not mutate:
        return Proof(len(given), 0, tuple(wrong), ())
    found = survey(file, given)
    survivors = [phrases.say("rules.survived", rule=file.rule.id, mutation=mutant.name) for mutant in found.survivors]
    survivors += [phrases.say("rules.stale", rule=file.rule.id, mutation=name) for name in found.stale]
    return Proof(len(given), found.tried, tuple(wrong), tuple(survivors))


def _different(file: RuleFile, given: Evaluated, item: Deviation, phrases: Phrases) -> str:
    where = f"{file.rule.span.path}:{given.example.span.line}"
    fields = {"where": where, "example": given.example.name, "file": item.file, "line": item.line, "kind": item.kind, "detail": item.detail}
    return line(phrases.say(f"rules.fault.{item.fault}", **fields))


def _lines(proofs: Sequence[Proof], phrases: Phrases, *, mutate: bool) -> list[str]:
    lines = [text for proof in proofs for text in (*proof.wrong, *proof.survivors)]
    wrong, survivors = (sum(len(getattr(proof, name)) for proof in proofs) for name in ("wrong", "survivors"))
    examples, mutants = (sum(getattr(proof, name) for proof in proofs) for name in ("examples", "mutants"))
    lines.append(phrases.say("rules.failed", n=wrong) if wrong else phrases.say("rules.tested", n=len(proofs), examples=examples))
    if mutate:
        lines.append(phrases.say("rules.survivors", n=survivors) if survivors else phrases.say("rules.mutants", n=mutants))
    return lines
