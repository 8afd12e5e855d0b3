"""Where images are kept: `provider` (`aws`, `google`), `lifecycle` (whether anything ends images that nobody needs).

A policy of AWS is a resource of its own: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html. Google's stand in
the repository: https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.companion import certain, companions_of, doubt
from bot.engine.views.reading import attribute, blocks, constant, fact, managed, truth

AWS, POLICY, GOOGLE = "aws_ecr_repository", "aws_ecr_lifecycle_policy", "google_artifact_registry_repository"


def image_registries(model: Model) -> Iterator[Subject]:
    """A fact for each repository."""
    policies = tuple(managed(model, (POLICY,)))
    for item in managed(model, (AWS, GOOGLE)):
        ended = _of_aws(item, policies) if item.type == AWS else _of_google(item)
        provider = constant("aws" if item.type == AWS else "google", item.span)
        yield fact(item, "image-registry", item.span, provider=provider, lifecycle=ended)


def _of_aws(item: Resource, policies: tuple[Resource, ...]) -> Value:
    if certain(companions_of(item, policies, "repository")):
        return constant(raw=True, span=item.span)
    return doubt(item, policies, "repository") or constant(raw=False, span=item.span)


def _of_google(item: Resource) -> Value:
    found = blocks(item, "cleanup_policies")
    unknown = next((value for value in found if isinstance(value, Unknown)), None)
    tried = attribute(item, "cleanup_policy_dry_run")
    if truth(tried) is True:
        return constant(raw=False, span=item.span)
    if isinstance(tried, Unknown) and found:
        return tried
    return unknown or constant(raw=bool(found), span=item.span)
