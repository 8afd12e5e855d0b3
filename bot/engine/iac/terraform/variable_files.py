"""What the variable files of one run give, the later over the earlier; one that is not read may give any variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.parse import parse_file
from bot.engine.model.resource import Limits, Unread
from bot.engine.model.span import Span

WHOLE = ("file", "root")


def given(
    paths: Iterable[str], files: Mapping[str, bytes], declared: Iterable[str], limits: Limits
) -> tuple[dict[str, s.Expression], tuple[Unread, ...]]:
    """Variable → its expression, and what was not read. `paths`: weakest first; of one that is not in `files` nothing is known."""
    found: dict[str, s.Expression] = {}
    unread: tuple[Unread, ...] = ()
    for path in paths:
        data = files.get(path)
        file = parse_file(path, data, limits) if data is not None else s.File(path, {}, ())
        if data is None or any(gap.extent in WHOLE for gap in file.unread):
            found |= dict.fromkeys(declared, s.Unparsed(Span(path, 1), path, "a variable file that was not read"))
        unread += file.unread
        found |= {name: written.expression for name, written in file.attributes.items()}
    return found, unread
