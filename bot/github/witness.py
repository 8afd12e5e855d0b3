"""What GitHub kept of our checks: the summaries of our check runs on the heads of a repository's pull requests.

https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bot.github.protocols import Gateway


def summaries(gateway: Gateway, full_name: str, app_id: int, most: int) -> Iterator[str]:
    """Of every check run of the App on the heads of the pull requests that changed last, open or not; raises `Refusal`."""
    listed: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "desc"}
    pulls = gateway.pages(f"/repos/{full_name}/pulls", listed, limit=most)
    heads = dict.fromkeys(str(pull["head"]["sha"]) for pull in pulls[:most])
    wanted: dict[str, str | int] = {"app_id": app_id, "filter": "all"}
    for head in heads:
        for run in gateway.pages(f"/repos/{full_name}/commits/{quote(head, safe='')}/check-runs", wanted, key="check_runs"):
            yield str((run.get("output") or {}).get("summary") or "")
