"""Keys of conditions that IAM does not have, and the one that was perhaps meant.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.facts.actions import Actions
from bot.engine.facts.nearest import nearest
from bot.engine.pattern import Pattern

GLOBAL = "aws"
GLOBAL_KEYS = (
    "AssumedRoot",
    "CalledVia",
    "CalledViaAWSMCP",
    "CalledViaFirst",
    "CalledViaLast",
    "ChatbotSourceArn",
    "CurrentTime",
    "Ec2InstanceSourcePrivateIPv4",
    "Ec2InstanceSourceVpc",
    "EpochTime",
    "FederatedProvider",
    "IsMcpServiceAction",
    "MultiFactorAuthAge",
    "MultiFactorAuthPresent",
    "PrincipalAccount",
    "PrincipalArn",
    "PrincipalIsAWSService",
    "PrincipalOrgID",
    "PrincipalOrgPaths",
    "PrincipalServiceName",
    "PrincipalServiceNamesList",
    "PrincipalTag/",
    "PrincipalType",
    "RequestTag/",
    "RequestedRegion",
    "ResourceAccount",
    "ResourceOrgID",
    "ResourceOrgPaths",
    "ResourceTag/",
    "SecureTransport",
    "SourceAccount",
    "SourceArn",
    "SourceIdentity",
    "SourceIp",
    "SourceOrgID",
    "SourceOrgPaths",
    "SourceVpc",
    "SourceVpcArn",
    "SourceVpce",
    "TagKeys",
    "TokenIssueTime",
    "UserAgent",
    "ViaAWSMCPService",
    "ViaAWSService",
    "VpcSourceIp",
    "VpceAccount",
    "VpceOrgID",
    "VpceOrgPaths",
    "referer",
    "userid",
    "username",
)
LEGACY = ("SourceOwner",)  # taken by SNS and SQS from before there was another: it is in no list
_STEM = Pattern(r"[^/:$<]*[/:]?")
_FORM = Pattern(r"([A-Za-z0-9-]+):([A-Za-z0-9_-]+[/:]?).*")


def missing_key(written: str, known: Actions) -> tuple[str, bool] | None:
    """Of a key that the table lacks the nearest that it has, if any, and whether that decides; None where nothing is amiss."""
    form = _FORM.fullmatch(written)
    if form is None:
        return None
    prefix, name = form[1].lower(), form[2].lower()
    keys = {stem.lower(): stem for stem in _stems(prefix, known)}
    if not keys or name in keys or any(stem.endswith((":", "/")) and name.startswith(stem) for stem in keys):
        return None
    near = nearest(name, keys)
    return (f"{prefix}:{keys[near.name]}", near.strength == "strong") if near is not None else ("", False)


def _stems(prefix: str, known: Actions) -> Iterator[str]:
    """The names of a service's keys, as far as they are fixed."""
    if prefix == GLOBAL:
        yield from (*GLOBAL_KEYS, *LEGACY)
        return
    service = known.of(prefix)
    for key in service.keys if service is not None else ():
        of, _, name = key.partition(":")
        stem = _STEM.match(name)
        if of.lower() == prefix and stem is not None:
            yield stem[0]
