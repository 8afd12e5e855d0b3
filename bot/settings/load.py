"""From environment and file to the settings, or to everything that is wrong with them."""

from __future__ import annotations

import socket
import stat
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.settings.fields import FIELDS, Field, Value
from bot.settings.problem import SettingsError, SettingsProblem, Wrong
from bot.settings.reading import content, listening
from bot.settings.secret import Secret
from bot.settings.settings import Note, Settings, api_of
from bot.settings.sources import NAME, Said, Sources, find, gather, state_directory

SHORT_SECRET = 20


class _Read(Struct):
    values: dict[str, Value]
    problems: list[SettingsProblem]
    notes: list[Note]


def load(environment: Mapping[str, str], file: str | None = None) -> Settings:
    """Reads everything once; raises `SettingsError` with all that is wrong."""
    path = find(environment, file)
    sources = gather(environment, path)
    read = _Read({}, list(sources.problems), [])
    for field in FIELDS:
        _read(field, sources, read)
    _look_at_files(sources, read)
    if read.problems:
        raise SettingsError(tuple(read.problems))
    return _settings(read, environment)


def _read(field: Field, sources: Sources, read: _Read) -> None:
    try:
        said = _said(field, sources)
        if said is None:
            _absent(field, read)
            return
        text = str(said.base / Path(said.text).expanduser()) if field.path else said.text
        read.values[field.name] = field.read(text)
        if field.name.startswith("webhook_secret") and len(said.text) < SHORT_SECRET:
            read.notes.append(Note(said.where, "short-secret", {"least": SHORT_SECRET}))
    except _Located as error:
        read.problems.append(error.problem)
    except Wrong as error:
        read.problems.append(SettingsProblem(_where(field, sources), error.key, error.fields))


class _Located(Exception):  # noqa: N818 - carries a problem to the list of them
    def __init__(self, problem: SettingsProblem) -> None:
        super().__init__(problem.key)
        self.problem = problem


def _absent(field: Field, read: _Read) -> None:
    if field.required:
        read.problems.append(SettingsProblem(field.variable, field.required, {"file": NAME}))
    elif field.default is not None:
        read.values[field.name] = field.default


def _said(field: Field, sources: Sources) -> Said | None:
    """The text of a setting, from the file it names where it names one."""
    value, named = sources.said.get(field.name), sources.said.get(f"{field.name}_file") if field.secret else None
    if value is not None and named is not None:
        raise _Located(SettingsProblem(value.where, "both", {"other": named.where}))
    if named is None:
        return value
    try:
        text = content(named.base / Path(named.text).expanduser()).decode().strip()
    except Wrong as error:
        raise _Located(SettingsProblem(named.where, error.key, error.fields)) from None
    except UnicodeDecodeError:
        raise _Located(SettingsProblem(named.where, "encoding")) from None
    if not text:
        raise _Located(SettingsProblem(named.where, "empty"))
    return Said(text, named.where, named.base)


def _where(field: Field, sources: Sources) -> str:
    said = sources.said.get(field.name) or sources.said.get(f"{field.name}_file")
    return said.where if said else field.variable


def _look_at_files(sources: Sources, read: _Read) -> None:
    """Files that hold a secret and that others than the owner may read. A container's mounted secrets often are: said, not refused."""
    holds = [sources.file] if sources.file and any(_holds_secret(field, sources) for field in FIELDS) else []
    holds += [said.base / Path(said.text).expanduser() for name, said in sources.said.items() if name.endswith("_file")]
    for path in holds:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue  # said where it was read
        if mode & 0o077:
            read.notes.append(Note(str(path), "readable-by-others", {"mode": f"{mode:04o}", "path": str(path)}))


def _holds_secret(field: Field, sources: Sources) -> bool:
    said = sources.said.get(field.name)
    return field.secret and said is not None and said.where.startswith(f"{sources.file}")


def _settings(read: _Read, environment: Mapping[str, str]) -> Settings:
    values = dict(read.values)
    directory = str(values.pop("state_directory", "") or state_directory(environment))
    address, port = listening(str(values.pop("listen")))
    secrets = tuple(found for name in ("webhook_secret", "webhook_secret_old") if isinstance(found := values.pop(name, None), Secret))
    derived: dict[str, object] = {
        "ledger_url": Secret(f"sqlite:///{directory}/ledger.sqlite"),
        "api_url": api_of(str(values["github_url"])),
        "replica": socket.gethostname().partition(".")[0] or "single",
    }
    chosen = derived | values | {"state_directory": directory, "address": address, "port": port}
    return Settings(**chosen, webhook_secrets=secrets, notes=tuple(read.notes))  # type: ignore[arg-type]  # a test holds table and struct together
