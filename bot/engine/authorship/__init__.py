"""Evidence of who wrote a change → a grade. What says nothing is graded as no evidence, which is never the same as a person's work.

    texts, identities, accounts → evidence (by the rows of a table that is passed in) → grade of a commit → grade of a change
"""

from __future__ import annotations

from bot.engine.authorship.change import Pull, change
from bot.engine.authorship.index import Index
from bot.engine.authorship.table import load_signals

__all__ = ["Index", "Pull", "change", "load_signals"]
