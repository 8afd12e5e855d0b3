"""Expressions of HCL's native syntax, read as its own parser reads them.

Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser.go (`parseTernaryConditional`, `parseBinaryOps`,
`parseExpressionWithTraversals`, `parseExpressionTerm`).
"""

from __future__ import annotations

import math
import re

from bot.engine.iac.terraform import template
from bot.engine.iac.terraform.parse_operators import group
from bot.engine.iac.terraform.parse_scanner import NAME, Refused, across
from bot.engine.iac.terraform.parse_source import Source
from bot.engine.iac.terraform.parse_template import TemplateParser
from bot.engine.iac.terraform.syntax import (
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    Splat,
    SplatItem,
    TupleCons,
    Unary,
    Variable,
)
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

_FUNCTION = Pattern(r"([^\W\d][\w-]*(?:::[^\W\d][\w-]*)*)[ \t]*\(")
_NUMBER = Pattern(r"[0-9]++(?>\.[0-9]++)?(?>[eE][+-]?[0-9]++)?(?!\.[0-9]|[eE][+-]?[0-9])")
_LEGACY = Pattern(r"[0-9]+(?!\.?[0-9])")
_OPERATOR = Pattern(r"&&|\|\||[=!<>]=|[<>+*/%-]")
EQUALS = Pattern(r"=(?![=>])")
_KEYWORDS = {"true": True, "false": False, "null": None}
MAX_DIGITS = 400
# The plainest values, most of what is written: a text without escapes, a whole number, a reference of names.
PLAIN = r'(?>"([^"\\$%\r\n]*+)"|([0-9]{1,300}+)|([^\W\d][\w-]*+(?>\.[^\W\d][\w-]*+){0,30}+))'
_ALONE = Pattern(rf"[ \t]*+{PLAIN}(?=[ \t]*+(?>[,)\]}}]|\r?\n))")
_ALONE_IN_BRACKETS = Pattern(rf"(?>[ \t\n]|\r\n)*+{PLAIN}(?=[ \t\r\n]*+[,)\]}}])")
_PLAIN_ELEMENT = Pattern(rf'(?>([^\W\d][\w-]*+)|"([^"\\$%\r\n]*+)")[ \t]*+(?>=(?![=>])|:)[ \t]*+{PLAIN}(?=[ \t]*+(?>[,}}#]|//|\r?\n))')


class ExpressionParser(TemplateParser):
    """Reads expressions; each method consumes what it is named after, up to its last token. Raises `Stop` and `Refused`."""

    def __init__(self, source: Source, nesting: int) -> None:
        super().__init__(source, nesting)
        self._enclosed = {
            "(": self._parentheses,
            '"': self.quoted,
            "[": self._tuple_or_for,
            "{": self._object_or_for,
            "<": self.heredoc,
        }

    def expression(self, *, loose: bool) -> Expression:
        plain = (_ALONE_IN_BRACKETS if loose else _ALONE).match(self.text, self.at)
        if plain:
            self.at = plain.end()
            return self.plain(plain, 1)
        self.enter()
        found = self._operation(loose=loose)
        if self._follows("?", loose=loose):
            then = self.expression(loose=loose)
            self.space(loose=loose)
            self.need(":", "`:`")
            otherwise = self.expression(loose=loose)
            found = Conditional(across(found.span, otherwise.span), found, then, otherwise)
        self.depth -= 1
        return found

    def plain(self, match: re.Match[str], first: int) -> Expression:
        """The value of `PLAIN`, whose first group is `first` in the match."""
        kind = match.lastindex or 0
        start, end = match.span(kind)
        text = match[kind]
        if kind == first:
            return Literal(self.source.span(start - 1, end + 1), template.normalize(text))
        if kind == first + 1:
            return Literal(self.source.span(start, end), int(text))
        return self._names(text, start)

    def _names(self, text: str, start: int) -> Expression:
        """`a`, `a.b.c`, or one of the words that are values."""
        span = self.source.span
        if "." not in text:
            whole = span(start, start + len(text))
            return Literal(whole, _KEYWORDS[text]) if text in _KEYWORDS else Variable(whole, text)
        root, *names = text.split(".")
        end = start + len(root)
        place = span(start, end)
        found: Expression = Literal(place, _KEYWORDS[root]) if root in _KEYWORDS else Variable(place, root)
        for name in names:
            end += 1 + len(name)
            found = GetAttr(span(start, end), found, name)
        return found

    def _follows(self, text: str, *, loose: bool) -> bool:
        """Whether it stands here behind white space; then it is consumed, else nothing."""
        before = self.at
        self.space(loose=loose)
        if self.skip(text):
            return True
        self.at = before
        return False

    def _operation(self, *, loose: bool) -> Expression:
        first = self._operand(loose=loose)
        rest: list[tuple[str, Expression]] = []
        while operator := self._operator(loose=loose):
            rest.append((operator, self._operand(loose=loose)))
            if len(rest) > self.nesting:
                raise Refused("nesting")
        return group(first, rest) if rest else first

    def _operator(self, *, loose: bool) -> str:
        before = self.at
        self.space(loose=loose)
        match = None if self.sees("=>") else self.take(_OPERATOR)
        if match is None:
            self.at = before
            return ""
        return match.group()

    def _operand(self, *, loose: bool) -> Expression:
        self.space(loose=loose)
        signs: list[tuple[str, Span]] = []
        while self.sees("-") or (self.sees("!") and not self.sees("!=")):
            self.at += 1
            signs.append((self.text[self.at - 1], self.since(self.at - 1)))
            self.space(loose=loose)
        if len(signs) > self.nesting:
            raise Refused("nesting")
        found = self._steps(self._term(), loose=loose)
        for sign, span in reversed(signs):
            found = Unary(across(span, found.span), sign, found)  # type: ignore[arg-type]  # one of the two that were seen
        return found

    def _term(self) -> Expression:
        enclosed = self._enclosed.get(self.text[self.at : self.at + 1])
        if enclosed:
            return enclosed()
        start = self.at
        if function := self.take(_FUNCTION):
            return self._call(start, function[1])
        if number := self.take(_NUMBER):
            return Literal(self.since(start), self._number(number.group()))
        name = self.take(NAME) or self.fail("an expression")
        return self._names(name.group(), start)

    def _parentheses(self) -> Expression:
        self.at += 1
        inner = self.expression(loose=True)
        self.space(loose=True)
        self.need(")", "`)`")
        return inner

    def _number(self, digits: str) -> int | float:
        if digits.isdigit():
            return self._integer(digits)
        number = float(digits)
        if not math.isfinite(number):
            raise Refused("size of a number")
        return number

    def _integer(self, digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            raise Refused("digits of a number")
        return int(digits)

    # steps

    def _steps(self, operand: Expression, *, loose: bool, names_only: bool = False) -> Expression:
        """`operand` with the steps that follow it. A full splat takes every further step into its elements; `names_only`: those
        that belong to an attribute splat, which ends at the first `[`."""
        taken = 0
        while True:
            before = self.at
            if self.text[before : before + 1] not in ".[ \t\r\n/#":
                return operand
            self.space(loose=loose)
            start = self.at
            if self.sees(".") and not self.sees("..."):
                if names_only and self.text[start + 1 : start + 2] == "*":
                    self.fail("no splat inside of a splat")
                operand = self._name_step(operand, start, loose=loose)
            elif self.sees("[") and not names_only:
                operand = self._bracket_step(operand, start, loose=loose)
            else:
                self.at = before
                return operand
            taken += 1
            if taken > self.nesting:
                raise Refused("nesting")

    def _name_step(self, operand: Expression, start: int, *, loose: bool) -> Expression:
        self.at += 1
        self.space(loose=loose)
        if self.skip("*"):
            return self._splat(operand, start, loose=loose, full=False)
        if name := self.take(NAME):
            return GetAttr(across(operand.span, self.since(start)), operand, name.group())
        digits = self.take(_LEGACY) or self.fail("a name after `.`")
        place = self.since(start)
        return Index(across(operand.span, place), operand, Literal(place, self._integer(digits.group())))

    def _bracket_step(self, operand: Expression, start: int, *, loose: bool) -> Expression:
        self.at += 1
        after = self.at
        self.space(loose=False)
        full = self.skip("*")
        if not full:  # a star may not stand on a line of its own
            self.at = after
            self.space(loose=True)
        key = None if full else self.expression(loose=True)
        self.space(loose=not full)
        self.need("]", "`]`")
        if key is None:
            return self._splat(operand, start, loose=loose, full=True)
        return Index(across(operand.span, self.since(start)), operand, key)

    def _splat(self, operand: Expression, start: int, *, loose: bool, full: bool) -> Expression:
        self.enter()
        each = self._steps(SplatItem(self.since(start)), loose=loose, names_only=not full)
        self.depth -= 1
        return Splat(across(operand.span, each.span), operand, each, full)

    # terms in brackets

    def _call(self, start: int, name: str) -> Expression:
        args: list[Expression] = []
        expand = False
        self.space(loose=True)
        while not self.skip(")"):
            args.append(self.expression(loose=True))
            self.space(loose=True)
            if self.skip("..."):
                self.space(loose=True)
                self.need(")", "`)` after `...`")
                expand = True
                break
            self._comma_or(")")
        return Call(self.since(start), name, tuple(args), expand)

    def _comma_or(self, end: str) -> None:
        if not self.sees(end):
            self.need(",", f"`,` or `{end}`")
            self.space(loose=True)

    def _tuple_or_for(self) -> Expression:
        start = self.at
        self.at += 1
        self.space(loose=True)
        if self.is_keyword("for"):
            return self._for(start, "]")
        items: list[Expression] = []
        while not self.skip("]"):
            items.append(self.expression(loose=True))
            self.space(loose=True)
            self._comma_or("]")
        return TupleCons(self.since(start), tuple(items))

    def _object_or_for(self) -> Expression:
        start = self.at
        self.at += 1
        self.space(loose=True)
        if self.is_keyword("for"):
            return self._for(start, "}")
        items: list[tuple[Expression, Expression]] = []
        while not self.skip("}"):
            items.append(self._element())
            self.space()
            if not self.sees("}") and not self.skip(",") and not self.skip("\n") and not self.skip("\r\n"):
                self.fail("`,`, a new line or `}`")
            self.space(loose=True)
        return ObjectCons(self.since(start), tuple(items))

    def _element(self) -> tuple[Expression, Expression]:
        match = _PLAIN_ELEMENT.match(self.text, self.at)
        if match is None:
            key = self._key()
            self.space()
            if not self.take(EQUALS):
                self.need(":", "`=` or `:`")
            return key, self.expression(loose=False)
        self.at = match.end()
        quotes = 0 if match[2] is None else 1
        start, end = match.span(1 + quotes)
        name = Literal(self.source.span(start - quotes, end + quotes), template.normalize(match[1 + quotes]))
        return name, self.plain(match, 3)

    def _key(self) -> Expression:
        """A bare word is its own text; anything else, and anything in parentheses, is evaluated."""
        start = self.at
        key = self.expression(loose=False)
        word = NAME.match(self.text, start)
        if word and (isinstance(key, Variable) or (isinstance(key, Literal) and word.group() in _KEYWORDS)):
            return Literal(key.span, word.group())
        return key

    def _for(self, start: int, end: str) -> Expression:
        key, value, collection = self.for_intro()
        self.need(":", "`:`")
        result, key_result, grouping, condition = self.expression(loose=True), None, False, None
        self.space(loose=True)
        if end == "}":
            self.need("=>", "`=>`")
            key_result, result = result, self.expression(loose=True)
            self.space(loose=True)
            grouping = self.skip("...")
            self.space(loose=True)
        if self.is_keyword("if"):
            self.at += 2
            condition = self.expression(loose=True)
            self.space(loose=True)
        self.need(end, f"`{end}`")
        return For(self.since(start), key, value, collection, result, key_result, condition, grouping)
