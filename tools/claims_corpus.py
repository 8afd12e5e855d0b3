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

from bot.engine.claims.assertions import assertions
from bot.engine.claims.comments import comments
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Sentence, Text

CORPUS = Path(__file__).parents[1] / "tests/engine/claims/corpus"
# What the corpus calls a property → what the vocabulary calls it. Others (sizes, limits, retention, unchanged) are held elsewhere.
NAMES = {
    "encryption": {"encrypted", "encrypted-in-transit"},
    "transit": {"encrypted-in-transit", "encrypted"},
    "exposure": {"private"},
    "least-privilege": {"least-privilege"},
    "read-only": {"read-only"},
    "logging": {"logged"},
    "backup": {"backed-up", "recoverable"},
    "retention": {"backed-up"},
    "versioning": {"versioned"},
    "multi-zone": {"multi-zone"},
    "deletion-protection": {"deletion-protected"},
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
        yield Text("code", "\n".join(line for _, line in run.lines), row["path"], numbers[0], block=run.block, lines=numbers)


def _sentence(clones: Path, row: dict[str, str]) -> Sentence | None:
    clone = clones / row["repository"].replace("/", "__")
    every = (sentence for text in _texts(clone, row) for sentence in sentences(text))
    return next((item for item in every if hashlib.sha256(item.content.encode()).hexdigest() == row["sentence"]), None)


def _outcome(sentence: Sentence, row: dict[str, str]) -> str:
    found = assertions(sentence)
    if row["label"] == "no-claim":
        return "wrong: asserts nothing" if found else "right: abstains"
    if not found:
        return "missed"
    fitting = [item for item in found if item.property in NAMES.get(row["property"], set())]
    if not fitting or any(item.holds is (row["polarity"] in NEGATIVE) for item in fitting):
        return "wrong: other property or polarity"
    return "right: understood"


def main() -> int:
    clones, only = Path(sys.argv[1]), sys.argv[2:]
    for file in sorted(CORPUS.glob("*.jsonl")):
        if only and file.stem not in only:
            continue
        count: Counter[str] = Counter()
        for row in map(json.loads, file.read_text().splitlines()):
            sentence = _sentence(clones, row)
            outcome = "not found in the clones" if sentence is None else _outcome(sentence, row)
            count[outcome] += 1
            if outcome.startswith("wrong") and sentence is not None:
                print(f"{outcome}: {row['repository']} {row['sha'][:12]} {row['path']}:{row['line']}")
        print(file.stem, dict(sorted(count.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
