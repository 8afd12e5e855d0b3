"""Object storage: one fact for each bucket, its companion resources joined.

Fields (AWS): `provider`, `acl` (canned name), `grantees` (URIs and ids of grants), `acls_ignored`, `acls_blocked`, `policy_blocked`,
`restricted` (the four switches of the public access block; not set where there is no block, and then the service's own
default holds: https://aws.amazon.com/about-aws/whats-new/2022/12/amazon-s3-automatically-enable-block-public-access-disable-access-control-lists-buckets-april-2023/),
`has_block`, `versioning` (`Enabled`, `Suspended`), `logged`.
A companion whose bucket cannot be told from the text is a fact of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import (
    Body,
    attribute,
    body_of,
    constant,
    elements,
    fact,
    field,
    inner,
    known_as,
    listed,
    managed,
    only,
    refers_to,
    text,
    truth,
)

COMPANIONS = ("aws_s3_bucket_acl", "aws_s3_bucket_public_access_block", "aws_s3_bucket_versioning", "aws_s3_bucket_logging")
SWITCHES = {
    "acls_ignored": "ignore_public_acls",
    "acls_blocked": "block_public_acls",
    "policy_blocked": "block_public_policy",
    "restricted": "restrict_public_buckets",
}


def buckets(model: Model) -> Iterator[Subject]:
    """A fact for each bucket, then one for each companion that belongs to none in sight."""
    own = list(managed(model, ["aws_s3_bucket"]))
    companions = list(managed(model, COMPANIONS))
    placed = {item.address: bucket.address for item in companions for bucket in own if _belongs(item, bucket)}
    for bucket in own:
        yield _joined(bucket, [item for item in companions if placed.get(item.address) == bucket.address])
    for item in companions:
        if item.address not in placed:
            yield _joined(item, [item])


def _belongs(companion: Resource, bucket: Resource) -> bool:
    """By reference, by equal name, or because both name the bucket by the same expression."""
    reference, name = attribute(companion, "bucket"), attribute(bucket, "bucket")
    if reference is None:
        return False
    if refers_to(reference, bucket):
        return _same_instance(companion, bucket)
    if name is None:
        return False
    if isinstance(reference, Unknown) and isinstance(name, Unknown):
        return bool(reference.expression) and reference.expression == name.expression and _module(companion) == _module(bucket)
    return text(reference) is not None and text(reference) == text(name)


def _same_instance(companion: Resource, bucket: Resource) -> bool:
    """A reference that leaves the key out (`each.key`, `count.index`) means the instance with the same key."""
    mine, other = companion.address.removeprefix(companion.definition), bucket.address.removeprefix(bucket.definition)
    return not (mine and other) or mine == other or refers_exactly(attribute(companion, "bucket"), bucket)


def refers_exactly(value: Value | None, target: Resource) -> bool:
    return value is not None and target.address in value.refs


def _module(resource: Resource) -> str:
    return resource.address.rsplit(f"{resource.type}.", 1)[0]


def _joined(subject: Resource, companions: Iterable[Resource]) -> Subject:
    by_type = {item.type: item for item in companions}
    acl = by_type.get("aws_s3_bucket_acl", subject)
    block = by_type.get("aws_s3_bucket_public_access_block")
    switches: dict[str, Value | None] = {name: _switch(block, source) for name, source in SWITCHES.items()} if block else {}
    return fact(
        subject,
        "bucket",
        subject.span,
        "",
        provider=constant("aws", subject.span),
        acl=attribute(acl, "acl"),
        grantees=_grantees(acl),
        has_block=constant(block is not None, block.span if block else subject.span),
        versioning=_versioning(subject, by_type),
        logged=_logged(subject, by_type),
        **switches,
    )


def _switch(block: Resource, name: str) -> Value:
    """A switch that the block does not set is off: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html."""
    value = attribute(block, name)
    return Known(raw=False, span=block.span) if value is None else value


def _grantees(resource: Resource) -> Value | None:
    policy = only(resource, "access_control_policy")
    grants = elements(attribute(resource, "grant")) if policy is None else _inside(policy, "grant")
    found = [item for grant in grants for item in _grantee(body_of(grant))]
    return listed(found, resource.span) if found else None


def _grantee(grant: Body) -> Iterator[Value]:
    body = inner(grant, "grantee") if not isinstance(grant, Unknown) and "grantee" in grant else grant
    if isinstance(body, Unknown):
        yield body
        return
    yield from (value for name in ("uri", "id") if (value := field(body or {}, name)) is not None)


def _inside(body: Body, name: str) -> tuple[Value, ...]:
    return (body,) if isinstance(body, Unknown) else elements(body.get(name))


def _versioning(subject: Resource, by_type: dict[str, Resource]) -> Value | None:
    companion = by_type.get("aws_s3_bucket_versioning")
    if companion is not None:
        configuration = only(companion, "versioning_configuration")
        return None if configuration is None else field(configuration, "status")
    block = only(subject, "versioning")
    enabled = None if block is None else field(block, "enabled")
    known = truth(enabled)
    return enabled if enabled is None or known is None else known_as(enabled, "Enabled" if known else "Suspended")


def _logged(subject: Resource, by_type: dict[str, Resource]) -> Value:
    companion = by_type.get("aws_s3_bucket_logging")
    if companion is not None:
        return constant(raw=True, span=companion.span)
    block = only(subject, "logging")
    return block if isinstance(block, Unknown) else constant(block is not None, subject.span)
