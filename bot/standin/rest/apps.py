"""The App itself, its installations, tokens, deliveries, and the conversion of a manifest."""

from __future__ import annotations

import base64
from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, invalid, not_found
from bot.standin.clock import iso
from bot.standin.rest.routing import route
from bot.standin.state.apps import LEVEL, App, Installation, Token

JWT = ("jwt",)
ANYONE: tuple[str, ...] = ()


@route("GET /app", needs=JWT)
def get_app(call: Call) -> Any:
    return shape.app(call.app, call.urls, counted=True)


@route("GET /apps/{app_slug}", needs=ANYONE)
def get_app_by_slug(call: Call) -> Any:
    found = next((app for app in call.world.apps.values() if app.slug == call.params["app_slug"]), None)
    if found is None:
        raise not_found()
    return shape.app(found, call.urls)


@route("GET /app/installations", needs=JWT)
def list_installations(call: Call) -> Answer:
    return call.paged([shape.installation(inst, call.urls) for inst in call.app.installations.values()])


def _installation(call: Call) -> Installation:
    found = call.world.installations.get(int(call.params["installation_id"]))
    if found is None or found.app is not call.app:
        raise not_found()
    return found


@route("GET /app/installations/{installation_id}", needs=JWT)
def get_installation(call: Call) -> Any:
    return shape.installation(_installation(call), call.urls)


@route("DELETE /app/installations/{installation_id}", needs=JWT)
def delete_installation(call: Call) -> Answer:
    _installation(call).delete(call.app.bot)
    return Answer(204) if call.urls.older else Answer(202)


@route("PUT /app/installations/{installation_id}/suspended", needs=JWT)
def suspend(call: Call) -> Answer:
    _installation(call).suspend(call.app.bot)
    return Answer(204)


@route("DELETE /app/installations/{installation_id}/suspended", needs=JWT)
def unsuspend(call: Call) -> Answer:
    _installation(call).unsuspend(call.app.bot)
    return Answer(204)


@route("POST /app/installations/{installation_id}/access_tokens", needs=JWT)
def make_token(call: Call) -> Answer:
    inst, wanted = _installation(call), call.body or {}
    if inst.suspended_at:
        raise Refusal(403, "This installation has been suspended")
    permissions = _narrowed(inst, wanted.get("permissions"))
    chosen = _chosen(inst, wanted)
    token = Token(inst, permissions, chosen)
    call.world.tokens[token.text] = token
    body: dict[str, Any] = {"token": token.text, "expires_at": iso(token.expires_at), "permissions": permissions}
    body["repository_selection"] = "all" if inst.selected is None and chosen is None else "selected"
    if chosen is not None:
        body["repositories"] = [shape.repository(repo, call.urls) for repo in inst.repositories() if repo.id in chosen]
    return Answer(201, body)


def _narrowed(inst: Installation, wanted: dict[str, str] | None) -> dict[str, str]:
    if not wanted:
        return dict(inst.permissions)
    if any(LEVEL[level] > LEVEL[inst.permissions.get(name, "none")] for name, level in wanted.items()):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    return {"metadata": "read", **wanted}


def _chosen(inst: Installation, wanted: dict[str, Any]) -> set[int] | None:
    names, ids = wanted.get("repositories"), wanted.get("repository_ids")
    if names is None and ids is None:
        return None
    covered = inst.repositories()
    chosen = {repo.id for repo in covered if repo.id in (ids or ()) or repo.name in (names or ())}
    if len(chosen) != len({*(names or ()), *(ids or ())}):
        raise Refusal(422, "There is at least one repository that does not exist or is not accessible to the parent installation.")
    return chosen


@route("DELETE /installation/token", needs=ANYONE)
def revoke_token(call: Call) -> Answer:
    if call.actor.token is None:
        raise Refusal(401, "Bad credentials")
    call.world.tokens.pop(call.actor.token.text, None)
    return Answer(204)


@route("GET /installation/repositories", needs=("metadata:read",))
def installation_repositories(call: Call) -> Answer:
    token = call.actor.token
    if token is None:
        raise Refusal(403, "You must authenticate with an installation access token in order to list repositories for an installation.")
    repos = [shape.repository(repo, call.urls) for repo in token.installation.repositories() if token.covers(repo)]
    return call.paged(repos, "repositories")


def _of_account(call: Call, account_id: int | None) -> Any:
    found = next((inst for inst in call.app.installations.values() if inst.account.id == account_id), None)
    if found is None:
        raise not_found()
    return shape.installation(found, call.urls)


@route("GET /orgs/{org}/installation", needs=JWT)
def org_installation(call: Call) -> Any:
    account = call.world.accounts.get(call.params["org"].lower())
    return _of_account(call, account.id if account else None)


@route("GET /users/{username}/installation", needs=JWT)
def user_installation(call: Call) -> Any:
    account = call.world.accounts.get(call.params["username"].lower())
    return _of_account(call, account.id if account else None)


@route("GET /repos/{owner}/{repo}/installation", needs=JWT)
def repo_installation(call: Call) -> Any:
    repo = call.world.find_repository(call.params["owner"], call.params["repo"])
    found = next((inst for inst in call.app.installations.values() if repo and inst.covers(repo)), None)
    if found is None:
        raise not_found()
    return shape.installation(found, call.urls)


def _hook(app: App) -> dict[str, Any]:
    return {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": app.webhook_url or ""}


@route("GET /app/hook/config", needs=JWT)
def hook_config(call: Call) -> Any:
    return _hook(call.app)


@route("PATCH /app/hook/config", needs=JWT)
def set_hook_config(call: Call) -> Any:
    app, wanted = call.app, call.body or {}
    app.webhook_url = wanted.get("url", app.webhook_url)
    app.webhook_secret = wanted.get("secret", app.webhook_secret)
    return _hook(app)


@route("GET /app/hook/deliveries", needs=JWT)
def list_deliveries(call: Call) -> Answer:
    """Newest first; the cursor of a page is the id of the last delivery before it."""
    oldest = call.world.clock.now() - (7 if call.world.ghes else 3) * 86400
    known = [
        made
        for made in reversed(call.world.outbox.recorded)
        if made.app is call.app and not made.unlisted and made.created_at.timestamp() >= oldest
    ]
    wanted = call.query.get("status")
    if wanted:
        known = [made for made in known if (made.status == "OK") == (wanted == "success")]
    cursor = call.query.get("cursor")
    if cursor:
        known = [made for made in known if made.id < _cursor(cursor)]
    size = call.page()[1]
    headers = {}
    if len(known) > size:
        query = f"per_page={size}&cursor=v1_{known[size - 1].id}" + (f"&status={wanted}" if wanted else "")
        headers = {"Link": f'<{call.urls.api}/app/hook/deliveries?{query}>; rel="next"'}
    return Answer(200, [shape.delivery_item(made) for made in known[:size]], headers)


def _cursor(text: str) -> int:
    if not text.removeprefix("v1_").isdigit():
        raise Refusal(400, "Invalid cursor")
    return int(text.removeprefix("v1_"))


@route("GET /app/hook/deliveries/{delivery_id}", needs=JWT)
def get_delivery(call: Call) -> Any:
    made = call.world.outbox.by_id.get(int(call.params["delivery_id"]))
    if made is None or made.app is not call.app:
        raise not_found()
    return shape.delivery(made)


@route("POST /app/hook/deliveries/{delivery_id}/attempts", needs=JWT)
def redeliver(call: Call) -> Answer:
    """A new attempt with the same GUID and body."""
    made = call.world.outbox.by_id.get(int(call.params["delivery_id"]))
    if made is None or made.app is not call.app:
        raise not_found()
    call.world.outbox.add(made.again())
    return Answer(202, {})


@route("POST /app-manifests/{code}/conversions", needs=ANYONE)
def convert_manifest(call: Call) -> Answer:
    app = call.world.manifests.convert(call.params["code"])
    if app is None:
        raise not_found()
    secrets = {"client_secret": app.client_secret, "webhook_secret": app.webhook_secret, "pem": app.pem}
    return Answer(201, shape.app(app, call.urls) | secrets)


@route("GET /meta", needs=ANYONE)
def meta(call: Call) -> Any:
    own = ["127.0.0.0/8", "::1/128"]
    ranges = ("hooks", "web", "api", "git", "packages", "pages", "importer", "actions", "dependabot", "copilot")
    return (
        {"verifiable_password_authentication": False}
        | dict.fromkeys(ranges, own)
        | ({"installed_version": "3.17.0"} if call.world.ghes else {})
    )


@route("GET /versions", needs=ANYONE)
def versions(_: Call) -> Any:
    return ["2026-03-10", "2022-11-28"]


@route("GET /zen", needs=ANYONE)
def zen(_: Call) -> Answer:
    return Answer(200, b"Say only what you have checked.", {"Content-Type": "text/plain"})


@route("GET /rate_limit", needs=ANYONE)
def rate_limit(call: Call) -> Any:
    if not call.world.limits.enabled:
        raise Refusal(404, "Rate limiting is not enabled.")
    now, holder = call.world.clock.now(), call.actor.holder
    resources = {}
    for name in ("core", "search", "graphql", "integration_manifest", "code_scanning_upload"):
        limit, used, reset = call.world.limits.allowance(holder, name, now)
        resources[name] = {"limit": limit, "used": used, "remaining": limit - used, "reset": reset}
    return {"resources": resources} | ({"rate": resources["core"]} if call.urls.older else {})


def decode(text: str) -> bytes:
    """Base64 from a request body, 422 when it is none."""
    try:
        return base64.b64decode(text.replace("\n", ""), validate=True)
    except ValueError:
        raise invalid("Content", "content", message="content is not valid Base64") from None
