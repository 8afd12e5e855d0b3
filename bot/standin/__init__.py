"""A stateful stand-in for GitHub on loopback, for the tests and the demo.

with Standin.serve() as standin:
    repo = standin.organisation("acme").repository("infra", files={"main.tf": "…"})
    app = standin.app(permissions={"checks": "write"}, events=["pull_request"], webhook_url="http://127.0.0.1:…/webhook")
    app.install(repo.owner)
    pull = repo.pull_request("fix", files={"main.tf": "…"}, by=standin.user("mona"))
    standin.deliver()
    pull.seen().check("countersign").conclusion
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.standin.standin import Standin

__all__ = ["Standin"]


def __getattr__(name: str) -> Any:
    """The server is imported on first use: `bot.standin.git` alone needs none of it."""
    if name == "Standin":
        from bot.standin.standin import Standin  # noqa: PLC0415  # deferred on purpose, see above

        return Standin
    raise AttributeError(name)
