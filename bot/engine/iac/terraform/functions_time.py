"""Times given as text. What the clock says is not known: `timestamp` and `plantimestamp` stay unknown.

https://developer.hashicorp.com/terraform/language/functions/formatdate
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import text_of_known
from bot.engine.iac.terraform.function_kinds import Function, UnsupportedError, lifted
from bot.engine.iac.terraform.scope import Scope
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern

CLOCKS = frozenset({"timestamp", "plantimestamp"})
MOMENT = (None, "T", None, "Z")  # 2026-01-02T03:04:05Z

_STAMP = Pattern(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[-+]\d\d:\d\d)")
_PIECE = Pattern(r"'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+|'")
_DURATION = Pattern(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_MICROSECONDS = {"ns": 0.001, "us": 1, "µs": 1, "μs": 1, "ms": 1000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _time(text: str) -> datetime:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise ValueError("not a time as RFC 3339 writes it")
    whole, fraction, zone = found.groups()
    if len(fraction or "") > 6:
        raise UnsupportedError("less than a microsecond")
    moment = datetime.fromisoformat(whole).replace(microsecond=int((fraction or "0").ljust(6, "0")))
    if zone == "Z":
        return moment.replace(tzinfo=UTC)
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return moment.replace(tzinfo=timezone(-offset if zone.startswith("-") else offset))


def _formatdate(layout: str, text: str) -> str:
    moment = _time(text)
    made: list[str] = []
    for found in _PIECE.finditer(layout):
        piece = found.group()
        if piece.startswith("'"):
            if found.group(1) is None:
                raise ValueError("a quote without its end")
            made.append(found.group(1).replace("''", "'") if found.group(1) else "'")
        else:
            made.append(_field(piece, moment) if found.group(2) else piece)
    return "".join(made)


def _field(piece: str, moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    fields = {
        "YYYY": f"{moment.year:04d}", "YY": f"{moment.year % 100:02d}",
        "MMMM": _MONTHS[moment.month - 1], "MMM": _MONTHS[moment.month - 1][:3], "MM": f"{moment.month:02d}", "M": str(moment.month),
        "DD": f"{moment.day:02d}", "D": str(moment.day),
        "EEEE": _DAYS[moment.weekday()], "EEE": _DAYS[moment.weekday()][:3],
        "hh": f"{moment.hour:02d}", "h": str(moment.hour), "HH": f"{hour:02d}", "H": str(hour),
        "AA": "AM" if moment.hour < 12 else "PM", "aa": "am" if moment.hour < 12 else "pm",
        "mm": f"{moment.minute:02d}", "m": str(moment.minute), "ss": f"{moment.second:02d}", "s": str(moment.second),
        "ZZZZZ": _zone(moment, ":"), "ZZZZ": _zone(moment, ""),
        "ZZZ": "UTC" if not moment.utcoffset() else _zone(moment, ""), "Z": "Z" if not moment.utcoffset() else _zone(moment, ":"),
    }  # fmt: skip
    if piece not in fields:
        raise ValueError(f"{piece} does not exist")
    return fields[piece]


def _zone(moment: datetime, separator: str) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{separator}{abs(minutes) % 60:02d}"


def _timeadd(text: str, duration: str) -> str:
    moment = _time(text) + _duration(duration)
    zone = "Z" if not moment.utcoffset() else _zone(moment, ":")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{zone}" if moment.year > 999 else _too_early()


def _too_early() -> str:
    raise UnsupportedError("years before 1000")


def _duration(text: str) -> timedelta:
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return timedelta()
    pieces = list(_DURATION.finditer(unsigned))
    if not pieces or "".join(piece.group() for piece in pieces) != unsigned:
        raise ValueError("not a duration")
    total = sum(float(piece.group(1)) * _MICROSECONDS[piece.group(2)] for piece in pieces)
    return timedelta(microseconds=-total if text.startswith("-") else total)


def _timecmp(one: str, two: str) -> int:
    first, second = _time(one), _time(two)
    return (first > second) - (first < second)


def _of_moment(args: list[Value], value: Value, parts: tuple[str | None, ...]) -> Value:
    """The pieces of what is made of the clock's moment, where that is all that is not known: it is set, and how it is written is known."""
    known = all(isinstance(arg, Known) or (isinstance(arg, Unknown) and arg.parts == MOMENT) for arg in args)
    return replace(value, parts=parts) if known and isinstance(value, Unknown) and value.reason == "computed" else value


def _added(args: list[Value], e: s.Call, scope: Scope) -> Value:
    return _of_moment(args, _ADD(args, e, scope), MOMENT)


def _formatted(args: list[Value], e: s.Call, scope: Scope) -> Value:
    value, layout = _FORMAT(args, e, scope), text_of_known(args[0]) if args else None
    found = [None if piece.group(2) else piece.group().strip("'") for piece in _PIECE.finditer(layout or "")]
    return _of_moment(args, value, tuple(found)) if layout else value


_ADD, _FORMAT = lifted("tt", _timeadd), lifted("tt", _formatdate)
TIME: dict[str, Function] = {
    "formatdate": _formatted,
    "timeadd": _added,
    "timecmp": lifted("tt", _timecmp),
}
