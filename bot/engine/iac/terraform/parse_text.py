"""Templates and expressions that are themselves values: strings of the JSON syntax, template files."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from bot.engine.iac.terraform.parse_expression import ExpressionParser
from bot.engine.iac.terraform.parse_scanner import Refused, Stop
from bot.engine.iac.terraform.parse_source import PlacedSource
from bot.engine.iac.terraform.syntax import Expression, Literal, Unparsed
from bot.engine.iac.terraform.template import normalize
from bot.engine.model.resource import Limits
from bot.engine.model.span import Span

MAX_TEXT = 200
_DEFAULT = Limits()


@lru_cache(maxsize=64)
def parse_template(text: str, span: Span, limits: Limits = _DEFAULT) -> Expression:
    """The expression of a template given as text, as in a string of the JSON syntax or a template file.

    Only `$${` and `%%{` are escapes in it. Every part stands at `span`. Yields `Unparsed` for what is no template.
    Remembered, since the instances of a resource read one file.
    """
    if "${" not in text and "%{" not in text:
        return Literal(span, normalize(text))
    return _read(text, span, limits, lambda parser: parser.assembled(parser.lines_to_the_end(), 0))


def parse_expression(text: str, span: Span, limits: Limits = _DEFAULT) -> Expression:
    """The expression given as text (`aws_vpc.main`, `list(string)`). Every part stands at `span`; `Unparsed` for what is none."""
    return _read(text, span, limits, _alone)


def _alone(parser: ExpressionParser) -> Expression:
    found = parser.expression(loose=True)
    parser.space(loose=True)
    if parser.at < len(parser.text):
        parser.fail("the end")
    return found


def _read(text: str, span: Span, limits: Limits, read: Callable[[ExpressionParser], Expression]) -> Expression:
    detail = "syntax error"
    try:
        return read(ExpressionParser(PlacedSource(span, text), limits.nesting))
    except Stop:
        pass
    except Refused as refused:
        detail = refused.detail
    except RecursionError:
        detail = "nesting"
    return Unparsed(span, text[:MAX_TEXT], detail)
