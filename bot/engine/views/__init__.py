"""What resources mean: located facts in the field's terms, one concept a module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Mode, Model
from bot.engine.views.attachment import attachments
from bot.engine.views.binding import bindings
from bot.engine.views.bucket import buckets
from bot.engine.views.cluster_endpoint import cluster_endpoints
from bot.engine.views.database import databases
from bot.engine.views.ingress import ingress
from bot.engine.views.log import logs
from bot.engine.views.machine import machines
from bot.engine.views.network import networks
from bot.engine.views.private_key import private_keys
from bot.engine.views.secret import secrets
from bot.engine.views.statement import statements
from bot.engine.views.unread import unread
from bot.engine.views.volume import volumes

View = Callable[[Model], Iterable[Subject]]

MODES: frozenset[Mode] = frozenset({"managed", "data", "variable", "provider"})  # of the resources that any view looks at
VIEWS: Mapping[str, View] = {
    "attachment": attachments,
    "binding": bindings,
    "bucket": buckets,
    "cluster-endpoint": cluster_endpoints,
    "database": databases,
    "ingress": ingress,
    "log": logs,
    "machine": machines,
    "network": networks,
    "private-key": private_keys,
    "secret": secrets,
    "statement": statements,
    "unread": unread,
    "volume": volumes,
}
