"""Who is told what: an event goes to the Apps that subscribed to it, whose permissions allow it, on the repositories they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bot.standin import shape
from bot.standin.state.deliveries import Delivery, encode

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account
    from bot.standin.state.apps import App, Installation
    from bot.standin.state.repository import Repository

# Any one of these, read level, lets an App receive the event (webhook-events-and-payloads; CONTRACT 8.2, 15).
NEEDS: dict[str, tuple[str, ...]] = {
    "check_run": ("checks",),
    "check_suite": ("checks",),
    "issue_comment": ("issues", "pull_requests"),
    "issues": ("issues",),
    "label": ("issues", "pull_requests", "metadata"),
    "member": ("members",),
    "membership": ("members",),
    "merge_group": ("merge_queues",),
    "pull_request": ("pull_requests",),
    "pull_request_review": ("pull_requests",),
    "pull_request_review_comment": ("pull_requests",),
    "pull_request_review_thread": ("pull_requests",),
    "push": ("contents",),
    # not sent by the stand-in, but an App may subscribe to them
    "create": ("contents",),
    "delete": ("contents",),
    "deployment": ("deployments",),
    "deployment_status": ("deployments",),
    "branch_protection_rule": ("administration",),
    "repository_ruleset": ("administration",),
    "organization": ("members",),
    "team": ("members",),
    "team_add": ("members",),
    "workflow_run": ("actions",),
    "repository": ("metadata",),
    "status": ("statuses",),
}
# Sent without a subscription to the App concerned (CONTRACT 1.14).
UNASKED = {("check_suite", "requested"), ("check_suite", "rerequested"), ("check_run", "rerequested"), ("check_run", "requested_action")}

Build = Callable[["shape.Urls"], dict[str, Any]]


def emit(event: str, action: str | None, repo: Repository, sender: Account, build: Build, only: App | None = None) -> None:
    """Queue one delivery for each installation that is to be told."""
    receivers = [inst for inst in repo.world.installations.values() if _told(inst, event, action, repo, only)]
    if not receivers:
        return
    urls = repo.world.urls()
    payload = ({"action": action} if action else {}) | build(urls) | _frame(urls, repo, sender)
    for inst in receivers:
        full = payload | {"installation": {"id": inst.id, "node_id": shape.installation_node(inst)}}
        _record(inst.app, event, action, full, inst, repo)


def _told(inst: Installation, event: str, action: str | None, repo: Repository, only: App | None) -> bool:
    if inst.suspended_at or not inst.covers(repo) or not inst.app.hook_active or (only and inst.app is not only):
        return False
    if (event, action) in UNASKED and only:
        return inst.may("checks", "write")
    return event in inst.events and any(inst.may(need) for need in NEEDS[event])


def _frame(urls: shape.Urls, repo: Repository, sender: Account) -> dict[str, Any]:
    frame: dict[str, Any] = {"repository": shape.repository(repo, urls), "sender": shape.user(sender, urls)}
    if repo.owner.kind == "Organization":
        frame["organization"] = shape.organisation_simple(repo.owner, urls)
    return frame


def _record(app: App, event: str, action: str | None, payload: dict[str, Any], inst: Installation | None, repo: Repository | None) -> None:
    app.world.payloads_seen(event, action, payload)
    app.world.outbox.add(Delivery(app, event, action, encode(payload), inst, repo))


def organisation(event: str, action: str, owner: Account, sender: Account, build: Build) -> None:
    """An event of an organisation rather than of one repository."""
    urls = owner.world.urls()
    for inst in list(owner.world.installations.values()):
        told = inst.account is owner and event in inst.events and not inst.suspended_at and inst.app.hook_active
        if told and any(inst.may(need) for need in NEEDS[event]):
            frame = {"organization": shape.organisation_simple(owner, urls), "sender": shape.user(sender, urls)}
            frame["installation"] = {"id": inst.id, "node_id": shape.installation_node(inst)}
            _record(inst.app, event, action, {"action": action, **build(urls), **frame}, inst, None)


def installation(inst: Installation, action: str, sender: Account) -> None:
    """`installation` events need no subscription."""
    if not inst.app.hook_active:
        return
    urls = inst.world.urls()
    payload: dict[str, Any] = {
        "action": action,
        "installation": shape.installation(inst, urls, integer_times=True),
        "sender": shape.user(sender, urls),
    }
    if action in {"created", "deleted", "new_permissions_accepted", "suspend", "unsuspend"}:
        payload["repositories"] = [shape.repository_mini(repo) for repo in inst.repositories()]
    if action == "created":
        payload["requester"] = None
    _record(inst.app, "installation", action, payload, inst, None)


def installation_repositories(inst: Installation, action: str, repos: Iterable[Repository], sender: Account) -> None:
    if not inst.app.hook_active:
        return
    urls, minis = inst.world.urls(), [shape.repository_mini(repo) for repo in repos]
    payload: dict[str, Any] = {
        "action": action,
        "installation": shape.installation(inst, urls, integer_times=True),
        "repository_selection": "all" if inst.selected is None else "selected",
        "repositories_added": minis if action == "added" else [],
        "repositories_removed": minis if action == "removed" else [],
        "requester": None,
        "sender": shape.user(sender, urls),
    }
    _record(inst.app, "installation_repositories", action, payload, inst, None)


def ping(app: App) -> None:
    if not app.hook_active:
        return
    hook = {
        "type": "App",
        "id": app.hook_id,
        "name": "web",
        "active": True,
        "events": list(app.events),
        "config": {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": app.webhook_url},
        "updated_at": shape.iso(app.created_at),
        "created_at": shape.iso(app.created_at),
        "app_id": app.id,
        "deliveries_url": f"{app.world.urls().api}/app/hook/deliveries",
    }
    _record(app, "ping", None, {"zen": "Say only what you have checked.", "hook_id": app.hook_id, "hook": hook}, None, None)
