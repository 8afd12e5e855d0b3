"""App manifests: the form's submission becomes a code, the code becomes an App, once and within an hour (CONTRACT 14)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.standin.state import events

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account
    from bot.standin.state.apps import App
    from bot.standin.world import World

KEYS = frozenset(
    {
        "name",
        "url",
        "hook_attributes",
        "redirect_url",
        "callback_urls",
        "setup_url",
        "description",
        "public",
        "default_events",
        "default_permissions",
        "request_oauth_on_install",
        "setup_on_update",
        "version",
    }
)
NAME, SECONDS, CALLBACKS = 34, 3600, 10
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Manifests:
    def __init__(self, world: World) -> None:
        self.world = world
        self.local_hooks = True
        self._codes: dict[str, tuple[dict[str, Any], Account, float]] = {}

    def problems(self, manifest: Any, name: str | None = None) -> list[str]:
        """Sentences, empty when the manifest can become an App."""
        if not isinstance(manifest, dict):
            return ["The manifest is not a JSON object"]
        hook = manifest.get("hook_attributes")
        found = [f"Unknown key: {key}" for key in sorted(manifest.keys() - KEYS)]
        found += ["url is missing"] if not manifest.get("url") else []
        found += ["hook_attributes.url is missing"] if hook is not None and not hook.get("url") else []
        found += [f"Name is too long (maximum is {NAME} characters)"] if len(name or manifest.get("name") or "") > NAME else []
        found += [f"No more than {CALLBACKS} callback URLs"] if len(manifest.get("callback_urls", [])) > CALLBACKS else []
        found += ["Name is already taken"] if any(app.name == (name or manifest.get("name")) for app in self.world.apps.values()) else []
        host = urlsplit(hook["url"]).hostname if hook and hook.get("url") else None
        if host in LOCAL and not self.local_hooks:
            found.append("Hook url is not supported because it isn't reachable over the public Internet")
        return found + self._unpermitted(manifest)

    def _unpermitted(self, manifest: dict[str, Any]) -> list[str]:
        granted = {"metadata": "read", **manifest.get("default_permissions", {})}
        wrong = [f"Permission {name} is not known" for name in granted if "-" in name]
        return wrong + [
            f"Default events unsupported: {event}"
            for event in manifest.get("default_events", [])
            if not any(granted.get(need, "none") != "none" for need in events.NEEDS.get(event, ()))
        ]

    def submit(self, manifest: dict[str, Any], owner: Account) -> str:
        code = secrets.token_hex(20)
        self._codes[code] = (manifest, owner, self.world.clock.now())
        return code

    def convert(self, code: str) -> App | None:
        """None for a code that is unknown, used or older than an hour."""
        manifest, owner, made = self._codes.pop(code, ({}, None, 0.0))
        if owner is None or self.world.clock.now() - made > SECONDS:
            return None
        hook = manifest.get("hook_attributes") or {}
        app = self.world.app(
            manifest.get("name") or f"app-{secrets.token_hex(3)}",
            permissions=manifest.get("default_permissions", {}),
            events=manifest.get("default_events", []),
            webhook_url=hook.get("url"),
            owner=owner,
        )
        app.hook_active = bool(hook.get("url")) and hook.get("active", True)
        app.external_url, app.description, app.public = manifest["url"], manifest.get("description"), bool(manifest.get("public"))
        app.setup_url = manifest.get("setup_url")
        app.ping()
        return app
