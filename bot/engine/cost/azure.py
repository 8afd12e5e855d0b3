"""Resource types of Azure. What makes up a price stands on the page of each service below https://azure.microsoft.com/pricing/."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bot.engine.cost.spec import Never, Part, Spec, Times, When, each

MACHINE, WINDOWS = "azure-machine", "azure-windows-machine"
SPOT: Never = (When("priority", ("Spot",), "Regular"), "spot")
HOST: Never = (When("dedicated_host_id"), "tenancy")
DISK = ("os-disk", "transfer")
POOL = "default_node_pool."
CAPACITY = Times("capacity", 1)
RESOLVER = "private_dns_resolver_id"
OLD_DATABASE = Spec(
    (Part("{sku_name}"), Part("storage", (Times("storage_mb", per=1024),), optional=True)), "azurerm-database", left_out=("backups",)
)


def _counted(name: str) -> tuple[tuple[str, Fraction], ...]:
    """`Premium_2`: two units."""
    tier, _, number = name.partition("_")
    return ((tier, Fraction(int(number) if number.isdecimal() else 1)),)


def _tier(name: str) -> tuple[tuple[str, Fraction], ...]:
    """`Standard_S1`: the tier has one price."""
    return ((name.partition("_")[0], Fraction(1)),)


SPECS: Mapping[str, Spec] = {
    "azurerm_linux_virtual_machine": Spec((Part("{size}"),), MACHINE, never=(SPOT, HOST), left_out=DISK),
    "azurerm_windows_virtual_machine": Spec((Part("{size}"),), WINDOWS, never=(SPOT, HOST), left_out=DISK),
    "azurerm_virtual_machine": Spec((Part("{vm_size}"),), MACHINE, never=((When("os_profile_windows_config"), "licence"),), left_out=DISK),
    "azurerm_linux_virtual_machine_scale_set": Spec(
        (Part("{sku}"),), MACHINE, outer=(Times("instances", 0),), never=(SPOT,), left_out=DISK
    ),
    "azurerm_windows_virtual_machine_scale_set": Spec(
        (Part("{sku}"),), WINDOWS, outer=(Times("instances", 0),), never=(SPOT,), left_out=DISK
    ),
    "azurerm_kubernetes_cluster": Spec(
        (
            Part(f"{{{POOL}vm_size|standard_d2s_v3}}", (Times(f"{POOL}node_count", 1),), MACHINE, unless=(f"{POOL}max_count",)),
            Part(f"{{{POOL}vm_size}}", (Times(f"{POOL}min_count", upto=f"{POOL}max_count"),), MACHINE, (When(f"{POOL}max_count"),)),
            Part("uptime", record="azurerm_kubernetes_cluster", when=(When("sku_tier", ("Standard", "Premium", "Paid"), "Free"),)),
        ),
        left_out=DISK,
    ),
    "azurerm_kubernetes_cluster_node_pool": Spec(
        (
            Part("{vm_size|standard_d2s_v3}", (Times("node_count", 1),), MACHINE, unless=("max_count",)),
            Part("{vm_size}", (Times("min_count", upto="max_count"),), MACHINE, (When("max_count"),)),
        ),
        never=(SPOT,),
        left_out=DISK,
        place="kubernetes_cluster_id",
    ),
    "azurerm_managed_disk": Spec((Part("{storage_account_type} {disk_size_gb}"),), left_out=("requests",)),
    "azurerm_app_service_plan": Spec(
        (Part("{sku.size}", (Times("sku.capacity", 1),)),), never=((When("sku.tier", ("Dynamic", "ElasticPremium"), ""), "price"),)
    ),
    "azurerm_service_plan": Spec((Part("{sku_name}", (Times("worker_count", 1),), unless=("app_service_environment_id",)),)),
    "azurerm_api_management": Spec((Part("{sku_name}", split=_counted),), left_out=("requests",)),
    "azurerm_application_gateway": Spec(
        (
            Part("{sku.name}"),
            Part("units {sku.name}", (Times("sku.capacity"),), unless=("autoscale_configuration",)),
            Part(
                "units {sku.name}",
                (Times("autoscale_configuration.min_capacity", upto="autoscale_configuration.max_capacity"),),
                when=(When("autoscale_configuration"),),
            ),
        ),
        left_out=("transfer",),
    ),
    "azurerm_application_insights_web_test": each(),
    "azurerm_bastion_host": Spec((Part("{sku|basic}"),), left_out=("transfer",)),
    "azurerm_dns_zone": Spec((Part("each"),), left_out=("requests",), place="resource_group_name"),
    "azurerm_private_dns_zone": Spec((Part("each"),), left_out=("requests",), place="resource_group_name"),
    "azurerm_eventhub_namespace": Spec((Part("{sku}", (CAPACITY,)),), left_out=("requests",)),
    "azurerm_express_route_gateway": Spec((Part("units", (Times("scale_units"),)),), left_out=("transfer",)),
    "azurerm_iothub": Spec((Part("each", (Times("sku.capacity"),), when=(When("sku.name", ("S1",)),)),)),
    "azurerm_logic_app_integration_account": Spec((Part("{sku_name}"),)),
    "azurerm_managed_redis": Spec((Part("{sku_name}"),)),
    "azurerm_postgresql_server": OLD_DATABASE,
    "azurerm_mysql_server": OLD_DATABASE,
    "azurerm_mariadb_server": OLD_DATABASE,
    "azurerm_mssql_database": Spec(
        (Part("{sku_name}"),), left_out=("kept", "backups"), place="server_id", never=((When("elastic_pool_id"), "elsewhere"),)
    ),
    "azurerm_mssql_managed_instance": Spec(
        (
            Part("{sku_name} {vcores}"),
            Part("licence", (Times("vcores"),), when=(When("license_type", ("LicenseIncluded",)),)),
            Part("storage", (Times("storage_size_in_gb", plus=-32),)),
        ),
        left_out=("backups",),
    ),
    "azurerm_mysql_flexible_server": Spec((Part("{sku_name}"), Part("storage", (Times("storage.size_gb", 20),))), left_out=("backups",)),
    "azurerm_nat_gateway": each("", "transfer"),
    "azurerm_network_ddos_protection_plan": each(),
    "azurerm_notification_hub_namespace": Spec((Part("{sku_name}"),), left_out=("requests",)),
    "azurerm_powerbi_embedded": Spec((Part("{sku_name}"),)),
    "azurerm_private_dns_resolver_inbound_endpoint": Spec((Part("each"),), place=RESOLVER),
    "azurerm_private_dns_resolver_outbound_endpoint": Spec((Part("each"),), place=RESOLVER),
    "azurerm_private_endpoint": each("", "transfer"),
    "azurerm_public_ip": Spec((Part("{allocation_method} {sku_tier|regional}"),)),
    "azurerm_public_ip_prefix": each(),
    "azurerm_search_service": Spec((Part("{sku}", (Times("replica_count", 1), Times("partition_count", 1))),), left_out=("requests",)),
    "azurerm_servicebus_namespace": Spec((Part("{sku}", (Times("capacity", 1, values={"0": 1}),)),), left_out=("requests",)),
    "azurerm_signalr_service": Spec((Part("{sku.name}", (Times("sku.capacity"),), split=_tier),), left_out=("requests",)),
    "azurerm_static_web_app": Spec((Part("{sku_tier}", when=(When("sku_tier", ("Standard",), "Free"),)),), left_out=("transfer",)),
    "azurerm_synapse_sql_pool": Spec((Part("{sku_name}"),), left_out=("kept",), place="synapse_workspace_id"),
    "azurerm_virtual_hub": each("", "transfer"),
    "azurerm_vpn_gateway": Spec((Part("units", (Times("scale_unit", 1),)),), left_out=("transfer",)),
    "azurerm_vpn_gateway_connection": Spec((Part("each"),), place="vpn_gateway_id"),
    "azurerm_active_directory_domain_service": Spec((Part("{sku}"),)),
}
