"""Something a reader of a verdict should know beside its results: what was said and has no effect, which version is in force."""

from msgspec import Struct


class Notice(Struct, frozen=True):
    """`key` names the phrase under `notice` in the catalogue of words, `fields` its values: data, to be escaped where it is shown."""

    key: str
    fields: dict[str, str | int] = {}
