"""Values that nobody means to run: texts that say what has to be given instead of them, and what tests give to be refused."""

from __future__ import annotations

from bot.engine.model.value import Known, Unknown, Value, origins
from bot.engine.pattern import Pattern

# In capitals a word has to say that a value is to be put there: `MY_APP_LOGS` is a name, which a service may refuse.
_ASKED_FOR = Pattern(
    r"<[^<>]{1,60}>|(?:^|[-_ ])(?i:your|replace[-_ ]?(?:me|with)|change[-_ ]?me)(?:[-_ ]|$)"
    r"|^(?=[A-Z0-9_]+$)(?:\w*_)?(?:NAME|HERE|UNIQUE|TODO|PLACEHOLDER)(?:_\w*)?$"
)
_REFUSED_ON_PURPOSE = Pattern(r"(?:^|/)(?:tests?|[\w-]*fixtures?|testdata)/(?:.*/)?[^/]*(?:invalid|negative)[^/]*(?:/.*)?")


def is_asked_for(text: str) -> bool:
    """Whether a text says what has to be given instead of it: `<name>`, `YOUR_BUCKET-logs`, `A_UNIQUE_NAME`."""
    return _ASKED_FOR.search(text) is not None


def is_of_a_test(value: Value) -> bool:
    """Whether a test gives the value to see it refused: it comes from a file such as `tests/fixtures/invalid-name/main.tf`."""
    return any(_REFUSED_ON_PURPOSE.search(place.path) for place in (value.span, *origins(value)))


def asks_for_a_value(value: Value) -> bool:
    """Whether a text in the value says what has to be given instead of it."""
    if isinstance(value, Unknown):
        return any(part is not None and is_asked_for(part) for part in value.parts)
    if not isinstance(value, Known):
        return False
    if isinstance(value.raw, tuple | dict):
        return any(map(asks_for_a_value, value.raw.values() if isinstance(value.raw, dict) else value.raw))
    return isinstance(value.raw, str) and is_asked_for(value.raw)
