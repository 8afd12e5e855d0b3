"""The API endpoint of a managed Kubernetes cluster: `provider`, `public`, `prefixes` (who may reach it).

What a provider does by default stands at the cluster's header: EKS https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html,
AKS https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges, GKE https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import Body, attribute, body_of, constant, elements, fact, field, inner, known_as, listed, only, truth


def cluster_endpoints(model: Model) -> Iterator[Subject]:
    """A fact for each cluster, in order."""
    for resource in model.resources:
        adapter = ADAPTERS.get(resource.type) if resource.mode == "managed" else None
        if adapter is not None:
            yield adapter(resource)


def _eks(resource: Resource) -> Subject:
    network = only(resource, "vpc_config")
    public = _within(network, "endpoint_public_access")
    ranges = _within(network, "public_access_cidrs")
    return _endpoint(resource, "aws", _yes(resource) if public is None else public, ranges if elements(ranges) else None)


def _aks(resource: Resource) -> Subject:
    private = attribute(resource, "private_cluster_enabled") or attribute(resource, "private_link_enabled")  # its name until version 3
    profile = only(resource, "api_server_access_profile")
    ranges = _within(profile, "authorized_ip_ranges") or attribute(resource, "api_server_authorized_ip_ranges")
    return _endpoint(resource, "azure", _negated(private, resource), ranges if elements(ranges) else None)


def _gke(resource: Resource) -> Subject:
    private = _within(only(resource, "private_cluster_config"), "enable_private_endpoint")
    networks = only(resource, "master_authorized_networks_config")
    found = None if networks is None else listed(_networks(networks), resource.span)
    by_address = _within(inner(only(resource, "control_plane_endpoints_config"), "ip_endpoints_config"), "enabled")
    public = by_address if by_address is not None and truth(by_address) is not True else _negated(private, resource)
    return _endpoint(resource, "google", public, found)


def _networks(body: Body) -> Iterator[Value]:
    if isinstance(body, Unknown):
        yield body
        return
    for block in elements(body.get("cidr_blocks")):
        yield from elements(field(body_of(block), "cidr_block"))


def _endpoint(resource: Resource, provider: str, public: Value, prefixes: Value | None) -> Subject:
    everyone = Known((constant("0.0.0.0/0", resource.span),), resource.span)
    return fact(
        resource,
        "cluster-endpoint",
        resource.span,
        provider=constant(provider, resource.span),
        public=public,
        prefixes=everyone if prefixes is None else prefixes,
    )


def _within(body: Body | None, name: str) -> Value | None:
    return None if body is None else field(body, name)


def _yes(resource: Resource) -> Value:
    return constant(raw=True, span=resource.span)


def _negated(value: Value | None, resource: Resource) -> Value:
    if value is None:
        return _yes(resource)
    known = truth(value)
    return value if known is None else known_as(value, not known)


ADAPTERS: Mapping[str, Callable[[Resource], Subject]] = {
    "aws_eks_cluster": _eks,
    "azurerm_kubernetes_cluster": _aks,
    "google_container_cluster": _gke,
}
