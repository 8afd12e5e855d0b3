"""Files that hurt whoever reads them: nesting, size, garbage. As in `expansions`, what they hold decides whether port 22 is open."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial

from tests.bombs.expansions import COUNTED, OPEN, RULE, Files, deciding, nested

DEPTH = 100_000

NESTINGS: dict[str, tuple[str, str, str]] = {
    "brackets": ("[", OPEN, "]"),
    "parentheses": ("(", OPEN, ")"),
    "braces": ("{a=", OPEN, "}"),
    "interpolations": ('"${', "1", '}"'),
    "calls": ("tolist(", OPEN, ")"),
    "negations": ("!", "true", ""),
    "minus": ("- ", "1", ""),
    "sums": ("1 + ", "1", ""),
    "right-nested-sums": ("1 + (", "1", ")"),
    "conditions": ("true ? ", OPEN, " : 1"),
    "otherwises": ("true ? 1 : ", OPEN, ""),
    "indexes": ("", "local.a", "[0]"),
    "index-in-index": ("local.a[", "0", "]"),
    "attributes": ("", "local.a", ".b"),
    "splats": ("", "local.a", "[*]"),
    "attribute-splats": ("", "local.a", ".*"),
    "loops": ("[for x in ", "[]", " : x]"),
    "directives": ('"%{ if true }', "x", '%{ endif }"'),
}


def closed(name: str) -> Files:
    return deciding(f"[{nested(*NESTINGS[name], DEPTH)}]")


def unclosed(name: str) -> Files:
    return deciding(f"[{NESTINGS[name][0] * DEPTH}")


def blocks(depth: int, *, closed: bool) -> Files:
    return {"bomb/main.tf": nested("a {\n", "", "}\n" if closed else "", depth) + COUNTED}


def document(value: object) -> Files:
    """The rule in JSON syntax with one value."""
    body = {"type": "ingress", "from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["@", "0.0.0.0/0"]}
    text = json.dumps({"resource": {"aws_security_group_rule": {"bomb": body}}})
    return {"bomb/main.tf.json": text.replace('"@"', str(value))}


def garbage(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311 - the same bytes every time


def directives(depth: int) -> Files:
    text = nested("%{ if true }", "0.0.0.0/0", "%{ endif }", depth)
    return deciding(f'["{text}"]')


def heredocs(count: int) -> Files:
    return deciding("[" + "".join(f"<<-E{n}\n${{\n" for n in range(count)) + "1")


TEXTS: dict[str, Callable[[], Files]] = {
    **{name: partial(closed, name) for name in NESTINGS},
    **{f"unclosed-{name}": partial(unclosed, name) for name, parts in NESTINGS.items() if parts[0]},
    "blocks": lambda: blocks(DEPTH, closed=True),
    "unclosed-blocks": lambda: blocks(DEPTH, closed=False),
    "template-directives": lambda: directives(20_000),
    "heredocs": lambda: heredocs(5_000),
    "twenty-megabytes": lambda: {"bomb/main.tf": COUNTED + "# padding\n" * 2_000_000},
    "five-megabyte-line": lambda: deciding(f'["{"x" * 4_990_000}"]'),
    "five-megabyte-comment": lambda: {"bomb/main.tf": COUNTED + "#" + "x" * 4_900_000},
    "many-lines": lambda: {"bomb/main.tf": COUNTED + "locals {}\n" * 100_000},
    "many-attributes": lambda: deciding(
        "[local.z]", "locals {\n" + "".join(f"  a{n} = {n}\n" for n in range(100_000)) + f"  z = {OPEN}\n}}\n"
    ),
    "long-list": lambda: deciding("[" + "1, " * 500_000 + OPEN + "]"),
    "spaces": lambda: {"bomb/main.tf": COUNTED.replace("from_port ", "from_port" + " " * 1_000_000)},
    "many-runs-of-spaces": lambda: {
        "bomb/main.tf": COUNTED + "locals {\n" + "".join(f"  p{n}{' ' * 900}= 1\n" for n in range(5_000)) + "}\n"
    },
    "blank-lines": lambda: deciding("[1," + "\n" * 1_000_000 + "2]"),
    "adjacent-strings": lambda: deciding("[1, " + '"a" ' * 200_000 + "]"),
    "random-bytes": lambda: {"bomb/main.tf": garbage(100_000)},
    "random-bytes-after": lambda: {"bomb/main.tf": COUNTED.encode() + garbage(10_000)},
    "zero-bytes": lambda: {"bomb/main.tf": b"\0" * 1_000_000},
    "utf-16": lambda: {"bomb/main.tf": COUNTED.encode("utf-16")},
    "latin-1": lambda: {"bomb/main.tf": RULE.format(value='["é"]').encode("latin-1")},
    "byte-order-mark": lambda: {"bomb/main.tf": b"\xef\xbb\xbf" + COUNTED.encode()},
    "carriage-returns": lambda: {"bomb/main.tf": COUNTED.replace("\n", "\r\n").encode()},
    "bare-carriage-returns": lambda: {"bomb/main.tf": COUNTED.replace("\n", "\r").encode()},
    "surrogates": lambda: deciding('["\\ud800", "\\U00110000"]'),
    "json-brackets": lambda: document(nested("[", "", "]", DEPTH)),
    "json-braces": lambda: document(nested('{"a":', "1", "}", DEPTH)),
    "json-unclosed": lambda: document("[" * DEPTH),
    "json-expression": lambda: document(json.dumps("${" + nested("[", "", "]", 20_000) + "}")),
    "json-number": lambda: document("1e999999"),
    "json-digits": lambda: document("9" * 100_000),
    "json-not-a-number": lambda: document("NaN"),
    "json-duplicates": lambda: (
        document("1").copy() | {"bomb/other.tf.json": '{"locals": {' + ", ".join('"a": 1' for _ in range(50_000)) + "}}"}
    ),
    "json-size": lambda: document('"x"' + ', "x"' * 2_000_000),
    "json-garbage": lambda: {"bomb/main.tf.json": garbage(100_000)},
    "variables-depth": lambda: deciding("[var.x]", 'variable "x" {}\n') | {"bomb/terraform.tfvars": f"x = {nested('[', '', ']', DEPTH)}\n"},
    "variables-garbage": lambda: deciding("[var.x]", 'variable "x" {}\n') | {"bomb/terraform.tfvars": garbage(50_000)},
    "override-garbage": lambda: {"bomb/main.tf": COUNTED, "bomb/override.tf": garbage(50_000)},
    "yaml-depth": lambda: deciding('yamldecode(file("x.yaml"))') | {"bomb/x.yaml": "[" * DEPTH},
    "yaml-aliases": lambda: (
        deciding('yamldecode(file("x.yaml"))')
        | {"bomb/x.yaml": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))}
    ),
    "json-decode-depth": lambda: deciding('jsondecode(file("x.json"))') | {"bomb/x.json": "[" * DEPTH},
    "template-file": lambda: deciding('[templatefile("x.tpl", {})]') | {"bomb/x.tpl": nested("${[", "1", "]}", 20_000)},
    "template-file-self": lambda: deciding('[templatefile("x.tpl", {})]') | {"bomb/x.tpl": '${templatefile("x.tpl", {})}'},
    "file-outside": lambda: deciding('[file("../../../../etc/hostname"), file("/etc/hostname")]'),
}
