"""SQL servers of Azure, their companion resources joined: `provider`, `audited` (who did what in the databases is recorded).

Auditing is off until something switches it on: https://learn.microsoft.com/azure/azure-sql/database/auditing-setup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.companion import belongs
from bot.engine.views.reading import attribute, blocks, constant, fact, managed, truth

SERVERS = ("azurerm_mssql_server", "azurerm_sql_server")
POLICY = "azurerm_mssql_server_extended_auditing_policy"


def sql_servers(model: Model) -> Iterator[Subject]:
    """A fact for each server, in order."""
    policies = list(managed(model, (POLICY,)))
    for resource in managed(model, SERVERS):
        span = resource.span
        yield fact(resource, "sql-server", span, provider=constant("azure", span), audited=_audited(resource, policies))


def _audited(server: Resource, policies: Iterable[Resource]) -> Value:
    inline = blocks(server, "extended_auditing_policy")
    if inline:
        return inline[0] if isinstance(inline[0], Unknown) else constant(raw=True, span=server.span)
    answers = [_by(policy, server) for policy in policies]
    if True in answers:
        return constant(raw=True, span=server.span)
    return next((answer for answer in answers if isinstance(answer, Unknown)), constant(raw=False, span=server.span))


def _by(policy: Resource, server: Resource) -> bool | Unknown:
    its = belongs(attribute(policy, "server_id"), server, "id")
    enabled = attribute(policy, "enabled")
    if its is False or truth(enabled) is False:
        return False
    return enabled if its is True and isinstance(enabled, Unknown) else its
