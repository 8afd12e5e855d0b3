"""What stands on GitHub for one verdict; made by `bot.report`, sent by `bot.github.publisher`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from bot.engine.model.verdict import Conclusion


class InlineComment(Struct, frozen=True):
    """One review comment. `key` (the result's id) is stable over pushes; `body` starts with the hidden marker that holds it.

    `line` None: a comment on the file as a whole. `start_line` is set for a suggestion over several lines.
    """

    key: str
    path: str
    body: str
    line: int | None = None
    side: Literal["LEFT", "RIGHT"] = "RIGHT"
    start_line: int | None = None


class FixedComment(Struct, frozen=True):
    """What a comment becomes when its result is gone: edited in place and minimised, never deleted."""

    key: str
    body: str


class Publication(Struct, frozen=True):
    """Everything one pull request shows. Texts are within GitHub's limits already (65,535 characters each)."""

    check_name: str
    conclusion: Conclusion
    title: str
    summary: str
    text: str
    comments: tuple[InlineComment, ...] = ()
    fixed: tuple[FixedComment, ...] = ()
    summary_comment: str | None = None
