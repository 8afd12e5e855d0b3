"""Two settings of one resource of which the first has to be at most the second: `fault` (the first), `lower`, `upper`, their values.

`fault` is unknown where one of the two is. Where both are to differ, equal ones are a fault too. Who refuses:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html ·
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html ·
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html ·
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html ·
https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler · https://learn.microsoft.com/azure/aks/cluster-autoscaler
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Null, Unknown, Value
from bot.engine.views.reading import Body, body_of, constant, elements, fact, field, managed, text, whole

# Type → block (empty for the resource itself), the smaller setting, the larger one.
PAIRS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "aws_appautoscaling_target": (("", "min_capacity", "max_capacity"),),
    "aws_autoscaling_group": (("", "min_size", "max_size"), ("", "min_size", "desired_capacity"), ("", "desired_capacity", "max_size")),
    "aws_eks_node_group": (
        ("scaling_config", "min_size", "max_size"),
        ("scaling_config", "min_size", "desired_size"),
        ("scaling_config", "desired_size", "max_size"),
    ),
    "aws_elb": (("health_check", "timeout", "interval"),),
    "aws_lb_target_group": (("health_check", "timeout", "interval"),),
    "aws_alb_target_group": (("health_check", "timeout", "interval"),),
    "aws_security_group": (("ingress", "from_port", "to_port"), ("egress", "from_port", "to_port")),
    "aws_security_group_rule": (("", "from_port", "to_port"),),
    "aws_vpc_security_group_ingress_rule": (("", "from_port", "to_port"),),
    "aws_vpc_security_group_egress_rule": (("", "from_port", "to_port"),),
    "azurerm_kubernetes_cluster": (("default_node_pool", "min_count", "max_count"),),
    "azurerm_kubernetes_cluster_node_pool": (("", "min_count", "max_count"),),
    "google_compute_autoscaler": (("autoscaling_policy", "min_replicas", "max_replicas"),),
    "google_compute_region_autoscaler": (("autoscaling_policy", "min_replicas", "max_replicas"),),
    "google_container_node_pool": (("autoscaling", "min_node_count", "max_node_count"),),
}
STRICT, OF_HTTP = "aws_elb", frozenset({"HTTP", "HTTPS"})  # network load balancers take a timeout as long as the interval
PORTS = ("from_port", "to_port")
# Of other protocols the two are no range: a type and a code of ICMP, or nothing.
RANGED = frozenset({"tcp", "udp", "6", "17"})


def bounds(model: Model) -> Iterator[Subject]:
    """A fact for each pair that is out of order, or that may be because one of the two is not known."""
    for resource in managed(model, PAIRS):
        for block, lower, upper in PAIRS[resource.type]:
            for body in _bodies(resource, block):
                yield from _pair(resource, body, (block, lower, upper))


def _bodies(resource: Resource, block: str) -> Iterator[Body]:
    if not block:
        yield resource.attributes
    else:
        yield from (body_of(value) for value in elements(resource.attributes.get(block)))


def _pair(resource: Resource, body: Body, names: tuple[str, str, str]) -> Iterator[Subject]:
    if isinstance(body, Unknown):
        return
    fault = _fault(resource, body, names)
    protocol = _protocol(body) if names[1] in PORTS else None
    if fault is None or (protocol is not None and not isinstance(protocol, Unknown) and not _is_range(protocol)):
        return
    yield _fact(resource, protocol if isinstance(protocol, Unknown) else fault, names, body)


def _fault(resource: Resource, body: dict[str, Value], names: tuple[str, str, str]) -> Value | None:
    """The first of the two where it is more than the second; the one that is not known where that may be; None where all is in order."""
    block, lower, upper = names
    low, high = field(body, lower), field(body, upper)
    if low is None or high is None:
        return None
    one, other = whole(low), whole(high)
    strict = resource.type == STRICT or (block == "health_check" and (text(resource.attributes.get("protocol")) or "") in OF_HTTP)
    if one is None or other is None:
        fault = next((value for value in (low, high) if isinstance(value, Unknown)), None)
        return None if _same(low, high, strict=strict) else fault
    return low if one > other or (strict and one == other) else None


def _same(low: Value, high: Value, *, strict: bool) -> bool:
    """Whether both are one value that is not known, and may be."""
    if strict or not (isinstance(low, Unknown) and isinstance(high, Unknown)):
        return False
    return low.expression == high.expression != ""


def _protocol(body: dict[str, Value]) -> Value:
    """The protocol of a rule; none is no range."""
    return field(body, "protocol") or field(body, "ip_protocol") or Null()


def _is_range(protocol: Value) -> bool:
    return (text(protocol) or "").lower() in RANGED


def _fact(resource: Resource, fault: Value, names: tuple[str, str, str], body: dict[str, Value]) -> Subject:
    block, lower, upper = names
    return fact(
        resource,
        "bounds",
        fault.span,
        f"{block}.{lower}" if block else lower,
        fault=fault,
        lower=constant(lower, fault.span),
        upper=constant(upper, fault.span),
        least=constant(text(field(body, lower)) or "", fault.span),
        most=constant(text(field(body, upper)) or "", fault.span),
    )
