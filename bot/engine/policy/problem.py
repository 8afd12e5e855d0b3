"""What is wrong in a file of the policy: where, what, what is allowed instead.

The exceptions: PolicyError, with every problem of every file
                └── ConfigurationError, for configuration and waivers
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.engine.model.span import Span

MAX_SHOWN, MAX_PLACE = 60, 200


class Problem(Struct, frozen=True, order=True):
    """One problem. `place`: the path inside the document; `value`: what stands there, where that helps."""

    span: Span
    place: str
    text: str
    value: str = ""
    columns: bool = True

    def __str__(self) -> str:
        where = f"{self.span.path}:{self.span.line}" + (f":{self.span.column}" if self.columns else "")
        value = f": {_shown(self.value)}" if self.value else ""
        return f"`{where}` `{_shown(self.place, MAX_PLACE)}{value}` {self.text}" if self.place else f"`{where}` {self.text}"


def _shown(value: str, most: int = MAX_SHOWN) -> str:
    text = " ".join(value.replace("`", "'").split())
    return text if len(text) <= most else text[: most - 1] + "…"


class PolicyError(Exception):
    """Rules that cannot be used. `problems`: all of them, of all files, by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class ConfigurationError(PolicyError):
    """Configuration or waivers that cannot be used."""


def not_allowed(what: str, value: str, allowed: Iterable[str]) -> str:
    """Says that a word is none of the allowed ones, names them, and the near one."""
    names = sorted(allowed) if not isinstance(allowed, tuple) else allowed
    near = nearest(value, names)
    hint = f" Did you mean `{near}`?" if near else ""
    return f"is not {what}. One of: {', '.join(names)}.{hint}" if names else f"is not {what}: there is none."


def nearest(value: str, names: Iterable[str]) -> str:
    """The allowed name that was probably meant, or the empty text."""
    from difflib import get_close_matches  # noqa: PLC0415 - costs 1 ms that only an error pays

    return next(iter(get_close_matches(value, tuple(names), n=1, cutoff=0.6)), "")
