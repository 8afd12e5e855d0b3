"""Whether the check is required where it should be, and whether only this App can set it.

Rulesets: https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch; classic protection:
https://docs.github.com/en/rest/branches/branches#get-a-branch. Both can be read without administration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from bot.github.facts import RepositoryRef
from bot.web.examination.finding import Finding, done, todo


class Asks(Protocol):
    """The part of a gateway that is needed here."""

    def get(self, path: str) -> Any:
        """The decoded JSON."""

    def pages(self, path: str) -> list[Any]:
        """The items of all pages."""


def required_check(ask: Asks, repository: RepositoryRef, app_id: int, check: str) -> Iterator[Finding]:
    """Of the default branch."""
    branch = quote(repository.default_branch, safe="")
    found = [*_in_rulesets(ask.pages(f"/repos/{repository.full_name}/rules/branches/{branch}"), check)]
    found += _in_protection(ask.get(f"/repos/{repository.full_name}/branches/{branch}"), check)
    subject, fields = repository.full_name, {"branch": repository.default_branch, "check": check}
    if not found:
        yield todo("required-check", "check-not-required", subject, **fields)
    elif app_id in found:
        yield done("required-check", "check-required", subject, **fields)
    elif any(pinned not in (None, -1) for pinned in found):
        yield todo("required-check", "check-of-another-app", subject, **fields)
    else:
        yield todo("required-check", "check-not-pinned", subject, **fields)


def _in_rulesets(rules: Sequence[Any], check: str) -> Iterator[int | None]:
    for rule in rules:
        if rule.get("type") == "required_status_checks":
            listed = rule.get("parameters", {}).get("required_status_checks", ())
            yield from (one.get("integration_id") for one in listed if one.get("context") == check)


def _in_protection(branch: Any, check: str) -> list[int | None]:
    required = (branch.get("protection") or {}).get("required_status_checks") or {}
    listed = [one.get("app_id") for one in required.get("checks", ()) if one.get("context") == check]
    return listed or [None for context in required.get("contexts", ()) if context == check]
