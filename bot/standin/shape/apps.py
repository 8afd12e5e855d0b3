"""Apps, installations, deliveries."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from bot.standin.clock import iso
from bot.standin.shape.accounts import user

if TYPE_CHECKING:
    from datetime import datetime

    from bot.standin.shape.urls import Urls
    from bot.standin.state.apps import App, Installation
    from bot.standin.state.deliveries import Delivery


def app(made: App, urls: Urls, *, counted: bool = False) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": made.id,
        "slug": made.slug,
        "node_id": made.node_id,
        "client_id": made.client_id,
        "owner": user(made.owner, urls),
        "name": made.name,
        "description": made.description,
        "external_url": made.external_url,
        "html_url": f"{urls.html}/apps/{made.slug}",
        "created_at": iso(made.created_at),
        "updated_at": iso(made.created_at),
        "permissions": dict(made.permissions),
        "events": list(made.events),
    }
    return out | {"installations_count": len(made.installations)} if counted else out


def installation_node(inst: Installation) -> str:
    return base64.b64encode(f"023:IntegrationInstallation{inst.id}".encode()).decode()


def installation(inst: Installation, urls: Urls, *, integer_times: bool = False) -> dict[str, Any]:
    """In payloads the times are integers, in REST answers strings (CONTRACT 1.13)."""

    def when(moment: datetime) -> int | str | None:
        return int(moment.timestamp()) if integer_times else iso(moment)

    organisation = inst.account.kind == "Organization"
    page = f"organizations/{inst.account.login}/settings" if organisation else "settings"
    return {
        "id": inst.id,
        "client_id": inst.app.client_id,
        "account": user(inst.account, urls),
        "repository_selection": "all" if inst.selected is None else "selected",
        "access_tokens_url": f"{urls.api}/app/installations/{inst.id}/access_tokens",
        "repositories_url": f"{urls.api}/installation/repositories",
        "html_url": f"{urls.html}/{page}/installations/{inst.id}",
        "app_id": inst.app.id,
        "app_slug": inst.app.slug,
        "target_id": inst.account.id,
        "target_type": inst.account.kind,
        "permissions": dict(inst.permissions),
        "events": list(inst.events),
        "created_at": when(inst.created_at),
        "updated_at": when(inst.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user(inst.suspended_by, urls) if inst.suspended_by else None,
        "suspended_at": iso(inst.suspended_at),
    }


def delivery_item(made: Delivery) -> dict[str, Any]:
    return {
        "id": made.id,
        "guid": made.guid,
        "delivered_at": iso(made.delivered_at),
        "redelivery": made.redelivery,
        "duration": made.duration,
        "status": made.status,
        "status_code": made.status_code,
        "event": made.event,
        "action": made.action,
        "installation_id": made.installation_id,
        "repository_id": made.repository_id,
        "throttled_at": iso(made.throttled_at),
    }


def delivery(made: Delivery) -> dict[str, Any]:
    return delivery_item(made) | {
        "url": made.url,
        "request": {"headers": made.headers(), "payload": json.loads(made.body)},
        "response": {"headers": made.response_headers, "payload": made.response_body},
    }
