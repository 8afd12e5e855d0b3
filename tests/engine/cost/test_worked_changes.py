"""Ten changes worked by hand. A month has 730 hours; the unit prices are those of the table, written beside each sum."""

from __future__ import annotations

import pytest

from tests.engine.cost.changes import change, usd

WORKED = {
    "one machine becomes three larger ones, each with a volume": (
        """
        resource "aws_instance" "a" {
          instance_type = "m5.large"
        }
        """,
        """
        resource "aws_instance" "a" {
          count         = 3
          instance_type = "m5.xlarge"
          root_block_device {
            volume_size = 50
            volume_type = "gp3"
          }
        }
        """,
        (0.096 * 730,) * 2,  # 70.08
        (3 * (0.192 * 730 + 50 * 0.08),) * 2,  # 3 * (140.16 + 4.00) = 432.48
    ),
    "a database gets a second zone, which doubles machine and storage": (
        """
        resource "aws_db_instance" "a" {
          engine            = "mysql"
          instance_class    = "db.t4g.small"
          allocated_storage = 100
          storage_type      = "io1"
          iops              = 1000
        }
        """,
        """
        resource "aws_db_instance" "a" {
          engine            = "mysql"
          instance_class    = "db.t4g.small"
          allocated_storage = 100
          storage_type      = "io1"
          iops              = 1000
          multi_az          = true
        }
        """,
        (0.032 * 730 + 100 * 0.125 + 1000 * 0.10,) * 2,  # 23.36 + 12.50 + 100.00 = 135.86
        (2 * (0.032 * 730 + 100 * 0.125 + 1000 * 0.10),) * 2,  # 271.72
    ),
    "a group of machines may grow to eight": (
        """
        resource "aws_launch_template" "a" {
          instance_type = "c5.large"
        }
        resource "aws_autoscaling_group" "a" {
          min_size = 2
          max_size = 2
          launch_template {
            id = aws_launch_template.a.id
          }
        }
        """,
        """
        resource "aws_launch_template" "a" {
          instance_type = "c5.large"
        }
        resource "aws_autoscaling_group" "a" {
          min_size = 2
          max_size = 8
          launch_template {
            id = aws_launch_template.a.id
          }
        }
        """,
        (2 * 0.085 * 730,) * 2,  # 124.10
        (2 * 0.085 * 730, 8 * 0.085 * 730),  # 124.10 to 496.40
    ),
    "a gateway for each of three zones": (
        """
        resource "aws_nat_gateway" "a" {
          subnet_id = "subnet-1"
        }
        """,
        """
        resource "aws_nat_gateway" "a" {
          for_each  = toset(["a", "b", "c"])
          subnet_id = "subnet-${each.key}"
        }
        """,
        (0.045 * 730,) * 2,  # 32.85
        (3 * 0.045 * 730,) * 2,  # 98.55
    ),
    "a cluster with nodes, on demand": (
        "",
        """
        resource "aws_eks_cluster" "a" {
          name = "a"
        }
        resource "aws_eks_node_group" "a" {
          cluster_name   = aws_eks_cluster.a.name
          instance_types = ["m5.large"]
          disk_size      = 40
          scaling_config {
            min_size     = 2
            max_size     = 4
            desired_size = 2
          }
        }
        """,
        (0.0, 0.0),
        (
            0.10 * 730 + 2 * (0.096 * 730 + 40 * 0.10),
            0.10 * 730 + 4 * (0.096 * 730 + 40 * 0.10),
        ),  # 73 + 148.16 = 221.16; 73 + 296.32 = 369.32
    ),
    "two replicas for each of two groups of a cache": (
        """
        resource "aws_elasticache_replication_group" "a" {
          node_type          = "cache.m4.large"
          num_cache_clusters = 2
        }
        """,
        """
        resource "aws_elasticache_replication_group" "a" {
          node_type               = "cache.m4.large"
          num_node_groups         = 2
          replicas_per_node_group = 2
        }
        """,
        (2 * 0.156 * 730,) * 2,  # 227.76
        (6 * 0.156 * 730,) * 2,  # 683.28
    ),
    "containers with two processors and four gigabytes": (
        """
        resource "aws_ecs_task_definition" "a" {
          family = "a"
          cpu    = 512
          memory = 1024
        }
        resource "aws_ecs_service" "a" {
          launch_type     = "FARGATE"
          desired_count   = 2
          task_definition = aws_ecs_task_definition.a.arn
        }
        """,
        """
        resource "aws_ecs_task_definition" "a" {
          family = "a"
          cpu    = "2048"
          memory = "4096"
        }
        resource "aws_ecs_service" "a" {
          launch_type     = "FARGATE"
          desired_count   = 2
          task_definition = aws_ecs_task_definition.a.arn
        }
        """,
        (2 * (0.5 * 29.55 + 1 * 3.245),) * 2,  # 36.04
        (2 * (2 * 29.55 + 4 * 3.245),) * 2,  # 144.16
    ),
    "an Azure machine in another region, where it costs more": (
        """
        resource "azurerm_resource_group" "a" {
          name     = "a"
          location = "East US"
        }
        resource "azurerm_linux_virtual_machine" "a" {
          size     = "Standard_D2s_v5"
          location = azurerm_resource_group.a.location
        }
        """,
        """
        resource "azurerm_resource_group" "a" {
          name     = "a"
          location = "West Europe"
        }
        resource "azurerm_linux_virtual_machine" "a" {
          size     = "Standard_D2s_v5"
          location = azurerm_resource_group.a.location
        }
        """,
        (0.096 * 730,) * 2,  # 70.08
        (0.115 * 730,) * 2,  # 83.95
    ),
    "a Google database of its own size, in two zones": (
        """
        resource "google_sql_database_instance" "a" {
          database_version = "POSTGRES_16"
          region           = "us-central1"
          settings {
            tier      = "db-custom-2-7680"
            disk_size = 100
          }
        }
        """,
        """
        resource "google_sql_database_instance" "a" {
          database_version = "POSTGRES_16"
          region           = "us-central1"
          settings {
            tier              = "db-custom-2-7680"
            disk_size         = 100
            availability_type = "REGIONAL"
          }
        }
        """,
        (2 * 30.15 + 7.5 * 5.11 + 100 * 0.17,) * 2,  # 0.0413 an hour is 30.15; 60.30 + 38.33 + 17.00 = 115.63
        (2 * 60.30 + 7.5 * 10.22 + 100 * 0.34,) * 2,  # 231.25
    ),
    "a Google node pool of a region, which has three zones": (
        "",
        """
        resource "google_container_node_pool" "a" {
          cluster    = "a"
          location   = "europe-west1"
          node_count = 2
          node_config {
            machine_type = "e2-standard-2"
            disk_type    = "pd-ssd"
            disk_size_gb = 50
          }
        }
        """,
        (0.0, 0.0),
        (6 * (53.8119 + 50 * 0.17),) * 2,
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_agrees_with_what_was_worked_by_hand(name: str) -> None:
    before, after, was, now = WORKED[name]
    found = change(before, after)
    assert found is not None
    assert not found.unknown
    assert usd(found.before) == pytest.approx(was, abs=0.05)
    assert usd(found.after) == pytest.approx(now, abs=0.05)
