"""Storage accounts of Azure and their network rules: `provider`, `public` (the public endpoint answers), `default_action`, `bypass`,
`ip_rules`, `account_kind`, `min_tls_version` (the oldest it speaks), `queues_logged` (every request to a queue is recorded).

Rules of their own are a fact of their own, and an account that has such says nothing of them. An account without any
lets every network in: https://learn.microsoft.com/azure/storage/common/storage-network-security. Queues are logged by the account, by
settings of their own, or by a diagnostic setting: https://learn.microsoft.com/azure/storage/queues/monitor-queue-storage.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.companion import belongs
from bot.engine.views.provider_version import below_major
from bot.engine.views.reading import Body, attribute, constant, fact, field, inner, known_as, managed, only, refers_to, truth

RULES = "azurerm_storage_account_network_rules"
QUEUES = "azurerm_storage_account_queue_properties"
DIAGNOSTICS = "azurerm_monitor_diagnostic_setting"
REQUESTS = ("delete", "read", "write")


class Beside(Struct, frozen=True):
    """The settings of accounts that are resources of their own."""

    rules: tuple[Resource, ...]
    queues: tuple[Resource, ...]
    diagnostics: tuple[Resource, ...]


def storage_accounts(model: Model) -> Iterator[Subject]:
    """A fact for each account, then one for each set of rules on its own."""
    beside = Beside(*(tuple(managed(model, (kind,))) for kind in (RULES, QUEUES, DIAGNOSTICS)))
    for account in managed(model, ("azurerm_storage_account",)):
        yield _account(account, beside, model)
    for rules in beside.rules:
        span = rules.span
        yield fact(
            rules,
            "storage-account",
            span,
            provider=constant("azure", span),
            default_action=attribute(rules, "default_action"),
            bypass=attribute(rules, "bypass"),
            ip_rules=attribute(rules, "ip_rules"),
        )


def _account(account: Resource, beside: Beside, model: Model) -> Subject:
    span, rules, public = account.span, only(account, "network_rules"), attribute(account, "public_network_access_enabled")
    return fact(
        account,
        "storage-account",
        span,
        provider=constant("azure", span),
        public=constant(raw=True, span=span) if public is None else public,
        default_action=_rules_elsewhere(account, beside) if rules is None else field(rules, "default_action"),
        bypass=None if rules is None else field(rules, "bypass"),
        ip_rules=None if rules is None else field(rules, "ip_rules"),
        account_kind=attribute(account, "account_kind"),
        min_tls_version=_oldest_tls(account, model),
        queues_logged=_queues_logged(account, beside),
    )


def _oldest_tls(account: Resource, model: Model) -> Value | None:
    """1.0 where neither the text nor the version of the provider says otherwise:
    https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/3.0-upgrade-guide."""
    value = attribute(account, "min_tls_version")
    return constant("TLS1_0", account.span) if value is None and below_major(model.required_providers, "azurerm", 3) else value


def _rules_elsewhere(account: Resource, beside: Beside) -> Value | None:
    answers = [_of(rules, account) for rules in beside.rules]
    unknown = next((answer for answer in answers if isinstance(answer, Unknown)), None)
    return None if True in answers else unknown or constant("Allow", account.span)


def _of(companion: Resource, account: Resource) -> bool | Unknown:
    identifier = attribute(companion, "storage_account_id")
    if identifier is not None:
        return belongs(identifier, account, "id")
    return belongs(attribute(companion, "storage_account_name"), account, "name")


def _queues_logged(account: Resource, beside: Beside) -> Value:
    if any(_watches_queues(attribute(setting, "target_resource_id"), account) for setting in beside.diagnostics):
        return constant(raw=True, span=account.span)
    answers = [(companion, _of(companion, account)) for companion in beside.queues]
    own = next((companion for companion, answer in answers if answer is True), None)
    if own is not None:
        return _all_requests(only(own, "logging"), own)
    unknown = next((answer for _, answer in answers if isinstance(answer, Unknown)), None)
    return unknown or _all_requests(inner(only(account, "queue_properties"), "logging"), account)


def _watches_queues(target: Value | None, account: Resource) -> bool:
    parts = target.parts if isinstance(target, Unknown) else ()
    return refers_to(target, account) and any("queueservices" in (part or "").lower() for part in parts)


def _all_requests(logging: Body | None, resource: Resource) -> Value:
    """True when all kinds are recorded; false at the one that is not."""
    if isinstance(logging, Unknown):
        return logging
    values = [field(logging or {}, name) for name in REQUESTS]
    off = next((value for value in values if value is not None and truth(value) is False), None)
    if off is not None or None in values:
        return constant(raw=False, span=resource.span) if off is None else known_as(off, raw=False)
    unknown = next((value for value in values if value is not None and truth(value) is None), None)
    return unknown or constant(raw=True, span=resource.span)
