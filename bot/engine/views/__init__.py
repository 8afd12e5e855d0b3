"""What resources mean: located facts in the field's terms, one concept a module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.engine.facts import Facts
from bot.engine.model.match import Subject
from bot.engine.model.resource import Mode, Model, Resource
from bot.engine.views.attachable import attachables
from bot.engine.views.attachment import attachments
from bot.engine.views.attribute_read import attributes_read
from bot.engine.views.binding import bindings
from bot.engine.views.bounds import bounds
from bot.engine.views.bucket import buckets
from bot.engine.views.bucket import written as bucket_argument
from bot.engine.views.bucket_policy import bucket_policies
from bot.engine.views.cluster_endpoint import cluster_endpoints
from bot.engine.views.database import databases
from bot.engine.views.database import written as database_argument
from bot.engine.views.egress import egress
from bot.engine.views.fixed_name import fixed_names
from bot.engine.views.followed_image import followed_images
from bot.engine.views.function_variable import function_variables
from bot.engine.views.iam_name import iam_names
from bot.engine.views.image_registry import image_registries
from bot.engine.views.ingress import ingress
from bot.engine.views.job_container import job_containers
from bot.engine.views.kubernetes_object import kubernetes_objects
from bot.engine.views.labels import labels
from bot.engine.views.location import locations
from bot.engine.views.log import logs
from bot.engine.views.machine import machines
from bot.engine.views.machine_type import machine_types
from bot.engine.views.managed_name import managed_names
from bot.engine.views.module_source import module_sources
from bot.engine.views.network import networks
from bot.engine.views.network_acl import network_acls, network_acls_outward
from bot.engine.views.node_pool import node_pools
from bot.engine.views.parameter_family import parameter_families
from bot.engine.views.pod import containers, pods
from bot.engine.views.private_key import private_keys
from bot.engine.views.project import projects
from bot.engine.views.public_address import public_addresses
from bot.engine.views.public_address import written as address_argument
from bot.engine.views.rbac import role_bindings, rules
from bot.engine.views.reference import references
from bot.engine.views.refused_name import refused_names
from bot.engine.views.refused_value import refused_values
from bot.engine.views.region_name import region_names
from bot.engine.views.schema import schema_faults
from bot.engine.views.secret import secrets
from bot.engine.views.shadowed_rule import shadowed_rules
from bot.engine.views.sql_server import sql_servers
from bot.engine.views.statement import statements
from bot.engine.views.statement_fault import statement_faults
from bot.engine.views.storage_account import storage_accounts
from bot.engine.views.subnet_range import subnet_ranges
from bot.engine.views.taken_twice import taken_twice
from bot.engine.views.unread import unread
from bot.engine.views.user_policy import user_policies
from bot.engine.views.volume import volumes
from bot.engine.views.vpc import vpcs
from bot.engine.views.web_entry import web_entries

View = Callable[[Model], Iterable[Subject]]
Informed = Callable[[Model, Facts], Iterable[Subject]]

MODES: frozenset[Mode] = frozenset({"managed", "data", "variable", "provider", "module", "output"})  # that any view looks at
VIEWS: Mapping[str, View] = {
    "attachable": attachables,
    "attachment": attachments,
    "attribute-read": attributes_read,
    "binding": bindings,
    "bounds": bounds,
    "bucket": buckets,
    "bucket-policy": bucket_policies,
    "cluster-endpoint": cluster_endpoints,
    "container": containers,
    "database": databases,
    "egress": egress,
    "fixed-name": fixed_names,
    "followed-image": followed_images,
    "function-variable": function_variables,
    "iam-name": iam_names,
    "image-registry": image_registries,
    "ingress": ingress,
    "job-container": job_containers,
    "kubernetes-object": kubernetes_objects,
    "labels": labels,
    "location": locations,
    "log": logs,
    "machine": machines,
    "machine-type": machine_types,
    "managed-name": managed_names,
    "module": module_sources,
    "network": networks,
    "network-acl": network_acls,
    "network-acl-egress": network_acls_outward,
    "node-pool": node_pools,
    "parameter-family": parameter_families,
    "pod": pods,
    "private-key": private_keys,
    "project": projects,
    "public-address": public_addresses,
    "rbac-binding": role_bindings,
    "rbac-rule": rules,
    "reference": references,
    "refused-name": refused_names,
    "refused-value": refused_values,
    "region-name": region_names,
    "schema": schema_faults,
    "secret": secrets,
    "shadowed-rule": shadowed_rules,
    "sql-server": sql_servers,
    "statement": statements,
    "statement-fault": statement_faults,
    "storage-account": storage_accounts,
    "subnet-range": subnet_ranges,
    "taken-twice": taken_twice,
    "unread": unread,
    "user-policy": user_policies,
    "volume": volumes,
    "vpc": vpcs,
    "web-entry": web_entries,
}
INFORMED: Mapping[str, Informed] = {  # of those, what looks into the tables
    "attribute-read": attributes_read,
    "iam-name": iam_names,
    "machine-type": machine_types,
    "managed-name": managed_names,
    "region-name": region_names,
    "schema": schema_faults,
    "statement-fault": statement_faults,
}
# Of the views whose fields are no arguments: what a reader of the resource finds them under.
WRITTEN: Mapping[str, Callable[[Resource, str], str]] = {
    "bucket": bucket_argument,
    "database": database_argument,
    "public-address": address_argument,
}


def written(view: str, resource: Resource, name: str) -> str:
    """The argument behind a field of a view; the field's own name where it is one."""
    return WRITTEN[view](resource, name) if view in WRITTEN else name


def views(facts: Facts) -> Mapping[str, View]:
    """Every view by its name, under the tables; without tables those that look into them find nothing."""
    return {**VIEWS, **{name: _under(facts, view) for name, view in INFORMED.items()}}


def _under(facts: Facts, view: Informed) -> View:
    return lambda model: view(model, facts)
