"""Node pools of Google Kubernetes Engine, wherever they are written: as resources, in a cluster, or as those that a cluster makes.

Fields: `provider`, `kept` (false for the first pool of a cluster that removes it, and for pools that no autoscaling makes),
`service_account` (`default` where the text takes the project's own account by reference; not set where the service takes it),
`auto_repair` and `auto_upgrade` (not set where the service decides).
Sources: https://cloud.google.com/kubernetes-engine/docs/how-to/service-accounts and the provider's container_node_pool; what a
`management` block leaves out is off before version 5 of the provider and on since.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.provider_version import below_major
from bot.engine.views.reading import (
    Body,
    attribute,
    blocks,
    body_of,
    constant,
    fact,
    field,
    inner,
    known_as,
    managed,
    only,
    span_of,
    truth,
)

_DEFAULT_ACCOUNT = Pattern(r"^(data\.google_compute_default_service_account|google_project_default_service_accounts)\.[^ ]+$")
MANAGEMENT_ON_SINCE = 5


def node_pools(model: Model) -> Iterator[Subject]:
    """A fact for each pool, in order."""
    is_off = below_major(model.required_providers, "google", MANAGEMENT_ON_SINCE)
    for resource in managed(model, ("google_container_cluster", "google_container_node_pool")):
        if resource.type == "google_container_node_pool":
            yield _pool(resource, resource.attributes, None, is_off=is_off)
        else:
            yield from _of_cluster(resource, is_off=is_off)


def _of_cluster(resource: Resource, *, is_off: bool) -> Iterator[Subject]:
    if truth(attribute(resource, "enable_autopilot")):
        yield _autopilot(resource)
        return
    pools = blocks(resource, "node_pool")
    for index, block in enumerate(pools):
        yield _pool(resource, body_of(block), block, f"node_pool[{index}]", is_off=is_off)
    if not pools:
        yield _first_pool(resource)
    if blocks(resource, "cluster_autoscaling"):
        yield _provisioned(resource)


def _pool(resource: Resource, body: Body, block: Value | None, path: str = "", *, is_off: bool) -> Subject:
    span = resource.span if block is None else span_of(block, resource)
    management = inner(body, "management")
    return fact(
        resource,
        "node-pool",
        span,
        path,
        provider=constant("google", span),
        kept=constant(raw=True, span=span),
        service_account=_account(inner(body, "node_config")),
        auto_repair=_managed(management, "auto_repair", resource, is_off=is_off),
        auto_upgrade=_managed(management, "auto_upgrade", resource, is_off=is_off),
    )


def _first_pool(resource: Resource) -> Subject:
    """The pool that the service makes with the cluster, described by the cluster's own `node_config`."""
    removed, autopilot = attribute(resource, "remove_default_node_pool"), attribute(resource, "enable_autopilot")
    known = truth(removed)
    kept = constant(raw=True, span=resource.span) if removed is None else removed if known is None else known_as(removed, not known)
    if known is not True and isinstance(autopilot, Unknown):
        kept = autopilot
    return fact(
        resource,
        "node-pool",
        resource.span,
        provider=constant("google", resource.span),
        kept=kept,
        service_account=_account(only(resource, "node_config")),
    )


def _provisioned(resource: Resource) -> Subject:
    """The pools that autoscaling adds, where it does."""
    scaling = only(resource, "cluster_autoscaling")
    enabled = None if scaling is None else field(scaling, "enabled")
    defaults = inner(scaling, "auto_provisioning_defaults")
    management = inner(defaults, "management")
    return fact(
        resource,
        "node-pool",
        resource.span,
        "cluster_autoscaling",
        provider=constant("google", resource.span),
        kept=constant(raw=False, span=resource.span) if enabled is None else enabled,
        service_account=_account(defaults),
        auto_repair=None if management is None else field(management, "auto_repair"),
        auto_upgrade=None if management is None else field(management, "auto_upgrade"),
    )


def _autopilot(resource: Resource) -> Subject:
    defaults = inner(only(resource, "cluster_autoscaling"), "auto_provisioning_defaults")
    return fact(
        resource,
        "node-pool",
        resource.span,
        provider=constant("google", resource.span),
        kept=constant(raw=True, span=resource.span),
        service_account=_account(defaults),
    )


def _account(body: Body | None) -> Value | None:
    value = None if body is None else field(body, "service_account")
    if isinstance(value, Unknown) and _DEFAULT_ACCOUNT.match(value.expression):
        return known_as(value, "default")
    return value


def _managed(management: Body | None, name: str, resource: Resource, *, is_off: bool) -> Value | None:
    if management is None:
        return None
    value = field(management, name)
    return constant(raw=False, span=resource.span) if value is None and is_off else value
