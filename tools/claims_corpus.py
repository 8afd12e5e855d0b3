"""Scores what is understood of sentences against the labelled corpus of `tests/engine/claims/corpus`.

The corpus holds references and labels; the sentences are read from clones of the repositories, which are named `owner__name` below the
directory that is given. A sentence whose digest is not the one that was labelled is left out and counted.

    python tools/claims_corpus.py CLONES [development|held-out]
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.engine.claims import altered, assumed_by, bounded, costs, defaults, narrowed, placed, referred, sources, tagged
from bot.engine.claims.arguments import arguments
from bot.engine.claims.assertions import assertions
from bot.engine.claims.comments import comments
from bot.engine.claims.compatible import is_compatible
from bot.engine.claims.conditional import is_conditional
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Sentence, Text
from bot.engine.claims.unchanged import denies
from bot.engine.claims.values import readings

CORPUS = Path(__file__).parents[1] / "tests/engine/claims/corpus"
# What the corpus calls a property → what is read of it. What stands beside an argument is read as that, whatever it is of.
NAMES = {
    "encryption": {"encrypted", "encrypted-in-transit", "own-key", "argument"},
    "transit": {"encrypted-in-transit", "encrypted", "version", "redirected"},
    "exposure": {"placed", "private", "only", "sources"},
    "least-privilege": {"least-privilege", "scoped"},
    "read-only": {"read-only"},
    "logging": {"logged", "argument"},
    "backup": {"backed-up", "recoverable", "argument"},
    "retention": {"backed-up", "argument", "kept", "altered"},
    "versioning": {"versioned", "argument"},
    "multi-zone": {"multi-zone", "argument", "count"},
    "deletion-protection": {"deletion-protected", "guarded", "argument"},
    "unchanged": {"unchanged"},
    "tagging": {"tagging"},
    "cost": {"cost", "size"},
    "only": {"only", "assumed-by", "read-only", "scoped", "sources"},
    "conditional": {"conditional", "default"},
    "size": {"argument", "size", "altered"},
    "limit": {"bounded", "altered", "argument", "version", "kept", "amount", "bound", "count"},
    "version": {"argument", "version", "altered"},
    "setting": {"altered", "argument", "size", "version", "kept", "default", "amount", "bound", "count"},
    "made": set(),
    "reference": {"reference"},
    "count": {"count", "argument"},
}
NEGATIVE = frozenset({"-", "public"})


def _git(clone: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, check=False).stdout.decode("utf-8", "replace")  # noqa: S603, S607 - git of the machine


def _texts(clone: Path, row: dict[str, str]) -> Iterator[Text]:
    if row["source"] == "commit":
        yield Text("commit", _git(clone, "log", "-1", "--format=%B", row["sha"]), sha=row["sha"], line=1)
        return
    data = _git(clone, "show", f"{row['sha']}:{row['path']}")
    if row["source"] == "document":
        yield Text("document", data, row["path"], 1)
        return
    for run in comments("terraform", data):
        numbers = tuple(number for number, _ in run.lines)
        content = "\n".join(line for _, line in run.lines)
        yield Text("code", content, row["path"], numbers[0], block=run.block, lines=numbers, argument=run.argument)


def _sentence(clones: Path, row: dict[str, str]) -> Sentence | None:
    clone = clones / row["repository"].replace("/", "__")
    every = (sentence for text in _texts(clone, row) for sentence in sentences(text))
    return next((item for item in every if hashlib.sha256(item.content.encode()).hexdigest() == row["sentence"]), None)


def _readings(sentence: Sentence) -> Iterator[tuple[str, bool]]:
    """What is understood of a sentence before it is bound to anything: a property, and whether it is said to hold."""
    yield from ((item.property, item.holds) for item in assertions(sentence))
    yield from (("argument", True) for _ in arguments((sentence,)))
    yield from ((wanted.topic, True) for wanted in readings(sentence))
    said = {
        "assumed-by": assumed_by.reading(sentence) is not None,
        "placed": placed.reading(sentence) is not None,
        "bounded": bounded.reading(sentence) is not None,
        "altered": altered.reading(sentence) is not None,
        "unchanged": denies(sentence) or is_compatible(sentence),
        "only": narrowed.reading(sentence) is not None,
        "default": defaults.reading(sentence) is not None,
        "reference": referred.reading(sentence) is not None,
        "sources": sources.reading(sentence) is not None,
        "conditional": is_conditional(sentence),
        "cost": costs.reading(sentence) is not None,
        "tagging": tagged.reading(sentence) is not None,
    }
    source = sources.reading(sentence)
    is_open = source is not None and source.every
    yield from ((name, not (name == "sources" and is_open)) for name, is_said in said.items() if is_said)


def _outcome(sentence: Sentence, row: dict[str, str]) -> str:
    found = tuple(_readings(sentence))
    if row["label"] == "no-claim":
        return f"wrong: asserts nothing, read as {found[0][0]}" if found else "right: abstains"
    if not found:
        return "missed"
    wanted = {name for kind in row["property"].split(",") for name in NAMES.get(kind, set())}
    fitting = [(name, holds) for name, holds in found if name in wanted]
    if not fitting or any(name not in ("argument", "count") and holds is (row["polarity"] in NEGATIVE) for name, holds in fitting):
        return f"wrong: {row['property']} {row['polarity']}, read as {found[0]}"
    return "right: understood"


def main() -> int:
    clones, only = Path(sys.argv[1]), sys.argv[2:]
    for file in sorted(CORPUS.glob("*.jsonl")):
        if only and file.stem not in only:
            continue
        count: Counter[str] = Counter()
        kinds: dict[str, Counter[str]] = {}
        for row in map(json.loads, file.read_text().splitlines()):
            sentence = _sentence(clones, row)
            outcome = "not found in the clones" if sentence is None else _outcome(sentence, row)
            count[outcome.partition(", ")[0]] += 1
            for kind in row.get("property", "").split(","):
                kinds.setdefault(kind, Counter())[outcome.partition(":")[0]] += 1
            if outcome.startswith("wrong"):
                print(f"{outcome}: {row['repository']} {row['sha'][:12]} {row['path']}:{row['line']}")
        print(file.stem, dict(sorted(count.items())))
        print("   ", "; ".join(f"{kind} {found['right']} of {found.total()}" for kind, found in sorted(kinds.items()) if kind))
    return 0


if __name__ == "__main__":
    sys.exit(main())
