"""What is rented by size: `provider`, `size`, `kind` (`virtual machine`, `database`, `node pool`, `cache`)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.views.reading import attribute, constant, elements, fact, field, only, span_of

SIZES: dict[str, tuple[str, str, str]] = {
    "aws_instance": ("aws", "instance_type", "virtual machine"),
    "aws_launch_template": ("aws", "instance_type", "virtual machine"),
    "aws_launch_configuration": ("aws", "instance_type", "virtual machine"),
    "aws_spot_instance_request": ("aws", "instance_type", "virtual machine"),
    "aws_eks_node_group": ("aws", "instance_types", "node pool"),
    "aws_db_instance": ("aws", "instance_class", "database"),
    "aws_rds_cluster_instance": ("aws", "instance_class", "database"),
    "aws_docdb_cluster_instance": ("aws", "instance_class", "database"),
    "aws_elasticache_cluster": ("aws", "node_type", "cache"),
    "aws_elasticache_replication_group": ("aws", "node_type", "cache"),
    "aws_redshift_cluster": ("aws", "node_type", "database"),
    "azurerm_linux_virtual_machine": ("azure", "size", "virtual machine"),
    "azurerm_windows_virtual_machine": ("azure", "size", "virtual machine"),
    "azurerm_virtual_machine": ("azure", "vm_size", "virtual machine"),
    "azurerm_linux_virtual_machine_scale_set": ("azure", "sku", "virtual machine"),
    "azurerm_windows_virtual_machine_scale_set": ("azure", "sku", "virtual machine"),
    "azurerm_kubernetes_cluster_node_pool": ("azure", "vm_size", "node pool"),
    "azurerm_kubernetes_cluster": ("azure", "default_node_pool.vm_size", "node pool"),
    "google_compute_instance": ("google", "machine_type", "virtual machine"),
    "google_compute_instance_template": ("google", "machine_type", "virtual machine"),
    "google_container_node_pool": ("google", "node_config.machine_type", "node pool"),
    "google_container_cluster": ("google", "node_config.machine_type", "node pool"),
    "google_sql_database_instance": ("google", "settings.tier", "database"),
}


def machines(model: Model) -> Iterator[Subject]:
    """A fact for each size that is written; a size that is not set is the provider's own."""
    for resource in model.resources:
        found = SIZES.get(resource.type) if resource.mode == "managed" else None
        if found is None:
            continue
        provider, path, kind = found
        outer, _, name = path.rpartition(".")
        body = only(resource, outer) if outer else None
        value = (None if body is None else field(body, name)) if outer else attribute(resource, name)
        for size in elements(value):
            said = (constant(item, resource.span) for item in (provider, kind))
            yield fact(resource, "machine", span_of(size, resource), path, size=size, **dict(zip(("provider", "kind"), said, strict=True)))
