"""What a text says a value is: an argument by its name, a size of machine, how long something is kept, a version."""

from bot.engine.claims.values.finding import values
from bot.engine.claims.values.reading import Wanted, readings

__all__ = ["Wanted", "readings", "values"]
