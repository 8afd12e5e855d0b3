"""CONTRACT 14: from a manifest to an installed App."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.standin import Standin
from tests.standin.client import Client, signed
from tests.standin.conftest import KEY

MANIFEST: dict[str, Any] = {
    "name": "Countersign acme",
    "url": "https://countersign.example",
    "hook_attributes": {"url": "https://countersign.example/webhook", "active": True},
    "redirect_url": "http://127.0.0.1:1/callback",
    "public": False,
    "default_permissions": {"checks": "write", "pull_requests": "write", "merge_queues": "read"},
    "default_events": ["pull_request", "merge_group"],
}


def _post(standin: Standin, manifest: Any, **more: str) -> requests.Response:
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    url = f"{standin.url}/organizations/acme/settings/apps/new?state=s1"
    return requests.post(url, data={"manifest": text, **more}, timeout=5, allow_redirects=False)


def _code(standin: Standin) -> str:
    made = _post(standin, MANIFEST, confirm="1")
    query = parse_qs(urlsplit(made.headers["Location"]).query)
    assert (made.status_code, query["state"]) == (302, ["s1"])
    return query["code"][0]


def test_a_code_becomes_an_app_once(standin: Standin) -> None:
    standin.key = KEY
    assert "merge_queues: read" in _post(standin, MANIFEST).text
    code = _code(standin)
    with Client(standin, None) as nobody:
        made = nobody.send(f"POST /app-manifests/{code}/conversions")
        assert made.status_code == 201
        assert nobody.send(f"POST /app-manifests/{code}/conversions").status_code == 404
    body = made.json()
    app = standin.apps[body["id"]]
    assert (body["pem"], body["webhook_secret"], body["slug"]) == (app.pem, app.webhook_secret, "countersign-acme")
    assert body["owner"]["login"] == "acme"
    with Client(standin, signed(app)) as client:
        assert client.send("GET /app").json()["permissions"] == {"metadata": "read", **MANIFEST["default_permissions"]}
    assert standin.outbox.recorded[0].event == "ping"


def test_a_code_lives_an_hour(standin: Standin) -> None:
    code = _code(standin)
    standin.clock.advance(3601)
    with Client(standin, None) as nobody:
        assert nobody.send(f"POST /app-manifests/{code}/conversions").status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"url": None}, "url is missing"),
        ({"hook_attributes": {"active": True}}, "hook_attributes.url is missing"),
        ({"name": "x" * 35}, "Name is too long"),
        ({"webhook_secret": "x"}, "Unknown key: webhook_secret"),
        ({"default_events": ["merge_group"], "default_permissions": {"checks": "write"}}, "Default events unsupported: merge_group"),
        ({"default_permissions": {"pull-requests": "write"}, "default_events": []}, "Permission pull-requests is not known"),
    ],
)
def test_what_is_wrong_is_said(standin: Standin, change: dict[str, Any], sentence: str) -> None:
    manifest = {key: value for key, value in {**MANIFEST, **change}.items() if value is not None}
    refused = _post(standin, manifest, confirm="1")
    assert refused.status_code == 422
    assert sentence in refused.text


def test_a_local_webhook_is_refused_where_github_would(standin: Standin) -> None:
    standin.manifests.local_hooks = False
    hook = {"url": "http://127.0.0.1:8080/webhook"}
    assert "reachable over the public Internet" in _post(standin, {**MANIFEST, "hook_attributes": hook}, confirm="1").text
    assert "not valid JSON" in _post(standin, "{").text


def test_installing_in_the_browser(standin: Standin) -> None:
    standin.key = KEY
    org = standin.organisation("acme")
    org.repository("infra", files={"a": "b"})
    org.repository("web", files={"a": "b"})
    app = standin.app("Countersign", permissions={"checks": "write"}, webhook_url="https://countersign.example/webhook")
    url = f"{standin.url}/apps/countersign/installations/new"
    assert "acme/infra" in requests.get(url, timeout=5).text
    done = requests.post(url, data={"account": "acme", "repository": "infra"}, timeout=5, allow_redirects=False)
    assert done.status_code == 302
    (installation,) = app.installations.values()
    assert [repo.name for repo in installation.repositories()] == ["infra"]
    assert standin.outbox.recorded[-1].action == "created"
