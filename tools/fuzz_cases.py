"""Cases for the fuzzer: trees of files, grown from fragments and a grammar, then mutated."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from tests.property.fragments import FRAGMENTS, POOLS


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PATHS = (
    "main.tf",
    "other.tf",
    "main.tofu",
    "z_override.tf",
    "x.tf.json",
    "terraform.tfvars",
    "a.auto.tfvars.json",
    "env/p.tfvars",
    "m/main.tf",
)
TOKENS = (
    *words("""
        ${ %{ } { [ ] ( ) " \\ <<EOT <<-E EOT ... [*] .* ? : == != && || ! - + * / % , = => . for in if else endif endfor $${ %%{ ~}
        ${~ null true false var. local. each.key each.value count.index self path.module module. data. terraform.workspace # // /* */
        0 -1 1e9 1e308 1e999 0x10 1.5 9007199254740993 999999999999999999999999 dynamic content for_each count source moved import
        locals variable
    """),
    *("<<EOT\n", "EOT\n", "\n", "\r", "\r\n", "\t", "\x00", "\ufeff", "\u2028", "é", "e\u0301", "\U0001f600", "\u202e"),
)
GARBAGE = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\xef\xbb\xbf", b"\xfe\xff", b"\r")
FUNCTIONS = words("""
    abs base64decode base64encode basename can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce
    coalescelist compact concat contains csvdecode dirname distinct element endswith file fileexists fileset filebase64 flatten
    floor format formatdate formatlist indent index join jsondecode jsonencode keys length log lookup lower matchkeys max md5 merge
    min one parseint pow range regex regexall replace reverse setintersection setproduct setsubtract setunion sha256 signum slice
    sort split startswith strcontains strrev substr sum templatefile title tobool tolist tomap tonumber toset tostring transpose
    trim trimprefix trimspace trimsuffix try upper urlencode values yamldecode yamlencode zipmap nonsensitive sensitive type
    issensitive defaults map list
""")
NAMES = ("var.a", "local.b", "each.value", "count.index", "aws_vpc.c.id", "module.m.o", "data.aws_ami.d.id", "x", "path.module", "self")
JSON = {
    "resource": {
        "aws_security_group_rule": {"j": {"type": "ingress", "from_port": 22, "to_port": "${1 + 21}", "cidr_blocks": ["${var.a}"]}}
    }
}
_HOLE = re.compile(r"@(\w+)")
_TOKEN = re.compile(rb'\w+|\s+|"[^"\n]{0,200}"|.', re.DOTALL)
_LITERAL = re.compile(rb'"[^"\n]{0,60}"|\b\d+\b|\btrue\b|\bfalse\b')
MAX_BYTES = 200_000
MODULES = ('"./m"', '"./"', '"../m"', '"hashicorp/x/aws"', '"git::x"', '"./${var.a}"', "1")


class Case(Struct, frozen=True):
    """Path → bytes of one root, and of the tree before."""

    files: dict[str, bytes]
    before: dict[str, bytes] = {}


class Grower:
    """Grows cases. Everything it draws comes from `chance`."""

    def __init__(self, chance: random.Random, seeds: Path | None) -> None:
        self.chance = chance
        self.seeds = _read_seeds(seeds) if seeds else []

    def grow(self) -> Case:
        """A tree of one to three files, mutated up to a dozen times."""
        before = {self.chance.choice(PATHS): self._text() for _ in range(self.chance.choice((1, 1, 2, 3)))}
        before = {path: _as_json(data) if path.endswith(".json") else data for path, data in before.items()}
        files = dict(before)
        for _ in range(self.chance.choice((0, 1, 1, 2, 3, 5, 12))):
            path = self.chance.choice(sorted(files))
            files[path] = self._mutated(files[path])[:MAX_BYTES]
        return Case(files, before if self.chance.random() < 0.7 else {})

    def fragments(self, count: int) -> str:
        """So many fragments, one after the other, with numbers of their own."""
        return "".join(self._fragment(number) for number in range(count))

    def _text(self) -> bytes:
        kind = self.chance.random()
        if self.seeds and kind < 0.4:
            return self.chance.choice(self.seeds)
        if kind < 0.75:
            return "".join(self._fragment() for _ in range(self.chance.choice((1, 2, 3)))).encode()
        return self._blocks().encode()

    def _fragment(self, number: int | None = None) -> str:
        text = re.sub(
            r"\$(?!\{)", str(self.chance.randrange(3) if number is None else number), self.chance.choice(sorted(FRAGMENTS.values()))
        )
        text = text.partition("\n--- ")[0]
        return _HOLE.sub(lambda word: self._value(word[1]), text)

    def _value(self, pool: str) -> str:
        return self.chance.choice(POOLS[pool]) if self.chance.random() < 0.8 else self.expression(3)

    def _blocks(self) -> str:
        pick = self.chance.choice
        made = [
            f"locals {{\n  b = {self.expression(5)}\n  c = {self.expression(3)}\n}}\n",
            f'variable "a" {{\n  default = {self.expression(2)}\n}}\n',
            f'resource "aws_vpc" "c" {{\n  count = {self.expression(2)}\n  cidr_block = {self.expression(4)}\n}}\n',
            f'resource "aws_instance" "e" {{\n  for_each = {self.expression(3)}\n  instance_type = each.value\n}}\n',
            f'module "m" {{\n  source = {pick(MODULES)}\n  a = {self.expression(3)}\n}}\n',
            f'output "o" {{\n  value = {self.expression(4)}\n}}\n',
            f"moved {{\n  from = aws_vpc.{pick('abc')}\n  to = aws_vpc.{pick('abc')}[{self.expression(1)}]\n}}\n",
            f"terraform {{\n  required_providers {{\n    aws = {self.expression(2)}\n  }}\n}}\n",
        ]
        return "".join(self.chance.sample(made, self.chance.randint(1, 4)))

    def expression(self, depth: int) -> str:
        """An expression of the grammar; well-formed, mostly senseless."""
        if depth <= 0 or self.chance.random() < 0.15:
            return self.chance.choice((*NAMES, *self.chance.choice(sorted(POOLS.values())), "null", "-1", "1e999", "[]", "{}", '""', "0.5"))
        return self.chance.choice(self._forms())(depth - 1)

    def _forms(self) -> Sequence[Callable[[int], str]]:
        return (
            self._call,
            self._call,
            self._list,
            self._object,
            self._template,
            self._binary,
            self._condition,
            self._loop,
            self._step,
            self._unary,
        )

    def _call(self, depth: int) -> str:
        given = ", ".join(self.expression(depth) for _ in range(self.chance.choice((0, 1, 1, 2, 2, 3, 4))))
        return f"{self.chance.choice(FUNCTIONS)}({given}{'...' if given and self.chance.random() < 0.1 else ''})"

    def _list(self, depth: int) -> str:
        return f"[{', '.join(self.expression(depth) for _ in range(self.chance.randrange(4)))}]"

    def _object(self, depth: int) -> str:
        keys = ("a", '"k"', f"({self.expression(depth)})", "1", '"${var.a}"')
        return "{" + ", ".join(f"{self.chance.choice(keys)} = {self.expression(depth)}" for _ in range(self.chance.randrange(4))) + "}"

    def _template(self, depth: int) -> str:
        forms = (
            f'"a${{{self.expression(depth)}}}b"',
            f'"%{{ if {self.expression(depth)} }}x%{{ else }}y%{{ endif }}"',
            f'"%{{ for x in {self.expression(depth)} }}${{x}}%{{ endfor ~}} z"',
            f"<<-EOT\n    one ${{{self.expression(0)}}}\n  two\n  EOT\n",
        )
        return self.chance.choice(forms)

    def _binary(self, depth: int) -> str:
        operator = self.chance.choice(("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"))
        return f"({self.expression(depth)} {operator} {self.expression(depth)})"

    def _condition(self, depth: int) -> str:
        return f"({self.expression(depth)} ? {self.expression(depth)} : {self.expression(depth)})"

    def _loop(self, depth: int) -> str:
        source, result = self.expression(depth), self.expression(depth)
        condition = f" if {self.expression(depth)}" if self.chance.random() < 0.3 else ""
        if self.chance.random() < 0.5:
            return f"[for x in {source} : {result}{condition}]"
        return f"{{for k, x in {source} : {self.expression(0)} => {result}{'...' if self.chance.random() < 0.3 else ''}{condition}}}"

    def _step(self, depth: int) -> str:
        return f"{self.expression(depth)}{self.chance.choice(('[0]', '.a', '[*].a', '.*.b', '[each.key]', '[-1]', '[1.5]', '.0', '[*]'))}"

    def _unary(self, depth: int) -> str:
        return f"{self.chance.choice('!-')}{self.expression(depth)}"

    def _mutated(self, data: bytes) -> bytes:
        if not data:
            return self._text()
        mutations = (
            self._bytes,
            self._token,
            self._token,
            self._structure,
            self._structure,
            self._splice,
            self._repeat,
            self._insert,
            self._cut,
        )
        return self.chance.choice(mutations)(data)

    def _place(self, data: bytes) -> int:
        return self.chance.randrange(len(data) + 1)

    def _bytes(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self.chance.choice((*GARBAGE, self.chance.randbytes(1))) + data[at + self.chance.randrange(2) :]

    def _insert(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self.chance.choice(TOKENS).encode() + data[at:]

    def _cut(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + data[at + self.chance.choice((1, 1, 2, 8, 64, len(data))) :]

    def _token(self, data: bytes) -> bytes:
        tokens = _TOKEN.findall(data)
        at = self.chance.randrange(len(tokens))
        other = self.chance.choice(tokens)
        tokens[at : at + 1] = self.chance.choice(
            ([], [other], [tokens[at], tokens[at]], [other, tokens[at]], [self.chance.choice(TOKENS).encode()])
        )
        return b"".join(tokens)

    def _structure(self, data: bytes) -> bytes:
        found = list(_LITERAL.finditer(data))
        if not found:
            return self._insert(data)
        place = self.chance.choice(found)
        return data[: place.start()] + self.expression(4).encode() + data[place.end() :]

    def _splice(self, data: bytes) -> bytes:
        other = self._text()
        return data[: self._place(data)] + other[self._place(other) :]

    def _repeat(self, data: bytes) -> bytes:
        start = self._place(data)
        piece = data[start : start + self.chance.choice((1, 2, 5, 20, 100))]
        return data[:start] + piece * self.chance.choice((2, 3, 50, 300, 3_000)) + data[start:]


def _as_json(data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return json.dumps(JSON | {"locals": {"b": text[:300], "c": f"${{{text[:60]}}}"}}).encode()


def _read_seeds(directory: Path) -> list[bytes]:
    found = sorted(path for path in directory.rglob("*") if path.suffix in {".tf", ".tofu", ".tfvars"} and path.is_file())
    return [path.read_bytes()[:20_000] for path in found[:5_000]]
