"""What our GraphQL documents ask, answered over the REST interface: for servers that have no GraphQL, or not all of it.

It takes more calls, and tells neither which comments are hidden nor which threads are resolved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from bot.github import rest_shapes as shapes
from bot.github.governing import ALIASES
from bot.github.ours import Ours
from bot.github.protocols import Answered, FieldError, Gateway
from bot.github.refusal import Refusal

# Statuses by which a server says that it has no such address or does not take such a request.
ABSENT = (404, 405, 410, 501)
OPERATION = re.compile(r"\s*(query|mutation)\s+(\w+)")
NUMBERED = re.compile(r"\bp(\d+): pullRequest\(")
ORGANISATION = "countersign"
GOVERNS = ("Look", "Governing")


def operation(document: str) -> str:
    """The name of a query; empty for a mutation."""
    found = OPERATION.match(document)
    return found[2] if found and found[1] == "query" else ""


def absent(refusal: Refusal) -> bool:
    """Whether a refusal of `/graphql` says that nothing answers there."""
    return refusal.status in ABSENT


def unable(refusal: Refusal) -> bool:
    """Whether it says that this document is not understood, inside a 200 or by a status, or that nobody like us may ask there."""
    return (refusal.kind, refusal.status) in (("forbidden", 403), ("unavailable", 200)) or refusal.kind == "invalid"


def told(name: str, data: Mapping[str, Any]) -> bool:
    """Whether what the query of that name is for was answered: for what stands on a pull request both of its lists."""
    if not name:
        return bool(data)
    pull = (data.get("repository") or {}).get("pullRequest") if name == "Standing" else None
    return "repository" in data and not (pull and any(pull.get(part, {}) is None for part in ("reviewThreads", "comments")))


class Rest:
    """Answers by the name of the query. `own`: the login of the App's account and its id, asked for when it is needed."""

    def __init__(self, gateway: Gateway, own: Callable[[], tuple[str, str]]) -> None:
        self._gateway, self._own = gateway, own

    def answer(self, document: str, variables: Mapping[str, Any]) -> Answered:
        """Raises `Refusal`: that of the REST interface, `not-found` for what it cannot do."""
        name = operation(document)
        if name == "Contents":
            return Answered({"repository": {}})  # nothing is told of any file: they are then read one by one
        if name not in ("Look", "Governing", "OpenHeads", "OpenPulls", "Pulls", "Standing"):
            raise Refusal("not-found", "POST /graphql: this server has no GraphQL, and REST cannot do it", status=404)
        path = f"/repos/{variables['owner']}/{variables['name']}"
        if name == "Standing":
            return Answered({"repository": {"pullRequest": self._standing(path, variables["number"])}})
        repository = self._there(path)
        if repository is None:
            return Answered({"repository": None})
        found = {"repository": self._repository(name, path, repository, variables, document)}
        return self._with_organisation(found, variables["owner"]) if name in GOVERNS else Answered(found)

    def _repository(self, name: str, path: str, repository: shapes.Row, variables: Mapping[str, Any], document: str) -> dict[str, Any]:
        governs = name in GOVERNS
        found = shapes.place(repository, self._tip(path, repository) if governs else "")
        if governs:
            found |= self._governed(path)
        if name == "Look":
            pull = self._there(f"{path}/pulls/{variables['number']}")
            found["pullRequest"] = None if pull is None else shapes.pull(pull)
        if name in ("Look", "OpenHeads", "OpenPulls"):
            found["open"] = shapes.page(shapes.pull(row) for row in self._gateway.pages(f"{path}/pulls", {"state": "open"}))
        if name == "Pulls":
            found |= {f"p{number}": shapes.pull(self._gateway.get(f"{path}/pulls/{number}")) for number in NUMBERED.findall(document)}
        return found

    def _there(self, path: str) -> Any:
        """None for what is not there."""
        try:
            return self._gateway.get(path)
        except Refusal as refusal:
            if refusal.kind != "not-found":
                raise
            return None

    def _tip(self, path: str, repository: shapes.Row) -> str:
        """The last commit of the default branch; empty for a repository without one."""
        branch = quote(repository.get("default_branch") or "main", safe="")
        found = self._there(f"{path}/branches/{branch}")
        return str(found["commit"]["sha"]) if found else ""

    def _governed(self, path: str) -> dict[str, Any]:
        """Those files of `.github` on the default branch that govern."""
        listed = self._there(f"{path}/contents/.github")
        rows = {f".github/{row['name']}": row for row in listed} if isinstance(listed, list) else {}
        return {alias: shapes.content(rows[name]) if name in rows else None for name, alias in ALIASES.items()}

    def _with_organisation(self, found: dict[str, Any], owner: str) -> Answered:
        """Where it may not be read that is told of it alone, as GraphQL does."""
        try:
            return Answered(found | {"organisation": self._organisation(owner)})
        except Refusal as refusal:
            if refusal.kind != "forbidden":
                raise
            return Answered(found | {"organisation": None}, (FieldError("FORBIDDEN", ("organisation",), refusal.message),))

    def _organisation(self, owner: str) -> dict[str, Any] | None:
        path = f"/repos/{owner}/.github"
        repository = self._there(path)
        if repository is None or repository["full_name"].lower() != f"{owner}/.github".lower():
            return None
        tip = self._tip(path, repository)
        return {
            "nameWithOwner": repository["full_name"],
            "defaultBranchRef": {"target": {"oid": tip}} if tip else None,
            "countersign": self._directory(path, tip) if tip else None,
        }

    def _directory(self, path: str, commit: str) -> dict[str, Any] | None:
        """One level of it; what is below is read by its id."""
        top = self._gateway.get(f"{path}/git/trees/{commit}")
        oid = next((row["sha"] for row in top["tree"] if row["path"] == ORGANISATION and row["type"] == "tree"), None)
        if oid is None:
            return None
        rows = self._gateway.get(f"{path}/git/trees/{oid}")["tree"]
        entries = [{"name": row["path"], "oid": row["sha"], "mode": int(row["mode"], 8), "type": row["type"]} for row in rows]
        return {"oid": oid, "entries": entries}

    def _standing(self, path: str, number: int) -> dict[str, Any] | None:
        pull = self._there(f"{path}/pulls/{number}")
        if pull is None:
            return None
        in_threads = self._gateway.pages(f"{path}/pulls/{number}/comments")
        talk = self._gateway.pages(f"{path}/issues/{number}/comments")
        shown = shapes.pull(pull)
        return {
            "headRefOid": shown["headRefOid"],
            "baseRefName": shown["baseRefName"],
            "state": shown["state"],
            "reviewThreads": shapes.page(shapes.threads(in_threads, self._are_own(in_threads))),
            "comments": shapes.page(shapes.comment(row, own=own) for row, own in zip(talk, self._are_own(talk), strict=True)),
        }

    def _are_own(self, rows: list[Any]) -> Iterable[bool]:
        """Anybody can paste a marker: the App's are those of its account, or made through it."""
        login, app = self._own() if rows else ("", "")
        ours = Ours(app, lambda: login)
        return map(ours.wrote, rows)
