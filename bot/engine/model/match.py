"""What the policy finds on one model, before base and head are compared."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.notice import Notice
from bot.engine.model.resource import Resource
from bot.engine.model.rule import Rule
from bot.engine.model.span import Span
from bot.engine.model.value import Value

Truth: TypeAlias = Literal["true", "false", "unknown"]


class Change(Struct, frozen=True):
    """One path of a resource that differs between base and head; None where it is not set."""

    path: str
    before: Value | None
    after: Value | None


class Cause(Struct, frozen=True):
    """What a fact about a difference rests on.

    `change`: the value that decides, before and after. `key`: equal for facts that one thing caused: they are one question.
    `gone`: the place of the subject is on the base, because the head has nothing there. `facts`: what a person should know to answer.
    `rests`: digests of what else an answer rests on, where neither the change nor the fields of the fact hold it.
    """

    change: Change
    key: tuple[str, ...] = ()
    gone: bool = False
    facts: tuple[Notice, ...] = ()
    rests: tuple[str, ...] = ()


class Subject(Struct, frozen=True):
    """What a condition reads: a resource's body, or one fact of a view about it. `path` places the fact in the resource.

    `cause`: of a fact about the difference of two models.
    """

    resource: Resource
    attributes: dict[str, Value]
    span: Span
    view: str = ""
    path: str = ""
    cause: Cause | None = None


class Evidence(Struct, frozen=True):
    """One deciding value: the path it was read at (relative to the resource), the predicate, and the value (None = not set).

    `predicate`: `not:` before the name where the condition negates it; `element` for a collection or element of it that decides
    by being unknown or absent. `leaf`: number of the leaf among the match's evidence and of the path in it, so that the values
    that one predicate read together can be found again.
    """

    path: str
    predicate: str
    value: Value | None
    args: tuple[object, ...] = ()
    leaf: tuple[int, int] = (0, 0)


class Match(Struct, frozen=True):
    """A rule that is true, undecidable, or (only when asked for) false, on one subject.

    `content`: truth and deciding values without order, place or spelling; made before matches are compared.
    `evidence` holds the values that decide, the anchor's first; for an undecidable rule the unknown ones first.
    """

    rule: Rule
    subject: Subject
    truth: Truth
    evidence: tuple[Evidence, ...]
    element: str = ""
    environment: str | None = None
    root: str = ""
    content: str = ""
