"""View `trust`: accounts and identity providers outside that may act here from now on.

Fields: `form` (`account`, `federated`; unknown where the tree does not tell who), `name` (the account, or the provider).
A principal that the base trusts anywhere in the same root is not new; what the root makes itself, and services of AWS, are not outside.
Neither is a pod of a cluster of one's own, where the conditions say which:
https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import resting, subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, elements, field, text, truth
from bot.engine.views.statement import statements

FIELDS = ("form", "name")
GUARDED = ("resource", "trust")
PROVIDERS = (
    "aws_iam_openid_connect_provider",
    "aws_iam_saml_provider",
    "azuread_application_federated_identity_credential",
    "azurerm_federated_identity_credential",
    "google_iam_workload_identity_pool_provider",
    "google_iam_workforce_pool_provider",
)
_ACCOUNT = Pattern(r"AWS:(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::.*)?")
_OWN = ("computed", "data-source", "environment")  # what the root makes, or reads with the credentials it has


_CLUSTER = Pattern(r"(?:.*\.)?aws_eks_cluster\..*")
_SUBJECT = ":sub"
_WILD = Pattern(r"[*?]")
_GAP = "…"


class Trusted(Struct, frozen=True):
    """One principal of one statement. `name` as a reader is told it."""

    form: str | Unknown
    name: str
    value: Value
    resource: Resource
    span: Span
    statement: Mapping[str, Value] = {}

    @property
    def who(self) -> tuple[object, ...]:
        """Equal for the same account or provider."""
        return (self.name, self.value.expression, self.refs) if isinstance(self.value, Unknown) else (self.name,)

    @property
    def refs(self) -> tuple[str, ...]:
        """What the principal was read from."""
        return self.value.refs if isinstance(self.value, Known | Unknown) else ()


def trusts(difference: Difference) -> Iterator[Subject]:
    """A fact for each account and provider outside that the base does not trust; one that is made and who trusts it are one question."""
    made_here = {name: item.definition for item in difference.created if item.type in PROVIDERS for name in (item.address, item.definition)}
    known = {item.who for item in _trusted(difference.base)}
    for item in _trusted(difference.head):
        if item.who not in known and not _is_pod(item):
            known.add(item.who)
            provider = next((made_here[ref] for ref in item.refs if ref in made_here), item.name)
            cause = Cause(Change("", None, item.value), key=("trust", provider), rests=resting(item.statement))
            yield subject("trust", item.resource, item.span, cause, form=item.form, name=item.name)
    for made in difference.created:
        if made.type in PROVIDERS:
            cause = Cause(Change("", None, made.exists), key=("trust", made.definition), rests=resting(made.attributes))
            yield subject("trust", made, made.span, cause, form=made.exists or "federated", name=made.address)


def _trusted(model: Model) -> Iterator[Trusted]:
    for fact in sorted(statements(model), key=lambda fact: (fact.resource.address, fact.span)):
        told = fact.attributes
        if text(told.get("effect")) != "Allow" or text(told.get("document")) not in GUARDED or truth(told.get("everyone")):
            continue
        for item in elements(told.get("principals")):
            yield from (replace(found, statement=told) for found in _outside(item, fact))


def _outside(item: Value, fact: Subject) -> Iterator[Trusted]:
    span = item.span if item.span.line else fact.span
    written = text(item)
    if written is not None:
        account = _ACCOUNT.fullmatch(written)
        kind, _, name = written.partition(":")
        if account:
            yield Trusted("account", account[1], item, fact.resource, span)
        elif kind == "Federated":
            yield Trusted("federated", name, item, fact.resource, span)
    elif isinstance(item, Unknown):
        kind = (item.parts[0] or "").partition(":")[0] if item.parts else ""
        if kind == "Federated":
            yield Trusted("federated" if item.reason in _OWN else item, _written(item), item, fact.resource, span)
        elif kind != "Service" and item.reason not in _OWN:
            yield Trusted(item, item.expression, item, fact.resource, span)


def _written(item: Unknown) -> str:
    """What is known of the provider's name, else the expression."""
    parts = [_GAP if part is None else part for part in item.parts]
    told = "".join(parts).partition(":")[2]
    return told if told.strip(_GAP) else item.expression


def _is_pod(item: Trusted) -> bool:
    """Whether only named service accounts of a cluster that the tree makes or looks up may act."""
    return any(map(_CLUSTER.fullmatch, item.refs)) and any(map(_names_subjects, elements(item.statement.get("conditions"))))


def _names_subjects(test: Value) -> bool:
    body = body_of(test)
    key = field(body, "key")
    end = (text(key) or "") if not isinstance(key, Unknown) else (key.parts[-1:] or ("",))[0] or ""
    values = [text(value) for value in elements(field(body, "values"))]
    named = bool(values) and all(value is not None and not _WILD.search(value) for value in values)
    return text(field(body, "operator")) in ("StringEquals", "StringLike") and end.lower().endswith(_SUBJECT) and named
