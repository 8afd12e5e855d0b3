"""Addresses in answers: they must have the host, port and prefix that the client asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.standin.state.repository import Repository

LATEST = "2026-03-10"


class Urls(NamedTuple):
    """`api`: root of the REST interface; `html`: root of the pages; `version`: the REST version asked for."""

    api: str
    html: str
    version: str = "2022-11-28"

    @property
    def older(self) -> bool:
        """Whether fields that 2026-03-10 removed are still shown (CONTRACT 4.2)."""
        return self.version < LATEST

    def repo(self, repo: Repository) -> str:
        return f"{self.api}/repos/{repo.full_name}"

    def page(self, repo: Repository) -> str:
        return f"{self.html}/{repo.full_name}"
