"""What was said and where: the environment before the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from bot.settings.fields import CONFIG, PREFIX, known
from bot.settings.problem import SettingsProblem, Wrong
from bot.settings.reading import content

NAME = "countersign.toml"
# Kubernetes sets these for every service of the same name: https://kubernetes.io/docs/concepts/services-networking/service/
_OF_A_SERVICE = re.compile(r"COUNTERSIGN_(?:\w+_)?(?:SERVICE_(?:HOST|PORT)|PORT)(?:_\w+)?\Z")


class Said(Struct, frozen=True):
    """One text. `base`: the directory that a relative path starts from."""

    text: str
    where: str
    base: Path


class Sources(Struct, frozen=True):
    """Every setting that was given, by its name in the file. `file`: the one that was read."""

    said: dict[str, Said]
    problems: tuple[SettingsProblem, ...]
    file: Path | None = None


def state_directory(environment: Mapping[str, str]) -> Path:
    """Where state lies when nobody says: https://specifications.freedesktop.org/basedir-spec/latest/."""
    home = environment.get("XDG_STATE_HOME") or str(Path(environment.get("HOME") or Path.home()) / ".local" / "state")
    return Path(environment.get(f"{PREFIX}STATE_DIRECTORY") or Path(home) / "countersign").absolute()


def find(environment: Mapping[str, str], given: str | None) -> Path | None:
    """The file that is read: the one named, else the first of ./countersign.toml and the state directory's that is there."""
    named = given or environment.get(CONFIG)
    if named:
        return Path(named).absolute()
    candidates = (Path(NAME).absolute(), state_directory(environment) / NAME)
    return next((path for path in candidates if path.is_file()), None)


def gather(environment: Mapping[str, str], file: Path | None) -> Sources:
    """Both sources, with what is wrong about their form."""
    variables, problems = _variables(environment)
    if file is None:
        return Sources(variables, tuple(problems))
    try:
        written, wrong = _written(file)
    except Wrong as error:
        return Sources(variables, (*problems, SettingsProblem(str(file), error.key, error.fields)), file)
    return Sources(_merged(written, variables), (*problems, *wrong), file)


def _merged(written: dict[str, Said], variables: dict[str, Said]) -> dict[str, Said]:
    """A variable replaces what the file says, also where one names the value and the other its file."""
    twins = {name.removesuffix("_file") for name in variables} | {f"{name}_file" for name in variables}
    return {name: said for name, said in written.items() if name not in twins} | variables


def _variables(environment: Mapping[str, str]) -> tuple[dict[str, Said], list[SettingsProblem]]:
    said: dict[str, Said] = {}
    problems = []
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or name == CONFIG or _OF_A_SERVICE.match(name) or not value.strip():
            continue
        key = name.removeprefix(PREFIX).lower()
        if key in known() and name == name.upper():
            said[key] = Said(value.strip(), name, Path.cwd())
        else:
            problems.append(_unknown(name, "variable", [PREFIX + other.upper() for other in known()]))
    return said, problems


def _written(file: Path) -> tuple[dict[str, Said], list[SettingsProblem]]:
    said: dict[str, Said] = {}
    problems = []
    data = content(file)
    for key, value in _parsed(data).items():
        where = f"{file}{_line(data, key)} {key}"
        if key not in known():
            problems.append(_unknown(where, "key", list(known())))
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            problems.append(SettingsProblem(where, "not-a-value"))
        elif str(value).strip():
            said[key] = Said(str(value).strip(), where, file.parent)
    return said, problems


def _parsed(data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise Wrong("toml-encoding") from None
    except tomllib.TOMLDecodeError as error:
        raise Wrong("toml", detail=_without_values(str(error))) from None


def _without_values(message: str) -> str:
    """The place in a message of tomllib; the rest may echo a character of a secret."""
    found = re.search(r"\(at (.*)\)\Z", message)
    return found[1] if found else ""


def _line(data: bytes, key: str) -> str:
    found = re.search(rb"^\s*\"?%s\"?\s*=" % re.escape(key.encode()), data, re.MULTILINE)
    if not found:
        return ""
    return f":{data.count(bytes([10]), 0, found.end()) + 1}"


def _unknown(where: str, kind: str, names: list[str]) -> SettingsProblem:
    """Names are compared without the prefix, which all have in common."""
    prefix = PREFIX if kind == "variable" else ""
    near = get_close_matches(where.rpartition(" ")[2].removeprefix(prefix), [name.removeprefix(prefix) for name in names], n=1)
    return SettingsProblem(where, f"unknown-{kind}-near", {"near": prefix + near[0]}) if near else SettingsProblem(where, f"unknown-{kind}")
