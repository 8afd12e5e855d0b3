"""Which page answers an address."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bot.standin.web import forms, views

if TYPE_CHECKING:
    from bot.standin.calls import Request
    from bot.standin.state.repository import Repository
    from bot.standin.world import World

Out = tuple[int, bytes, dict[str, str]]
Page = Callable[["World", "Request", "re.Match[str]"], Out]
API = frozenset(
    {
        "repos",
        "repositories",
        "app",
        "user",
        "users",
        "orgs",
        "installation",
        "app-manifests",
        "meta",
        "rate_limit",
        "versions",
        "zen",
        "api",
        "graphql",
        "search",
        "markdown",
        "notifications",
    }
)


def is_page(path: str) -> bool:
    first, _, rest = path.lstrip("/").partition("/")
    if first == "apps":
        return rest.endswith("/installations/new")
    return first not in API


def _git(world: World, _: Request, match: re.Match[str]) -> Out:
    """Git's plain HTTP form: refs as a text file, objects one by one."""
    repo = world.find_repository(match["owner"], match["repo"])
    part = match["part"]
    if repo is None:
        return views.missing()
    if part == "info/refs":
        text = "".join(f"{oid}\t{name}\n" for name, oid in sorted(repo.refs.items()))
        return 200, text.encode(), {"Content-Type": "text/plain"}
    if part == "HEAD":
        return 200, f"ref: refs/heads/{repo.default_branch}\n".encode(), {"Content-Type": "text/plain"}
    return _object(repo, part)


def _object(repo: Repository, part: str) -> Out:
    found = re.fullmatch(r"objects/([0-9a-f]{2})/([0-9a-f]{38})", part)
    if found is None or repo.store.kind(found[1] + found[2]) is None:
        return views.missing()
    return 200, repo.store.loose(found[1] + found[2]), {"Content-Type": "application/x-git-loose-object"}


def _lent(world: World, _: Request, match: re.Match[str]) -> Out:
    data = world.lent(match["code"])
    return (200, data, {"Content-Type": "application/x-gzip"}) if data else views.missing()


def _avatar(_: World, __: Request, match: re.Match[str]) -> Out:
    hue = zlib.crc32(match["id"].encode()) % 360
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="hsl({hue} 45% 82%)"/>'
    svg += f'<circle cx="4" cy="3.2" r="1.5" fill="hsl({hue} 35% 45%)"/><path d="M1 8a3 3 0 0 1 6 0" fill="hsl({hue} 35% 45%)"/></svg>'
    return 200, svg.encode(), {"Content-Type": "image/svg+xml"}


REPO = r"/(?P<owner>[^/]+)/(?P<repo>[^/]+)"
PULL = REPO + r"/pull/(?P<number>\d+)"
PAGES: list[tuple[re.Pattern[str], Page]] = [
    (re.compile(pattern), answer)
    for pattern, answer in (
        (r"/", views.home),
        (r"/avatars/(?P<id>\d+)", _avatar),
        (r"/codeload/(?P<code>\w+)", _lent),
        (r"/(?:organizations/(?P<org>[^/]+)/)?settings/apps/new", forms.new_app),
        (r"/apps/(?P<slug>[^/]+)/installations/new", forms.install),
        (r"/(?P<owner>[^/]+)/(?P<repo>[^/]+)\.git/(?P<part>.+)", _git),
        (PULL, views.conversation),
        (PULL + r"/files", views.files),
        (PULL + r"/checks", views.checks),
        (PULL + r"/commits", views.commits),
        (REPO + r"/issues/(?P<number>\d+)", views.conversation),
        (REPO + r"/runs/(?P<id>\d+)", views.run),
        (REPO + r"(?:/pulls)?", views.repository),
    )
]


def page(world: World, request: Request) -> Out:
    path = unquote(request.path)
    for pattern, answer in PAGES:
        match = pattern.fullmatch(path)
        if match:
            with world.lock:
                return answer(world, request, match)
    return views.missing()
