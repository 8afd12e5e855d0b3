"""How a terminal is written to: colours, width, and whether only ASCII may be used."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Tone: TypeAlias = Literal["violation", "decision", "unverified", "quiet", "strong", "plain"]
# Select Graphic Rendition, ECMA-48 §8.3.117: bold red, bold yellow, bold cyan, faint, bold.
_CODES: dict[Tone, str] = {"violation": "1;31", "decision": "1;33", "unverified": "1;36", "quiet": "2", "strong": "1", "plain": ""}


class Style(Struct, frozen=True):
    """`width`: columns. `ascii`: every other character is written as an escape."""

    width: int = 100
    colour: bool = False
    ascii: bool = False

    def paint(self, tone: Tone, text: str) -> str:
        code = _CODES[tone]
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    @property
    def dot(self) -> str:
        return "-" if self.ascii else "·"

    @property
    def ellipsis(self) -> str:
        return "..." if self.ascii else "…"

    def finish(self, text: str) -> str:
        """The whole output, as far as the terminal may show it."""
        if not self.ascii:
            return text
        words = text.replace("·", "-").replace("…", "...")
        return words.encode("ascii", "backslashreplace").decode("ascii")
