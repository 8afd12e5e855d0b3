"""What can be wrong with the place a change is read from."""

from __future__ import annotations


class Problem(Exception):  # noqa: N818 - said to the person who asked, not an error of ours
    """The change cannot be read. `key` names the phrase under `usage`, `fields` its values."""

    def __init__(self, key: str, **fields: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields
