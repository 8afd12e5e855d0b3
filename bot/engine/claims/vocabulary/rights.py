"""What somebody may do: least privilege, narrow scope, reading alone."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.claims.vocabulary.property import Check, Property

RIGHTS: Mapping[str, Property] = {
    "least-privilege": Property(
        holds=(
            "least privilege|privileged permissions|access|role|policy|iam?",
            "follow|follows the? principle? of? least privilege principle?",
            "least privilege identity|account|inline|execution? role|policy|permissions?",
            "minimal|minimum necessary|required? permissions|privileges",
            "minimum|least necessary|required permissions",
            "least privilege|privileged",
        ),
        checks=(
            Check("aws-iam-full-administrator", shows=()),
            Check("aws-administrator-attached", shows=()),
            Check("aws-iam-every-action-of-a-service", shows=()),
            Check("claim-attached-writes", shows=()),
            Check("claim-assigned-broad", shows=()),
            Check("claim-bound-broad", shows=()),
        ),
    ),
    "scoped": Property(
        holds=("tightly|strictly|narrowly? scoped", "scoped tightly|narrowly"),
        acts=("tightly|strictly? scoped|restricted|limited to",),
        checks=(
            Check("claim-policy-on-everything", shows=()),
            Check("claim-policy-not-scoped", refutes=False, each=True),
            Check("aws-iam-full-administrator", shows=()),
        ),
    ),
    "read-only": Property(
        holds=(
            "read|view only access|permissions|role|policy|identity|account?",
            "readonly access|permissions|role|policy?",
            "strictly|purely? read|view only",
            "no write access|power|permissions|rights|privileges",
        ),
        checks=(
            Check("claim-policy-writes", shows=()),
            Check("claim-policy-does-more-than-read", refutes=False, each=True),
            Check("aws-iam-full-administrator", shows=()),
            Check("claim-attached-writes", shows=()),
            Check("claim-attached-not-read-only", refutes=False, shows=("policy",), each=True),
            Check("claim-assigned-writes", shows=()),
            Check("claim-assigned-not-read-only", refutes=False, shows=("role_definition_name",), each=True),
            Check("claim-bound-writes", shows=()),
            Check("claim-bound-not-read-only", refutes=False, shows=("role",), each=True),
        ),
    ),
}
