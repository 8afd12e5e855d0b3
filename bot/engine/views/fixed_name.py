"""Names that stay the same when a resource is replaced, although the new one is made first (`create_before_destroy`).

Fields: `fault` (the name; unknown where the setting is), `argument`, `prefix` (the argument that makes the name differ, or `a part that
changes`). Only types whose name is there once and whose changes replace them; a name that is not known, or is read from
another resource, may change.
https://developer.hashicorp.com/terraform/language/meta-arguments#create_before_destroy
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.span import Span
from bot.engine.model.value import Unknown
from bot.engine.views.reading import attribute, constant, fact, field, managed, only, truth

OTHERWISE = "a part that changes"
# Type → whether the provider makes a name of `name_prefix`.
TYPES = {
    "aws_db_parameter_group": True,
    "aws_launch_configuration": True,
    "aws_lb_target_group": True,
    "aws_alb_target_group": True,
    "aws_rds_cluster_parameter_group": True,
    "aws_security_group": True,
    "google_compute_instance_template": True,
    "google_compute_region_instance_template": True,
    "google_compute_managed_ssl_certificate": False,
    "google_compute_region_ssl_certificate": True,
    "google_compute_ssl_certificate": True,
}


def fixed_names(model: Model) -> Iterator[Subject]:
    """A fact for each block whose replacement is made first and is to be called what it is called already, however many instances
    and calls it has."""
    seen: set[Span] = set()
    for resource in managed(model, TYPES):
        lifecycle = only(resource, "lifecycle")
        before = None if lifecycle is None else field(lifecycle, "create_before_destroy")
        name = attribute(resource, "name")
        if name is None or not (truth(before) or isinstance(before, Unknown)):
            continue
        if name.refs or isinstance(name, Unknown) or resource.span in seen:
            continue
        seen.add(resource.span)
        yield fact(
            resource,
            "fixed-name",
            name.span,
            fault=before if isinstance(before, Unknown) else constant(raw=True, span=name.span),
            argument=constant("name", name.span),
            prefix=constant("name_prefix" if TYPES[resource.type] else OTHERWISE, name.span),
        )
