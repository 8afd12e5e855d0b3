"""The patterns of `fileset`: https://developer.hashicorp.com/terraform/language/functions/fileset"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.engine.iac.terraform.function_kinds import UnsupportedError
from bot.engine.pattern import Pattern

_TOKEN = Pattern(r"(?:(?<=/)|\A)\*\*/|(?P<deep>(?:(?<=/)|\A)\*\*\Z)|\*+|\?|\[\^?[^\]\\]+\]|\{[^{}\\]*\}|\\|[{}\[]|[^*?\[\]{}\\]+|\]")
_MAX_LENGTH = 200


@lru_cache(maxsize=256)
def glob_pattern(written: str) -> re.Pattern[str]:
    """`*` and `?` stay within one directory, `**` as a whole step stands for any number of them, `{a,b}` for one of them."""
    if len(written) > _MAX_LENGTH or written.startswith("/") or ".." in written.split("/"):
        raise UnsupportedError("a pattern of fileset")
    return re.compile("".join(r".*" if found["deep"] else _piece(found.group()) for found in _TOKEN.finditer(written.removeprefix("./"))))


def _piece(token: str) -> str:
    if token == "**/":  # noqa: S105 - a mark of the syntax
        return r"(?:[^/]+/)*"
    if token.startswith("*"):
        return r"[^/]*"
    if token == "?":  # noqa: S105 - a mark of the syntax
        return r"[^/]"
    if token.startswith("[") and len(token) > 1:
        return token
    if token.startswith("{") and token.endswith("}") and len(token) > 1:
        return f"(?:{'|'.join(_alternative(part) for part in token[1:-1].split(','))})"
    if token in ("\\", "{", "}", "["):
        raise UnsupportedError("a pattern of fileset")
    return re.escape(token)


def _alternative(part: str) -> str:
    if re.search(r"[*?\[]", part):
        raise UnsupportedError("a pattern of fileset")
    return re.escape(part)
