"""Who bears a policy of AWS.

A statement stands in a document, the document in a policy, the policy is attached to a role: each names the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Value
from bot.engine.views.reading import attribute, blocks, body_of, elements, field, owner, text

ROLE = "aws_iam_role"
# Type → where it names its document or policy, and where its bearers.
GIVES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aws_iam_group_policy": ("policy", ("group",)),
    "aws_iam_group_policy_attachment": ("policy_arn", ("group",)),
    "aws_iam_policy": ("policy", ()),
    "aws_iam_policy_attachment": ("policy_arn", ("groups", "roles", "users")),
    "aws_iam_role_policy": ("policy", ("role",)),
    "aws_iam_role_policy_attachment": ("policy_arn", ("role",)),
    "aws_iam_user_policy": ("policy", ("user",)),
    "aws_iam_user_policy_attachment": ("policy_arn", ("user",)),
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
                self._roles |= {name: item for name in (text(attribute(item, "name")), item.definition, item.address) if name}

    def of(self, policy: Resource) -> tuple[str, ...]:
        """Who bears what stands in the resource: addresses, or names where the tree has no more; itself where nobody is in sight."""
        return tuple(sorted(set(self._of(policy, MAX_STEPS)))) or (policy.address,)

    def name_of(self, bearer: str) -> str:
        """The name that the bearer has in the account where the tree says it, whatever the code calls it."""
        return text(attribute(self._roles[bearer], "name")) or bearer if bearer in self._roles else bearer

    def _of(self, policy: Resource, steps: int) -> Iterator[str]:
        if policy.type == ROLE:
            yield policy.address
            return
        _, places = GIVES.get(policy.type, ("", ()))
        if places:
            for value in (value for place in places for value in elements(attribute(policy, place))):
                name = owner(value)
                yield self._roles[name].address if name in self._roles else name or policy.address
            return
        for name in (policy.address, policy.definition) if steps else ():
            for reader in self._readers.get(name, ()):
                yield from self._of(reader, steps - 1)


def _handed_in(item: Resource) -> Iterator[Value]:
    """What a resource reads its policies from; a part of a document counts as the document's."""
    if item.type == "aws_iam_policy_document":
        names: tuple[str, ...] = ("source_policy_documents", "override_policy_documents")
    elif item.type == ROLE:
        names = ("managed_policy_arns",)
    else:
        names = (GIVES[item.type][0],) if item.type in GIVES else ()
    for name in names:
        yield from elements(attribute(item, name))
    for block in blocks(item, "inline_policy") if item.type == ROLE else ():
        yield from elements(field(body_of(block), "policy"))
