"""Citations of controls: the identifiers that a text names, looked up by framework and edition in the table of controls."""

from bot.engine.claims.citations.finding import citations, speaks_of

__all__ = ["citations", "speaks_of"]
