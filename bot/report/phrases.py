"""The catalogue of words: one YAML file of templates, with plural forms where a number decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

Forms: TypeAlias = str | Mapping[str, "Forms"]


class Phrases(Struct, frozen=True):
    """`say("title.violations", n=2)`: the template at the dotted key, its form `one` or `other` chosen by `n`."""

    texts: Mapping[str, Forms]

    def say(self, key: str, **fields: object) -> str:
        """The filled template; raises KeyError for a key that the catalogue lacks, which is a fault of ours."""
        found: Forms = self.texts
        for step in key.split("."):
            if isinstance(found, str):
                raise KeyError(key)
            found = found[step]
        if not isinstance(found, str):
            found = found["one" if fields.get("n") == 1 else "other"]
        if not isinstance(found, str):
            raise KeyError(key)
        return found.format_map(fields) if fields else found

    def has(self, key: str) -> bool:
        """Whether the catalogue holds the key."""
        found: Forms = self.texts
        for step in key.split("."):
            if isinstance(found, str) or step not in found:
                return False
            found = found[step]
        return True


def load(data: bytes) -> Phrases:
    """The catalogue of our own file (trusted, so plain YAML)."""
    import yaml  # noqa: PLC0415

    return Phrases(yaml.load(data, Loader=yaml.CSafeLoader))
