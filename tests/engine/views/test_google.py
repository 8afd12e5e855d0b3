"""Google Cloud: whether a project is audited, whose policy a document is, and who stands in access lists."""

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
