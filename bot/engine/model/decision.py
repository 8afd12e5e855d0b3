"""What people answered, as data: gathered from the ledger before anything is decided."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

Why: TypeAlias = Literal["facts", "expired", "commit"]
Verb: TypeAlias = Literal["accept", "reject", "reopen", "waive", "dispute", "break-glass", "approve", "outdated"]


class Decision(Struct, frozen=True):
    """One person's recorded answer. `result`: the id of the result it answers; empty for a break-glass, which is about the whole change,
    and for an approving review (`approve`; `outdated` where it was given on another commit), which is about every question that it answers.

    `bound`: what the result rested on when it was answered, as `bound` in `bot.engine.decisions.binding` makes it: another value is another
    question. Of several results all of them, with blanks between. `by`: the login, `account` its number. `ref`: where it stands, for the
    reader (`#12 by @ada`), and for the ledger.
    `until`: the last day on which it holds (UTC); None: as long as the facts hold. `pull`, `head`: what it was given on.
    `carried`: it was given on another pull request that this one contains. `told`: what decided, as it was shown to whoever answered
    (path → value), to say later what is different; made by `told` in `bot.report.answer`.
    """

    result: str
    bound: str
    verb: Verb
    by: str
    account: int
    reason: str
    at: datetime
    ref: str
    number: str = ""
    until: date | None = None
    pull: int = 0
    head: str = ""
    carried: bool = False
    told: dict[str, str] = {}


class Lapsed(Struct, frozen=True):
    """An answer that no longer holds. `facts`: what it rested on is different now; `expired`: its last day has passed; `commit`: it was
    an approving review of another commit."""

    decision: Decision
    why: Why
