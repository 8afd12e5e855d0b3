"""Modules of Google that compute: clusters and the templates of machines."""

from __future__ import annotations

from bot.engine.iac.terraform.published.inputs import inputs, passed

_CLUSTER_INPUTS = (
    "name region network subnetwork enable_shielded_nodes=true network_policy=false datapath_provider enable_private_nodes "
    "enable_private_endpoint=false logging_enabled_components=[] monitoring_enabled_components=[] ip_endpoints_enabled "
    'logging_service="logging.googleapis.com/kubernetes" monitoring_service="monitoring.googleapis.com/kubernetes" '
    "master_authorized_networks=[] issue_client_certificate=false service_account create_service_account=true "
    "gcp_public_cidrs_access_enabled deletion_protection=true cluster_resource_labels={}"
)


def _cluster(*, private: bool, autopilot: bool) -> str:
    """A cluster, of whose nodes only the account is told: the module makes one unless the call says otherwise."""
    nodes = "(var.enable_private_nodes == null ? var.major >= 33 : var.enable_private_nodes)" if private else "false"
    endpoint = "var.enable_private_endpoint" if private else "false"
    return (
        inputs(_CLUSTER_INPUTS)
        + f"""
resource "google_service_account" "nodes" {{
  account_id = "cluster-nodes"
}}
locals {{
  account = try(length(var.service_account) > 0 && var.service_account != "create", false) ? var.service_account : google_service_account.nodes.email
}}
resource "google_container_cluster" "primary" {{
{passed("name location=region network subnetwork deletion_protection resource_labels=cluster_resource_labels enable_shielded_nodes")}
  datapath_provider  = {'"ADVANCED_DATAPATH"' if autopilot else "var.datapath_provider"}
  enable_autopilot   = {str(autopilot).lower()}
  enable_legacy_abac = false
  logging_service    = length(var.logging_enabled_components) > 0 ? null : var.logging_service
  monitoring_service = length(var.monitoring_enabled_components) > 0 ? null : var.monitoring_service
  dynamic "logging_config" {{
    for_each = length(var.logging_enabled_components) > 0 ? [var.logging_enabled_components] : []
    content {{
      enable_components = logging_config.value
    }}
  }}
  dynamic "monitoring_config" {{
    for_each = length(var.monitoring_enabled_components) > 0 ? [var.monitoring_enabled_components] : []
    content {{
      enable_components = monitoring_config.value
    }}
  }}
  network_policy {{
    enabled = var.network_policy
  }}
  addons_config {{
    network_policy_config {{
      disabled = !var.network_policy
    }}
  }}
  master_auth {{
    client_certificate_config {{
      issue_client_certificate = var.issue_client_certificate
    }}
  }}
  dynamic "master_authorized_networks_config" {{
    for_each = (var.major >= 36 && {endpoint}) || var.gcp_public_cidrs_access_enabled != null || length(var.master_authorized_networks) > 0 ? [true] : []
    content {{
      dynamic "cidr_blocks" {{
        for_each = var.master_authorized_networks
        content {{
          cidr_block   = cidr_blocks.value.cidr_block
          display_name = try(cidr_blocks.value.display_name, null)
        }}
      }}
    }}
  }}
  dynamic "private_cluster_config" {{
    for_each = {nodes} ? [true] : []
    content {{
      enable_private_nodes    = true
      enable_private_endpoint = {endpoint}
    }}
  }}
  dynamic "control_plane_endpoints_config" {{
    for_each = var.ip_endpoints_enabled == null ? [] : [var.ip_endpoints_enabled]
    content {{
      ip_endpoints_config {{
        enabled = control_plane_endpoints_config.value
      }}
    }}
  }}
  cluster_autoscaling {{
    auto_provisioning_defaults {{
      service_account = local.account
    }}
  }}
  node_pool {{
    name = "default-pool"
    node_config {{
      service_account = local.account
    }}
  }}
}}
"""
    )


_MACHINE = (
    inputs(
        "name_prefix machine_type region network subnetwork can_ip_forward metadata={} service_account create_service_account=true "
        "enable_shielded_vm=false shielded_instance_config={} access_config=[] ipv6_access_config=[] labels={}"
    )
    + f"""
resource "google_service_account" "machine" {{
  account_id = "machine"
}}
locals {{
  makes_one = var.major > 13 || (var.major == 13 && var.minor >= 2)
}}
resource "google_compute_instance_template" "tpl" {{
{passed("machine_type region can_ip_forward metadata labels")}
  source_instance_template = null
  source_machine_image     = null
  dynamic "service_account" {{
    for_each = var.service_account != null ? [var.service_account] : local.makes_one && var.create_service_account ? [{{ email = google_service_account.machine.email, scopes = ["cloud-platform"] }}] : []
    content {{
      email  = try(service_account.value.email, null)
      scopes = try(service_account.value.scopes, null)
    }}
  }}
  network_interface {{
    network    = var.network
    subnetwork = var.subnetwork
    dynamic "access_config" {{
      for_each = var.access_config
      content {{
        network_tier = try(access_config.value.network_tier, null)
      }}
    }}
    dynamic "ipv6_access_config" {{
      for_each = var.ipv6_access_config
      content {{
        network_tier = try(ipv6_access_config.value.network_tier, null)
      }}
    }}
  }}
  dynamic "shielded_instance_config" {{
    for_each = var.enable_shielded_vm ? [var.shielded_instance_config] : []
    content {{
      enable_secure_boot          = try(shielded_instance_config.value.enable_secure_boot, true)
      enable_vtpm                 = try(shielded_instance_config.value.enable_vtpm, true)
      enable_integrity_monitoring = try(shielded_instance_config.value.enable_integrity_monitoring, true)
    }}
  }}
}}
"""
)


def _clusters() -> dict[str, tuple[int, int, str]]:
    kinds = {
        "": (False, False),
        "beta-public-cluster": (False, False),
        "beta-public-cluster-update-variant": (False, False),
        "private-cluster": (True, False),
        "private-cluster-update-variant": (True, False),
        "beta-private-cluster": (True, False),
        "beta-private-cluster-update-variant": (True, False),
        "beta-autopilot-public-cluster": (False, True),
        "beta-autopilot-private-cluster": (True, True),
    }
    return {
        "google/kubernetes-engine" + (f"//modules/{part}" if part else ""): (16, 44, _cluster(private=private, autopilot=autopilot))
        for part, (private, autopilot) in kinds.items()
    }


# Module → the first and the newest major version that the form holds for, and the form.
GOOGLE_COMPUTING: dict[str, tuple[int, int, str]] = {"google/vm//modules/instance_template": (7, 15, _MACHINE), **_clusters()}
