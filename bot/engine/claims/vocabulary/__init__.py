"""The closed vocabulary: which words assert which property, and which rules hold it against a resource.

A rule of the policy says what is wrong, so that a property holds where none of its rules is true. Nothing here says what "encrypted" means:
the rules and their views do. Words are in lower case, without hyphens; `a|b` are alternatives, a word with `?` may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.claims.vocabulary.doubt import ABSTAIN, NEGATORS, PLACES
from bot.engine.claims.vocabulary.keeping import KEEPING
from bot.engine.claims.vocabulary.property import Check, Property
from bot.engine.claims.vocabulary.rights import RIGHTS
from bot.engine.claims.vocabulary.secrecy import SECRECY

__all__ = ["ABSTAIN", "NEGATORS", "PLACES", "PROPERTIES", "RIGHTS", "Check", "Property"]

PROPERTIES: Mapping[str, Property] = {**SECRECY, **RIGHTS, **KEEPING}
