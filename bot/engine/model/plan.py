"""What a plan says of one root, reduced at the door: what it hides is not here."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.value import Plain

Hidden: TypeAlias = Literal["computed", "sensitive"]
HIDDEN = "\0"  # no argument has this name: `{"\0": "sensitive"}` stands where a value is left out


class PlannedResource(Struct, frozen=True):
    """One instance. `before`: what is deployed, `after`: what the plan wants; None where it is not there.

    `previous`: the address that the state knows it by. Values that are known only after apply, and sensitive ones, are
    left out: `hidden` stands in their place.
    """

    address: str
    type: str
    name: str
    mode: Literal["managed", "data"]
    before: dict[str, Plain] | None
    after: dict[str, Plain] | None
    previous: str = ""


class Plan(Struct, frozen=True):
    """`root`: the directory that was planned, relative to the repository. `path`: the name of the file, for the reader.

    `trusted`: whether it may settle what the source leaves open, in favour too; a plan that is not can only add.
    `variables`: the root's inputs, without those declared sensitive.
    """

    root: str
    path: str
    resources: tuple[PlannedResource, ...]
    variables: dict[str, Plain] = {}
    trusted: bool = False


def hidden(why: Hidden) -> Plain:
    """What stands in the place of a value that is left out."""
    return {HIDDEN: why}


def hidden_why(value: Plain) -> Hidden | None:
    """Why the value is left out; None for any other value."""
    if isinstance(value, dict) and len(value) == 1 and HIDDEN in value:
        return "sensitive" if value[HIDDEN] == "sensitive" else "computed"
    return None
