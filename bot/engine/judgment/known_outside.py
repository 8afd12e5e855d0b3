"""Whether others than services of the cloud may name an identity: its address stands where this tree does not reach."""

from __future__ import annotations

from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import elements, text
from bot.engine.views.statement import statements

ROLE, POLICY = "aws_iam_role", "assume_role_policy"


class KnownOutside:
    """The identities of one model. What the trust of its roles says is read when it is first asked for."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._documents: frozenset[str] | None = None

    def is_known(self, item: Resource) -> bool:
        """Of a role: whether an account or an identity provider may assume it. Of any other identity always."""
        if item.type != ROLE:
            return True
        policy = item.attributes.get(POLICY)
        names = {item.address, item.definition, *(policy.refs if isinstance(policy, Known | Unknown) else ())}
        return not names.isdisjoint(self._trusting())

    def _trusting(self) -> frozenset[str]:
        """Addresses of roles and policy documents that name somebody else than a service."""
        if self._documents is None:
            found = (fact for fact in statements(self._model) if any(map(_is_outside, elements(fact.attributes.get("principals")))))
            self._documents = frozenset(name for fact in found for name in (fact.resource.address, fact.resource.definition))
        return self._documents


def _is_outside(principal: Value) -> bool:
    written = text(principal)
    if written is None and isinstance(principal, Unknown) and principal.parts:
        written = principal.parts[0]
    return not (written or "").startswith("Service:")
