"""Objects of the REST interface in the form that our GraphQL documents ask for. What a server leaves out has its plainest value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
# Types of a directory's entries: https://docs.github.com/rest/repos/contents#get-repository-content
KINDS = {"file": "Blob", "symlink": "Blob", "submodule": "Commit", "dir": "Tree"}


def place(repository: Row, oid: str) -> dict[str, Any]:
    """`queries.REPOSITORY`: `Place`. `oid`: the tip of its default branch, empty for none."""
    branch = repository.get("default_branch") or "main"
    return {
        "databaseId": repository["id"],
        "nameWithOwner": repository["full_name"],
        "defaultBranchRef": {"name": branch, "target": {"oid": oid}} if oid else None,
    }


def content(entry: Row) -> dict[str, Any]:
    """`queries.CONTENT` of an entry of a directory, without its text: that is read by its id."""
    kind = KINDS.get(str(entry.get("type")), "Blob")
    return {"__typename": kind, "oid": entry["sha"], "byteSize": entry.get("size") or 0, "text": None, "isTruncated": True}


def pull(found: Row) -> dict[str, Any]:
    """`queries.PULL`. A list of pull requests tells neither the number of changed files nor whether one was merged by its state alone."""
    head, base, user = found["head"], found["base"], found.get("user")
    merged = bool(found.get("merged") or found.get("merged_at"))
    state = str(found.get("state") or "open").upper()
    repository = head.get("repo")
    return {
        "number": found["number"],
        "state": "MERGED" if merged else state,
        "merged": merged,
        "isDraft": bool(found.get("draft")),
        "title": found.get("title") or "",
        "body": found.get("body") or "",
        "createdAt": found.get("created_at") or "1970-01-01T00:00:00Z",
        **({"changedFiles": found["changed_files"]} if found.get("changed_files") is not None else {}),
        "headRefOid": head["sha"],
        "headRefName": head.get("ref") or "",
        "baseRefOid": base["sha"],
        "baseRefName": base["ref"],
        "headRepository": {"nameWithOwner": repository["full_name"]} if repository else None,
        "author": {"__typename": user.get("type") or "User", "login": user["login"], "databaseId": user.get("id")} if user else None,
        "labels": {"nodes": [{"name": label["name"]} for label in found.get("labels") or ()]},
        "commits": {"nodes": []},
        # Not told is not none: then what stands there is read.
        "comments": {"totalCount": found.get("comments", 1)},
        "reviewThreads": {"totalCount": found.get("review_comments", 1)},
    }


def page(nodes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A connection that is all there is."""
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def comment(found: Row, *, own: bool) -> dict[str, Any]:
    """A comment of the conversation, or of a thread. Whether it is hidden is told by GraphQL alone."""
    return {
        "id": str(found.get("node_id") or ""),
        "fullDatabaseId": found["id"],
        "body": found.get("body") or "",
        "isMinimized": False,
        "viewerDidAuthor": own,
        "state": "SUBMITTED",
    }


def threads(rows: Iterable[Row], own: Iterable[bool]) -> Iterator[dict[str, Any]]:
    """Review comments as threads: the first of each, and how many follow. Whether a thread is resolved is told by GraphQL alone."""
    paired = list(zip(rows, own, strict=True))
    for row, mine in paired:
        if row.get("in_reply_to_id"):
            continue
        count = 1 + sum(other.get("in_reply_to_id") == row["id"] for other, _ in paired)
        yield {
            "id": "",
            "isResolved": False,
            "isOutdated": row.get("line") is None and row.get("position") is None,
            "path": row.get("path") or "",
            "line": row.get("line"),
            "comments": {"totalCount": count, "nodes": [comment(row, own=mine)]},
        }
