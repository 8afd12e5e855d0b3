"""What the finder of citations says of whole repositories, to be read by hand.

python tools/citations.py DIRECTORY...

Each directory is one repository. Prints every citation that does not exist with its place and sentence, then one row for each repository
that cites controls: how many citations, how many of them exist, are not decided by the table, do not exist.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.confine.tables import facts  # noqa: E402 - the path is set first
from bot.engine.claims.citations.finding import citations, speaks_of  # noqa: E402
from bot.engine.claims.comments import comments  # noqa: E402
from bot.engine.claims.sentences import sentences  # noqa: E402
from bot.engine.claims.text import Stated, Text  # noqa: E402
from bot.report.phrases import Phrases, load  # noqa: E402

LANGUAGES = {".tf": "terraform", ".tfvars": "terraform", ".bicep": "bicep"}
LEFT_OUT = {".git", "node_modules", ".terraform"}
MAX_BYTES = 1_000_000


def main() -> int:
    """Prints what was found; says nothing about files without a citation."""
    phrases = load((HOME / "templates/phrases.yaml").read_bytes())
    rows = []
    for directory in map(Path, sys.argv[1:]):
        counts: Counter[str] = Counter()
        for found in _found(directory):
            counts[found.status] += 1
            if found.status == "nonexistent":
                print(_line(directory, found, phrases))
        if counts:
            rows.append((directory.name, counts))
    print(f"\n{'repository':<60}{'cited':>8}{'exist':>8}{'open':>8}{'absent':>8}")
    for name, counts in rows:
        print(f"{name:<60}{counts.total():>8}{counts['supported']:>8}{counts['unverifiable']:>8}{counts['nonexistent']:>8}")
    return 0


def _found(directory: Path) -> Iterator[Stated]:
    controls = facts().controls
    for path in _files(directory):
        said = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        if speaks_of(said):
            for text in _texts(path.relative_to(directory).as_posix(), path.suffix.lower(), said):
                yield from citations(sentences(text), controls)


def _files(directory: Path) -> Iterator[Path]:
    for place, directories, names in os.walk(directory):
        directories[:] = sorted(name for name in directories if name not in LEFT_OUT)
        for path in (Path(place, name) for name in sorted(names)):
            if (path.suffix.lower() in LANGUAGES or path.suffix.lower() == ".md") and path.is_file() and path.stat().st_size <= MAX_BYTES:
                yield path


def _texts(path: str, suffix: str, said: str) -> Iterator[Text]:
    if suffix == ".md":
        yield Text("document", said, path, 1)
        return
    for run in comments(LANGUAGES[suffix], said):
        numbers = tuple(number for number, _ in run.lines)
        yield Text("code", "\n".join(line for _, line in run.lines), path, numbers[0], block=run.block, lines=numbers)


def _line(directory: Path, found: Stated, phrases: Phrases) -> str:
    sentence = found.sentence
    said = phrases.say(f"claim.{found.key}", **found.fields)
    return f"{directory.name} {sentence.text.path}:{sentence.line} · {found.claimed} · {said}\n    {sentence.content}"


if __name__ == "__main__":
    sys.exit(main())
