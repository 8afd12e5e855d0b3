"""Azure: whether a server is audited, which networks an account lets in, and which companion belongs to which."""

from __future__ import annotations

import pytest

from tests.engine.views.facts import facts, read

SERVER = 'variable "x" {}\nresource "azurerm_mssql_server" "a" {\n  name = "a"\n}\n'
ACCOUNT = 'variable "x" {}\nresource "azurerm_storage_account" "a" {\n  name = "a"\n}\n'


def policy(*body: str) -> str:
    return 'resource "azurerm_mssql_server_extended_auditing_policy" "a" {\n' + "\n".join(body) + "\n}\n"


def rules(*body: str) -> str:
    return 'resource "azurerm_storage_account_network_rules" "a" {\n' + "\n".join(body) + "\n}\n"


@pytest.mark.parametrize(
    ("text", "audited"),
    [
        ("", "False"),
        (policy("server_id = azurerm_mssql_server.a.id"), "True"),
        (policy("server_id = azurerm_mssql_server.a.id", "enabled = false"), "False"),
        (policy("server_id = azurerm_mssql_server.a.id", "enabled = var.x"), "<unknown: var.x>"),
        (policy("server_id = var.x"), "<unknown: var.x>"),
        (policy("server_id = azurerm_mssql_server.b.id") + 'resource "azurerm_mssql_server" "b" {}', "False"),
    ],
)
def test_whether_a_server_is_audited(text: str, audited: str) -> None:
    found = facts("sql-server", SERVER + text)
    assert str(read(found[0], "audited")) == audited


def test_a_server_of_the_older_type_says_it_itself() -> None:
    found = facts(
        "sql-server",
        """
        resource "azurerm_sql_server" "a" {
          extended_auditing_policy {
            retention_in_days = 90
          }
        }
        resource "azurerm_sql_server" "b" {}
        resource "azurerm_mssql_server" "c" {}
        resource "azurerm_mssql_server_extended_auditing_policy" "c" {
          server_id = azurerm_mssql_server.c.id
        }
        """,
    )
    assert {subject.resource.name: read(subject, "audited") for subject in found} == {"a": True, "b": False, "c": True}


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("", "Allow"),
        (rules("storage_account_id = azurerm_storage_account.a.id", 'default_action = "Deny"'), "None"),
        (rules('storage_account_name = "a"', 'default_action = "Deny"'), "None"),
        (rules('storage_account_name = "b"', 'default_action = "Deny"'), "Allow"),
        (rules("storage_account_id = var.x", 'default_action = "Deny"'), "<unknown: var.x>"),
    ],
)
def test_an_account_without_rules_lets_every_network_in(text: str, action: str) -> None:
    found = facts("storage-account", ACCOUNT + text)
    assert str(read(found[0], "default_action")) == action


def test_rules_of_their_own_are_a_fact_of_their_own() -> None:
    found = facts("storage-account", rules('default_action = "Deny"', 'bypass = ["Metrics"]'))
    assert [(read(subject, "public"), read(subject, "bypass")) for subject in found] == [(None, ["Metrics"])]


def test_two_settings_of_one_name_that_nobody_knows_belong_together() -> None:
    text = """
        variable "name" {}
        resource "azurerm_storage_account" "a" {
          name = var.name
        }
    """
    found = facts("storage-account", text + rules("storage_account_name = var.name", 'default_action = "Deny"'))
    assert [read(subject, "default_action") for subject in found] == [None, "Deny"]


def test_a_cache_names_the_addresses_that_it_lets_in() -> None:
    (found,) = facts("ingress", 'resource "azurerm_redis_firewall_rule" "a" {\n  start_ip = "0.0.0.0"\n  end_ip = "255.255.255.255"\n}')
    assert (read(found, "from_port"), read(found, "prefixes")) == (6379, ["0.0.0.0-255.255.255.255"])


QUEUES = """
resource "azurerm_storage_account_queue_properties" "a" {{
  storage_account_id = {account}
  logging {{
    delete = true
    read   = {read}
    write  = true
  }}
}}
"""
DIAGNOSTIC = """
resource "azurerm_monitor_diagnostic_setting" "a" {{
  target_resource_id = "${{azurerm_storage_account.{account}.id}}/{service}/default"
}}
"""


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("", "False"),
        (QUEUES.format(account="azurerm_storage_account.a.id", read="true"), "True"),
        (QUEUES.format(account="azurerm_storage_account.a.id", read="false"), "False"),
        (QUEUES.format(account="azurerm_storage_account.a.id", read="var.x"), "<unknown: var.x>"),
        (QUEUES.format(account="var.x", read="true"), "<unknown: var.x>"),
        (DIAGNOSTIC.format(account="a", service="queueServices"), "True"),
        (DIAGNOSTIC.format(account="a", service="blobServices"), "False"),
        (DIAGNOSTIC.format(account="b", service="queueServices"), "False"),
    ],
)
def test_who_logs_the_queues_of_an_account(text: str, logged: str) -> None:
    found = facts("storage-account", ACCOUNT + text)
    assert str(read(found[0], "queues_logged")) == logged
