"""What a service is given: words, rules, and what an installation has made of them. Read by the command, which knows where they lie."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.model.signal import Signals
from bot.report.comments import Words


class Supplies(Struct, frozen=True):
    """`rules`: the shipped files by path; `compiled`: what was made of them at installation, empty for nothing.

    `signals`: of authorship; without them none is told.
    """

    words: Words
    rules: dict[str, bytes]
    compiled: bytes = b""
    signals: Signals = Signals()
