"""Making an App from a manifest and installing it, as an operator does in the browser (CONTRACT 14)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from bot.standin.web.views import html, missing

if TYPE_CHECKING:
    from bot.standin.calls import Request
    from bot.standin.world import World

Out = tuple[int, bytes, dict[str, str]]


def _fields(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.raw.decode(errors="replace")).items()}


def new_app(world: World, request: Request, match: re.Match[str]) -> Out:
    """The first POST shows the name to confirm, the second makes the App and leads back with a code."""
    sent = _fields(request)
    if request.method != "POST" or "manifest" not in sent:
        return html("new_app.html", manifest=None, problems=["Post a form with the field manifest to this page."], status=422)
    try:
        manifest: Any = json.loads(sent["manifest"])
    except ValueError:
        return html("new_app.html", manifest=None, problems=["The manifest is not valid JSON."], status=422)
    name = sent.get("name") or (manifest.get("name") if isinstance(manifest, dict) else None)
    problems = world.manifests.problems(manifest, name)
    state = request.query.get("state") or sent.get("state") or ""
    if problems or "confirm" not in sent:
        shown = manifest if isinstance(manifest, dict) else {}
        status = 422 if problems else 200
        return html("new_app.html", manifest=shown, text=sent["manifest"], name=name, state=state, problems=problems, status=status)
    owner = world.organisation(match["org"]) if match["org"] else world.user("operator")
    code = world.manifests.submit({**manifest, "name": name}, owner)
    back = manifest.get("redirect_url") or manifest["url"]
    query = {"code": code} | ({"state": state} if state else {})
    return 302, b"", {"Location": f"{back}{'&' if '?' in back else '?'}{urlencode(query)}"}


def install(world: World, request: Request, match: re.Match[str]) -> Out:
    """Choose an account and repositories; afterwards GitHub leads to the App's `setup_url` if it has one."""
    app = next((app for app in world.apps.values() if app.slug == match["slug"]), None)
    if app is None:
        return missing()
    if request.method != "POST":
        owners = sorted({repo.owner.login for repo in world.repositories.values()})
        return html("install.html", app=app, owners=owners, repositories=list(world.repositories.values()))
    sent = parse_qs(request.raw.decode(errors="replace"))
    account = world.accounts.get(sent.get("account", [""])[0].lower())
    if account is None:
        return missing()
    chosen = [repo for repo in world.repositories.values() if repo.owner is account and repo.name in sent.get("repository", [])]
    inst = app.install(account, chosen or None, by=app.owner)
    target = app.setup_url or f"/{account.login}/settings/installations/{inst.id}"
    query = urlencode({"installation_id": inst.id, "setup_action": "install"})
    return 302, b"", {"Location": f"{target}{'&' if '?' in target else '?'}{query}"}
