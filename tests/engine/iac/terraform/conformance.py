"""What Terraform answers to many expressions, as recorded in `conformance.txt`, and the asking.

A line is an expression and, after a tab, Terraform's answer as JSON, or `refused`; after another tab stands `open` where we
leave it open. `python -m tests.engine.iac.terraform.conformance` asks the installed Terraform again and writes the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from bot.engine.iac.terraform import evaluate, listing
from bot.engine.iac.terraform.values import is_failure
from bot.engine.model.value import Plain, Value, is_fully_known, plain

RECORD = Path(__file__).with_name("conformance.txt")
REFUSED = "refused"
BATCH = 100
FILES = {
    "t.tpl": b"hi ${name}\n",
    "d.csv": b'a,b\n1,"x,y"\n',
    "bin": b"\xff\xfe",
    "j.json": b'{"a":[1]}',
    "sub/x.json": b"",
    "sub/y.yaml": b"",
    "sub/deep/z.json": b"",
    "sub/.hid": b"",
}


class Case(Struct, frozen=True):
    """One expression. `answer`: JSON, or REFUSED; `is_open`: we do not say."""

    expression: str
    answer: str
    is_open: bool


def recorded() -> tuple[Case, ...]:
    """The record."""
    found = (line.split("\t") for line in RECORD.read_text(encoding="utf-8").splitlines() if line)
    return tuple(Case(expression, answer, rest == ["open"]) for expression, answer, *rest in found)


def ours(expressions: Iterable[str]) -> dict[str, str]:
    """Our answers in the same form; `open` for what is left open."""
    names = {f"x{number}": expression for number, expression in enumerate(expressions)}
    text = "locals {\n" + "".join(f"  {name} = {expression}\n" for name, expression in names.items()) + "}\n"
    files = {**FILES, "main.tf": text.encode()}
    (model,) = evaluate("", files, listed=listing(files, files))
    values = {item.name: item.attributes["value"] for item in model.resources if item.mode == "local"}
    return {expression: _answer(values[name]) for name, expression in names.items()}


def _answer(value: Value) -> str:
    if is_failure(value):
        return REFUSED
    return json.dumps(_exact(plain(value))) if is_fully_known(value) and not value.sensitive else "open"


def same(ours_: str, answer: str) -> bool:
    """Whether two answers say the same; numbers by value."""
    return ours_ == answer or (REFUSED not in (ours_, answer) and bool(_exact(json.loads(ours_)) == _exact(json.loads(answer))))


def _exact(found: Plain) -> Plain:
    """Numbers as their values; whole ones beyond 64 bits, which are shown as text, as their first digits on both sides."""
    if isinstance(found, dict):
        return {key: _exact(item) for key, item in found.items()}
    if isinstance(found, list):
        return [_exact(item) for item in found]
    if isinstance(found, str) and found.lstrip("-").isdecimal() and len(found) > 18:
        return f"{float(found):.15g}"
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return found
    return f"{found:.15g}" if abs(found) >= 10**18 else float(found)


def ask(expressions: list[str], directory: Path) -> list[str]:
    """What `terraform console` answers."""
    for path, data in FILES.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(data)
    return [answer for start in range(0, len(expressions), BATCH) for answer in _asked(expressions[start : start + BATCH], directory)]


def _asked(expressions: list[str], directory: Path) -> Iterator[str]:
    asked = ", ".join(f'try(jsonencode({expression}), "{REFUSED}")' for expression in expressions)
    line = f"jsonencode([{asked}])"
    done = subprocess.run(["terraform", "console"], input=line + "\n", capture_output=True, text=True, check=True, cwd=directory)
    yield from json.loads(json.loads(done.stdout))


def main() -> int:
    expressions = list(dict.fromkeys([case.expression for case in recorded()] + sys.argv[1:]))
    with tempfile.TemporaryDirectory() as directory:
        answers = ask(expressions, Path(directory))
    found = ours(expressions)
    lines = [
        f"{expression}\t{answer}" + ("\topen" if found[expression] == "open" else "")
        for expression, answer in zip(expressions, answers, strict=True)
    ]
    RECORD.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
