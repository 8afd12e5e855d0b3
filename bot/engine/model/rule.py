"""A policy rule, as loaded from its file."""

from typing import Literal, TypeAlias, Union, get_args

from msgspec import Struct

from bot.engine.model.span import Span
from bot.engine.model.value import Plain

Disposition: TypeAlias = Literal["violation", "judgment", "advice"]
Severity: TypeAlias = Literal["critical", "high", "medium", "low"]
Category: TypeAlias = Literal[
    "data",
    "identity",
    "network",
    "residency-and-crypto",
    "dependency",
    "scale-and-cost",
    "state-and-delivery",
    "governance",
    "claims",
    "evaluation",
]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
CATEGORIES: tuple[Category, ...] = get_args(Category)


class Test(Struct, frozen=True, tag=True):
    """A leaf: a predicate over one attribute (or several, in order). `absent`: the leaf's truth when the first is not set."""

    paths: tuple[str, ...]
    predicate: str
    args: tuple[Plain, ...] = ()
    absent: bool | None = False


class All(Struct, frozen=True, tag=True):
    conditions: tuple["Condition", ...]


class AnyOf(Struct, frozen=True, tag=True):
    conditions: tuple["Condition", ...]


class Not(Struct, frozen=True, tag=True):
    condition: "Condition"


class Quantified(Struct, frozen=True, tag=True):
    """`some` or `every` element of the collection at `path` satisfies the condition (paths are then relative to it).

    `absent`: the truth when there is no element.
    """

    quantifier: Literal["some", "every"]
    path: str
    condition: "Condition"
    absent: bool | None = False


Condition: TypeAlias = Union[Test, All, AnyOf, Not, Quantified]


class Parameter(Struct, frozen=True):
    """A value that configuration may set. `topic`: what of an organisation's stated baseline sets it, for this and other rules."""

    name: str
    default: Plain
    description: str
    topic: str = ""


class Target(Struct, frozen=True):
    """What a rule looks at: resource types of a language, or a view."""

    language: str = ""
    types: tuple[str, ...] = ()
    view: str = ""


class Rule(Struct, frozen=True):
    """`unknown`: what an undecidable result is treated as. `element`: a path whose elements are judged one by one.

    `implied_by`: rules whose result on the same subject already says this one (every port open says that SSH is).

    `frameworks`: framework and edition (`cis-aws-1.4.0`) → identifiers of the controls in it that the rule answers.

    `parts` of `aliases`: peer → ids; `partial` ids have a broader or narrower meaning.
    """

    id: str
    title: str
    disposition: Disposition
    severity: Severity
    category: Category
    unknown: Disposition
    targets: tuple[Target, ...]
    when: Condition
    anchor: str
    message: str
    fix: str
    rationale: str
    span: Span
    pack: str
    since: str = ""
    element: str = ""
    references: tuple[str, ...] = ()
    aliases: dict[str, tuple[str, ...]] = {}
    partial: dict[str, tuple[str, ...]] = {}
    parameters: tuple[Parameter, ...] = ()
    question: str = ""
    implied_by: tuple[str, ...] = ()
    frameworks: dict[str, tuple[str, ...]] = {}
