"""Actions that none of a statement's resources can be the object of.

Which action is granted on what stands in the table of IAM:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bot.engine.facts.actions import Actions
from bot.engine.model.match import Subject
from bot.engine.model.value import Unknown, Value
from bot.engine.model.wildcard import RUN, meet
from bot.engine.pattern import Pattern
from bot.engine.views.reading import elements, text
from bot.engine.views.statement_void import Found

REPLACED = Pattern(r"[$&]\{[^}]*\}")  # policy variables, also as data sources write them
VARIABLE = Pattern(r"\$\{[^}]*\}")
FIELDS = Pattern(r"\$\{(?:Partition|Region|Account)\}")
# An attribute of S3 buckets, whose form the source tells although its value is not known.
BUCKET = Pattern(r"(?:data\.)?aws_s3_bucket\.\w+(?:\[[^\]]*\])?\.arn")
# A service that was renamed, whose actions and ARNs of either name are used with each other.
# https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
RENAMED = (":codestar-connections:", ":codeconnections:")
PLACELESS = ":::"
A_BUCKET = "arn:aws:s3:::\x01"
# Services whose prefix has two pages in the reference, of which the table has one.
TWO_PAGES = frozenset({"apigateway"})
# Actions that take `*` alone and say so. Of others the table does not tell: some compare with an ARN of the whole account after all.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policy-structure.html#UsingWithEC2_Actions
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/security_iam_service-with-iam.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/permissions-reference-cw.html
# https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
WITHOUT_OBJECT = {
    "autoscaling": Pattern("describe.*"),
    "cloudwatch": Pattern("putmetricdata|getmetricdata|getmetricstatistics|listmetrics"),
    "ec2": Pattern("describe.*"),
    "ecr": Pattern("getauthorizationtoken"),
    "kms": Pattern("createkey|listkeys|listaliases"),
}


def resource_faults(item: Subject, document: tuple[Subject, ...], known: Actions) -> Iterator[Found]:
    """The first action without an object, with the ARNs that it is granted on; and the first that takes `*` alone. What another
    statement of the document grants on what fits is granted, so that the first says nothing and harms nothing."""
    resources = elements(item.attributes.get("resources"))
    if not resources or any(text(value) == "*" for value in resources):
        return
    patterns = [_pattern(value) for value in resources]
    unknown = next((value for value, pattern in zip(resources, patterns, strict=True) if pattern is None), None)
    told = [pattern for pattern in patterns if pattern is not None]
    if not told or (unknown is not None and not (isinstance(unknown, Unknown) and unknown.reason == "variable")):
        return
    found: set[str] = set()
    for action in elements(item.attributes.get("actions")):
        arns = _granted_on(action, known)
        kind = "object" if arns else "no-object"
        if arns is None or kind in found or any(_fits(arn, pattern) for arn in arns for pattern in told):
            continue
        if any(_grants(other, action, arns) for other in document if other is not item) or _names_operation(told, action):
            continue
        found.add(kind)
        yield kind, unknown or action, _told(arns) or text(action) or ""


def _told(arns: tuple[str, ...]) -> str:
    """How a reader is told what an action is granted on: access points only where it takes nothing else."""
    return " or ".join([arn for arn in arns if ":accesspoint/" not in arn] or arns)


def _names_operation(patterns: list[str], action: Value) -> bool:
    """Whether a resource is the action itself, which billing services may compare with although no table has it:
    `arn:aws:ce:…:/GetCostAndUsage`."""
    name = (text(action) or "").lower().partition(":")[2]
    return any(pattern.lower().endswith(f":/{name}") for pattern in patterns)


def _grants(other: Subject, action: Value, arns: tuple[str, ...]) -> bool:
    """Whether a statement has the same action, in the same effect, on everything or on what fits."""
    same = text(other.attributes.get("effect")) == "Allow" and text(action) in map(text, elements(other.attributes.get("actions")))
    patterns = [_pattern(value) for value in elements(other.attributes.get("resources"))] if same else []
    return any(pattern is not None and (pattern == "*" or any(_fits(arn, pattern) for arn in arns)) for pattern in patterns)


def _granted_on(action: Value, known: Actions) -> tuple[str, ...] | None:
    """The ARNs of the action's objects, none where it takes none and says so; None where nothing can be told."""
    written = text(action)
    if written is None or "*" in written or "?" in written:
        return None
    service, _, name = written.lower().partition(":")
    found = known.of(service) if service not in TWO_PAGES else None
    arns = None if found is None else found.granted_on(name)
    takes_none = WITHOUT_OBJECT.get(service)
    return None if arns == () and not (takes_none and takes_none.fullmatch(name)) else arns


def _pattern(value: Value) -> str | None:
    """The resource with its unknown pieces and its policy variables as stars; None where it is not known, or no ARN but a word that
    something else is put in for (`%s`)."""
    if not isinstance(value, Unknown):
        written = text(value) or ""
        return REPLACED.sub("*", written) if written.startswith(("arn:", "*")) else None
    if not value.parts:
        return A_BUCKET if BUCKET.fullmatch(value.expression) and _is_all_there_is(value) else None
    found = REPLACED.sub("*", "".join("*" if part is None else part for part in value.parts))
    return found if found.startswith(("arn:", "*")) else None


def _is_all_there_is(value: Unknown) -> bool:
    """Whether the expression itself is written at this place, and not what something is made of there."""
    span = value.span
    return span.last_line == span.line and span.end_column - span.column == len(value.expression)


@lru_cache(maxsize=4096)
def _fits(arn: str, pattern: str) -> bool:
    """Whether something of this form fits the pattern, or may be meant to. A name of a bucket has no slash, one of IAM no colon."""
    arn, pattern = arn.replace(*RENAMED), pattern.replace(*RENAMED)
    if arn.endswith(":s3:::${BucketName}") and "/" in pattern:
        return False
    if ":accesspoint/" in arn and "accesspoint" not in pattern:
        return False
    if PLACELESS in pattern and PLACELESS not in arn and _service(pattern) == _service(arn):
        return True  # what stands for no resource at all: arn:aws:kms:::NOT_IN_USE
    return meet(VARIABLE.sub(RUN if ":iam:" in arn else "*", FIELDS.sub(RUN, arn)), pattern)


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") > 1 else ""
