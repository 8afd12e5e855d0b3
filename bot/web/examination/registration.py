"""The App as GitHub holds it: clock, credentials, permissions and events, webhook, installations, deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.github.refusal import Refusal
from bot.web.examination.finding import Finding, done, todo

LEVEL = {"none": 0, "read": 1, "write": 2, "admin": 3}
# A token of the App is made 60 s in the past and may live 10 minutes:
# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
SKEW = 30.0
MANY = 10

App = Mapping[str, Any]


def clock(ours: float, theirs: float) -> Iterator[Finding]:
    """Both in seconds since the epoch."""
    seconds = round(ours - theirs)
    if abs(seconds) > SKEW:
        yield todo("clock", "clock-wrong", seconds=abs(seconds), way="fast" if seconds > 0 else "slow")
    else:
        yield done("clock", "clock-right")


def credentials(app: App, app_id: int) -> Iterator[Finding]:
    """The App that the key belongs to."""
    yield done("credentials", "credentials-work", name=str(app.get("name", "")), id=app_id)


def refused(refusal: Refusal, app_id: int) -> Finding:
    """GitHub does not take the key: https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app."""
    if refusal.kind in ("unauthorised", "not-found"):
        return todo("credentials", "credentials-refused", id=app_id, detail=refusal.message)
    raise refusal


def permissions(app: App, wanted: Mapping[str, str], events: Sequence[str]) -> Iterator[Finding]:
    """What the App asks for, against the manifest."""
    lacking = [f"{name}: {level}" for name, level in wanted.items() if _level(app, name) < LEVEL[level]]
    unsubscribed = [event for event in events if event not in app.get("events", ())]
    page = _settings_page(app)
    if lacking:
        yield todo("permissions", "permissions-lacking", names=", ".join(lacking), url=f"{page}/permissions")
    if unsubscribed:
        yield todo("permissions", "events-lacking", names=", ".join(unsubscribed), url=f"{page}/permissions")
    if not lacking and not unsubscribed:
        yield done("permissions", "permissions-right")


def webhook(hook: Mapping[str, Any], public_url: str, app: App) -> Iterator[Finding]:
    """Where GitHub sends deliveries, against where we say that we are reached; without such an address they are fetched."""
    url = f"{_settings_page(app)}"
    if public_url and hook.get("url") != f"{public_url}/webhook":
        yield todo("webhook", "webhook-elsewhere", wanted=f"{public_url}/webhook", found=str(hook.get("url") or ""), url=url)
    elif not hook.get("url"):
        yield todo("webhook", "webhook-none", url=url)
    elif public_url and str(hook.get("insecure_ssl", "0")) != "0":
        yield todo("webhook", "webhook-insecure", url=url)
    elif hook.get("content_type", "json") != "json":
        yield todo("webhook", "webhook-form", url=url)
    else:
        yield done("webhook", "webhook-right" if public_url else "webhook-polled")


def installations(found: Sequence[Mapping[str, Any]], app: App) -> Iterator[Finding]:
    """Suspended ones, and those that have not accepted what the App asks for."""
    if not found:
        yield todo("installations", "installations-none", url=f"{app.get('html_url')}/installations/new")
    for one in found:
        yield _installation(one, app)


def _installation(one: Mapping[str, Any], app: App) -> Finding:
    login, url = str((one.get("account") or {}).get("login", "")), str(one.get("html_url", ""))
    if one.get("suspended_at"):
        return todo("installations", "installation-suspended", login, url=url)
    asked = app.get("permissions", {})
    pending = [f"{name}: {level}" for name, level in asked.items() if _level(one, name) < LEVEL.get(level, 0)]
    if pending:
        return todo("installations", "installation-pending", login, names=", ".join(pending), url=url)
    return done("installations", "installation-right", login)


def deliveries(listed: Sequence[Mapping[str, Any]], public_url: str) -> Iterator[Finding]:
    """Attempts with one GUID are one delivery; it failed when no attempt was answered with success. Where they are fetched, all fail."""
    if not public_url:
        yield done("deliveries", "deliveries-fetched", n=len({one.get("guid") for one in listed}))
        return
    attempts: dict[str, list[str]] = defaultdict(list)
    for one in listed:
        attempts[str(one.get("guid"))].append(str(one.get("status")))
    failed = [states[0] for states in attempts.values() if "OK" not in states]
    if failed:
        yield todo("deliveries", "deliveries-failed", n=len(failed), all=len(attempts), detail=max(set(failed), key=failed.count))
    else:
        yield done("deliveries", "deliveries-right", n=len(attempts))


def _level(holder: Mapping[str, Any], name: str) -> int:
    return LEVEL.get(str((holder.get("permissions") or {}).get(name, "none")), 0)


def _settings_page(app: App) -> str:
    """The page of the App's settings: https://docs.github.com/en/apps/maintaining-github-apps/modifying-a-github-app-registration."""
    owner, html = app.get("owner") or {}, str(app.get("html_url", ""))
    host = html.partition("/apps/")[0]
    within = f"organizations/{owner.get('login')}/" if owner.get("type") == "Organization" else ""
    return f"{host}/{within}settings/apps/{app.get('slug', '')}"
