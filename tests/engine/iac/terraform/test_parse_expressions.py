"""What each form of expression is read as, and that HCL's own parser reads it alike."""

from __future__ import annotations

import pygohcl  # type: ignore[import-untyped]  # a C extension without stubs
import pytest

from bot.engine.iac.terraform.parse import parse_file
from bot.engine.iac.terraform.syntax import Expression, Literal, ObjectCons, TupleCons, Unary


def expression(text: str) -> Expression:
    file = parse_file("m.tf", f"x = {text}\n".encode())
    assert file.unread == ()
    return file.attributes["x"].expression


def shown(value: object) -> str:
    """The expression without its spans: literals as Python writes them, else `Kind(parts)`."""
    if isinstance(value, Literal):
        return repr(value.raw)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    fields = getattr(value, "__struct_fields__", None)
    if fields is None:
        return str(value)
    return type(value).__name__ + "(" + ", ".join(shown(getattr(value, field)) for field in fields if field != "span") + ")"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a.b[0] + c", "Binary(+, Index(GetAttr(Variable(a), b), 0), Variable(c))"),
        ("a + b.c[1].d", "Binary(+, Variable(a), GetAttr(Index(GetAttr(Variable(b), c), 1), d))"),
        ("1 + 2 * 3 - 4", "Binary(-, Binary(+, 1, Binary(*, 2, 3)), 4)"),
        ("1 - 2 - 3", "Binary(-, Binary(-, 1, 2), 3)"),
        ("8 / 4 % 3 * 2", "Binary(*, Binary(%, Binary(/, 8, 4), 3), 2)"),
        ("(1 - (2 - 3))", "Binary(-, 1, Binary(-, 2, 3))"),
        ("a < b == c >= d", "Binary(==, Binary(<, Variable(a), Variable(b)), Binary(>=, Variable(c), Variable(d)))"),
        ("a == b != c", "Binary(!=, Binary(==, Variable(a), Variable(b)), Variable(c))"),
        ("a || b && c", "Binary(||, Variable(a), Binary(&&, Variable(b), Variable(c)))"),
        ("a && b || c", "Binary(||, Binary(&&, Variable(a), Variable(b)), Variable(c))"),
        ("!a.b && c", "Binary(&&, Unary(!, GetAttr(Variable(a), b)), Variable(c))"),
        ("-a * b", "Binary(*, Unary(-, Variable(a)), Variable(b))"),
        ("!a == b", "Binary(==, Unary(!, Variable(a)), Variable(b))"),
        ("- -1", "Unary(-, Unary(-, 1))"),
        ("a-b", "Variable(a-b)"),
        ("a -b", "Binary(-, Variable(a), Variable(b))"),
        ("a ? b : c ? d : e", "Conditional(Variable(a), Variable(b), Conditional(Variable(c), Variable(d), Variable(e)))"),
        ("a ? b ? c : d : e", "Conditional(Variable(a), Conditional(Variable(b), Variable(c), Variable(d)), Variable(e))"),
        ("a || b ? c : d + e", "Conditional(Binary(||, Variable(a), Variable(b)), Variable(c), Binary(+, Variable(d), Variable(e)))"),
        ("(a).b[0]", "Index(GetAttr(Variable(a), b), 0)"),
        ("a.0.b", "GetAttr(Index(Variable(a), 0), b)"),
        ('a["b${c}"]', "Index(Variable(a), Template(['b', Variable(c)]))"),
        ("a[b ? c : d]", "Index(Variable(a), Conditional(Variable(b), Variable(c), Variable(d)))"),
        ("f(a)[0].b", "GetAttr(Index(Call(f, [Variable(a)], False), 0), b)"),
        ("a[*].b[0].c", "Splat(Variable(a), GetAttr(Index(GetAttr(SplatItem(), b), 0), c), True)"),
        ("a.*.b.c[0].d", "GetAttr(Index(Splat(Variable(a), GetAttr(GetAttr(SplatItem(), b), c), False), 0), d)"),
        ("a.*.b.0.c", "Splat(Variable(a), GetAttr(Index(GetAttr(SplatItem(), b), 0), c), False)"),
        ("a[*].b[*].c", "Splat(Variable(a), Splat(GetAttr(SplatItem(), b), GetAttr(SplatItem(), c), True), True)"),
        ("a.*.b[*].c", "Splat(Splat(Variable(a), GetAttr(SplatItem(), b), False), GetAttr(SplatItem(), c), True)"),
        ("a[*]", "Splat(Variable(a), SplatItem(), True)"),
        ("f()", "Call(f, [], False)"),
        ("f(a, b...)", "Call(f, [Variable(a), Variable(b)], True)"),
        ("provider::aws::arn_parse(a)", "Call(provider::aws::arn_parse, [Variable(a)], False)"),
        ("[for a in b : a]", "For(, a, Variable(b), Variable(a), None, None, False)"),
        ("[for k, v in b : v if v != null]", "For(k, v, Variable(b), Variable(v), None, Binary(!=, Variable(v), None), False)"),
        ("{for k, v in b : k => v...}", "For(k, v, Variable(b), Variable(v), Variable(k), None, True)"),
        ('{a = 1, "b" : 2, (c) = 3, true = 4}', "ObjectCons([['a', 1], ['b', 2], [Variable(c), 3], ['true', 4]])"),
        ('{"${a}b" = 1, 5 = 6}', "ObjectCons([[Template([Variable(a), 'b']), 1], [5, 6]])"),
        ("{a = 1\n b = 2\n}", "ObjectCons([['a', 1], ['b', 2]])"),
        ("[ # c\n 1, // d\n /* e */ 2,\n]", "TupleCons([1, 2])"),
        ("[]", "TupleCons([])"),
        ("{}", "ObjectCons([])"),
        ("(a\n + b)", "Binary(+, Variable(a), Variable(b))"),
        ("a /* c */ + b # d", "Binary(+, Variable(a), Variable(b))"),
        ("var.for.in", "GetAttr(GetAttr(Variable(var), for), in)"),
    ],
)
def test_form(text: str, form: str) -> None:
    assert shown(expression(text)) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('"${a}"', "Variable(a)"),
        ('"${a.b + 1}"', "Binary(+, GetAttr(Variable(a), b), 1)"),
        ('" ${a}"', "Template([' ', Variable(a)])"),
        ('"a ${~ b ~} c ${d} "', "Template(['a', Variable(b), 'c ', Variable(d), ' '])"),
        ('" ${~ a ~} "', "Template([Variable(a)])"),
        ('"%{ if a ~} x %{ else }y%{~ endif }z"', "Template([TemplateIf(Variable(a), Template(['x ']), Template(['y'])), 'z'])"),
        ('"%{ if a }%{ if b }x%{ endif }%{ endif }"',
         "Template([TemplateIf(Variable(a), Template([TemplateIf(Variable(b), Template(['x']), Template([]))]), Template([]))])"),
        ('"%{ for k, v in m }${v},%{ endfor }"', "Template([TemplateFor(k, v, Variable(m), Template([Variable(v), ',']))])"),
        ('"${"${"x"}"}"', "'x'"),
        ('"a${true} "', "Template(['a', True, ' '])"),
        ('"${ /* c */ a }"', "Variable(a)"),
        ('"${f("a", "}")}"', "Call(f, ['a', '}'], False)"),
        ("<<EOT\n${a}\nEOT", "Template([Variable(a), '\\n'])"),
        ("<<-EOT\n    a ${b}\n      c\n\n    %{ if d ~}\n    e\n    %{ endif ~}\n  EOT",
         "Template(['a ', Variable(b), '\\n  c\\n\\n', TemplateIf(Variable(d), Template(['    e\\n']), Template([]))])"),
        ("<<-EOT\n    a\n${b}\n  EOT", "Template(['    a\\n', Variable(b), '\\n'])"),
        ("[<<A\nx\nA\n, 2]", "TupleCons(['x\\n', 2])"),
    ],
)  # fmt: skip
def test_template(text: str, form: str) -> None:
    assert shown(expression(text)) == form


def test_a_lone_interpolation_keeps_the_span_of_its_quotes() -> None:
    span = expression('"${ a.b }"').span
    assert (span.line, span.column, span.end_line, span.end_column) == (1, 5, 1, 15)


LITERALS = [
    "1e3", '"$$${a} %%%{b}"', '"%%%%{a}"',
    "1", "0", "007", "1.5", "2.5e3", "1.5E-3", "-1", "true", "false", "null", '""', '"a"', r'"a\nb\tc\"d\\e\rf"', r'"\u00e9\U0001F600"',
    '"$${a} %%{b} $ % $$ {} ~"', '" # not a comment "', '"// nor this"', '"/* nor */ this"', '"é\u0065\u0301"', '"tab\there"',
    "<<EOT\nEOT", "<<EOT\n\nEOT", "<<EOT\na\n  EOT\n", "<<EOT\n  a\n b\nEOT", "<<-EOT\n    a\n  b\n\n      c\n  EOT",
    "<<-EOT\n\ta\n\t\tb\n\tEOT",
    '<<EOT\n$${a} \\n "q" %%{b}\nEOT', "<<EOT\r\na\r\nb\r\nEOT\r\n", "<<-EOT\n  \n   a\n  EOT", "<<-E-T\n é\n  ü\nE-T",
    "<<EOT\n# c\n// d\nEOT",
    "[]", "{}", '[1, "a", [true], null]', '{a = 1, "b-c" = [2], d = {e = null}}', "{a : 1\n\n b = 2 # c\n}",
]  # fmt: skip


def plain(value: Expression) -> object:
    match value:
        case Literal(raw=raw):
            return raw
        case TupleCons(items=items):
            return [plain(item) for item in items]
        case ObjectCons(items=pairs):
            return {plain(key): plain(item) for key, item in pairs}
        case Unary(operator="-", operand=Literal(raw=int(number))):
            return -number
    raise AssertionError(shown(value))


@pytest.mark.parametrize("text", LITERALS)
def test_literals_equal_those_of_hcl_itself(text: str) -> None:
    expected = pygohcl.loads(f"x = {text}\n")["x"]
    value = plain(expression(text))
    assert value == expected
    assert isinstance(value, bool) == isinstance(expected, bool)
