"""What is wrong with what the operator said: where it stands, and the phrase that says what was expected."""

from __future__ import annotations

from msgspec import Struct


class SettingsProblem(Struct, frozen=True):
    """`where`: the variable, or file, line and key. `key`: of the phrase below `settings`. `fields`: its values, never a secret."""

    where: str
    key: str
    fields: dict[str, str | int] = {}


class SettingsError(Exception):
    """Everything that is wrong, in the order of the settings; nothing was started."""

    def __init__(self, problems: tuple[SettingsProblem, ...]) -> None:
        super().__init__(", ".join(f"{problem.where}: {problem.key}" for problem in problems))
        self.problems = problems


class Wrong(Exception):  # noqa: N818 - becomes a problem as soon as its place is known
    """One value cannot be used: the phrase's key and fields."""

    def __init__(self, key: str, **fields: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields
