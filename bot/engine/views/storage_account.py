"""Storage accounts of Azure and their network rules: `provider`, `public` (the public endpoint answers), `default_action`, `bypass`.

Rules of their own are a fact of their own (`standalone`), and an account that has such says nothing of them. An account without any
lets every network in: https://learn.microsoft.com/azure/storage/common/storage-network-security.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.companion import belongs
from bot.engine.views.reading import attribute, constant, fact, field, managed, only

RULES = "azurerm_storage_account_network_rules"


def storage_accounts(model: Model) -> Iterator[Subject]:
    """A fact for each account, then one for each set of rules on its own."""
    rules = list(managed(model, (RULES,)))
    for account in managed(model, ("azurerm_storage_account",)):
        yield _account(account, rules)
    for item in rules:
        yield _fact(item, None, attribute(item, "default_action"), attribute(item, "bypass"))


def _account(account: Resource, rules: list[Resource]) -> Subject:
    inline = only(account, "network_rules")
    if inline is not None:
        return _fact(account, attribute(account, "public_network_access_enabled"), field(inline, "default_action"), field(inline, "bypass"))
    answers = [_of(item, account) for item in rules]
    unknown = next((answer for answer in answers if isinstance(answer, Unknown)), None)
    action = None if True in answers else unknown or constant("Allow", account.span)
    return _fact(account, attribute(account, "public_network_access_enabled"), action, None)


def _of(rules: Resource, account: Resource) -> bool | Unknown:
    identifier = attribute(rules, "storage_account_id")
    if identifier is not None:
        return belongs(identifier, account, "id")
    return belongs(attribute(rules, "storage_account_name"), account, "name")


def _fact(resource: Resource, public: Value | None, action: Value | None, bypass: Value | None) -> Subject:
    span = resource.span
    return fact(
        resource,
        "storage-account",
        span,
        provider=constant("azure", span),
        standalone=constant(raw=resource.type == RULES, span=span),
        public=constant(raw=True, span=span) if public is None else public,
        default_action=action,
        bypass=bypass,
    )
