"""Files by path, and archives (CONTRACT 9.7, 9.8)."""

from __future__ import annotations

import base64
import io
import tarfile
from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, invalid, not_found
from bot.standin.git import Entry, flatten, lookup
from bot.standin.rest.apps import decode
from bot.standin.rest.routing import route
from bot.standin.state.repository import File

JSON_BYTES, RAW_BYTES, DIRECTORY = 1024 * 1024, 100 * 1024 * 1024, 1000
CONTENTS = "/repos/{owner}/{repo}/contents/{path}"


@route("GET /repos/{owner}/{repo}/contents/{path}")
def get(call: Call) -> Any:
    return _get(call, call.params["path"])


def _get(call: Call, path: str) -> Any:
    ref = call.query.get("ref") or call.repo.default_branch
    oid = call.repo.resolve(ref)
    if oid is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    tree = call.repo.commit_of(oid).tree
    entry = lookup(call.repo.store, tree, path.strip("/"))
    if entry is None:
        raise not_found()
    if entry.kind == "tree":
        return _directory(call, path.strip("/"), entry, ref)
    return _file(call, path.strip("/"), _followed(call, tree, path, entry), entry, ref)


def _followed(call: Call, tree: str, path: str, entry: Entry) -> Entry:
    """A link to a file inside the repository answers as that file."""
    if entry.mode != 0o120000:
        return entry
    parts: list[str] = path.split("/")[:-1]
    for part in call.repo.store.data(entry.oid).decode(errors="replace").split("/"):
        if part == ".." and not parts:
            return entry
        parts = parts[:-1] if part == ".." else parts if part in {".", ""} else [*parts, part]
    target = lookup(call.repo.store, tree, "/".join(parts))
    return target if target and target.kind == "blob" else entry


def _kind(entry: Entry) -> str:
    return {0o040000: "dir", 0o120000: "symlink", 0o160000: "submodule"}.get(entry.mode, "file")


def _directory(call: Call, path: str, entry: Entry, ref: str) -> list[dict[str, Any]]:
    out = []
    for item in call.repo.store.entries(entry.oid)[:DIRECTORY]:
        kind = _kind(item)
        size = len(call.repo.store.data(item.oid)) if item.kind == "blob" else 0
        listed = "file" if kind == "submodule" and call.urls.older else kind
        full = f"{path}/{item.name}" if path else item.name
        out.append(shape.content(call.repo, full, (kind, item.oid, size), ref, call.urls) | {"type": listed})
    return out


def _file(call: Call, path: str, entry: Entry, named: Entry, ref: str) -> Any:
    if named.kind == "commit":
        extra = {"submodule_git_url": f"{call.urls.page(call.repo)}.git"}
        return shape.content(call.repo, path, ("submodule", named.oid, 0), ref, call.urls) | extra
    data = call.repo.store.data(entry.oid)
    accept = call.request.headers.get("accept", "")
    if len(data) > RAW_BYTES:
        raise Refusal(403, "This API returns blobs up to 100 MB in size.", [{"resource": "Blob", "field": "data", "code": "too_large"}])
    if "raw" in accept:
        return Answer(200, data, {"Content-Type": "application/vnd.github.raw; charset=utf-8"})
    kind = _kind(entry)
    out = shape.content(call.repo, path, (kind, entry.oid, len(data)), ref, call.urls)
    if kind == "symlink":
        return out | {"target": data.decode(errors="replace")}
    if len(data) > JSON_BYTES:
        return out | {"content": "", "encoding": "none"}
    return out | {"content": base64.encodebytes(data).decode(), "encoding": "base64"}


def _target(call: Call) -> tuple[str, Entry | None]:
    branch = (call.body or {}).get("branch") or call.query.get("branch") or call.repo.default_branch
    tip = call.repo.branch(branch)
    if tip is None:
        raise Refusal(404, f"Branch {branch} not found")
    return branch, lookup(call.repo.store, call.repo.commit_of(tip).tree, call.params["path"])


def _written(call: Call, branch: str, content: bytes | None) -> str:
    path, message = call.params["path"], (call.body or {}).get("message") or call.query.get("message") or f"Update {call.params['path']}"
    file = None if content is None else File(content)
    return call.repo.commit({path: file}, message=message, by=call.account, branch=branch)


@route(f"PUT {CONTENTS}", content=True)
def put(call: Call) -> Answer:
    branch, entry = _target(call)
    if entry and call.body.get("sha") is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if entry and call.body["sha"] != entry.oid:
        raise Refusal(409, f"{call.params['path']} does not match {call.body['sha']}")
    data = decode(call.body["content"])
    oid = _written(call, branch, data)
    made = lookup(call.repo.store, call.repo.commit_of(oid).tree, call.params["path"])
    shown = shape.content(call.repo, call.params["path"], ("file", made.oid if made else "", len(data)), branch, call.urls)
    return Answer(200 if entry else 201, {"content": shown, "commit": shape.git_commit(call.repo, oid, call.urls)})


@route(f"DELETE {CONTENTS}", content=True)
def delete(call: Call) -> Any:
    branch, entry = _target(call)
    if entry is None:
        raise not_found()
    if ((call.body or {}).get("sha") or call.query.get("sha")) != entry.oid:
        raise invalid("Content", "sha")
    oid = _written(call, branch, None)
    return {"content": None, "commit": shape.git_commit(call.repo, oid, call.urls)}


@route("GET /repos/{owner}/{repo}/tarball/{ref}")
def tarball(call: Call) -> Answer:
    """A 302 to an address that works without a token for five minutes."""
    oid = call.commit(call.params["ref"])
    code = call.world.lend(archive(call, oid), 300)
    return Answer(302, None, {"Location": f"{call.urls.html}/codeload/{code}"})


def archive(call: Call, oid: str) -> bytes:
    out, prefix = io.BytesIO(), f"{call.repo.owner.login}-{call.repo.name}-{oid[:7]}"
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for path, entry in flatten(call.repo.store, call.repo.commit_of(oid).tree).items():
            if entry.kind == "blob":
                _add(tar, f"{prefix}/{path}", entry, call.repo.store.data(entry.oid))
    return out.getvalue()


def _add(tar: tarfile.TarFile, name: str, entry: Entry, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    if entry.mode == 0o120000:
        info.type, info.linkname = tarfile.SYMTYPE, data.decode(errors="replace")
        tar.addfile(info)
    else:
        info.size, info.mode = len(data), entry.mode & 0o777
        tar.addfile(info, io.BytesIO(data))
