"""What the bundled tables mean: the schemas of providers, and the actions of IAM. The bytes are passed in.

The tables lie in `bot/facts`, each with its source and date; `tools/facts.py` and its neighbours make them.
"""

from bot.engine.facts.facts import NO_FACTS, Facts
from bot.engine.facts.table import NotATable, Table

__all__ = ["NO_FACTS", "Facts", "NotATable", "Table"]
