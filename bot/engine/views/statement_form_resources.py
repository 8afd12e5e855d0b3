"""Resources of a form that IAM refuses: paths that it does not have, places in a region, texts that are no ARN.

What IAM answers is in the words of its errors: "IAM resource path must either be "*" or start with user/, federated-user/, role/, …",
"IAM resource … cannot contain region information", "Resource … must be in ARN format or "*"".
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import constant, elements, span_of, text
from bot.engine.views.statement_void import Found

PATHS = frozenset(
    {
        *("user", "federated-user", "role", "group", "instance-profile", "mfa", "server-certificate", "policy", "sms-mfa"),
        *("saml-provider", "oidc-provider", "report", "access-report"),
    }
)
IAM = Pattern(r"arn:[^:]*:iam:([^:]*):[^:]*:(.*)", re.DOTALL)
PLAIN_PATH = Pattern(r"([a-z-]+)/.*")
REGION = Pattern(r"[a-z]{2}(?:-[a-z]+)+-\d")
# A word that cannot be an ARN, and that no text puts something else in for.
NO_ARN = Pattern(r"[A-Za-z0-9][\w./*-]*")


def resource_forms(item: Subject, kind: str | None) -> Iterator[Found]:
    """Every resource of a form that is refused, as `path`, `region-in-iam` or `no-arn`; of the last only in what is surely a policy
    of IAM."""
    for name in ("resources", "not_resources"):
        for value in elements(item.attributes.get(name)):
            yield from _of_iam(value, item)
            written = text(value)
            if kind == "identity" and item.resource.mode == "managed" and written is not None and NO_ARN.fullmatch(written):
                yield "no-arn", value, ""


def _of_iam(value: Value, item: Subject) -> Iterator[Found]:
    written = _written(value)
    found = IAM.fullmatch(written) if written is not None else None
    path = PLAIN_PATH.fullmatch(found[2]) if found is not None else None
    if found is not None and REGION.fullmatch(found[1]):
        yield "region-in-iam", constant(written or "", span_of(value, item.resource)), ""
    elif path is not None and path[1] not in PATHS:
        yield "path", constant(f"{path[1]}/", span_of(value, item.resource)), ""


def _written(value: Value) -> str | None:
    """The text with a star for each piece that is not known."""
    if isinstance(value, Unknown):
        return "".join("*" if part is None else part for part in value.parts) if value.parts else None
    return value.raw if isinstance(value, Known) and isinstance(value.raw, str) else None
