"""Who bears a policy of AWS.

A statement stands in a document, the document in a policy, the policy is attached to a role: each names the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Value
from bot.engine.views.reading import attribute, blocks, body_of, elements, field, owner

ROLE = "aws_iam_role"
# Type → where it names its document or policy, and where its bearer.
GIVES: Mapping[str, tuple[str, str]] = {
    "aws_iam_group_policy": ("policy", "group"),
    "aws_iam_group_policy_attachment": ("policy_arn", "group"),
    "aws_iam_policy": ("policy", ""),
    "aws_iam_role_policy": ("policy", "role"),
    "aws_iam_role_policy_attachment": ("policy_arn", "role"),
    "aws_iam_user_policy": ("policy", "user"),
    "aws_iam_user_policy_attachment": ("policy_arn", "user"),
}
MAX_STEPS = 4  # a part of a document, the document, its policy, the attachment


class Bearers:
    """The bearers of one model's policies."""

    def __init__(self, model: Model) -> None:
        self._readers: dict[str, list[Resource]] = defaultdict(list)
        self._roles: dict[str, Resource] = {}
        for item in model.resources:
            for ref in {ref for value in _handed_in(item) for ref in value.refs}:
                self._readers[ref].append(item)
            if item.mode == "managed" and item.type == ROLE:
                self._roles |= {item.definition: item, item.address: item}

    def of(self, policy: Resource) -> tuple[str, ...]:
        """Who bears what stands in the resource: addresses, or names where the tree has no more; itself where nobody is in sight."""
        return tuple(sorted(set(self._of(policy, MAX_STEPS)))) or (policy.address,)

    def _of(self, policy: Resource, steps: int) -> Iterator[str]:
        if policy.type == ROLE:
            yield policy.address
            return
        _, bearer = GIVES.get(policy.type, ("", ""))
        if bearer:
            name = owner(attribute(policy, bearer))
            yield self._roles[name].address if name in self._roles else name or policy.address
            return
        for name in (policy.address, policy.definition) if steps else ():
            for reader in self._readers.get(name, ()):
                yield from self._of(reader, steps - 1)


def _handed_in(item: Resource) -> Iterator[Value]:
    """What a resource reads its policies from; a part of a document counts as the document's."""
    if item.type == "aws_iam_policy_document":
        names: tuple[str, ...] = ("source_policy_documents", "override_policy_documents")
    else:
        names = (GIVES[item.type][0],) if item.type in GIVES else ()
    for name in names:
        yield from elements(attribute(item, name))
    for block in blocks(item, "inline_policy") if item.type == ROLE else ():
        yield from elements(field(body_of(block), "policy"))
