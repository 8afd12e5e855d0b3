"""Queries, accounts, repositories and git objects."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.standin import shape
from bot.standin.git import Entry, Person, lookup
from bot.standin.graphql.context import Context, Problem, connection, field, require, visible
from bot.standin.shape.commits import node as git_node
from bot.standin.state.accounts import Account, Organisation, Team
from bot.standin.state.apps import App
from bot.standin.state.checks import CheckRun, CheckSuite
from bot.standin.state.issues import Issue, IssueComment, Label
from bot.standin.state.pulls import PullRequest
from bot.standin.state.repository import Repository
from bot.standin.state.reviews import Review
from bot.standin.state.threads import ReviewComment, Thread

TEXT_BYTES = 512_000  # where GitHub cuts Blob.text is not published; the client must look at isTruncated


class GitObject(NamedTuple):
    """`path`: where a tree stands in its commit, empty for the root and when unknown."""

    repository: Repository
    oid: str
    kind: str
    path: str = ""


class TreeEntry(NamedTuple):
    repository: Repository
    path: str
    entry: Entry


class Ref(NamedTuple):
    repository: Repository
    full: str


class Comparison(NamedTuple):
    repository: Repository
    base: str
    head: str


TYPES: dict[type, str] = {
    Team: "Team",
    Repository: "Repository",
    PullRequest: "PullRequest",
    Issue: "Issue",
    IssueComment: "IssueComment",
    ReviewComment: "PullRequestReviewComment",
    Review: "PullRequestReview",
    Thread: "PullRequestReviewThread",
    CheckRun: "CheckRun",
    CheckSuite: "CheckSuite",
    App: "App",
    Label: "Label",
    Ref: "Ref",
    Comparison: "Comparison",
}


def type_name(value: Any) -> str:
    if isinstance(value, GitObject):
        return value.kind.capitalize()
    if isinstance(value, Account):
        return value.kind
    return TYPES[type(value)]


def _owner_repository(value: Any) -> Repository | None:
    if isinstance(value, Repository):
        return value
    if isinstance(value, Thread | Review):
        return value.pull.repository
    found: Repository | None = getattr(value, "repository", None)
    return found


@field("Query")
def node(_: Any, context: Context, id: str) -> Any:  # noqa: A002  # GitHub's name
    found = context.world.ids.nodes.get(id)
    repo = _owner_repository(found)
    if found is None or getattr(found, "deleted", False) or (repo is not None and not visible(context, repo)):
        raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
    return found


@field("Query")
def nodes(_: Any, context: Context, ids: list[str]) -> Any:
    return [node(None, context, one) for one in ids]


@field("Query")
def viewer(_: Any, context: Context) -> Any:
    if context.actor.user is None:
        raise Problem("FORBIDDEN", "Resource not accessible by integration")
    return context.actor.user


@field("Query", "user", "organization")
def account(_: Any, context: Context, login: str) -> Any:
    found = context.world.accounts.get(login.lower())
    if found is None:
        raise Problem("NOT_FOUND", f"Could not resolve to a User with the login of '{login}'.")
    return found


@field("Query")
def repository(_: Any, context: Context, owner: str, name: str, followRenames: bool = True) -> Any:  # noqa: FBT001, FBT002, N803, ARG001
    found = context.world.find_repository(owner, name)
    if found is None or not visible(context, found):
        raise Problem("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return found


@field("Query", "rateLimit")
def rate_limit(_: Any, context: Context, dryRun: bool = False) -> Any:  # noqa: FBT001, FBT002, N803, ARG001
    limit, used, reset = context.world.limits.allowance(context.actor.holder, "graphql", context.world.clock.now())
    when = shape.iso(datetime.fromtimestamp(reset, UTC))
    return {"cost": 1, "limit": limit, "nodeCount": 0, "remaining": limit - used, "used": used, "resetAt": when}


for _owner in ("User", "Bot", "Organization"):
    field(_owner, "id")(lambda one, _: one.node_id)
    field(_owner, "databaseId")(lambda one, _: one.id)
    field(_owner, "login")(lambda one, _: one.login.removesuffix("[bot]") if one.kind == "Bot" else one.login)
    field(_owner, "avatarUrl")(lambda one, context, **_: f"{context.urls.html}/avatars/{one.id}")
    field(_owner, "url")(lambda one, context: f"{context.urls.html}/{one.login}")
    field(_owner, "resourcePath")(lambda one, _: f"/{one.login}")


@field("Organization", "team")
def team(one: Organisation, context: Context, slug: str) -> Team | None:
    token = context.actor.token
    if token and not token.may("members", "read"):
        raise Problem("FORBIDDEN", "Resource not accessible by integration")
    return one.teams.get(slug)


field("Team", "id")(lambda one, _: one.node_id)
field("Team", "databaseId")(lambda one, _: one.id)
field("Team", "name")(lambda one, _: one.slug)


@field("Team", "members")
def members(one: Team, context: Context, **page: Any) -> Any:
    return connection("members", [context.world.accounts[login.lower()] for login in sorted(one.everybody)], **page)


field("Repository", "id")(lambda repo, _: repo.node_id)
field("Repository", "databaseId")(lambda repo, _: repo.id)
field("Repository", "nameWithOwner")(lambda repo, _: repo.full_name)
field("Repository", "isPrivate")(lambda repo, _: repo.private)
field("Repository", "isFork")(lambda repo, _: repo.parent is not None)
field("Repository", "isArchived")(lambda repo, _: repo.archived)
field("Repository", "url")(lambda repo, context: context.urls.page(repo))


@field("Repository", "object")
def git_object(repo: Repository, context: Context, expression: str | None = None, oid: str | None = None) -> GitObject | None:
    """`expression` as git's revision syntax has it: `ref`, `ref:path`, an id."""
    require(context, repo, "contents:read")
    if oid is not None:
        kind = repo.store.kind(oid)
        return GitObject(repo, oid, kind) if kind else None
    name, colon, path = (expression or "").partition(":")
    commit = repo.resolve(name)
    if commit is None:
        kind = repo.store.kind(name)
        return GitObject(repo, name, kind) if kind and not colon else None
    if not colon:
        return GitObject(repo, commit, "commit")
    entry = lookup(repo.store, repo.commit_of(commit).tree, path)
    return GitObject(repo, entry.oid, entry.kind, path.strip("/")) if entry and entry.kind != "commit" else None


@field("Repository", "ref")
def ref(repo: Repository, context: Context, qualifiedName: str) -> Ref | None:  # noqa: N803
    require(context, repo, "contents:read")
    full = next((name for name in (qualifiedName, f"refs/heads/{qualifiedName}", f"refs/tags/{qualifiedName}") if name in repo.refs), None)
    return Ref(repo, full) if full else None


@field("Repository", "refs")
def refs(repo: Repository, context: Context, refPrefix: str, query: str | None = None, **page: Any) -> Any:  # noqa: N803
    require(context, repo, "contents:read")
    return connection(
        "refs", [Ref(repo, name) for name in sorted(repo.refs) if name.startswith(refPrefix) and (query or "") in name], **page
    )


@field("Repository", "defaultBranchRef")
def default_branch(repo: Repository, context: Context) -> Any:
    return ref(repo, context, f"refs/heads/{repo.default_branch}")


def _short(full: str) -> str:
    return re.sub(r"^refs/(heads|tags)/", "", full)


field("Ref", "id")(lambda one, _: git_node("REF", one.repository, one.full))
field("Ref", "name")(lambda one, _: _short(one.full))
field("Ref", "prefix")(lambda one, _: one.full[: len(one.full) - len(_short(one.full))])
field("Ref", "target")(lambda one, _: GitObject(one.repository, one.repository.refs[one.full], "commit"))


@field("Ref")
def compare(one: Ref, _: Context, headRef: str) -> Comparison | None:  # noqa: N803
    head = one.repository.resolve(headRef)
    return Comparison(one.repository, one.repository.refs[one.full], head) if head else None


field("Comparison", "id")(lambda one, _: git_node("CMP", one.repository, one.base + one.head))
field("Comparison", "aheadBy")(lambda one, _: len(one.repository.between(one.base, one.head)))
field("Comparison", "behindBy")(lambda one, _: len(one.repository.between(one.head, one.base)))
field("Comparison", "baseTarget")(lambda one, _: GitObject(one.repository, one.base, "commit"))
field("Comparison", "headTarget")(lambda one, _: GitObject(one.repository, one.head, "commit"))


@field("Comparison", "status")
def comparison_status(one: Comparison, _: Context) -> str:
    ahead, behind = one.repository.between(one.base, one.head), one.repository.between(one.head, one.base)
    return "DIVERGED" if ahead and behind else "AHEAD" if ahead else "BEHIND" if behind else "IDENTICAL"


@field("Comparison", "commits")
def comparison_commits(one: Comparison, _: Context, **page: Any) -> Any:
    found = [GitObject(one.repository, oid, "commit") for oid in one.repository.between(one.base, one.head)]
    return connection("commits", found, **page) | {"authorCount": 1}


for _owner in ("Blob", "Tree", "Commit"):
    field(_owner, "id")(lambda one, _: git_node(one.kind[0].upper(), one.repository, one.oid))
    field(_owner, "abbreviatedOid")(lambda one, _: one.oid[:7])
    field(_owner, "commitUrl")(lambda one, context: f"{context.urls.page(one.repository)}/commit/{one.oid}")


def _data(one: GitObject) -> bytes:
    return one.repository.store.data(one.oid)


field("Blob", "byteSize")(lambda one, _: len(_data(one)))
field("Blob", "isBinary")(lambda one, _: b"\0" in _data(one)[:8000])
field("Blob", "isTruncated")(lambda one, _: len(_data(one)) > TEXT_BYTES)


@field("Blob", "text")
def text(one: GitObject, _: Context) -> str | None:
    """Null for binary, cut when truncated, undecodable bytes replaced: not always what the object id was made of."""
    data = _data(one)
    return None if b"\0" in data[:8000] else data[:TEXT_BYTES].decode(errors="replace")


@field("Tree")
def entries(one: GitObject, _: Context) -> list[TreeEntry]:
    prefix = f"{one.path}/" if one.path else ""
    return [TreeEntry(one.repository, prefix + entry.name, entry) for entry in one.repository.store.entries(one.oid)]


field("TreeEntry", "name")(lambda one, _: one.entry.name)
field("TreeEntry", "oid")(lambda one, _: one.entry.oid)
field("TreeEntry", "mode")(lambda one, _: one.entry.mode)
field("TreeEntry", "type")(lambda one, _: one.entry.kind)
field("TreeEntry", "isGenerated")(lambda _one, _: False)
field("TreeEntry", "extension")(lambda one, _: "." + one.entry.name.rsplit(".", 1)[1] if "." in one.entry.name else "")
field("TreeEntry", "size")(lambda one, _: len(one.repository.store.data(one.entry.oid)) if one.entry.kind == "blob" else 0)


@field("TreeEntry", "object")
def entry_object(one: TreeEntry, _: Context) -> GitObject | None:
    """Null for a submodule: its commit is not in this repository."""
    return None if one.entry.kind == "commit" else GitObject(one.repository, one.entry.oid, one.entry.kind, one.path)


@field("TreeEntry")
def submodule(one: TreeEntry, context: Context) -> Any:
    if one.entry.kind != "commit":
        return None
    url = f"{context.urls.page(one.repository)}.git"
    return {"gitUrl": url, "name": one.entry.name, "path": one.path, "subprojectCommitOid": one.entry.oid}


@field("Commit", "message", "messageHeadline", "messageBody")
def message(one: GitObject, _: Context) -> str:
    return one.repository.commit_of(one.oid).message


def _lines(one: GitObject) -> tuple[str, str]:
    head, _, body = one.repository.commit_of(one.oid).message.partition("\n")
    return head, body.strip("\n")


field("Commit", "messageHeadline")(lambda one, _: _lines(one)[0])
field("Commit", "messageBody")(lambda one, _: _lines(one)[1])
field("Commit", "tree")(lambda one, _: GitObject(one.repository, one.repository.commit_of(one.oid).tree, "tree"))
field("Commit", "url")(lambda one, context: f"{context.urls.page(one.repository)}/commit/{one.oid}")
field("Commit", "additions")(lambda one, _: sum(change.additions for change in one.repository.own_changes(one.oid)))
field("Commit", "deletions")(lambda one, _: sum(change.deletions for change in one.repository.own_changes(one.oid)))
field("Commit", "changedFilesIfAvailable")(lambda one, _: len(one.repository.own_changes(one.oid)))


def _when(person: Person) -> str | None:
    return shape.iso(datetime.fromtimestamp(person.when, UTC))


def _actor(person: Person, context: Context) -> dict[str, Any]:
    user = context.world.by_email(person.email)
    avatar = f"{context.urls.html}/avatars/0"
    shown = user if user and user.kind == "User" else None
    return {"name": person.name, "email": person.email, "date": _when(person), "user": shown, "avatarUrl": avatar}


field("Commit", "author")(lambda one, context: _actor(one.repository.commit_of(one.oid).author, context))
field("Commit", "committer")(lambda one, context: _actor(one.repository.commit_of(one.oid).committer, context))
field("Commit", "authoredDate")(lambda one, _: _when(one.repository.commit_of(one.oid).author))
field("Commit", "committedDate")(lambda one, _: _when(one.repository.commit_of(one.oid).committer))

CO_AUTHOR = re.compile(r"^co-authored-by:\s*(.+?)\s*<([^>]+)>\s*$", re.IGNORECASE | re.MULTILINE)


@field("Commit")
def authors(one: GitObject, context: Context, **page: Any) -> Any:
    """The author and everybody named in a Co-authored-by trailer."""
    commit = one.repository.commit_of(one.oid)
    people = [commit.author, *(Person(name, email, commit.author.when) for name, email in CO_AUTHOR.findall(commit.message))]
    return connection("authors", [_actor(person, context) for person in people], **page)


@field("Commit")
def parents(one: GitObject, _: Context, **page: Any) -> Any:
    return connection("parents", [GitObject(one.repository, oid, "commit") for oid in one.repository.commit_of(one.oid).parents], **page)


@field("Commit")
def file(one: GitObject, _: Context, path: str) -> TreeEntry | None:
    entry = lookup(one.repository.store, one.repository.commit_of(one.oid).tree, path)
    return TreeEntry(one.repository, path, entry) if entry else None
