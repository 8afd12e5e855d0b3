"""Texts that are small on disk and huge when evaluated. Each yields files under `bomb/`; its value decides whether port 22 is open."""

from __future__ import annotations

from collections.abc import Callable

RULE = """
resource "aws_security_group_rule" "bomb" {{
  type        = "ingress"
  from_port   = 22
  to_port     = 22
  protocol    = "tcp"
  cidr_blocks = concat({value}, ["0.0.0.0/0"])
}}
"""
Files = dict[str, str | bytes]


def deciding(value: str, beside: str = "") -> Files:
    """A rule whose prefixes are the bomb."""
    return {"bomb/main.tf": RULE.format(value=value) + beside}


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def doubling(expression: str, start: str, steps: int = 64) -> Files:
    """Each local is the previous one twice; `expression` has `@` for the previous."""
    lines = [f"  d0 = {start}"] + [f"  d{n + 1} = {expression.replace('@', f'local.d{n}')}" for n in range(steps)]
    return deciding(f"[local.d{steps}]", "locals {\n" + "\n".join(lines) + "\n}\n")


OPEN = '"0.0.0.0/0"'
COUNTED = RULE.format(value=f"[{OPEN}]")


def with_meta(argument: str, beside: str = "") -> Files:
    """An open rule, multiplied."""
    return {"bomb/main.tf": COUNTED.replace("{\n", "{\n  " + argument + "\n", 1) + beside}


def module_fan_out(levels: int = 12) -> Files:
    """Each level calls the next ten times, twice."""
    files: Files = {}
    for level in range(levels):
        calls = "".join(f'module "m{n}" {{\n  source = "./next"\n  count = 2\n}}\n' for n in range(10))
        files["bomb/" + "next/" * level + "main.tf"] = calls
    files["bomb/" + "next/" * levels + "main.tf"] = COUNTED
    return files


def module_chain(levels: int = 400) -> Files:
    files: Files = {"bomb/" + "m/" * level + "main.tf": 'module "m" {\n  source = "./m"\n}\n' for level in range(levels)}
    return files | {"bomb/" + "m/" * levels + "main.tf": COUNTED}


def locals_chain(length: int = 10_000) -> Files:
    lines = [f"  c{n} = local.c{n + 1}" for n in range(length)]
    return deciding("[local.c0]", "locals {\n" + "\n".join(lines) + f"\n  c{length} = {OPEN}\n}}\n")


def moved_chain(length: int = 3_000) -> Files:
    moves = "".join(
        f"moved {{\n  from = aws_security_group_rule.b{n}\n  to   = aws_security_group_rule.b{n + 1}\n}}\n" for n in range(length)
    )
    return {"bomb/main.tf": moves + COUNTED.replace('"bomb"', f'"b{length}"')}


def deep_dynamic(depth: int) -> Files:
    body = nested('dynamic "ingress" {\n for_each = [1]\n content {\n', "from_port = 22\n", "}\n}\n", depth)
    return {"bomb/main.tf": f'resource "aws_security_group" "bomb" {{\n{body}}}\n' + RULE.format(value="[local.unread]")}


def many_blocks(count: int = 3_000) -> Files:
    blocks = "".join(
        f'  ingress {{\n    from_port = 22\n    to_port = {22 + n}\n    protocol = "tcp"\n    cidr_blocks = [{OPEN}]\n  }}\n'
        for n in range(count)
    )
    return {"bomb/main.tf": f'resource "aws_security_group" "bomb" {{\n{blocks}}}\n'}


def many_environments(count: int = 500) -> Files:
    files: Files = deciding("[var.x]", 'variable "x" {}\n')
    return files | {f"bomb/env/e{n}.tfvars": f'x = "10.{n % 256}.0.0/16"\n' for n in range(count)} | {"bomb/env/z.tfvars": f"x = {OPEN}\n"}


def many_prefixes(count: int = 60_000) -> Files:
    listed = ", ".join(f'"{n % 223 + 1}.{n // 223 % 256}.{n % 251}.0/24"' for n in range(count))
    return deciding(f"[{listed}, {OPEN}]")


def many_resources(count: int = 4_000) -> Files:
    return {"bomb/main.tf": "".join(COUNTED.replace('"bomb"', f'"b{n}"') for n in range(count))}


def policy_text(document: str) -> Files:
    return {"bomb/main.tf": f'resource "aws_iam_policy" "bomb" {{\n  policy = {document}\n}}\n' + RULE.format(value="[local.unread]")}


_STARS = "*a" * 200 + "b"

EXPANSIONS: dict[str, Callable[[], Files]] = {
    "count": lambda: with_meta("count = 1000000000"),
    "count-negative": lambda: with_meta("count = -5"),
    "count-fraction": lambda: with_meta("count = 1.5"),
    "count-infinite": lambda: with_meta("count = 1e999999"),
    "for-each-range": lambda: with_meta("for_each = toset([for n in range(1000000000) : tostring(n)])"),
    "for-each-product": lambda: with_meta('for_each = toset([for p in setproduct(range(1000), range(1000)) : join("-", p)])'),
    "range": lambda: deciding("[for n in range(1000000000) : n]"),
    "range-tiny-step": lambda: deciding("range(0, 1, 0.000000001)"),
    "range-no-step": lambda: deciding("range(0, 1, 0)"),
    "string-doubling": lambda: doubling('"${@}${@}"', '"xxxxxxxxxx"'),
    "join-doubling": lambda: doubling('join("", [@, @])', '"xxxxxxxxxx"'),
    "format-doubling": lambda: doubling('format("%s%s", @, @)', '"xxxxxxxxxx"'),
    "replace-doubling": lambda: doubling('replace(@, "x", "xx")', '"xx"'),
    "list-doubling": lambda: doubling("concat(@, @)", "[1, 2]"),
    "tuple-doubling": lambda: doubling("[@, @]", "[1, 2]"),
    "object-doubling": lambda: doubling("{ a = @, b = @ }", "{}"),
    "json-doubling": lambda: doubling("jsonencode([@, @])", '"\\""'),
    "flatten-doubling": lambda: doubling("flatten([@, @])", "[1, 2]"),
    "merge-doubling": lambda: doubling("[for a in [@, @] : merge({ x = a }, { y = a })]", "[1]"),
    "split-doubling": lambda: doubling('split(",", join(",", concat(@, @)))', '["a", "b"]'),
    "nested-for": lambda: deciding(nested("[for a in range(1000) : ", "1", "]", 6)),
    "nested-for-object": lambda: deciding('[for a in range(1000) : { for b in range(1000) : "${a}-${b}" => [for c in range(1000) : c] }]'),
    "nested-splat": lambda: deciding("[for a in range(1000) : range(1000)][*][*]"),
    "format-width": lambda: deciding('[format("%1000000000d", 1)]'),
    "format-precision": lambda: deciding('[format("%.1000000000f", 1.5)]'),
    "format-padding": lambda: deciding('[format("%-1000000000s", "a")]'),
    "power": lambda: deciding("[tostring(pow(10, 1000000000))]"),
    "power-tower": lambda: doubling("@ * @", "99999999999", 200),
    "exponent": lambda: deciding("[1e999999]"),
    "negative-exponent": lambda: deciding("[1e-999999]"),
    "port-beyond-64-bits": lambda: {"bomb/main.tf": COUNTED.replace("to_port     = 22", f"to_port     = {'9' * 300}")},
    "count-beyond-64-bits": lambda: with_meta(f"count = {'9' * 300}"),
    "digits": lambda: deciding(f"[{'9' * 100_000}]"),
    "digits-times-digits": lambda: deciding(f"[{'9' * 100_000} * {'9' * 100_000}]"),
    "modulo-zero": lambda: deciding("[1 % 0, 1 / 0]"),
    "regex-backtracking": lambda: deciding(f'regexall("(a+)+$", "{"a" * 5_000}b")'),
    "regex-replace": lambda: deciding(f'[replace("{"a" * 5_000}b", "/(a|aa)+$/", "x")]'),
    "regex-nested-repeat": lambda: deciding('[regex("(((a{1,100}){1,100}){1,100}){1,100}", "a")]'),
    "cidr": lambda: deciding('[for n in range(1000000) : cidrsubnet("10.0.0.0/8", 24, n)]'),
    "chunks": lambda: deciding("chunklist(range(100000), 1)"),
    "base64": lambda: doubling("base64encode(@)", '"xxxxxxxxxx"', 200),
    "recursive-module": lambda: {"bomb/main.tf": COUNTED + 'module "self" {\n  source = "./"\n}\n'},
    "recursive-parent": lambda: {"bomb/main.tf": COUNTED + 'module "self" {\n  source = "../bomb"\n}\n'},
    "mutual-modules": lambda: {
        "bomb/main.tf": COUNTED + 'module "a" {\n  source = "./a"\n}\n',
        "bomb/a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "bomb/b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
    },
    "module-fan-out": module_fan_out,
    "module-chain": module_chain,
    "self-local": lambda: deciding("[local.a]", "locals {\n  a = local.a\n}\n"),
    "mutual-locals": lambda: deciding("[local.a]", 'locals {\n  a = "${local.b}"\n  b = [local.a][0]\n}\n'),
    "self-variable": lambda: deciding("[var.a]", 'variable "a" {\n  default = var.a\n}\n'),
    "self-resource": lambda: deciding("aws_security_group_rule.bomb.cidr_blocks"),
    "self-output": lambda: (
        deciding("[module.m.o]", 'module "m" {\n  source = "./m"\n  i = module.m.o\n}\n')
        | {"bomb/m/main.tf": 'variable "i" {}\noutput "o" {\n  value = var.i\n}\n'}
    ),
    "locals-chain": locals_chain,
    "moved-chain": moved_chain,
    "moved-circle": lambda: {
        "bomb/main.tf": COUNTED
        + "moved {\n  from = aws_security_group_rule.bomb\n  to = aws_security_group_rule.x\n}\n"
        + "moved {\n  from = aws_security_group_rule.x\n  to = aws_security_group_rule.bomb\n}\n"
    },
    "deep-dynamic": lambda: deep_dynamic(60),
    "deeper-dynamic": lambda: deep_dynamic(5_000),
    "huge-dynamic": lambda: {
        "bomb/main.tf": 'resource "aws_security_group" "bomb" {\n  dynamic "ingress" {\n    for_each = range(1000000000)\n    content {\n'
        f'      from_port = 22\n      to_port = 22\n      protocol = "tcp"\n      cidr_blocks = [{OPEN}]\n    }}\n  }}\n}}\n'
    },
    "many-blocks": many_blocks,
    "many-environments": many_environments,
    "many-prefixes": many_prefixes,
    "many-resources": many_resources,
    "policy-depth": lambda: policy_text('"' + nested("[", "", "]", 50_000) + '"'),
    "policy-encoded-depth": lambda: doubling("{ Statement = [@] }", '"x"', 5_000),
    "policy-stars": lambda: policy_text(
        f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = "s3:{_STARS}", Resource = "{_STARS}" }}] }})'
    ),
    "policy-size": lambda: policy_text(
        'jsonencode({ Statement = [for n in range(1000) : { Effect = "Allow", Action = [for m in range(1000) : "s3:${m}"] }] })'
    ),
}
