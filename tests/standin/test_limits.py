"""CONTRACT 5: limits, and what tells a client about them."""

from tests.standin.conftest import Scene


def test_headers_count_down_and_the_primary_limit_refuses(scene: Scene) -> None:
    scene.standin.limits.primary = 2
    first = scene.client.send("GET /repos/acme/infra")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    scene.client.send("GET /repos/acme/infra")
    refused = scene.client.send("GET /repos/acme/infra")
    assert refused.status_code == 403
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in refused.headers
    assert int(refused.headers["X-RateLimit-Reset"]) > scene.standin.clock.now()
    scene.standin.clock.advance(3601)
    assert scene.standin.limits.allowance(f"installation {scene.installation.id}", "core", scene.standin.clock.now())[1] == 0


def test_asking_for_the_limits_is_free_and_the_app_has_its_own(scene: Scene) -> None:
    scene.client.send("GET /repos/acme/infra")
    shown = scene.client.send("GET /rate_limit").json()
    assert shown["resources"]["core"]["used"] == 1
    assert shown["rate"] == shown["resources"]["core"]
    newer = scene.client.send("GET /rate_limit", headers={"X-GitHub-Api-Version": "2026-03-10"}).json()
    assert "rate" not in newer


def test_content_creation_is_limited_to_80_a_minute(scene: Scene) -> None:
    scene.standin.limits.content = True
    codes = [scene.client.send("POST /repos/acme/infra/issues/1/comments", {"body": "x"}).status_code for _ in range(81)]
    assert codes == [201] * 80 + [403]
    refused = scene.client.send("POST /repos/acme/infra/issues/1/comments", {"body": "x"})
    assert "secondary rate limit" in refused.json()["message"]
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert scene.client.send("GET /repos/acme/infra").status_code == 200
    scene.standin.clock.advance(61)
    assert scene.client.send("POST /repos/acme/infra/issues/1/comments", {"body": "x"}).status_code == 201


def test_points_are_limited_when_switched_on(scene: Scene) -> None:
    scene.standin.limits.secondary = True
    scene.standin.limits.points = 12
    line = "POST /repos/acme/infra/issues/1/comments"
    assert [scene.client.send(line, {"body": "x"}).status_code for _ in range(3)] == [201, 201, 403]
    assert scene.client.send("GET /repos/acme/infra").status_code == 200


def test_an_etag_saves_quota_and_depends_on_the_content(scene: Scene) -> None:
    first = scene.client.send("GET /repos/acme/infra/pulls/1/files")
    known = {"If-None-Match": first.headers["ETag"]}
    again = scene.client.send("GET /repos/acme/infra/pulls/1/files", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert scene.client.send("GET /rate_limit").json()["resources"]["core"]["used"] == 1
    scene.pull.push({"new.tf": "three\n"})
    assert scene.client.send("GET /repos/acme/infra/pulls/1/files", headers=known).status_code == 200
