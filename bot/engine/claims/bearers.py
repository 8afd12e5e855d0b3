"""Who bears which rights: a role, user, permission set or service account, and the policies and assignments that are given to it.

What is said of a bearer is said of all of these. Attribute names: the providers' schemas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.engine.model.resource import Model, Resource

# What gives rights → the argument that names who gets them.
_GIVEN: Mapping[str, str] = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_user_policy": "user",
    "aws_iam_user_policy_attachment": "user",
    "aws_iam_group_policy": "group",
    "aws_iam_group_policy_attachment": "group",
    "aws_ssoadmin_managed_policy_attachment": "permission_set_arn",
    "aws_ssoadmin_permission_set_inline_policy": "permission_set_arn",
    "aws_ssoadmin_customer_managed_policy_attachment": "permission_set_arn",
    "azurerm_role_assignment": "principal_id",
}
_BEARERS = (
    *("aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_ssoadmin_permission_set", "google_service_account"),
    *("azurerm_user_assigned_identity", "azuread_service_principal"),
)


def is_bearer(resource: Resource) -> bool:
    """Whether it has rights that other resources give to it."""
    return resource.type in _BEARERS


class Bearers:
    """What is given to whom, of some models; read when it is asked for."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._models = models
        self._given: dict[tuple[str, str], list[Resource]] | None = None

    def given(self, bearer: Resource) -> tuple[Resource, ...]:
        """What gives rights to it, and the policies that are attached to it and made in the same root."""
        if self._given is None:
            self._given = {}
            for model in self._models:
                for address, resource in _pairs(model):
                    self._given.setdefault((model.root, address), []).append(resource)
        found = self._given.get((bearer.root, bearer.address), [])
        return tuple({item.address: item for item in found}.values())


def _pairs(model: Model) -> Iterator[tuple[str, Resource]]:
    made = {item.address: item for item in model.resources if item.type == "aws_iam_policy" and item.mode == "managed"}
    for item in model.resources:
        name = _GIVEN.get(item.type) or ("member" if item.type.startswith("google_") and item.type.endswith("_iam_member") else None)
        to = item.attributes.get(name) if name and item.mode == "managed" else None
        for address in to.refs if to is not None else ():
            yield address, item
            policy = item.attributes.get("policy_arn")
            yield from ((address, made[ref]) for ref in (policy.refs if policy is not None else ()) if ref in made)
