"""CONTRACT 3: who calls, what they may."""

import re
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.standin.client import Client, token_for
from tests.standin.conftest import Scene


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({}, 200),
        ({"iss": "client"}, 200),
        ({"exp": -1}, 401),
        ({"exp": 3600}, 401),
        ({"iat": 3600}, 401),
        ({"exp": None}, 401),
        ({"iat": None}, 401),
        ({"iss": "nobody"}, 401),
    ],
)
def test_jwt_times_and_issuer(scene: Scene, claims: dict[str, Any], status: int) -> None:
    now = int(scene.standin.clock.jwt_now())
    fixed = {name: now + value if isinstance(value, int) else value for name, value in claims.items()}
    if fixed.get("iss") == "client":
        fixed["iss"] = scene.app.client_id
    payload = {"iat": now - 60, "exp": now + 300, "iss": str(scene.app.id)} | fixed
    token = jwt.encode({name: value for name, value in payload.items() if value is not None}, scene.app.pem, algorithm="RS256")
    with Client(scene.standin, token) as client:
        assert client.send("GET /app").status_code == status


def test_a_jwt_of_another_key_or_algorithm_is_refused(scene: Scene) -> None:
    now = int(scene.standin.clock.jwt_now())
    claims = {"iat": now - 60, "exp": now + 300, "iss": str(scene.app.id)}
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for token in (jwt.encode(claims, other, algorithm="RS256"), jwt.encode(claims, "x" * 40, algorithm="HS256"), "gibberish"):
        with Client(scene.standin, token) as client:
            assert client.send("GET /app").status_code == 401


def test_a_clock_that_is_wrong_is_noticed(scene: Scene) -> None:
    scene.standin.clock.skew = -300
    assert scene.as_app.send("GET /app").status_code == 401


def test_installation_tokens_have_the_new_form_and_live_an_hour(scene: Scene) -> None:
    made = scene.as_app.send(f"POST /app/installations/{scene.installation.id}/access_tokens")
    text = made.json()["token"]
    assert made.status_code == 201
    assert re.fullmatch(r"ghs_[A-Za-z0-9._-]{36,}", text)
    assert 480 <= len(text) <= 560
    with Client(scene.standin, text) as client:
        assert client.send("GET /repos/acme/infra").status_code == 200
        scene.standin.clock.advance(3601)
        refused = client.send("GET /repos/acme/infra")
    assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")


def test_a_token_can_be_narrowed_but_not_widened(scene: Scene) -> None:
    url = f"POST /app/installations/{scene.installation.id}/access_tokens"
    other = scene.org.repository("other", files={"a": "b"})
    narrow = scene.as_app.send(url, {"repositories": ["other"], "permissions": {"checks": "read"}}).json()
    assert narrow["permissions"] == {"checks": "read", "metadata": "read"}
    assert narrow["repository_selection"] == "selected"
    with Client(scene.standin, narrow["token"]) as client:
        assert client.send("GET /repos/acme/infra").status_code == 404
        assert client.send("GET /repos/acme/other").status_code == 200
        assert client.send("GET /repos/acme/other/pulls").status_code == 403
    assert scene.as_app.send(url, {"permissions": {"administration": "write"}}).status_code == 422
    assert scene.as_app.send(url, {"repository_ids": [other.id, 1]}).status_code == 422


def test_a_revoked_token_and_a_suspended_installation(scene: Scene) -> None:
    with Client(scene.standin, token_for(scene.installation)) as client:
        assert client.send("DELETE /installation/token").status_code == 204
        assert client.send("GET /repos/acme/infra").status_code == 401
    scene.installation.suspend()
    assert scene.client.send("GET /repos/acme/infra").status_code == 403
    assert scene.as_app.send(f"POST /app/installations/{scene.installation.id}/access_tokens").status_code == 403
    scene.installation.unsuspend()
    assert scene.client.send("GET /repos/acme/infra").status_code == 200


def test_missing_permission_is_403_and_says_what_was_needed(scene: Scene) -> None:
    scene.installation.permissions.pop("checks")
    sha = scene.pull.head_sha
    refused = scene.client.send("POST /repos/acme/infra/check-runs", {"name": "x", "head_sha": sha})
    assert refused.status_code == 403
    assert refused.json()["message"] == "Resource not accessible by integration"
    assert refused.headers["X-Accepted-GitHub-Permissions"] == "checks=write"


def test_what_a_token_cannot_see_is_404(scene: Scene) -> None:
    scene.standin.organisation("rival").repository("secret", files={"a": "b"})
    scene.standin.organisation("rival").repository("open", files={"a": "b"}, private=False)
    assert scene.client.send("GET /repos/rival/secret").status_code == 404
    assert scene.client.send("GET /repos/rival/open/contents/a").status_code == 200
    sha = scene.pull.head_sha
    assert scene.client.send("POST /repos/rival/open/check-runs", {"name": "x", "head_sha": sha}).status_code == 403


def test_new_permissions_hold_only_after_they_are_accepted(scene: Scene) -> None:
    scene.app.ask({**scene.app.permissions, "administration": "read"})
    url = "GET /repos/acme/infra/branches/main/protection"
    assert scene.installation.pending == {"administration": "read"}
    assert scene.client.send(url).status_code == 403
    scene.installation.accept()
    with Client(scene.standin, token_for(scene.installation)) as client:
        assert client.send(url).json()["message"] == "Branch not protected"


def test_a_user_agent_is_mandatory(scene: Scene) -> None:
    answer = requests.get(scene.standin.url + "/meta", headers={"User-Agent": ""}, timeout=5)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("version", "status", "shown"), [("2022-11-28", 200, True), ("2026-03-10", 200, False), ("2030-01-01", 400, False)]
)
def test_api_versions(scene: Scene, version: str, status: int, shown: bool) -> None:  # noqa: FBT001
    answer = scene.client.send("GET /repos/acme/infra/pulls/1", headers={"X-GitHub-Api-Version": version})
    assert answer.status_code == status
    assert ("merge_commit_sha" in answer.json()) == shown


def test_trailing_slash_and_unknown_endpoints_are_404_and_noted(scene: Scene) -> None:
    assert scene.client.send("GET /repos/acme/infra/pulls/").status_code == 404
    assert scene.client.send("GET /repos/acme/infra/stargazers").status_code == 404
    assert scene.standin.unsupported == ["GET /repos/acme/infra/pulls/", "GET /repos/acme/infra/stargazers"]
    scene.standin.unsupported.clear()


def test_a_renamed_repository_redirects(scene: Scene) -> None:
    scene.repo.rename("platform")
    moved = scene.client.send("GET /repos/acme/infra/pulls/1")
    assert moved.status_code == 301
    assert scene.client.send(f"GET {moved.headers['Location']}").json()["number"] == 1


def test_the_jwt_does_not_open_repositories_and_the_token_not_the_app(scene: Scene) -> None:
    assert scene.as_app.send("GET /repos/acme/infra").status_code in {401, 403}
    assert scene.client.send("GET /app/hook/deliveries").status_code == 401
    assert scene.as_app.send("GET /repos/acme/infra/installation").json()["id"] == scene.installation.id
