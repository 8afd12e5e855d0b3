"""Why GitHub did not do what was asked, in kinds that callers tell apart."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["not-found", "forbidden", "unauthorised", "invalid", "conflict", "too-large", "rate-limited", "unavailable"]


class Refusal(Exception):  # noqa: N818 - GitHub's answer, not a fault of ours
    """`kind` says what to do: `rate-limited` and `unavailable` pass (`retry_after` seconds where GitHub said so), the others stay.

    `needed`: the permission GitHub names in `X-Accepted-GitHub-Permissions` (CONTRACT §3.4). Never holds a token.
    """

    def __init__(self, kind: Kind, message: str, *, status: int = 0, retry_after: float | None = None, needed: str = "") -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.needed = needed

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later without anybody doing anything."""
        return self.kind in ("rate-limited", "unavailable")
