"""What is certain of an identifier that a provider gives out, whatever it will be: that it is set, how it begins, how it ends."""

from __future__ import annotations

from bot.engine.model.value import Unknown
from bot.engine.pattern import Pattern

# The form of names that providers give to what they made: none is ever a word that a rule could look for.
_REFERENCE = Pattern(
    r"^(?:data\.)?(aws|azurerm|azuread|google)_\w+\.[\w\[\]\"-]+\.(?:\w+(?:\[\d+\])?\.)*(arn|id|self_link|\w+_arn|\w+_id)$"
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
_STARTS = {("aws", "arn"): "arn:", ("azurerm", "id"): "/", ("google", "self_link"): "https://"}
# Addresses of accounts: https://cloud.google.com/iam/docs/service-account-types
_ACCOUNT = Pattern(
    r"^(google_service_account|data\.google_compute_default_service_account|data\.google_app_engine_default_service_account)"
    r"\.[\w-]+(?:\[[^\]]+\])?\.(email|member)$"
)
_DOMAINS = {
    "google_service_account": ".iam.gserviceaccount.com",
    "data.google_compute_default_service_account": "-compute@developer.gserviceaccount.com",
    "data.google_app_engine_default_service_account": "@appspot.gserviceaccount.com",
}
# A moment: https://registry.terraform.io/providers/hashicorp/time/latest/docs
_MOMENT = Pattern(r"^time_(?:offset|rotating|static)\.[\w-]+(?:\[[^\]]+\])?\.(?:rotation_)?rfc3339$")
_GIVEN = frozenset({"computed", "data-source"})


def is_given(value: Unknown) -> bool:
    """Whether the provider gives it: an identifier of a thing that is made or read, or a moment, so it is set and not empty."""
    return value.reason in _GIVEN and bool(_REFERENCE.match(value.expression) or _MOMENT.match(value.expression))


def pieces_of(value: Unknown) -> tuple[str | None, ...]:
    """A text's pieces in order, None where unknown. An identifier's beginning is known, an account's end. `(None,)`: nothing is."""
    if value.parts:
        return value.parts
    start = _start(value)
    return (start, None) if start else _account(value)


def _account(value: Unknown) -> tuple[str | None, ...]:
    found = _ACCOUNT.match(value.expression) if value.reason in _GIVEN and "google_" in value.expression else None
    if found is None:
        return (None,)
    return (*(("serviceAccount:",) if found[2] == "member" else ()), None, _DOMAINS[found[1]])


def _start(value: Unknown) -> str:
    found = _REFERENCE.match(value.expression) if value.reason in _GIVEN else None
    if found is None:
        return ""
    kind = "arn" if found[2].endswith("arn") else found[2]
    return _STARTS.get((found[1], kind), "")
