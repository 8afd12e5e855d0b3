"""Terraform's functions by name. https://developer.hashicorp.com/terraform/language/functions

A function gets evaluated arguments; `try` and `can` get expressions. What is not here is unknown for reason "function".
"""

from __future__ import annotations

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.decoding import DECODING
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.dispatch import evaluate
from bot.engine.iac.terraform.function_kinds import Function
from bot.engine.iac.terraform.functions_collection import COLLECTION
from bot.engine.iac.terraform.functions_encoding import ENCODING
from bot.engine.iac.terraform.functions_file import FILE
from bot.engine.iac.terraform.functions_format import FORMAT
from bot.engine.iac.terraform.functions_network import NETWORK
from bot.engine.iac.terraform.functions_number import NUMBER
from bot.engine.iac.terraform.functions_set import SETS
from bot.engine.iac.terraform.functions_text import TEXT
from bot.engine.iac.terraform.functions_time import CLOCKS, MOMENT, TIME
from bot.engine.iac.terraform.functions_type import TYPES
from bot.engine.iac.terraform.scope import Scope
from bot.engine.iac.terraform.values import failure, is_failure, known, trace, unknown
from bot.engine.model.value import Known, Reason, Unknown, Value, moved_to

FUNCTIONS: dict[str, Function] = {
    **COLLECTION, **SETS, **ENCODING, **DECODING, **FILE, **NUMBER, **NETWORK, **TEXT, **FORMAT, **TIME, **TYPES,
}  # fmt: skip
ENVIRONMENT = frozenset({"abspath"})
COMPUTED = frozenset({"timestamp", "plantimestamp", "uuid", "bcrypt"})
_PARTLY = {
    "regex": "patterns that RE2 and Python read differently, and repeated groups",
    "regexall": "as `regex`",
    "replace": "as `regex`, for patterns",
    "format": "halves that may be rounded either way, widths beyond 1,000",
    "formatlist": "as `format`",
    "length": "texts with characters of several code points",
    "substr": "as `length`",
    "strrev": "as `length`",
    "split": "as `length`, for an empty separator",
    "title": "letters that change their number with their case",
    "upper": "as `title`",
    "lower": "as `title`",
    "contains": "a text beside a number or bool that is written alike",
    "element": "a negative index, which versions read differently",
    "cidrsubnet": "a negative network number, an IPv4 address inside an IPv6 one",
    "cidrsubnets": "an IPv4 address inside an IPv6 one",
    "cidrhost": "an IPv4 address inside an IPv6 one",
    "yamldecode": "times of day, numbers without end, tags",
    "yamlencode": "the text is not made; what it encodes is kept for rules and for `yamldecode`",
    "file": "a file that is not in the tree: it may be made before the run",
    "fileexists": "as `file`: what is there is known, what is not there is open",
    "fileset": "directories outside the tree, patterns with wildcards in braces",
    "templatefile": "a template that reads templates",
    "textencodebase64": "character encodings but UTF-8, UTF-16LE, UTF-16BE, ISO-8859-1, US-ASCII",
    "textdecodebase64": "as `textencodebase64`",
    "formatdate": "less than a microsecond",
    "timeadd": "as `formatdate`, and years before 1000",
    "timecmp": "as `formatdate`",
    "pathexpand": "a path from `~`, which depends on who runs Terraform",
    "csvdecode": "a carriage return alone",
    "issensitive": "an unknown value that is not marked here",
    "try": "an unknown argument may fail in the end, so it is taken",
    "can": "unknown when the argument is",
}
_OPEN = {
    "abspath": "the machine decides",
    "timestamp": "the clock decides",
    "plantimestamp": "the clock decides",
    "uuid": "chance decides",
    "bcrypt": "chance decides",
    "rsadecrypt": "needs a private key, which is no matter of review",
    "base64gzip": "the bytes depend on the compressor",
}


# https://opentofu.org/docs/language/functions
OF_OPENTOFU = frozenset({"base64gunzip", "cidrcontains", "urldecode"})
# Names of other languages, and what is meant by them here.
_SPELLINGS = {
    "concat": ("append", "push"),
    "contains": ("has_key", "includes"),
    "distinct": ("unique",),
    "element": ("first", "last"),
    "fileexists": ("exists",),
    "for": ("filter",),
    "format": ("sprintf",),
    "formatdate": ("datetime",),
    "keys": ("items",),
    "length": ("count", "isempty", "len", "size"),
    "lookup": ("get",),
    "lower": ("lowercase", "tolower"),
    "timestamp": ("now",),
    "title": ("capitalize",),
    "tobool": ("bool",),
    "tomap": ("object",),
    "tonumber": ("float", "int", "number"),
    "tostring": ("str", "string"),
    "upper": ("toupper", "uppercase"),
}
MEANT = {other: meant for meant, others in _SPELLINGS.items() for other in others}


KNOWN_FUNCTIONS: dict[str, tuple[str, str]] = {
    name: ("open", _OPEN[name]) if name in _OPEN else ("partly", _PARTLY[name]) if _PARTLY.get(name) else ("supported", "")
    for name in sorted({*FUNCTIONS, *_OPEN, "try", "can"})
}  # by name the state, and what of it is left open


def call(e: s.Call, scope: Scope) -> Value:
    """The value of a function call."""
    name = e.name.removeprefix("core::")
    if name == "try":
        return _try(e, scope)
    if name == "can":
        return _can(e, scope)
    args = [evaluate(arg, scope) for arg in e.args]
    if e.expand and args:
        last = args.pop()
        if not isinstance(last, Known) or not isinstance(last.raw, tuple):
            return unknown(last, e.span, [*args, last]) if isinstance(last, Unknown) else failure("... needs a list", e.span, describe(e))
        args.extend(last.raw)
    function = FUNCTIONS.get(name)
    if function is None:
        return _unsupported(e, name, args)
    scope.run.spend(len(args))
    return function(args, e, scope)


def _unsupported(e: s.Call, name: str, args: list[Value]) -> Value:
    origin, refs, sensitive, _ = trace(args)
    reason: Reason = "computed" if name in COMPUTED else "environment" if name in ENVIRONMENT else "function"
    return Unknown(reason, describe(e), e.span, origin, refs, sensitive, MOMENT if name in CLOCKS else (), name)


def _try(e: s.Call, scope: Scope) -> Value:
    """The first argument that does not fail. An unknown one may still fail, so it is unknown which one is taken."""
    value: Value = failure("try without arguments", e.span)
    for arg in e.args:
        value = evaluate(arg, scope)
        if not is_failure(value):
            break
    return moved_to(value, e.span)


def _can(e: s.Call, scope: Scope) -> Value:
    if len(e.args) != 1:
        return failure("can takes one argument", e.span)
    value = evaluate(e.args[0], scope)
    if isinstance(value, Unknown) and not is_failure(value):
        return unknown(value, e.span, (value,))
    return known(not is_failure(value), e.span, ())
