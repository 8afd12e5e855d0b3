"""Rights in a Kubernetes cluster: one fact for each rule of a role, and one for each binding of a role.

A rule: `api_groups`, `resources`, `verbs`, `resource_names` (https://kubernetes.io/docs/reference/access-authn-authz/rbac/), `role` (name),
`scope` (`role`, `cluster_role`). A binding: `role`, `role_kind`, `subjects` (`kind`, `name`, `namespace`), `scope` (`role_binding`,
`cluster_role_binding`). A role without rules and a binding without subjects give nothing and are no facts.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.value import Unknown, Value
from bot.engine.views.kubernetes_object import Object, objects
from bot.engine.views.reading import Body, body_of, constant, elements, fact, field, inner, listed, span_of

ROLES = frozenset({"role", "cluster_role"})
BINDINGS = frozenset({"role_binding", "cluster_role_binding"})
RULE_FIELDS = ("api_groups", "resources", "verbs", "resource_names")


def rules(model: Model) -> Iterator[Subject]:
    """A fact for each rule of each role, in order."""
    return (subject for found in objects(model) if found.kind in ROLES or not found.kind for subject in _rules(found))


def role_bindings(model: Model) -> Iterator[Subject]:
    """A fact for each binding that has a subject, in order."""
    return (subject for found in objects(model) if found.kind in BINDINGS or not found.kind for subject in _binding(found))


def _rules(found: Object) -> Iterator[Subject]:
    for index, value in enumerate(_entries(found, "rule")):
        body = body_of(value)
        own = {name: _field(body, name) for name in RULE_FIELDS}
        yield fact(
            found.resource,
            "rbac-rule",
            span_of(value, found.resource),
            _path(found, f"rule[{index}]"),
            scope=constant(found.kind, found.span),
            role=_field(found.at("metadata"), "name"),
            **own,
        )


def _binding(found: Object) -> Iterator[Subject]:
    subjects = _entries(found, "subject")
    reference = inner(found.body, "role_ref")
    if subjects:
        yield fact(
            found.resource,
            "rbac-binding",
            found.span,
            found.path,
            scope=constant(found.kind, found.span),
            role=_field(reference, "name"),
            role_kind=_field(reference, "kind"),
            subjects=listed(subjects, found.span),
        )


def _entries(found: Object, name: str) -> tuple[Value, ...]:
    if isinstance(found.body, Unknown):
        return (found.body,)
    return elements(found.body.get(name, found.resource.incomplete))


def _field(body: Body | None, name: str) -> Value | None:
    return None if body is None else field(body, name)


def _path(found: Object, name: str) -> str:
    return f"{found.path}.{name}" if found.path else name
