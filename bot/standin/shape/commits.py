"""Commits, diffs, contents, pushes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.standin.clock import iso
from bot.standin.git import FileChange, Person
from bot.standin.shape.accounts import user

if TYPE_CHECKING:
    from bot.standin.shape.urls import Urls
    from bot.standin.state.accounts import Account
    from bot.standin.state.queue import MergeGroup
    from bot.standin.state.repository import Repository

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def _person(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "email": person.email, "date": iso(datetime.fromtimestamp(person.when, UTC))}


def node(kind: str, repo: Repository, oid: str) -> str:
    return f"{kind}_kwDO{base64.urlsafe_b64encode(f'{repo.id}:{oid}'.encode()).decode().rstrip('=')}"


def git_commit(repo: Repository, oid: str, urls: Urls) -> dict[str, Any]:
    """The git database's view."""
    made, api = repo.commit_of(oid), urls.repo(repo)
    return {
        "sha": oid,
        "node_id": node("C", repo, oid),
        "url": f"{api}/git/commits/{oid}",
        "html_url": f"{urls.page(repo)}/commit/{oid}",
        "author": _person(made.author),
        "committer": _person(made.committer),
        "tree": {"sha": made.tree, "url": f"{api}/git/trees/{made.tree}"},
        "message": made.message,
        "parents": _parents(repo, made.parents, urls, "/git/commits"),
        "verification": UNSIGNED,
    }


def _parents(repo: Repository, parents: Sequence[str], urls: Urls, part: str) -> list[dict[str, str]]:
    api, page = urls.repo(repo), urls.page(repo)
    return [{"sha": oid, "url": f"{api}{part}/{oid}", "html_url": f"{page}/commit/{oid}"} for oid in parents]


def commit(repo: Repository, oid: str, urls: Urls) -> dict[str, Any]:
    """The repository's view, accounts linked by e-mail address."""
    made, api = repo.commit_of(oid), f"{urls.repo(repo)}/commits/{oid}"
    people = [repo.world.by_email(person.email) for person in (made.author, made.committer)]
    return {
        "sha": oid,
        "node_id": node("C", repo, oid),
        "commit": {
            "author": _person(made.author),
            "committer": _person(made.committer),
            "message": made.message,
            "tree": {"sha": made.tree, "url": f"{urls.repo(repo)}/git/trees/{made.tree}"},
            "url": f"{urls.repo(repo)}/git/commits/{oid}",
            "comment_count": 0,
            "verification": UNSIGNED,
        },
        "url": api,
        "html_url": f"{urls.page(repo)}/commit/{oid}",
        "comments_url": f"{api}/comments",
        "author": user(people[0], urls) if people[0] else None,
        "committer": user(people[1], urls) if people[1] else None,
        "parents": _parents(repo, made.parents, urls, "/commits"),
    }


def simple_commit(repo: Repository, oid: str) -> dict[str, Any]:
    made = repo.commit_of(oid)
    people = [{"name": person.name, "email": person.email} for person in (made.author, made.committer)]
    when = _person(made.committer)["date"]
    return {"id": oid, "tree_id": made.tree, "message": made.message, "timestamp": when, "author": people[0], "committer": people[1]}


def file_change(change: FileChange, repo: Repository, head: str, urls: Urls) -> dict[str, Any]:
    """`patch` and `previous_filename` are absent, not null, where they do not apply."""
    path, source = quote(change.path), change.new or change.old
    out: dict[str, Any] = {
        "sha": source.oid if source else None,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{urls.page(repo)}/blob/{head}/{path}",
        "raw_url": f"{urls.page(repo)}/raw/{head}/{path}",
        "contents_url": f"{urls.repo(repo)}/contents/{path}?ref={head}",
    }
    if change.patch is not None:
        out["patch"] = change.patch
    return out | {"previous_filename": change.previous} if change.previous else out


def comparison(repo: Repository, base: str, head: str, urls: Urls, *, page: tuple[int, int]) -> dict[str, Any]:
    """`page`: (number, size of the commit pages); files stand on the first page only, at most 300."""
    from_base = repo.merge_base(base, head)
    ahead, behind = repo.between(base, head), repo.between(head, base)
    url = f"{urls.repo(repo)}/compare/{base}...{head}"
    number, size = page
    shown = ahead[(number - 1) * size : number * size]
    state = "identical" if base == head else "diverged" if ahead and behind else "ahead" if ahead else "behind"
    out = {
        "url": url,
        "html_url": f"{urls.page(repo)}/compare/{base}...{head}",
        "permalink_url": f"{urls.page(repo)}/compare/{base[:7]}...{head[:7]}",
        "diff_url": f"{urls.page(repo)}/compare/{base}...{head}.diff",
        "patch_url": f"{urls.page(repo)}/compare/{base}...{head}.patch",
        "base_commit": commit(repo, base, urls),
        "merge_base_commit": commit(repo, from_base or base, urls),
        "status": state,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit(repo, oid, urls) for oid in shown],
    }
    files = repo.diff(from_base, head)[:300] if number == 1 else ()
    return out | {"files": [file_change(change, repo, head, urls) for change in files]}


def content(repo: Repository, path: str, made: tuple[str, str, int], ref: str, urls: Urls) -> dict[str, Any]:
    """What file, directory, link and submodule have in common; `made`: (kind, object id, size)."""
    kind, oid, size = made
    quoted = quote(path)
    api = f"{urls.repo(repo)}/contents/{quoted}?ref={quote(ref)}"
    git = f"{urls.repo(repo)}/git/{'trees' if kind == 'dir' else 'blobs'}/{oid}"
    html = f"{urls.page(repo)}/{'tree' if kind == 'dir' else 'blob'}/{ref}/{quoted}"
    raw = f"{urls.html}/raw/{repo.full_name}/{ref}/{quoted}" if kind in {"file", "symlink"} else None
    links = {"self": api, "git": git, "html": html}
    return {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": oid,
        "size": size,
        "url": api,
        "html_url": html,
        "git_url": git,
        "download_url": raw,
        "type": kind,
        "_links": links,
    }


def push(repo: Repository, ref: str, moved: tuple[str | None, str | None], by: Account, urls: Urls, *, forced: bool) -> dict[str, Any]:
    before, after = moved[0] or "0" * 40, moved[1] or "0" * 40
    fresh = repo.between(moved[0], moved[1])[-2048:] if moved[1] and moved[0] else [moved[1]] if moved[1] else []
    commits = [_pushed(repo, oid, urls) for oid in fresh]
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": moved[0] is None,
        "deleted": moved[1] is None,
        "forced": forced,
        "base_ref": None,
        "compare": f"{urls.page(repo)}/compare/{before[:12]}...{after[:12]}",
        "commits": commits,
        "head_commit": commits[-1] if commits else None,
        "pusher": {"name": by.login, "email": by.email},
    }


def _pushed(repo: Repository, oid: str, urls: Urls) -> dict[str, Any]:
    made = repo.commit_of(oid)
    files = repo.diff(made.parents[0] if made.parents else None, oid)
    people = {}
    for role, person in (("author", made.author), ("committer", made.committer)):
        account = repo.world.by_email(person.email)
        people[role] = {"name": person.name, "email": person.email} | ({"username": account.login} if account else {})
    return {
        "id": oid,
        "tree_id": made.tree,
        "distinct": True,
        "message": made.message,
        "timestamp": _person(made.author)["date"],
        "url": f"{urls.page(repo)}/commit/{oid}",
        **people,
        "added": [change.path for change in files if change.old is None],
        "removed": [change.previous or change.path for change in files if change.new is None or change.previous],
        "modified": [change.path for change in files if change.status == "modified"],
    }


def merge_group(group: MergeGroup, _urls: Urls) -> dict[str, Any]:
    return {
        "head_sha": group.head_sha,
        "head_ref": group.head_ref,
        "base_sha": group.base_sha,
        "base_ref": f"refs/heads/{group.base_ref}",
        "head_commit": simple_commit(group.repository, group.head_sha),
    }
