"""A recogniser of HCL's own grammar: what is a violation of the language, and what only tree-sitter-hcl cannot read.

It yields no tree, only the first place that HCL refuses. It knows what tree-sitter-hcl does not: where a newline may stand,
what needs a comma, `1e3`. Sources: https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser.go, parser_template.go,
scan_tokens.rl. About 2 ms per 1,000 lines.
"""

from __future__ import annotations

from msgspec import Struct

from bot.engine.iac.terraform.parse_scanner import NAME, Refusal, Scanner, Stop
from bot.engine.pattern import Pattern

_NEWLINE = Pattern(r"\r?\n")
_FUNCTION = Pattern(r"[^\W\d][\w-]*(?:::[^\W\d][\w-]*)*[ \t]*\(")
_NUMBER = Pattern(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LEGACY = Pattern(r"[0-9]+(?!\.?[0-9])")
_OPERATOR = Pattern(r"&&|\|\||[=!<>]=|[<>+*/%-]")
_EQUALS = Pattern(r"=(?![=>])")
_ESCAPE = r'\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})'
_LABEL = Pattern(rf'"(?:[^"\\$%\r\n]|{_ESCAPE}|\$\$\{{|%%\{{|[$%](?!\{{))*"')
_QUOTED = Pattern(rf'(?:[^"\\$%\r\n]+|{_ESCAPE}|\$\$\{{|%%\{{|[$%](?!\{{))*')
_HEREDOC_START = Pattern(r"<<-?([^\W\d][\w-]*)\r?\n")
_HEREDOC_TEXT = Pattern(r"(?:[^$%\n]+|\$\$\{|%%\{|[$%](?!\{))*")
_KEYWORD = Pattern(r"(?:if|else|endif|for|endfor)\b")
_CLOSING = {"else": "if", "endif": "if", "endfor": "for"}
# Whole lines of the plainest kind, most of what is written: comments, and names set to a literal or a reference.
_PLAIN_LINES = Pattern(
    r"(?>[ \t]*+(?>[^\W\d][\w-]*+[ \t]*+=[ \t]*+"
    r'(?>"[^"\\$%\r\n]*+"|[0-9]++|[^\W\d][\w-]*+(?>\.[^\W\d][\w-]*+)*+)[ \t]*+)?'
    r"(?>(?:#|//)[^\n]*+)?\r?\n)*+"
)


class Check(Struct, frozen=True):
    """The first refusal, if any; then `start` is where its argument or block begins, `open_blocks` how many bodies are open there.

    `arguments`: offsets of the begin and end of every argument but the plainest, in the order of their ends.
    """

    refusal: Refusal | None
    start: int
    open_blocks: int
    arguments: list[tuple[int, int]]


def check(text: str, nesting: int) -> Check:
    """Whether HCL's grammar accepts `text`. Never raises."""
    recogniser = _Recogniser(text, nesting)
    refusal = None
    try:
        recogniser.body(is_file=True)
    except Stop as stop:
        refusal = stop.refusal
    except RecursionError:
        refusal = Refusal(0, "nesting", is_limit=True)
    start = recogniser.at if recogniser.item < 0 else recogniser.item
    return Check(refusal, start, recogniser.open_blocks, recogniser.arguments)


class _Recogniser(Scanner):
    """Each method consumes what it is named after."""

    # structure

    def body(self, *, is_file: bool = False) -> None:
        self.enter()
        while True:
            self.item = -1
            self.take(_PLAIN_LINES)
            self.space(loose=True)
            if self.at >= len(self.text) if is_file else self.sees("}"):
                break
            self.item = start = self.at
            if not self.take(NAME):
                self.fail("an argument or a block")
            self.space()
            if self.take(_EQUALS):
                self.expression(loose=False)
                self.arguments.append((start, self.at))
            else:
                self.block()
            self.end_of_line()
        self.depth -= 1

    def end_of_line(self) -> None:
        self.space()
        if self.at < len(self.text) and not self.take(_NEWLINE):
            self.fail("a new line")

    def block(self) -> None:
        while not self.skip("{"):
            if not self.take(NAME) and not self.take(_LABEL):
                self.fail("`=`, a label or `{`")
            self.space()
        self.space()
        self.open_blocks += 1
        if self.take(_NEWLINE):
            self.body()
        elif not self.sees("}"):
            self.item = self.at
            self.only_argument()
        self.need("}", "`}`")
        self.open_blocks -= 1
        self.item = -1

    def only_argument(self) -> None:
        """The argument of a block that is written on one line."""
        start = self.at
        if not self.take(NAME):
            self.fail("a new line or one argument")
        self.space()
        if not self.take(_EQUALS):
            self.fail("`=`")
        self.expression(loose=False)
        self.arguments.append((start, self.at))
        self.space()

    # expressions

    def expression(self, *, loose: bool) -> None:
        self.enter()
        self.operand(loose=loose)
        self.space(loose=loose)
        while not self.sees("=>") and self.take(_OPERATOR):
            self.operand(loose=loose)
            self.space(loose=loose)
        if self.skip("?"):
            self.expression(loose=loose)
            self.space(loose=loose)
            self.need(":", "`:`")
            self.expression(loose=loose)
        self.depth -= 1

    def operand(self, *, loose: bool) -> None:
        self.space(loose=loose)
        while self.sees("-") or (self.sees("!") and not self.sees("!=")):
            self.at += 1
            self.space(loose=loose)
        self.term()
        self.steps(loose=loose)

    def term(self) -> None:
        first = self.text[self.at : self.at + 1]
        if first == "(":
            self.at += 1
            self.expression(loose=True)
            self.space(loose=True)
            self.need(")", "`)`")
        elif first == '"':
            self.quoted()
        elif first == "[":
            self.tuple_or_for()
        elif first == "{":
            self.object_or_for()
        elif self.sees("<<"):
            self.heredoc()
        elif self.take(_FUNCTION):
            self.call_arguments()
        elif not self.take(_NUMBER) and not self.take(NAME):
            self.fail("an expression")

    def steps(self, *, loose: bool) -> None:
        while True:
            before = self.at
            self.space(loose=loose)
            if self.sees(".") and not self.sees("..."):
                self.at += 1
                self.space(loose=loose)
                if not self.skip("*") and not self.take(NAME) and not self.take(_LEGACY):
                    self.fail("a name after `.`")
            elif self.skip("["):
                self.index()
            else:
                self.at = before
                return

    def index(self) -> None:
        self.space(loose=True)
        if not self.skip("*"):
            self.expression(loose=True)
        self.space(loose=True)
        self.need("]", "`]`")

    def call_arguments(self) -> None:
        self.space(loose=True)
        while not self.skip(")"):
            self.expression(loose=True)
            self.space(loose=True)
            if self.skip("..."):
                self.space(loose=True)
                self.need(")", "`)` after `...`")
                return
            if not self.sees(")"):
                self.need(",", "`,` or `)`")
                self.space(loose=True)

    def tuple_or_for(self) -> None:
        self.at += 1
        self.space(loose=True)
        if self.is_keyword("for"):
            self.for_expression("]")
            return
        while not self.skip("]"):
            self.expression(loose=True)
            self.space(loose=True)
            if not self.sees("]"):
                self.need(",", "`,` or `]`")
                self.space(loose=True)

    def object_or_for(self) -> None:
        self.at += 1
        self.space(loose=True)
        if self.is_keyword("for"):
            self.for_expression("}")
            return
        while not self.skip("}"):
            self.expression(loose=False)
            self.space()
            if not self.take(_EQUALS):
                self.need(":", "`=` or `:`")
            self.expression(loose=False)
            self.space()
            if not self.sees("}") and not self.skip(",") and not self.take(_NEWLINE):
                self.fail("`,`, a new line or `}`")
            self.space(loose=True)

    def for_intro(self) -> None:
        self.need_keyword("for")
        self.name()
        if self.skip(","):
            self.name()
        self.need_keyword("in")
        self.expression(loose=True)
        self.space(loose=True)

    def name(self) -> None:
        self.space(loose=True)
        if not self.take(NAME):
            self.fail("a name")
        self.space(loose=True)

    def for_expression(self, end: str) -> None:
        self.for_intro()
        self.need(":", "`:`")
        self.expression(loose=True)
        self.space(loose=True)
        if end == "}":
            self.need("=>", "`=>`")
            self.expression(loose=True)
            self.space(loose=True)
            self.skip("...")
            self.space(loose=True)
        if self.is_keyword("if"):
            self.at += 2
            self.expression(loose=True)
            self.space(loose=True)
        self.need(end, f"`{end}`")

    # templates

    def quoted(self) -> None:
        self.at += 1
        open_directives: list[str] = []
        while True:
            self.take(_QUOTED)
            if self.skip('"'):
                break
            self.sequence(open_directives)
        if open_directives:
            self.fail("the end of a directive")

    def heredoc(self) -> None:
        start = self.take(_HEREDOC_START)
        if start is None:
            self.fail("a heredoc marker and a new line")
        open_directives: list[str] = []
        line_start = True
        while True:
            begin = self.at
            self.take(_HEREDOC_TEXT)
            if line_start and self.sees("\n") and self.text[begin : self.at].strip() == start[1]:
                break
            line_start = self.skip("\n")
            if not line_start:
                self.sequence(open_directives)
        if open_directives:
            self.fail("the end of a directive")

    def sequence(self, open_directives: list[str]) -> None:
        """An interpolation or a directive."""
        self.enter()
        if self.skip("${"):
            self.skip("~")
            self.expression(loose=True)
        elif self.skip("%{"):
            self.skip("~")
            self.space(loose=True)
            self.directive(open_directives)
        else:
            self.fail("the end of the template")
        self.space(loose=True)
        self.skip("~")
        self.need("}", "`}`")
        self.depth -= 1

    def directive(self, open_directives: list[str]) -> None:
        match = _KEYWORD.match(self.text, self.at)
        keyword = match.group() if match else self.fail("a directive")
        opener = _CLOSING.get(keyword)
        if opener and (not open_directives or open_directives[-1] != opener):
            self.fail(f"`{opener}` before `{keyword}`")
        if keyword == "for":
            self.for_intro()
        else:
            self.at += len(keyword)
        if keyword == "if":
            self.expression(loose=True)
        if keyword in {"if", "for"}:
            open_directives.append(keyword)
        elif keyword in {"endif", "endfor"}:
            open_directives.pop()
