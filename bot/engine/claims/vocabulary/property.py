"""What the tables of the vocabulary are made of: a property, and the rules that are held against what is said to have it."""

from __future__ import annotations

from msgspec import Struct


class Check(Struct, frozen=True):
    """A rule that is true where the property does not hold.

    `absent`: an argument that is not set refutes the claim too, because the service's default is off whatever else is set elsewhere.
    `shows`: paths of values which show that it holds, by default the rule's anchor; none where the rule alone cannot show it.
    `refutes`: whether the rule refutes the claim; one that asks for more than the claim says only shows it.
    `each`: of all that it looks at none shows the property if it is true of one.
    """

    rule: str
    absent: bool = False
    refutes: bool = True
    shows: tuple[str, ...] | None = None
    each: bool = False


class Property(Struct, frozen=True):
    """What a sentence may say of a resource.

    `holds`, `fails`: adjectives and phrases that say that it is so, or not so. `acts`: what is done, with its verb. `state`: nouns that
    are enabled or disabled; `reversed`: nouns whose presence says that it is not so.
    """

    holds: tuple[str, ...]
    checks: tuple[Check, ...]
    fails: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    reversed: tuple[str, ...] = ()
