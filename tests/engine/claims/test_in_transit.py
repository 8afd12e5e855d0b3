"""Encryption on the way: what services of three clouds call it, and the redirect from plain HTTP."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review

CLIENT = "encryption_info {\n encryption_in_transit {\n  client_broker = $\n }\n}"
ADDRESS = "database_version = $\nsettings {\n tier = $\n ip_configuration {\n  ssl_mode = $\n }\n}"
FORCED = 'family = "postgres16"\nparameter {\n name = "rds.force_ssl"\n value = $\n}'
REDIRECT = """\
port     = 80
protocol = "HTTP"
default_action {
  type = "redirect"
  redirect {
    protocol    = "HTTPS"
    status_code = "HTTP_301"
  }
}"""
FORWARD = 'port = 80\nprotocol = "HTTP"\ndefault_action {\n type = "forward"\n}'
FLEXIBLE = "azurerm_postgresql_flexible_server_configuration"
DENIES = """\
policy = jsonencode({ Statement = [{
  Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } }
}] })"""
ALLOWS = 'policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }] })'


def _filled(body: str, *values: str) -> str:
    for value in values:
        body = body.replace("$", f'"{value}"', 1)
    return body


def _said(comment: str, kind: str, body: str) -> list[tuple[str, str]]:
    verdict = review({}, {"main.tf": f'# {comment}\nresource "{kind}" "orders" {{\n{body}\n}}\n'})
    return [(claim.status, (claim.by or "").partition(" (")[0]) for claim in verdict.claims]


@pytest.mark.parametrize(
    ("comment", "kind", "body", "status", "shown"),
    [
        ("TLS enforced", "aws_msk_cluster", _filled(CLIENT, "TLS"), "supported", 'client_broker = "TLS"'),
        ("TLS only", "aws_msk_cluster", _filled(CLIENT, "TLS_PLAINTEXT"), "contradicted", 'client_broker = "TLS_PLAINTEXT"'),
        (
            "Encrypted in transit",
            "aws_elasticache_replication_group",
            "transit_encryption_enabled = true",
            "supported",
            "transit_encryption_enabled = true",
        ),
        ("Encrypted in transit", "aws_elasticache_replication_group", "", "contradicted", "transit_encryption_enabled = null"),
        (
            "Requires SSL connections",
            "google_sql_database_instance",
            _filled(ADDRESS, "POSTGRES_16", "db-f1-micro", "ENCRYPTED_ONLY"),
            "supported",
            'ssl_mode = "ENCRYPTED_ONLY"',
        ),
        (
            "Requires SSL connections",
            "google_sql_database_instance",
            _filled(ADDRESS, "POSTGRES_16", "db-f1-micro", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
            "contradicted",
            'ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"',
        ),
        ("TLS is enforced", "azurerm_mysql_server", "ssl_enforcement_enabled = true", "supported", "ssl_enforcement_enabled = true"),
        ("TLS is enforced", "azurerm_mysql_server", "ssl_enforcement_enabled = false", "contradicted", "ssl_enforcement_enabled = false"),
        ("Enforce TLS", "aws_db_parameter_group", _filled(FORCED, "1"), "supported", 'parameter.value = "1"'),
        ("Enforce TLS", "aws_db_parameter_group", _filled(FORCED, "0"), "contradicted", 'parameter.name = "rds.force_ssl"'),
        ("Enforce TLS", FLEXIBLE, 'name = "require_secure_transport"\nvalue = "on"', "supported", 'value = "on"'),
        ("Enforce TLS", FLEXIBLE, 'name = "require_secure_transport"\nvalue = "off"', "contradicted", 'value = "off"'),
        ("HTTPS only", "azurerm_linux_web_app", "https_only = true", "supported", "https_only = true"),
        ("Deny insecure transport", "aws_s3_bucket_policy", DENIES, "supported", 'conditions.key = "aws:SecureTransport"'),
        ("Deny insecure transport", "aws_s3_bucket_policy", ALLOWS, "contradicted", "tls_only = false"),
        ("Transit encryption enabled", "google_redis_instance", "", "contradicted", "transit_encryption_mode = null"),
        ("Redirect HTTP to HTTPS", "aws_lb_listener", REDIRECT, "supported", 'default_action.redirect.protocol = "HTTPS"'),
        ("Redirect HTTP to HTTPS", "aws_lb_listener", FORWARD, "contradicted", 'protocol = "HTTP"'),
        (
            "Redirects all HTTP traffic to HTTPS",
            "aws_cloudfront_distribution",
            'default_cache_behavior {\n viewer_protocol_policy = "redirect-to-https"\n}',
            "supported",
            'viewer_protocol_policy = "redirect-to-https"',
        ),
        (
            "Redirects all HTTP traffic to HTTPS",
            "aws_cloudfront_distribution",
            'default_cache_behavior {\n viewer_protocol_policy = "allow-all"\n}',
            "contradicted",
            'viewer_protocol_policy = "allow-all"',
        ),
    ],
)
def test_what_is_said_of_the_way(comment: str, kind: str, body: str, status: str, shown: str) -> None:
    found = _said(comment, kind, body)
    assert [one for one, _ in found] == [status]
    assert found[0][1].endswith(shown)


@pytest.mark.parametrize(
    ("comment", "kind", "body"),
    [
        ("Enforce TLS", "aws_db_parameter_group", 'family = "postgres16"\nparameter {\n name = "log_statement"\n value = "all"\n}'),
        ("Enforce TLS", FLEXIBLE, 'name = "log_connections"\nvalue = "on"'),
        ("Redirect HTTP to HTTPS", "aws_lb_listener", 'port = 443\nprotocol = "HTTPS"\ndefault_action {\n type = "forward"\n}'),
    ],
)
def test_what_tells_of_something_else_shows_nothing(comment: str, kind: str, body: str) -> None:
    assert _said(comment, kind, body) == []


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Enable HTTPS", [("contradicted", 'protocol = "HTTP"')]),
        ("infra: enable https", [("contradicted", 'protocol = "HTTP"')]),
        ("Redirect HTTP to HTTPS", [("contradicted", 'protocol = "HTTP"')]),
        ("Only listen to HTTPS", [("contradicted", 'protocol = "HTTP"')]),
        ("Add SSL protocols and a timeout", []),
        ("Remove the HTTPS statement", []),
        ("Disable TLS verification", []),
    ],
)
def test_a_message(title: str, found: list[tuple[str, str]]) -> None:
    code = f'resource "aws_lb_listener" "orders" {{\n{FORWARD}\n}}\n'
    verdict = review({}, {"main.tf": code}, pull=PullText(title=title))
    assert [(claim.status, (claim.by or "").partition(" (")[0]) for claim in verdict.claims] == found
