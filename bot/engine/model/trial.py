"""What a change of our own files would have made of verdicts that were given before: data for whoever is asked about it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.verdict import Conclusion

Why: TypeAlias = Literal[
    "kept",  # what it was made from is not kept, or not any more
    "files",  # under one of both policies it needs files that were not read then
    "limit",  # it reached a limit of the evaluation
    "died",  # the evaluation ended without a verdict
    "time",  # the time for all of them was over
    "bytes",  # so were the bytes
]


class Tried(Struct, frozen=True):
    """One verdict, made again under what is in force and under what is proposed.

    `number`: the pull request; 0 where it is another repository's, which is not named. `before`, `after`: conclusions; None where they are
    not known, with `why`. `differs`: the conclusion, or which results block.
    """

    number: int = 0
    before: Conclusion | None = None
    after: Conclusion | None = None
    differs: bool = False
    why: Why | None = None


class Trial(Struct, frozen=True):
    """`tried`: the newest verdict of each pull request that was judged last, the newest first. `left_out`: why none was tried: the files
    are not what would be in force (`branch`), could not be read (`unread`) or are not valid, which is told apart from this (`not-valid`).
    """

    tried: tuple[Tried, ...] = ()
    left_out: Literal["branch", "unread", "not-valid"] | None = None
