"""Pods, containers, roles and modules: what is inherited, what is a default, and that every spelling reads alike."""

from __future__ import annotations

import pytest

from bot.engine.model.value import Unknown
from bot.engine.views.kubernetes_object import kind_of
from bot.engine.views.kubernetes_spelling import spelled
from tests.engine.views.facts import facts, lines, read

YAML = """
apiVersion: batch/v1
kind: CronJob
metadata:
  namespace: jobs
spec:
  jobTemplate:
    spec:
      template:
        spec:
          hostPID: true
          initContainers:
            - image: web@sha256:00
          containers:
            - image: web
              securityContext: {capabilities: {add: [cap_sys_admin]}}
"""
BLOCKS = """
resource "kubernetes_cron_job_v1" "a" {
  metadata {
    namespace = "jobs"
  }
  spec {
    job_template {
      spec {
        template {
          spec {
            host_pid = true
            init_container {
              image = "web@sha256:00"
            }
            container {
              image = "web"
              security_context {
                capabilities {
                  add = ["cap_sys_admin"]
                }
              }
            }
          }
        }
      }
    }
  }
}
"""
SPELLINGS = {
    "blocks": BLOCKS,
    "manifest": 'resource "kubernetes_manifest" "a" {\n  manifest = yamldecode(file("job.yaml"))\n}',
    "text": 'resource "kubectl_manifest" "a" {\n  yaml_body = file("job.yaml")\n}',
    "encoded": 'resource "kubectl_manifest" "a" {\n  yaml_body = yamlencode(yamldecode(file("job.yaml")))\n}',
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_reads_alike(text: str) -> None:
    files = {"job.yaml": YAML}
    (pod,) = facts("pod", text, **files)
    assert [read(pod, name) for name in ("workload", "namespace", "host_pid")] == ["cron_job", "jobs", True]
    found = facts("container", text, **files)
    assert {read(one, "role"): (read(one, "image_tag"), read(one, "by_digest"), read(one, "pulled")) for one in found} == {
        "init": (None, True, "IfNotPresent"),
        "container": ("latest", False, "Always"),
    }
    assert [read(one, "capabilities_added") for one in found if read(one, "role") == "container"] == [["SYS_ADMIN"]]


def test_a_container_goes_before_its_pod() -> None:
    text = """
    resource "kubernetes_pod" "a" {
      spec {
        security_context {
          run_as_user     = 0
          run_as_non_root = true
        }
        container {
          security_context {
            run_as_user = 10001
          }
        }
        container {}
      }
    }
    """
    one, other = facts("container", text)
    assert [(read(it, "run_as_user"), read(it, "run_as_non_root")) for it in (one, other)] == [(10001, True), (0, True)]
    assert (lines(one, "run_as_user"), lines(other, "run_as_user")) == ([9], [4])


def test_a_heredoc_is_read_around_its_holes() -> None:
    text = """
    resource "kubectl_manifest" "a" {
      yaml_body = <<-EOT
        kind: Role
        rules:
          - resources: [${var.resource}]
            verbs: ["*"]
      EOT
    }
    """
    (rule,) = facts("rbac-rule", text)
    assert read(rule, "verbs") == ["*"]
    assert lines(rule, "verbs")[0] == 6
    assert read(rule, "resources") == ["<unknown: var.resource>"]


@pytest.mark.parametrize("view", ["pod", "container", "kubernetes-object", "rbac-rule", "rbac-binding"])
@pytest.mark.parametrize("source", ["yamldecode(var.text)", "var.text"])
def test_a_manifest_that_is_not_known_may_be_anything(view: str, source: str) -> None:
    (found,) = facts(view, f'variable "text" {{}}\nresource "kubernetes_manifest" "a" {{\n  manifest = {source}\n}}')
    assert found.attributes
    assert any(isinstance(value, Unknown) or "<unknown" in str(read(found, name)) for name, value in found.attributes.items())


@pytest.mark.parametrize(
    ("image", "tag", "by_digest"),
    [
        ('"web"', "latest", False),
        ('"localhost:5000/web"', "latest", False),
        ('"web:1.2"', "1.2", False),
        ('"web:1.2@sha256:00"', "1.2", True),
        ('"${var.a}/web:1.2"', "1.2", False),
        ('"${var.a}/web"', "latest", False),
        ('"web@${var.a}"', None, True),
        ('"web:${var.a}"', "<unknown: var.a>", "<unknown: var.a>"),
        ("var.a", "<unknown: var.a>", "<unknown: var.a>"),
    ],
)
def test_an_image_is_read_around_what_is_unknown(image: str, tag: str | None, by_digest: object) -> None:
    (found,) = facts(
        "container",
        f'variable "a" {{}}\nresource "kubernetes_pod" "a" {{\n  spec {{\n    container {{\n      image = {image}\n    }}\n  }}\n}}',
    )
    assert str(read(found, "image_tag")).partition(" ")[0] == str(tag).partition(" ")[0]
    assert str(read(found, "by_digest")).partition(" ")[0] == str(by_digest).partition(" ")[0]


@pytest.mark.parametrize(
    ("source", "version", "form", "fixed"),
    [
        ("./vpc", None, "local", None),
        ("terraform-aws-modules/vpc/aws", None, "registry", False),
        ("terraform-aws-modules/vpc/aws", "5.1.0", "registry", True),
        ("terraform-aws-modules/vpc/aws", ">= 5.0", "registry", False),
        ("app.terraform.io/example/vpc/aws//a", "~> 5.1", "registry", True),
        ("git::https://example.com/vpc.git?ref=v1.2.0", None, "repository", True),
        ("git::ssh://git@example.com/vpc.git?ref=main", None, "repository", False),
        ("github.com/example/vpc?ref=0a1b2c3", None, "repository", True),
        ("git@github.com:example/vpc.git", None, "repository", False),
        ("s3::https://s3.amazonaws.com/example/vpc.zip", None, "archive", None),
    ],
)
def test_a_module_source_is_fixed_or_moves(source: str, version: str | None, form: str, fixed: object) -> None:
    written = "" if version is None else f'\n  version = "{version}"'
    (found,) = facts("module", f'module "a" {{\n  source = "{source}"{written}\n}}')
    assert (read(found, "form"), read(found, "fixed")) == (form, fixed)


def test_names_are_spelled_as_the_provider_does() -> None:
    assert [spelled(name) for name in ("hostIPC", "runAsNonRoot", "CronJob")] == ["host_ipc", "run_as_non_root", "cron_job"]
    assert {kind_of(f"kubernetes_{name}") for name in ("daemonset", "daemon_set_v1")} == {"daemon_set"}


def test_a_body_that_is_partly_read_may_name_a_namespace() -> None:
    (found,) = facts("kubernetes-object", 'resource "kubernetes_config_map" "a" {\n  data = {\n    a = ]\n  }\n}')
    assert isinstance(found.attributes["namespace"], Unknown)
