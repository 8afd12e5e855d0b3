"""AWS policies attached by ARN: `policy` (the ARN) and `bearer` (`role`, `user`, `group`, `permission set`).

A policy that the tree itself makes is no fact here: its statements are judged where they are written. A policy that is read by its
name counts as the one of AWS with that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import attribute, constant, elements, fact, known_as, span_of, text

PLACES: dict[str, tuple[str, str]] = {
    "aws_iam_role_policy_attachment": ("policy_arn", "role"),
    "aws_iam_user_policy_attachment": ("policy_arn", "user"),
    "aws_iam_group_policy_attachment": ("policy_arn", "group"),
    "aws_iam_policy_attachment": ("policy_arn", "role"),
    "aws_iam_role": ("managed_policy_arns", "role"),
    "aws_iam_role_policy_attachments_exclusive": ("policy_arns", "role"),
    "aws_ssoadmin_managed_policy_attachment": ("managed_policy_arn", "permission set"),
}
OF_AWS = "arn:aws:iam::aws:policy/"
ARN = "arn:"  # all that is known of one that the provider gives


def attachments(model: Model) -> Iterator[Subject]:
    """A fact for each policy attached to a bearer, in order."""
    read_by_name = {address: name for resource in model.resources for address, name in _names(resource)}
    for resource in model.resources:
        if resource.mode != "managed" or resource.type not in PLACES:
            continue
        path, bearer = PLACES[resource.type]
        for item in elements(attribute(resource, path)):
            policy = _policy(item, read_by_name)
            if policy is not None:
                yield fact(resource, "attachment", span_of(item, resource), path, policy=policy, bearer=constant(bearer, resource.span))


def _names(resource: Resource) -> Iterator[tuple[str, str]]:
    name = text(attribute(resource, "name")) if resource.mode == "data" and resource.type == "aws_iam_policy" else None
    if name is not None:
        yield resource.address, name
        yield resource.definition, name


def _policy(item: Value, read_by_name: dict[str, str]) -> Value | None:
    if not isinstance(item, Unknown):
        return item
    name = next((read_by_name[ref] for ref in item.refs if ref in read_by_name), None)
    if name is not None:
        return known_as(item, OF_AWS + name)
    composed = any(part and part != ARN for part in item.parts)
    made_here = not composed and any("aws_iam_policy." in place for place in (*item.refs, item.expression))
    return None if made_here else item
