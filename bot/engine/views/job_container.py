"""Containers of batch jobs: `provider`, `privileged` (not set where the text does not say; the service's default is no).

AWS Batch takes them as JSON of three shapes, or as blocks for a cluster.
https://docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.policy_text import structure_of
from bot.engine.views.reading import attribute, body_of, constant, elements, fact, field, managed, span_of

# From the argument to the object that says `privileged`.
SHAPES: tuple[tuple[str, ...], ...] = (
    ("container_properties",),
    ("node_properties", "nodeRangeProperties", "container"),
    ("node_properties", "nodeRangeProperties", "ecsProperties", "taskProperties", "containers"),
    ("ecs_properties", "taskProperties", "containers"),
    ("eks_properties", "pod_properties", "containers", "security_context"),
    ("eks_properties", "pod_properties", "init_containers", "security_context"),
)


def job_containers(model: Model) -> Iterator[Subject]:
    """A fact for each container of a job definition, in order."""
    for resource in managed(model, ["aws_batch_job_definition"]):
        for name, *inside in SHAPES:
            value = attribute(resource, name)
            if value is not None:
                yield from (_container(resource, name, found) for found in _within(_read(value), tuple(inside)))


def _read(value: Value) -> Value:
    """JSON as what it encodes; blocks as they are."""
    return value if isinstance(value, Known) and isinstance(value.raw, tuple) else structure_of(value)


def _within(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    for item in elements(value):
        if not path or isinstance(item, Unknown):
            yield item
            continue
        found = field(body_of(item), path[0])
        if found is not None:
            yield from _within(found, path[1:])


def _container(resource: Resource, path: str, value: Value) -> Subject:
    span = span_of(value, resource)
    body = body_of(value)
    return fact(resource, "job-container", span, path, provider=constant("aws", span), privileged=field(body, "privileged"))
