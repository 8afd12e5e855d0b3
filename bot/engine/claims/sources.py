"""Who is let in, told in words: `HTTPS from the VPC`, `only the load balancer can reach it`. Held against the ranges that are let in.

A rule that names its source and lets in every address differs from what it says. That a narrow source is the one that is named is shown
only of networks that are private by their ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.engine.claims.narrowed import PRIVATE, is_given, stated, with_ways_in
from bot.engine.claims.plain import is_above, last_line, plainly
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.claims.vocabulary import PLACES
from bot.engine.claims.words import listed
from bot.engine.model.match import Subject
from bot.engine.model.value import Known
from bot.engine.pattern import Pattern
from bot.engine.policy.predicates.networks import ALL, Range, read

MOST_WORDS = 20
_ALLOWED = listed("allow allows allowed allowing access only needed need web app")
_NETWORK = r"vpc|vnet|virtual network|internal|private|subnets?|intranet"
_OTHERS = (
    r"rds|office|corporate|company|vpn|bastion|jump ?(?:host|box)|load ?balancers?|alb|nlb|elb|security groups?|cluster|nodes?|ecs|eks"
    r"|lambda|tasks?|pods?|workers?|cloudfront|peered|trusted|tagged|my ip|specific"
)
_SOURCE = Pattern(
    # `SSH to the bastion` tells where it goes, `open to the bastion` who is let in
    r"\b(?:from|by|(?:open|restricted|limited|accessible|reachable|available|exposed|allowed|only)\s+to)\s+"
    rf"(?:the |our |a |an |this |same |own |within |inside |application |app |web |ecs |eks |all |whole )*"
    rf"(?:(?P<network>{_NETWORK})|(?P<other>{_OTHERS}))\b(?! endpoint)",
    re.IGNORECASE,
)
_EVERYWHERE = Pattern(
    r"\bfrom (?:the )?(?:public )?"
    r"(?:internet|world|anywhere|everywhere|anyone|everyone|any (?:ip|source|address)|0\.0\.0\.0/0)\b(?! gateway)",
    re.IGNORECASE,
)
_NOT_IN = Pattern(r"\b(?:egress|outbound|outgoing|except|deny|denies|denied|block|blocks|blocked|reject|rejects|only)\b", re.IGNORECASE)
_ONLY = Pattern(r"\b(?:only|solely|exclusively|restricted to|limited to)\b", re.IGNORECASE)
_OTHER = Pattern(
    r"\b(?:egress|outbound|outgoing|internet|public(?:ly)?|anywhere|everyone|anyone|everywhere|world|open|any|0\.0\.0\.0|except|not|no|without"
    r"|deny|denies|block|blocks|reach out)\b",
    re.IGNORECASE,
)
_RULES = (
    *("aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "azurerm_network_security_rule", "google_compute_firewall"),
    *("aws_network_acl_rule", "aws_default_security_group_rule"),
)


class Source(Struct, frozen=True):
    """`is_network`: a private network is named, not what stands in it. `only`: nobody else. `every`: whoever is on the internet."""

    is_network: bool
    only: bool
    every: bool = False


def sources(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What comments and descriptions say of sources, and what is let in."""
    for sentence, said, there in with_ways_in(spoken, scene, reading):
        found = _found(said, _meant(sentence.text, said, there))
        if found is not None:
            holds, subject = found
            yield stated(sentence, sentence.content, holds=holds, subject=subject, name="prefixes")


def reading(sentence: Sentence) -> Source | None:
    """The source that a comment or description names; None where it names none, or another as well."""
    content = sentence.content
    if sentence.text.source != "code" or not sentence.text.block:
        return None
    found = list(_SOURCE.finditer(content))
    if _EVERYWHERE.search(content) and not found and not _NOT_IN.search(content):
        return Source(is_network=False, only=False, every=True) if plainly(sentence, MOST_WORDS, allowed=_ALLOWED | PLACES) else None
    if _OTHER.search(content):
        return None
    if len(found) != 1 or not plainly(sentence, MOST_WORDS, allowed=_ALLOWED | PLACES):
        return None
    return Source(found[0]["network"] is not None, _ONLY.search(content) is not None)


def _meant(text: Text, said: Source, there: Sequence[Subject]) -> list[Subject]:
    """The ways in of the rule that the text stands in or above; those of a whole group where nobody else is said to be let in."""
    own = [item for item in there if item.resource.span.path == text.path and f"{item.resource.type}.{item.resource.name}" == text.block]
    inside = [item for item in own if _is_its_own(text, item) or (item.span != item.resource.span and is_above(text, item.span))]
    if inside or not own:
        return inside
    is_rule = own[0].resource.type in _RULES
    at_header = any(is_above(text, item.resource.span) for item in own)
    return own if is_rule or (said.only and at_header) else []


def _is_its_own(text: Text, item: Subject) -> bool:
    """Whether the text is the description of a way in."""
    value = item.attributes.get("description")
    return value is not None and value.span.line == last_line(text)


def _found(said: Source, meant: Sequence[Subject]) -> tuple[bool, Subject] | None:
    """Whether the source is the one that is named, and the way in that shows it. A narrower one than is said refutes nothing."""
    ranges = [(item, _ranges(item)) for item in meant]
    for item, found in ranges:
        if found is not None and any(one in ALL for one in found):
            return said.every, item
    if not ranges or not said.is_network or not all(found and all(map(_is_private, found)) for _, found in ranges):
        return None
    return True, ranges[0][0]


def _ranges(item: Subject) -> list[Range] | None:
    value = item.attributes.get("prefixes")
    if not isinstance(value, Known) or not isinstance(value.raw, tuple) or is_given(value, item):
        return None
    found = [read(one.raw) if isinstance(one, Known) and isinstance(one.raw, str) else None for one in value.raw]
    return [one for one in found if one is not None] if found and None not in found else None


def _is_private(one: Range) -> bool:
    return any(one.version == other.version and other.first <= one.first and one.last <= other.last for other in PRIVATE)
