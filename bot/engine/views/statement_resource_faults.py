"""Actions that none of a statement's resources can be the object of.

Which action is granted on what stands in the table of IAM:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.facts.actions import Actions
from bot.engine.model.match import Subject
from bot.engine.model.pattern import meet
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import elements, text
from bot.engine.views.statement_void import Found

VARIABLE = re.compile(r"\$\{[^}]*\}")
# An attribute of S3 buckets, whose form the source tells although its value is not known.
BUCKET = re.compile(r"(?:data\.)?aws_s3_bucket\.\w+(?:\[[^\]]*\])?\.arn")
SEGMENTS = 6  # of an ARN
A_BUCKET = "arn:aws:s3:::\x01"


def resource_faults(item: Subject, known: Actions) -> Iterator[Found]:
    """The first action without an object, with the ARNs that it is granted on; with none where it takes `*` alone."""
    resources = elements(item.attributes.get("resources"))
    if not resources or any(text(value) == "*" for value in resources):
        return
    patterns = [_pattern(value) for value in resources]
    unknown = next((value for value, pattern in zip(resources, patterns, strict=True) if pattern is None), None)
    if unknown is not None and len(resources) == 1:
        return
    told = [pattern for pattern in patterns if pattern is not None]
    for action in elements(item.attributes.get("actions")):
        arns = _granted_on(action, known)
        if arns is None or any(_fits(arn, pattern) for arn in arns for pattern in told):
            continue
        shown = " or ".join(arn for arn in arns if ":accesspoint/" not in arn or len(arns) == 1)
        yield ("object" if arns else "no-object"), action if unknown is None else unknown, shown if arns else text(action) or ""
        return


def _granted_on(action: Value, known: Actions) -> tuple[str, ...] | None:
    written = text(action)
    if written is None or "*" in written or "?" in written:
        return None
    service, _, name = written.partition(":")
    found = known.of(service.lower())
    return None if found is None else found.granted_on(name)


def _pattern(value: Value) -> str | None:
    """The resource with its unknown pieces as stars; None where nothing of it is known."""
    if not isinstance(value, Unknown):
        return text(value)
    is_bucket = BUCKET.fullmatch(value.expression) is not None
    if not value.parts:
        return A_BUCKET if is_bucket else None
    first = A_BUCKET if is_bucket and value.parts[0] is None else "*"
    return "".join((first if place == 0 else "*") if part is None else part for place, part in enumerate(value.parts))


def _fits(arn: str, pattern: str) -> bool:
    """Whether something of this form fits the pattern. A name of a bucket has no slash."""
    if arn.endswith(":s3:::${BucketName}") and "/" in pattern:
        return False
    if ":accesspoint/" in arn and not pattern.startswith("arn:") and "accesspoint" not in pattern:
        return False
    written, wanted = pattern.split(":", SEGMENTS - 1), VARIABLE.sub("*", arn).split(":", SEGMENTS - 1)
    if len(written) < SEGMENTS or len(wanted) < SEGMENTS:  # a star may stand for several of them
        return meet(":".join(wanted), pattern)
    return all(meet(one, other) for one, other in zip(wanted, written, strict=True))
