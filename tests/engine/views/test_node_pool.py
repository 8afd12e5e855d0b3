"""Node pools: every place where one is written, and what the service and the provider do by default."""

from __future__ import annotations

import pytest

from tests.engine.views.facts import facts, read

PINNED = 'terraform {{\n  required_providers {{\n    google = {{\n      version = "{version}"\n    }}\n  }}\n}}\n'


def test_a_cluster_is_its_pools_or_the_one_that_it_makes() -> None:
    found = facts(
        "node-pool",
        """
        resource "google_container_cluster" "first" {}
        resource "google_container_cluster" "two" {
          node_pool {
            node_config {
              service_account = "a@p.iam.gserviceaccount.com"
            }
          }
          node_pool {}
        }
        resource "google_container_node_pool" "own" {}
        """,
    )
    assert [(subject.resource.name, subject.path, read(subject, "service_account")) for subject in found] == [
        ("first", "", None),
        ("two", "node_pool[0]", "a@p.iam.gserviceaccount.com"),
        ("two", "node_pool[1]", None),
        ("own", "", None),
    ]


@pytest.mark.parametrize(("written", "kept"), [("", "True"), ("remove_default_node_pool = true", "False")])
def test_the_first_pool_is_kept_unless_removed(written: str, kept: str) -> None:
    (found,) = facts("node-pool", f'resource "google_container_cluster" "a" {{\n  {written}\n}}')
    assert str(read(found, "kept")) == kept


def test_whether_a_pool_is_kept_is_not_known_when_an_input_decides() -> None:
    text = 'variable "own" {}\nresource "google_container_cluster" "a" {\n  remove_default_node_pool = var.own\n}'
    assert [read(found, "kept") for found in facts("node-pool", text)] == ["<unknown: var.own>"]


@pytest.mark.parametrize(
    ("version", "management", "repaired"),
    [
        ("~> 4.0", "management {}", "False"),
        ("~> 6.0", "management {}", "None"),
        ("~> 4.0", "", "None"),
        (">= 4.0", "management {}", "None"),
    ],
)
def test_what_a_management_block_leaves_out_depends_on_the_provider(version: str, management: str, repaired: str) -> None:
    text = PINNED.format(version=version) + f'resource "google_container_node_pool" "a" {{\n  {management}\n}}'
    (found,) = facts("node-pool", text)
    assert str(read(found, "auto_repair")) == repaired


@pytest.mark.parametrize(
    ("account", "read_as"),
    [
        ("data.google_compute_default_service_account.d.email", "default"),
        ("google_service_account.own.email", "<unknown: google_service_account.own.email>"),
    ],
)
def test_the_default_account_by_reference_is_told_from_one_of_its_own(account: str, read_as: str) -> None:
    text = f"""
        data "google_compute_default_service_account" "d" {{}}
        resource "google_service_account" "own" {{}}
        resource "google_container_node_pool" "a" {{
          node_config {{
            service_account = {account}
          }}
        }}
    """
    (found,) = facts("node-pool", text)
    assert read(found, "service_account") == read_as


def test_autopilot_takes_the_account_of_its_provisioning() -> None:
    (found,) = facts(
        "node-pool",
        """
        resource "google_container_cluster" "a" {
          enable_autopilot = true
          cluster_autoscaling {
            auto_provisioning_defaults {
              service_account = "a@p.iam.gserviceaccount.com"
            }
          }
        }
        """,
    )
    assert read(found, "service_account") == "a@p.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("scaling", "kept"),
    [
        ("enabled = true", "True"),
        ("enabled = false", "False"),
        ('autoscaling_profile = "BALANCED"', "False"),
        ("enabled = var.x", "<unknown: var.x>"),
    ],
)
def test_autoscaling_makes_pools_only_where_it_is_on(scaling: str, kept: str) -> None:
    text = f"""
        variable "x" {{}}
        resource "google_container_cluster" "a" {{
          remove_default_node_pool = true
          cluster_autoscaling {{
            {scaling}
            auto_provisioning_defaults {{
              service_account = "a@p.iam.gserviceaccount.com"
              management {{
                auto_repair = false
              }}
            }}
          }}
        }}
    """
    found = facts("node-pool", text)
    assert [str(read(subject, "kept")) for subject in found] == ["False", kept]
    assert (read(found[1], "service_account"), read(found[1], "auto_repair")) == ("a@p.iam.gserviceaccount.com", False)


def test_a_cluster_that_may_be_autopilot_may_have_no_first_pool() -> None:
    text = 'variable "x" {}\nresource "google_container_cluster" "a" {\n  enable_autopilot = var.x\n}'
    assert [read(found, "kept") for found in facts("node-pool", text)] == ["<unknown: var.x>"]
