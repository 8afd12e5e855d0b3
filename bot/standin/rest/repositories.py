"""Repositories, branches, commits, comparisons, collaborators."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, link, not_found
from bot.standin.git import ancestors
from bot.standin.rest.pulls import whole_diff
from bot.standin.rest.routing import route
from bot.standin.state import codeowners
from bot.standin.state.accounts import RANK, role_of

REPO = "/repos/{owner}/{repo}"
LEGACY = {"maintain": "write", "triage": "read"}


@route(f"GET {REPO}")
def get(call: Call) -> Any:
    return shape.repository(call.repo, call.urls, full=True)


@route(f"GET {REPO}/properties/values")
def properties(call: Call) -> Any:
    return [{"property_name": name, "value": value} for name, value in call.repo.properties.items()]


@route(f"GET {REPO}/topics")
def topics(_: Call) -> Any:
    return {"names": []}


@route(f"GET {REPO}/branches")
def branches(call: Call) -> Answer:
    rows = [_short(call, name, oid) for name, oid in sorted(call.repo.branches().items())]
    wanted = call.query.get("protected")
    return call.paged([row for row in rows if wanted is None or row["protected"] == (wanted == "true")])


def _short(call: Call, name: str, oid: str) -> dict[str, Any]:
    protected = call.repo.protection_of(name) is not None or bool(call.repo.active(name))
    return {"name": name, "commit": {"sha": oid, "url": f"{call.urls.repo(call.repo)}/commits/{oid}"}, "protected": protected}


@route(f"GET {REPO}/branches/{{branch}}")
def branch(call: Call) -> Any:
    name = call.params["branch"]
    oid = call.repo.branch(name)
    if oid is None:
        raise Refusal(404, "Branch not found")
    rule = call.repo.protection_of(name)
    contexts = [check.context for check in rule.checks] if rule else []
    checks = [{"context": check.context, "app_id": check.app_id if check.app_id > 0 else None} for check in rule.checks] if rule else []
    level = "everyone" if rule and rule.enforce_admins else "non_admins" if rule else "off"
    required = {"enforcement_level": level, "contexts": contexts, "checks": checks}
    return _short(call, name, oid) | {
        "commit": shape.commit(call.repo, oid, call.urls),
        "_links": {"html": f"{call.urls.page(call.repo)}/tree/{name}", "self": f"{call.urls.repo(call.repo)}/branches/{name}"},
        "protection": {"enabled": rule is not None, "required_status_checks": required},
        "protection_url": f"{call.urls.repo(call.repo)}/branches/{name}/protection",
    }


@route(f"GET {REPO}/commits")
def commits(call: Call) -> Answer:
    start = call.query.get("sha") or call.repo.default_branch
    oid, path = call.repo.resolve(start), call.query.get("path")
    if oid is None:
        raise not_found()
    found = sorted(ancestors(call.repo.store, oid), key=call.repo.order, reverse=True)
    if path:
        found = [one for one in found if any(change.path == path for change in call.repo.own_changes(one))]
    number, size = call.page()
    shown = [shape.commit(call.repo, one, call.urls) for one in found[(number - 1) * size : number * size]]
    return Answer(200, shown, link(call.request, number, max((len(found) + size - 1) // size, 1)))


@route(f"GET {REPO}/commits/{{ref}}")
def commit(call: Call) -> Any:
    oid = call.commit(call.params["ref"])
    accept = call.request.headers.get("accept", "")
    if accept.endswith("sha"):
        return Answer(200, oid.encode(), {"Content-Type": "application/vnd.github.sha; charset=utf-8"})
    changes = call.repo.own_changes(oid)
    if ".diff" in accept:
        return whole_diff(changes, "Commit")
    additions, deletions = sum(change.additions for change in changes), sum(change.deletions for change in changes)
    number, size = call.page()
    size = size if "per_page" in call.query else 300
    shown = changes[:3000][(number - 1) * size : number * size]
    body = shape.commit(call.repo, oid, call.urls) | {
        "stats": {"total": additions + deletions, "additions": additions, "deletions": deletions},
        "files": [shape.file_change(change, call.repo, oid, call.urls) for change in shown],
    }
    return Answer(200, body, link(call.request, number, max((min(len(changes), 3000) + size - 1) // size, 1)))


@route(f"GET {REPO}/commits/{{commit_sha}}/pulls")
def pulls_of_commit(call: Call) -> Answer:
    """Heads of forks are not found this way (CONTRACT 10.2)."""
    oid = call.commit(call.params["commit_sha"])
    reachable = any(oid in ancestors(call.repo.store, tip) for tip in call.repo.branches().values())
    found = [
        pull
        for pull in call.repo.pulls
        if reachable and pull.head_repo is call.repo and (oid in pull.commits or oid == pull.merge_commit_sha)
    ]
    return call.paged([shape.pull(pull, call.urls, simple=True) for pull in found])


@route(f"GET {REPO}/commits/{{commit_sha}}/branches-where-head")
def branches_of_commit(call: Call) -> Any:
    oid = call.commit(call.params["commit_sha"])
    return [_short(call, name, tip) for name, tip in call.repo.branches().items() if tip == oid]


@route(f"GET {REPO}/compare/{{basehead}}")
def compare(call: Call) -> Any:
    """Three dots: from the merge base. `owner:branch` names a branch of a fork in the network."""
    base, dots, head = call.params["basehead"].partition("...")
    ends = [_end(call, name) for name in (base, head)] if dots else [None]
    if None in ends or len(ends) != 2 or call.repo.merge_base(ends[0] or "", ends[1] or "") is None:
        raise not_found()
    one, other = ends[0] or "", ends[1] or ""
    if ".diff" in call.request.headers.get("accept", ""):
        return whole_diff(call.repo.diff(call.repo.merge_base(one, other), other), "Comparison")
    total = len(call.repo.between(one, other))
    paged = "page" in call.query or "per_page" in call.query
    number, size = call.page() if paged else (1, 250)
    last = max((total + size - 1) // size, 1)
    return Answer(200, shape.comparison(call.repo, one, other, call.urls, page=(number, size)), link(call.request, number, last))


def _end(call: Call, name: str) -> str | None:
    owner, colon, branch_name = name.partition(":")
    if not colon:
        return call.repo.resolve(name)
    fork = next((repo for repo in call.world.repositories.values() if repo.store is call.repo.store and repo.owner.login == owner), None)
    return fork.branch(branch_name.split(":")[-1]) if fork else None


@route(f"GET {REPO}/collaborators")
def collaborators(call: Call) -> Answer:
    people = [account for account in call.world.accounts.values() if account.kind == "User" and role_of(account, call.repo) != "none"]
    return call.paged([_collaborator(call, account) for account in people if _explicit(call, account)])


def _explicit(call: Call, account: Any) -> bool:
    return call.repo.private or role_of(account, call.repo) != "read" or account.login in call.repo.collaborators


def _collaborator(call: Call, account: Any) -> dict[str, Any]:
    role = role_of(account, call.repo)
    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    permissions = {name: RANK[role] >= RANK[least] for name, least in names.items()}
    return shape.user(account, call.urls) | {"permissions": permissions, "role_name": role}


@route(f"GET {REPO}/collaborators/{{username}}")
def is_collaborator(call: Call) -> Answer:
    account = call.world.accounts.get(call.params["username"].lower())
    if account is None or role_of(account, call.repo) == "none" or not _explicit(call, account):
        raise not_found()
    return Answer(204)


@route(f"GET {REPO}/collaborators/{{username}}/permission")
def permission(call: Call) -> Any:
    """`permission` folds maintain into write and triage into read; `role_name` does not."""
    account = call.world.accounts.get(call.params["username"].lower())
    if account is None:
        raise Refusal(404, f"{call.params['username']} is not a user")
    role = role_of(account, call.repo)
    return {"permission": LEGACY.get(role, role), "role_name": role, "user": _collaborator(call, account)}


@route(f"GET {REPO}/codeowners/errors")
def codeowners_errors(call: Call) -> Any:
    ref = call.query.get("ref") or call.repo.default_branch
    if call.repo.resolve(ref) is None or codeowners.find(call.repo, ref) is None:
        raise not_found()
    return {"errors": codeowners.errors(call.repo, ref)}
