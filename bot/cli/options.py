"""Options of a command: declared as values, read without argparse (8 ms of a cold command)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Usage(Exception):  # noqa: N818 - what it is called on a command line
    """The command line cannot be understood. `key` names the phrase under `usage`, `fields` its values."""

    def __init__(self, key: str, **fields: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


class Spec(Struct, frozen=True):
    """What a command takes: options with a value, flags, choices of an option's value, and at most so many positionals."""

    command: str
    values: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = {}
    positionals: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.values, *self.flags, "--help")


class Options(Struct, frozen=True):
    """What was given; names with their dashes."""

    values: dict[str, str]
    flags: frozenset[str]
    positionals: tuple[str, ...]

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def has(self, name: str) -> bool:
        return name in self.flags


def parse(spec: Spec, arguments: Sequence[str]) -> Options:
    """The arguments of a command; raises `Usage`."""
    values: dict[str, str] = {}
    flags: set[str] = set()
    positionals: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            positionals += rest
            break
        if not word.startswith("-") or word == "-":
            positionals.append(word)
            continue
        name, equals, given = word.partition("=")
        if name in spec.flags or name in ("--help", "-h"):
            _refuse_value(spec, name, equals)
            flags.add("--help" if name == "-h" else name)
        elif name in spec.values:
            values[name] = _checked(spec, name, given if equals else _next(spec, name, rest))
        else:
            raise unknown(spec, name)
    if len(positionals) > spec.positionals:
        raise Usage("too-many", command=spec.command, word=positionals[spec.positionals])
    return Options(values, frozenset(flags), tuple(positionals))


def number(options: Options, name: str, default: int, command: str) -> int:
    """A positive whole number; raises `Usage`."""
    text = options.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise Usage("not-a-number", command=command, option=name, value=text)
    return int(text)


def unknown(spec: Spec, name: str) -> Usage:
    """The error for an option that the command does not have, with the nearest one it has."""
    if near := nearest(name, spec.names):
        return Usage("unknown-option-near", command=spec.command, option=name, near=near)
    return Usage("unknown-option", command=spec.command, option=name)


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, n=1)), None)


def _refuse_value(spec: Spec, name: str, equals: str) -> None:
    if equals:
        raise Usage("no-value", command=spec.command, option=name)


def _next(spec: Spec, name: str, rest: list[str]) -> str:
    if not rest or (rest[0].startswith("--") and rest[0] != "--"):
        raise Usage("missing-value", command=spec.command, option=name)
    return rest.pop(0)


def _checked(spec: Spec, name: str, value: str) -> str:
    allowed = spec.choices.get(name, ())
    if allowed and value not in allowed:
        raise Usage("bad-choice", command=spec.command, option=name, value=value, choices=", ".join(allowed))
    return value
