"""AWS policies that are given to single users: `bearer` (`user`, or unknown where it is not told whether a list names any).

Policies of groups and roles are no facts here. Sources: the provider's pages of the types below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.value import Unknown
from bot.engine.views.reading import attribute, constant, elements, fact, managed, span_of

ALWAYS = ("aws_iam_user_policy", "aws_iam_user_policy_attachment")
LISTS: Mapping[str, str] = {
    "aws_iam_policy_attachment": "users",
    "aws_iam_user_policies_exclusive": "policy_names",
    "aws_iam_user_policy_attachments_exclusive": "policy_arns",
}


def user_policies(model: Model) -> Iterator[Subject]:
    """A fact for each resource that gives policies to users."""
    for resource in managed(model, ALWAYS):
        yield fact(resource, "user-policy", resource.span, bearer=constant("user", resource.span))
    for resource in managed(model, LISTS):
        value = attribute(resource, LISTS[resource.type])
        if value is not None and elements(value):
            span = span_of(value, resource)
            bearer = value if isinstance(value, Unknown) else constant("user", span)
            yield fact(resource, "user-policy", span, LISTS[resource.type], bearer=bearer)
