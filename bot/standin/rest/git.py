"""The git database: blobs, trees, commits, refs (CONTRACT 9.8)."""

from __future__ import annotations

import base64
from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, not_found
from bot.standin.git import Entry, Person, edit_tree
from bot.standin.rest.apps import decode
from bot.standin.rest.routing import route
from bot.standin.shape.commits import node
from bot.standin.state.repository import Repository

GIT = "/repos/{owner}/{repo}/git"
TREE_ENTRIES, TREE_BYTES, BLOB_BYTES = 100_000, 7 * 1024 * 1024, 100 * 1024 * 1024


@route(f"GET {GIT}/blobs/{{file_sha}}")
def get_blob(call: Call) -> Any:
    oid = call.params["file_sha"]
    if call.repo.store.kind(oid) != "blob":
        raise not_found()
    data = call.repo.store.data(oid)
    if len(data) > BLOB_BYTES:
        raise Refusal(403, "This API returns blobs up to 100 MB in size.", [{"resource": "Blob", "field": "data", "code": "too_large"}])
    if "raw" in call.request.headers.get("accept", ""):
        return Answer(200, data, {"Content-Type": "application/vnd.github.raw; charset=utf-8"})
    return {
        "sha": oid,
        "node_id": node("B", call.repo, oid),
        "size": len(data),
        "url": f"{call.urls.repo(call.repo)}/git/blobs/{oid}",
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }


@route(f"POST {GIT}/blobs", content=True)
def make_blob(call: Call) -> Answer:
    text = call.body["content"]
    oid = call.repo.store.blob(decode(text) if call.body.get("encoding") == "base64" else text.encode())
    return Answer(201, {"sha": oid, "url": f"{call.urls.repo(call.repo)}/git/blobs/{oid}"})


@route(f"GET {GIT}/trees/{{tree_sha}}")
def get_tree(call: Call) -> Any:
    """A tree's id, or anything that names a commit; any value of `recursive` means yes."""
    name = call.params["tree_sha"]
    commit = None if call.repo.store.kind(name) == "tree" else call.repo.resolve(name)
    tree = call.repo.commit_of(commit).tree if commit else name
    if call.repo.store.kind(tree) != "tree":
        raise not_found()
    rows, truncated = _rows(call, tree, recursive="recursive" in call.query)
    return {"sha": tree, "url": f"{call.urls.repo(call.repo)}/git/trees/{tree}", "tree": rows, "truncated": truncated}


def _rows(call: Call, tree: str, *, recursive: bool) -> tuple[list[dict[str, Any]], bool]:
    rows: list[dict[str, Any]] = []
    size, limits = 0, call.world.tree_limits
    waiting = [("", iter(call.repo.store.entries(tree)))]
    while waiting:
        prefix, entries = waiting[-1]
        entry = next(entries, None)
        if entry is None:
            waiting.pop()
            continue
        row = _row(call, prefix + entry.name, entry)
        size += len(row["path"]) + 200
        if len(rows) >= limits[0] or size > limits[1]:
            return rows, True
        rows.append(row)
        if recursive and entry.kind == "tree":
            waiting.append((f"{prefix}{entry.name}/", iter(call.repo.store.entries(entry.oid))))
    return rows, False


def _row(call: Call, path: str, entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"path": path, "mode": f"{entry.mode:06o}", "type": entry.kind, "sha": entry.oid}
    if entry.kind == "blob":
        row["size"] = len(call.repo.store.data(entry.oid))
    if entry.kind != "commit":
        row["url"] = f"{call.urls.repo(call.repo)}/git/{entry.kind}s/{entry.oid}"
    return row


@route(f"POST {GIT}/trees", content=True)
def make_tree(call: Call) -> Answer:
    edits: dict[str, tuple[int, str] | None] = {}
    for item in call.body["tree"]:
        if "content" in item:
            edits[item["path"]] = (int(item.get("mode", "100644"), 8), call.repo.store.blob(item["content"].encode()))
        else:
            edits[item["path"]] = None if item.get("sha") is None else (int(item.get("mode", "100644"), 8), item["sha"])
    base = call.body.get("base_tree")
    if base and call.repo.store.is_commit(base):
        base = call.repo.commit_of(base).tree
    tree = edit_tree(call.repo.store, base, edits) or call.repo.store.tree(())
    rows, truncated = _rows(call, tree, recursive=False)
    return Answer(201, {"sha": tree, "url": f"{call.urls.repo(call.repo)}/git/trees/{tree}", "tree": rows, "truncated": truncated})


@route(f"GET {GIT}/commits/{{commit_sha}}")
def get_commit(call: Call) -> Any:
    if not call.repo.store.is_commit(call.params["commit_sha"]):
        raise not_found()
    return shape.git_commit(call.repo, call.params["commit_sha"], call.urls)


@route(f"POST {GIT}/commits", content=True)
def make_commit(call: Call) -> Answer:
    tree, parents = call.body["tree"], call.body.get("parents", [])
    if call.repo.store.kind(tree) != "tree":
        raise Refusal(422, "Tree SHA does not exist")
    if not all(call.repo.store.is_commit(parent) for parent in parents):
        raise Refusal(422, "Parent SHA does not exist or is not a commit object")
    author = call.body.get("author")
    here = call.account.person()
    person = Person(author["name"], author["email"], here.when) if author else here
    oid = call.repo.store.commit(tree, parents, person, call.body["message"], here)
    return Answer(201, shape.git_commit(call.repo, oid, call.urls))


def _ref(repo: Repository, call: Call, name: str) -> dict[str, Any]:
    oid = repo.refs[name]
    target = {"sha": oid, "type": "commit", "url": f"{call.urls.repo(repo)}/git/commits/{oid}"}
    return {"ref": name, "node_id": node("REF", repo, name), "url": f"{call.urls.repo(repo)}/git/{name}", "object": target}


@route(f"GET {GIT}/ref/{{ref}}")
def get_ref(call: Call) -> Any:
    name = f"refs/{call.params['ref']}"
    if name not in call.repo.refs:
        raise not_found()
    return _ref(call.repo, call, name)


@route(f"GET {GIT}/matching-refs/{{ref}}")
def matching_refs(call: Call) -> Any:
    return [_ref(call.repo, call, name) for name in sorted(call.repo.refs) if name.startswith(f"refs/{call.params['ref']}")]


@route(f"POST {GIT}/refs", content=True)
def make_ref(call: Call) -> Answer:
    name, oid = call.body["ref"], call.body["sha"]
    if name in call.repo.refs:
        raise Refusal(422, "Reference already exists")
    if not name.startswith(("refs/heads/", "refs/tags/")) or not call.repo.store.is_commit(oid):
        raise Refusal(422, "Object does not exist" if name.startswith("refs/") else "Reference name is not valid")
    call.repo.update_ref(name, oid, call.account)
    return Answer(201, _ref(call.repo, call, name))


@route(f"PATCH {GIT}/refs/{{ref}}", content=True)
def move_ref(call: Call) -> Any:
    name, oid = f"refs/{call.params['ref']}", call.body["sha"]
    if name not in call.repo.refs:
        raise Refusal(422, "Reference does not exist")
    if not call.repo.store.is_commit(oid):
        raise Refusal(422, "Object does not exist")
    forward = call.repo.merge_base(call.repo.refs[name], oid) == call.repo.refs[name]
    if not forward and not call.body.get("force"):
        raise Refusal(422, "Update is not a fast forward")
    call.repo.update_ref(name, oid, call.account, forced=not forward)
    return _ref(call.repo, call, name)


@route(f"DELETE {GIT}/refs/{{ref}}")
def delete_ref(call: Call) -> Answer:
    name = f"refs/{call.params['ref']}"
    if name not in call.repo.refs:
        raise Refusal(422, "Reference does not exist")
    call.repo.update_ref(name, None, call.account)
    return Answer(204)
