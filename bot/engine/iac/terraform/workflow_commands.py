"""The commands of Terraform in a text of shell, with the directory that the text has gone to before."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.pattern import Pattern

_NEXT = Pattern(r"\n|&&|\|\||;|\|")
_CALL = Pattern(r"\s*(?:(?:if|then|else|!|time|exec|sudo)\s+)*(terraform|tofu)\s+(.*)")
_CD = Pattern(r"\s*(?:cd|pushd)\s+(\S+)\s*")
_VAR = Pattern(r"""-{1,2}var(?:=|\s+)["']?([A-Za-z_][\w-]*)=""")
_CHDIR = Pattern(r"""-chdir=["']?([^\s"']+)["']?\s+""")
_OPEN = Pattern(r"""-var-file|(?:^|\s)["']?\$(?!\{\{)|`""")


class Command(Struct, frozen=True):
    """`directory`: where `cd` led before; `chdir`: of the call itself; `given`: variables that it sets, None where others may be."""

    tool: str
    verb: str
    directory: str
    chdir: str
    given: frozenset[str] | None


def commands(text: str) -> Iterator[Command]:
    """Every call, in order. What is written in loops and functions counts once."""
    place = ""
    for piece in _NEXT.split(text.replace("\\\n", " ")):
        if (moved := _CD.fullmatch(piece)) is not None:
            target = moved[1].strip("\"'")
            place = f"{place}/{target}" if place and not target.startswith(("/", "$")) else target
        elif (call := _CALL.fullmatch(piece)) is not None:
            yield _command(call[1], call[2], place)


def _command(tool: str, written: str, place: str) -> Command:
    chdir = _CHDIR.match(written)
    rest = written[chdir.end() :] if chdir else written
    verb, _, arguments = rest.strip().partition(" ")
    given = None if _OPEN.search(arguments) else frozenset(_VAR.findall(arguments))
    return Command(tool, verb, place, chdir[1] if chdir else "", given)
