"""Object storage: one fact for each bucket, its companion resources joined.

Fields (AWS): `provider`, `acl` (canned name), `grantees` (URIs and ids of grants), `readers` and `writers` (of them, those that may
list or read, write or change), `acls_ignored`, `acls_blocked`, `policy_blocked`,
`restricted` (the four switches of the public access block; not set where there is no block, and then the service's own
default holds: https://aws.amazon.com/about-aws/whats-new/2022/12/amazon-s3-automatically-enable-block-public-access-disable-access-control-lists-buckets-april-2023/),
`has_block`, `versioning` (`Enabled`, `Suspended`), `mfa_delete` (`Enabled`, `Disabled`), `logged`, `encryption` (the algorithm, not set
where the text leaves it to the service, which encrypts with a key of its own:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html), `key` (of the encryption), `lifecycle` (whether
objects move or expire), `in_sight` (whether the bucket itself is).
A companion whose bucket cannot be told from the text is a fact of its own, which says nothing of what other companions say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.model.given import is_given
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import (
    Body,
    attribute,
    blocks,
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

COMPANIONS = (
    "aws_s3_bucket_acl",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_lifecycle_configuration",
)
ENCRYPTION = "server_side_encryption_configuration"
READING = frozenset({"READ", "FULL_CONTROL"})
WRITING = frozenset({"WRITE", "WRITE_ACP", "FULL_CONTROL"})
SWITCHES = {
    "acls_ignored": "ignore_public_acls",
    "acls_blocked": "block_public_acls",
    "policy_blocked": "block_public_policy",
    "restricted": "restrict_public_buckets",
}


def written(_: Resource, name: str) -> str:
    """The argument that a reader finds the field under."""
    return {**SWITCHES, "versioning": "status"}.get(name, name)


def buckets(model: Model) -> Iterator[Subject]:
    """A fact for each bucket, then one for each companion that belongs to none in sight."""
    own = list(managed(model, ["aws_s3_bucket"]))
    companions = list(managed(model, COMPANIONS))
    placed = {item.address: bucket.address for item in companions if (bucket := _bucket_of(item, own)) is not None}
    for bucket in own:
        yield _joined(bucket, [item for item in companions if placed.get(item.address) == bucket.address])
    for item in companions:
        if item.address not in placed:
            yield _joined(item, [item])


def _bucket_of(companion: Resource, own: list[Resource]) -> Resource | None:
    """The one it refers to; else the one of equal name, or that is named by the same expression."""
    reference = attribute(companion, "bucket")
    if reference is None:
        return None
    referred = [bucket for bucket in own if refers_to(reference, bucket)]
    return next((bucket for bucket in referred or own if _is_meant(companion, reference, bucket, by_reference=bool(referred))), None)


def _is_meant(companion: Resource, reference: Value, bucket: Resource, *, by_reference: bool) -> bool:
    if by_reference:
        return _same_instance(companion, bucket)
    name = attribute(bucket, "bucket")
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
        in_sight=constant(subject.type == "aws_s3_bucket", subject.span),
        acl=attribute(acl, "acl"),
        grantees=_grantees(acl),
        readers=_grantees(acl, READING),
        writers=_grantees(acl, WRITING),
        has_block=_there(block, subject),
        versioning=_versioning(subject, by_type),
        logged=_logged(subject, by_type),
        mfa_delete=_mfa_delete(subject, by_type),
        lifecycle=_lifecycle(subject, by_type),
        **_encryption(subject, by_type),
        **switches,
    )


def _there(companion: Resource | None, subject: Resource) -> Value:
    """Whether there is such a companion; not known where its own number is not, unless it is the bucket's."""
    if companion is None:
        return constant(raw=False, span=subject.span)
    unknown = None if _as_many(companion, subject) else companion.exists
    return unknown or constant(raw=True, span=companion.span)


def _as_many(companion: Resource, bucket: Resource) -> bool:
    """Whether both are made for each of the same things: by one expression in one module, or the one for each of the other."""
    mine, other = companion.exists, bucket.exists
    if mine is None or other is None or companion is bucket:
        return False
    same = bool(mine.expression) and mine.expression == other.expression and _module(companion) == _module(bucket)
    return same or bucket.definition in mine.refs


def _switch(block: Resource, name: str) -> Value:
    """A switch that the block does not set is off: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html."""
    value = attribute(block, name)
    return Known(raw=False, span=block.span) if value is None else value


def _grantees(resource: Resource, permissions: frozenset[str] | None = None) -> Value | None:
    """Of all grants, or of those that give one of `permissions` or may do so."""
    policy = only(resource, "access_control_policy")
    grants = elements(attribute(resource, "grant")) if policy is None else _inside(policy, "grant")
    found = [item for grant in grants for item in _grantee(body_of(grant), permissions)]
    return listed(found, resource.span) if found else None


def _grantee(grant: Body, permissions: frozenset[str] | None) -> Iterator[Value]:
    body = inner(grant, "grantee") if not isinstance(grant, Unknown) and "grantee" in grant else grant
    if isinstance(body, Unknown):
        yield body
        return
    given = None if permissions is None else _given(grant, permissions)
    if given is False:
        return
    for name in ("uri", "id"):
        value = field(body or {}, name)
        if value is not None:
            yield given if isinstance(given, Unknown) else value


def _given(grant: Body, permissions: frozenset[str]) -> bool | Unknown:
    """A grant of an access list names one permission, an inline one several."""
    named = [item for name in ("permission", "permissions") for item in elements(field(grant, name))]
    unknown = next((item for item in named if isinstance(item, Unknown)), None)
    return unknown or any(text(item) in permissions for item in named)


def _inside(body: Body, name: str) -> tuple[Value, ...]:
    return (body,) if isinstance(body, Unknown) else elements(body.get(name))


def _versioning(subject: Resource, by_type: dict[str, Resource]) -> Value | None:
    return _version_setting(subject, by_type, ("status", "enabled"), ("Enabled", "Suspended"))


def _mfa_delete(subject: Resource, by_type: dict[str, Resource]) -> Value | None:
    return _version_setting(subject, by_type, ("mfa_delete", "mfa_delete"), ("Enabled", "Disabled"))


def _version_setting(subject: Resource, by_type: dict[str, Resource], names: tuple[str, str], words: tuple[str, str]) -> Value | None:
    """A setting of the companion, else the switch inside the bucket, in the companion's words. `names`: in the one and in the other."""
    companion = by_type.get("aws_s3_bucket_versioning")
    if companion is not None:
        configuration = only(companion, "versioning_configuration")
        said = configuration is not None and not isinstance(configuration, Unknown) and names[0] in configuration
        return (None if configuration is None else field(configuration, names[0])) or (None if said else companion.incomplete)
    block = only(subject, "versioning")
    switch = None if block is None else field(block, names[1])
    known = truth(switch)
    return switch if switch is None or known is None else known_as(switch, words[0] if known else words[1])


def _logged(subject: Resource, by_type: dict[str, Resource]) -> Value:
    companion = by_type.get("aws_s3_bucket_logging")
    if companion is not None:
        return constant(raw=True, span=companion.span) if _rests_on_target(companion) else _there(companion, subject)
    block = only(subject, "logging")
    return block if isinstance(block, Unknown) else constant(block is not None, subject.span)


def _rests_on_target(companion: Resource) -> bool:
    """Whether nothing but its target decides if it is there, and that is a bucket that is made or read."""
    target, decides = attribute(companion, "target_bucket"), companion.exists
    if not isinstance(target, Unknown) or decides is None:
        return False
    return is_given(target) and target.expression == decides.expression


def _lifecycle(subject: Resource, by_type: dict[str, Resource]) -> Value:
    """Whether a rule of the bucket is in force."""
    companion = by_type.get("aws_s3_bucket_lifecycle_configuration")
    if companion is None:
        return _in_force(blocks(subject, "lifecycle_rule"), "enabled", subject.span)
    there, rules = _there(companion, subject), blocks(companion, "rule")
    return there if isinstance(there, Unknown) or not rules else _in_force(rules, "status", companion.span)


def _in_force(rules: Iterable[Value], switch: str, span: Span) -> Value:
    """Whether one of the rules is not switched off; not known when only one that is not known may be on."""
    switches = [field(body_of(rule), switch) for rule in rules]
    unknown = next((value for value in switches if isinstance(value, Unknown)), None)
    on = any(not isinstance(value, Unknown) and truth(value) is not False and text(value) != "Disabled" for value in switches)
    return constant(raw=on, span=span) if on or unknown is None else unknown


def _encryption(subject: Resource, by_type: dict[str, Resource]) -> dict[str, Value | None]:
    companion = by_type.get("aws_s3_bucket_server_side_encryption_configuration")
    configuration = only(subject, ENCRYPTION) if companion is None else companion.attributes
    rule = inner(inner(configuration, "rule"), "apply_server_side_encryption_by_default")
    unread = None if companion is None else companion.incomplete
    found = {} if rule is None else {"encryption": field(rule, "sse_algorithm"), "key": field(rule, "kms_master_key_id")}
    return {name: found.get(name) or unread for name in ("encryption", "key")}
