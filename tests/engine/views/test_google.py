"""Google Cloud: whether a project is audited, whose policy a document is, who stands in access lists, and what policies let in."""

from __future__ import annotations

import pytest

from tests.engine.views.facts import facts, read

PROJECT = 'resource "google_project" "a" {\n  project_id = "a-1"\n}\nvariable "x" {}\n'
CONFIG = """
resource "google_{above}_iam_audit_config" "a" {{
  {parent}
  service = "{service}"
  audit_log_config {{
    log_type         = "ADMIN_READ"
    exempted_members = [{exempted}]
  }}
  audit_log_config {{
    log_type = "{kind}"
  }}
}}
"""


def config(above: str = "project", parent: str = "project = google_project.a.project_id", **other: str) -> str:
    said = {"service": "allServices", "exempted": "", "kind": "DATA_READ", **other}
    return CONFIG.format(above=above, parent=parent, **said)


@pytest.mark.parametrize(
    ("text", "audited"),
    [
        ("", "False"),
        (config(), "True"),
        (config(parent='project = "a-1"'), "True"),
        (config(parent='project = "b-1"'), "False"),
        (config(parent=""), "False"),
        (config(parent="project = var.x"), "<unknown: var.x>"),
        (config(parent="project = var.x", service="storage.googleapis.com"), "False"),
        (config(parent="project = var.x") + config("folder", 'folder = "f"'), "True"),
        (config("organization", 'org_id = "1"'), "True"),
        (config(exempted='"user:a@example.com"'), "False"),
        (config(kind="DATA_WRITE"), "False"),
        (config(service="${var.x}"), "<unknown: var.x>"),
    ],
)
def test_whether_a_project_is_audited(text: str, audited: str) -> None:
    (found,) = facts("project", PROJECT + text)
    assert str(read(found, "audited")) == audited


def test_settings_of_another_project_are_not_its_own() -> None:
    other = 'resource "google_project" "b" {\n  project_id = "b-1"\n}\n'
    found = facts("project", PROJECT + other + config())
    assert {subject.resource.name: read(subject, "audited") for subject in found} == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("use", "scope"),
    [
        ("", "document"),
        ('resource "google_folder_iam_policy" "a" {\n  policy_data = data.google_iam_policy.a.policy_data\n}', "folder"),
        ('resource "google_pubsub_topic_iam_policy" "a" {\n  policy_data = data.google_iam_policy.a.policy_data\n}', "resource"),
    ],
)
def test_a_document_reaches_as_far_as_what_it_is_given_to(use: str, scope: str) -> None:
    text = 'data "google_iam_policy" "a" {\n  binding {\n    role    = "roles/viewer"\n    members = ["group:a@example.com"]\n  }\n}\n'
    (found,) = facts("binding", text + use)
    assert read(found, "scope") == scope


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ('"user:a@example.com"', "user"),
        ('"allUsers"', "allUsers"),
        ('"serviceAccount:a@p.iam.gserviceaccount.com"', "serviceAccount"),
        ('"user:a@p.iam.gserviceaccount.com"', "serviceAccount"),
        ('"serviceAccount:${var.x}"', "serviceAccount"),
        ("google_service_account.a.member", "serviceAccount"),
        ("var.x", "<unknown: var.x>"),
    ],
)
def test_what_kind_of_member_is_meant(member: str, kind: str) -> None:
    text = f"""
        variable "x" {{}}
        resource "google_service_account" "a" {{}}
        resource "google_project_iam_member" "a" {{
          role   = "roles/viewer"
          member = {member}
        }}
    """
    (found,) = facts("binding", text)
    assert read(found, "kinds") == [kind]


@pytest.mark.parametrize(
    "text",
    [
        'resource "google_storage_bucket_acl" "a" {\n  predefined_acl = "publicRead"\n}',
        'resource "google_storage_bucket_acl" "a" {\n  default_acl = "publicReadWrite"\n}',
        'resource "google_storage_default_object_acl" "a" {\n  role_entity = ["READER:allUsers"]\n}',
        'resource "google_storage_object_acl" "a" {\n  role_entity = ["OWNER:allUsers"]\n}',
        'resource "google_storage_object_access_control" "a" {\n  role   = "READER"\n  entity = "allUsers"\n}',
        'resource "google_bigquery_dataset_access" "a" {\n  role       = "READER"\n  iam_member = "allUsers"\n}',
        'resource "google_bigquery_table_iam_member" "a" {\n  role   = "roles/bigquery.dataViewer"\n  member = "allUsers"\n}',
    ],
)
def test_everyone_is_read_in_each_list(text: str) -> None:
    (found,) = facts("binding", text)
    assert read(found, "members") == ["allUsers"]


def test_an_access_list_for_the_project_names_nobody() -> None:
    assert facts("binding", 'resource "google_storage_bucket_acl" "a" {\n  predefined_acl = "projectPrivate"\n}') == []


MATCH = """
  {head}
  match {{
    {source}
    {layer} {{
      ip_protocol = "tcp"
      ports       = ["22", "8000-8080"]
    }}
  }}
"""


def match(source: str = "", layer: str = "layer4_configs", action: str = "allow", **head: str) -> str:
    lines = [f'action = "{action}"', *(f"{name} = {value}" for name, value in head.items())]
    return MATCH.format(head="\n  ".join(lines), source=source, layer=layer)


@pytest.mark.parametrize("kind", ["", "network_", "region_network_"])
def test_a_rule_of_a_firewall_policy_is_a_way_in(kind: str) -> None:
    rule = match('src_ip_ranges = ["0.0.0.0/0"]')
    found = facts("ingress", f'resource "google_compute_{kind}firewall_policy_rule" "a" {{{rule}}}')
    ports = [(read(subject, "from_port"), read(subject, "to_port"), read(subject, "prefixes")) for subject in found]
    assert ports == [(22, 22, ["0.0.0.0/0"]), (8000, 8080, ["0.0.0.0/0"])]


@pytest.mark.parametrize("kind", ["", "network_", "region_network_"])
def test_a_policy_that_holds_its_rules_is_read_the_same(kind: str) -> None:
    rule = match('src_ip_ranges = ["10.0.0.0/8"]', "layer4_config")
    found = facts("ingress", f'resource "google_compute_{kind}firewall_policy_with_rules" "a" {{\n  rule {{{rule}}}\n}}')
    assert [(read(subject, "from_port"), read(subject, "prefixes")) for subject in found] == [(22, ["10.0.0.0/8"]), (8000, ["10.0.0.0/8"])]


@pytest.mark.parametrize(
    ("rule", "prefixes"),
    [
        (match(), ["0.0.0.0/0"]),
        (match('src_region_codes = ["DE"]'), []),
        (match("src_ip_ranges = [var.x]"), ["<unknown: var.x>"]),
    ],
)
def test_a_policy_rule_without_addresses_lets_everybody_in_unless_something_else_narrows(rule: str, prefixes: list[str]) -> None:
    found = facts("ingress", f'variable "x" {{}}\nresource "google_compute_network_firewall_policy_rule" "a" {{{rule}}}')
    assert read(found[0], "prefixes") == prefixes


@pytest.mark.parametrize("rule", [match(action="deny"), match(direction='"EGRESS"'), match(disabled="true")])
def test_a_policy_rule_that_lets_nothing_in_is_no_fact(rule: str) -> None:
    assert facts("ingress", f'resource "google_compute_network_firewall_policy_rule" "a" {{{rule}}}') == []


def test_an_action_that_is_not_known_stays_so() -> None:
    text = 'variable "x" {}\nresource "google_compute_network_firewall_policy_rule" "a" {' + match().replace('"allow"', "var.x") + "}"
    assert {str(read(subject, "allowed")) for subject in facts("ingress", text)} == {"<unknown: var.x>"}


@pytest.mark.parametrize(
    ("body", "public"),
    [
        ("", "True"),
        ("private_cluster_config {\n enable_private_endpoint = true\n}", "False"),
        ("control_plane_endpoints_config {\n ip_endpoints_config {\n enabled = false\n}\n}", "False"),
        ("control_plane_endpoints_config {\n ip_endpoints_config {\n enabled = true\n}\n}", "True"),
        ("control_plane_endpoints_config {\n ip_endpoints_config {\n enabled = var.x\n}\n}", "<unknown: var.x>"),
    ],
)
def test_whether_a_cluster_answers_at_a_public_address(body: str, public: str) -> None:
    (found,) = facts("cluster-endpoint", f'variable "x" {{}}\nresource "google_container_cluster" "a" {{\n{body}\n}}')
    assert str(read(found, "public")) == public
