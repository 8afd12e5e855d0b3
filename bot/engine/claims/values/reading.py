"""A sentence → the values that it states. Each is of a form that leaves no doubt which value is meant: the one it ends up with.

`from 7 to 14 days` and `t3.small -> t3.medium` state the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.claims.kinds import KIND_OF, joined, singular
from bot.engine.claims.plain import is_order, unprefixed
from bot.engine.claims.text import Sentence
from bot.engine.claims.units import TIMED, Amount, amounts
from bot.engine.claims.vocabulary import ABSTAIN, NEGATORS, PLACES
from bot.engine.claims.words import Word, listed, words
from bot.engine.model.resource import Resource
from bot.engine.pattern import Pattern

Topic: TypeAlias = Literal["argument", "size", "kept", "version", "count", "amount", "bound"]
MOST_WORDS = 45
_PARTS = Pattern(r"[a-z]+|\d+")
_MORE_DOUBT = listed("example sample e.g. such revert reverts already existing unlike like reference see deprecated deprecations")
_DOUBT = (ABSTAIN - PLACES - listed("old used expire expires tests most")) | _MORE_DOUBT
_AFTER = frozenset({"after", "will"})  # what is kept is deleted after a while
_WILL_BE = Pattern(r"\bwill be (?:kept|deleted|retained|expired|removed|purged|moved|transitioned|archived)\b")
_TO = r"\s*(?:=|:|\u2192|->|=>|to|is|as|is set to|set to|from \S+(?: \w+)? to|is now|now|always|\d\S* (?:to|->|\u2192))\s*"
_UNITS = r"(?: ?(?:[KMGT]i?B|[Mm]s|s|seconds?|mins?|minutes?|h|hours?|d|days?|weeks?))?"
_NAMED = Pattern(
    rf"(?<![\w./-])`?(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)`?{_TO}"
    rf"`?(?P<value>true|false|\d{{1,9}}{_UNITS}|\"[\w.:/-]{{1,60}}\")`?(?![\w.-])"
)
_TICKED = Pattern(r"`(?P<name>[a-z]{3,30})\s*=\s*(?P<value>true|false|\d{1,9})`")
_TYPE = Pattern(r"\b((?:aws|google|azurerm|azuread|github|kubernetes|helm)_[a-z0-9_]+)")
_SWITCHED = Pattern(r"\b(?P<verb>[Ee]nabled?|[Dd]isabled?) `?(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)`?(?![\w.=:-])")
_SIZE = Pattern(
    r"(?<![\w.-])(?P<size>(?:db\.|cache\.|kafka\.)?[a-z]{1,3}\d[a-z]{0,3}(?:-\w+)?\.(?:nano|micro|small|medium|large|\d{0,2}xlarge|metal)"
    r"|[a-z]\d[a-z]?-(?:standard|highmem|highcpu|micro|small|medium)(?:-\d+)?|Standard_[A-Z]+\d+[a-z]*(?:_v\d)?)(?![\w-]|\.\w)"
)
_ARROWS = (["to"], ["->"], ["\u2192"], ["-", ">"])
_ARROW = Pattern(r"^[\s`'\"]*(?:\u2192|->|=>|to)[\s`'\"]*$")
_REACHED = Pattern(r"(?:\bto|\u2192|->|=>|\buses?|\busing|\bis|=|:)[\s`'\"]*$")
_BACKED_UP = Pattern(
    r"\b\d{1,4}[- ]?d(?:ays?)?(?: of| worth of)? (?:automated |automatic |daily )?(?:backups?|snapshots?)\b", re.IGNORECASE
)
_NUMBERS: Mapping[str, int] = {"one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NUMBER = Pattern(rf"\d|\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_COUNT = Pattern(
    rf"(?<![\w./:$-])(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})(?: ?[x\u00d7])?[ -](?:[a-z-]+ )?"
    r"(?P<noun>replicas?|instances?|nodes?|tasks?|workers?|azs?|availability zones?|nat gateways?|brokers?|shards?"
    r"|(?:most )?recent images|(?:tagged |untagged )?images)\b"
    r"(?! (?:groups?|class(?:es)?|pools?|types?|sizes?|roles?|profiles?|definitions?|templates?|security|selectors?|labels?|images?)\b)",
    re.IGNORECASE,
)
_KEPT = Pattern(
    r"\b(?:retention|retain(?:ed|s)?|kept|keeps?|expires?|expiry|expiration|expired|recovery window|deletion window|soft.?delete"
    r"|(?:delete|purge|abort|move|transition)[sd]? .{0,40}? ?after)",
    re.IGNORECASE,
)
LIFECYCLE = "aws_ecr_lifecycle_policy"
_GENERAL = ("var.", "output.")  # what is said there is said of whatever a caller makes
_REQUIRED = Pattern(r"\brequired (?:terraform|opentofu|provider|version)", re.IGNORECASE)
_COUNTED = listed(
    "run runs running deploy deploys use uses with across for high availability ha last most recent only images untagged tagged"
)
_LOOSE = listed(
    """minimum min maximum max least most up more less than over under about approximately around ~ every per each between within last
    first"""
)
# Why a value is what it is says nothing of the value.
_BECAUSE = Pattern(r"\s*\((?:required|needed|because|as) [^()]{1,80}\)", re.IGNORECASE)
_MENDED = Pattern(r"^fix(?:es|ed)? (?=\S+ (?:\S+ ){0,4}to )", re.IGNORECASE)
_IS = r"(?:\s*(?:=|:|is|of|to|was|set|now|size|limit|period|from \S+(?: \S+)? to)\s*){1,3}"
_TIME = r"\d{1,6} ?-?(?:s|secs?|seconds?|mins?|minutes?|ms|milliseconds?|h|hours?)\b"
_SPACE = r"\d{1,6} ?-?(?:[mgt]i?b)\b"
_AMOUNTS = {
    "timeout": Pattern(rf"\btimeouts?\b{_IS}(?P<one>{_TIME})|(?P<other>{_TIME}) (?:\w+ )?timeout\b"),
    "memory": Pattern(rf"\b(?:memory|ram)\b{_IS}(?P<one>{_SPACE})|(?P<other>{_SPACE}) (?:of )?(?:memory|ram)\b"),
    "storage": Pattern(
        rf"\b(?:storage|disk|volume)\b{_IS}(?P<one>{_SPACE})|(?P<other>{_SPACE}) (?:of )?(?:\w+ )?(?:storage|disk|volume)\b"
    ),
}
_BOUND = Pattern(
    r"\b(min(?:imum)?|max(?:imum)?|desired)(?: (?:size|count|capacity|instances?|replicas?|nodes?|tasks?))?(?: of| is|=| =|:| to)? "
    r"?(?P<value>\d{1,4})(?![\w.%]| ?(?:s|secs?|seconds?|mins?|minutes?|hours?|days?|weeks?|months?|[kmgt]i?b|%|acus?)\b)"
)
_VERSIONED: Mapping[str, str] = {
    "postgres": r"postgres(?:ql)?",
    "mysql": r"mysql",
    "mariadb": r"mariadb",
    "redis": r"redis",
    "valkey": r"valkey",
    "kubernetes": r"kubernetes|k8s|eks|gke|aks",
    "opensearch": r"opensearch",
    "elasticsearch": r"elasticsearch",
    "python": r"python",
    "nodejs": r"node(?:\.?js)?",
    "terraform": r"terraform",
    "tls": r"tls",
}
_LINKS = (
    "engine|cluster|clusters|runtime|version|versions|requirement|requirements|constraint|constraints|param|parameter|group|minimum"
    r"|required|from|to|is|v?\d+(?:\.\d+)*(?=[`'\"]*\s+(?:to|->|\u2192))"
)
_VERSION = Pattern(
    r"\b(?:"
    + "|".join(f"(?P<{name}>{said})" for name, said in _VERSIONED.items())
    + r"|(?P<provider>aws|google|azurerm|azuread|helm) provider)\b"
    + rf"(?P<between>(?:[\s`'\"]*(?:\b(?:{_LINKS})\b|>=|~>|->|\u2192|=|:|v(?=\d))){{0,8}})"
    + r"\s*[`'\"]*v?(?P<version>\d+(?:\.\d+){0,2})(?![\w%]|\.\d|-bit)"
    + r"(?=\W*$|[).,;:`'\"]|\+|\s*(?:and|or|across|in|for|on|with|to|as|at|is|\+|->|\u2192|[-\u2013\u2014(])(?:\s|$))",
    re.IGNORECASE,
)


class Wanted(Struct, frozen=True):
    """One value. `name`: the argument's, or what has a version. `sure`: nothing but this can be meant, so that another value refutes it.

    `amount`: where the value is an amount of time. `places`: words for the part of the estate that is meant. `said`: the words;
    `context`: the whole sentence in lower case. `types`: of resources that the sentence names, or how they begin.
    """

    topic: Topic
    name: str
    value: str
    sure: bool
    said: str
    amount: Amount | None = None
    places: tuple[str, ...] = ()
    context: str = ""
    types: tuple[str, ...] = ()


def readings(sentence: Sentence) -> tuple[Wanted, ...]:
    """The values that a sentence states; nothing where it doubts, denies, asks or quotes.

    An argument by its name only in messages: in code and documents it is often an example, or code that is switched off.
    """
    content = _told(sentence)
    if sentence.quoted or "|" in content or is_order(sentence) or content.rstrip("\"' ").endswith("?") or not _NUMBER.search(content):
        return tuple(_named(content, _places(words(content)))) if _names_a_switch(sentence) else ()
    said = words(content)
    doubts = {word.said for word in said if word.said in _DOUBT or word.said in NEGATORS}
    doubts -= {"required"} if _REQUIRED.search(content) else set()
    if len(said) > MOST_WORDS or not doubts <= _AFTER:
        return ()
    places = _places(said)
    if doubts:
        return tuple(_kept(content, said, places)) if _WILL_BE.search(content) or doubts == {"after"} else ()
    named = () if sentence.text.source in ("code", "document") else tuple(_named(content, places))
    settings = [] if sentence.text.block.startswith(_GENERAL) else _settings(content, places, told=sentence.text.source != "code")
    return (
        *named,
        *_sizes(content, places),
        *_kept(content, said, places),
        *_versions(content, places),
        *_counts(sentence, places),
        *settings,
    )


def _told(sentence: Sentence) -> str:
    """What is said without why, and of a message without its kind: `fix: update the timeout to 30 s (required by the vendor)`."""
    content = _BECAUSE.sub("", sentence.content)
    return _MENDED.sub("", unprefixed(content)) if sentence.text.source not in ("code", "document") else content


def _settings(content: str, places: tuple[str, ...], *, told: bool) -> Iterator[Wanted]:
    """An amount or a bound beside the word for what has it. `told`: in prose, which may speak of more than one thing."""
    lowered = content.lower()
    types = tuple(kind for word in joined(words(content)) for kind in KIND_OF.get(singular(word.said), ()))
    for name, form in _AMOUNTS.items():
        found = list(form.finditer(lowered))
        measured = amounts(words(found[0]["one"] or found[0]["other"])) if len(found) == 1 else ()
        if len(measured) == 1 and measured[0].values and _LOOSE.isdisjoint(lowered.split()):
            only = found[0]["one"] or found[0]["other"]
            sure = not told or bool(types)
            yield Wanted("amount", name, only, sure, found[0][0].strip(), measured[0], places, lowered, types)
    bounds = list(_BOUND.finditer(lowered))
    for bound in bounds if len(bounds) > 1 or not told else ():
        name = next(key for key in ("min", "max", "desired") if bound[1].startswith(key))
        yield Wanted("bound", name, bound["value"], sure=False, said=bound[0], places=places, context=lowered, types=types)


def _names_a_switch(sentence: Sentence) -> bool:
    content = sentence.content
    if sentence.text.source in ("code", "document") or sentence.quoted or "_" not in content or "|" in content or content.endswith("?"):
        return False
    return not any(word.said in _DOUBT or word.said in NEGATORS for word in words(content))


def _places(said: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.said for word in said if word.said in PLACES))


def _named(content: str, places: tuple[str, ...]) -> Iterator[Wanted]:
    types = (*_TYPE.findall(content), *(kind for word in joined(words(content)) for kind in KIND_OF.get(singular(word.said), ())))
    for found in (*_NAMED.finditer(content), *_TICKED.finditer(content)):
        value = found["value"].strip('"')
        measured = next(iter(amounts(words(value))), None) if value[0].isdigit() and not value.isdigit() else None
        yield Wanted("argument", found["name"], value, sure=True, said=found[0].strip(), amount=measured, places=places, types=types)
    for found in _SWITCHED.finditer(content):
        value = "true" if found["verb"].lower().startswith("enable") else "false"
        yield Wanted("argument", found["name"], value, sure=True, said=found[0], places=places, types=types)


def _sizes(content: str, places: tuple[str, ...]) -> Iterator[Wanted]:
    found = list(_SIZE.finditer(content))
    if len(found) == 2 and _ARROW.match(content[found[0].end() : found[1].start()]):
        yield Wanted("size", "", found[1]["size"], sure=True, said=content[found[0].start() : found[1].end()], places=places)
    elif len(found) == 1:
        sure = _REACHED.search(content[: found[0].start()]) is not None
        yield Wanted("size", "", found[0]["size"], sure=sure, said=found[0]["size"], places=places)


def _kept(content: str, said: tuple[Word, ...], places: tuple[str, ...]) -> Iterator[Wanted]:
    backed_up = _BACKED_UP.search(content) is not None
    if not backed_up and _KEPT.search(content) is None:
        return
    name = "backup" if backed_up else ""
    found = [item for item in amounts(said) if item.values and item.dimension == "time"]
    spoken = [word.said for word in said]
    if len(found) == 1:
        item = found[0]
        bare = [number for number in amounts(said) if not number.values]
        before = spoken[max(0, item.start - 3) : item.start]
        moved = "from" in before or ("to" in before and any(word.isdigit() for word in before))
        sure = not (_LOOSE & set(spoken)) and (moved or not bare)
        only = _words(said, item)
        yield Wanted("kept", name, only, sure=sure, said=only, amount=item, places=places, context=content.lower())
    elif len(found) == 2 and spoken[found[0].end : found[1].start] in _ARROWS:
        last = _words(said, found[1])
        yield Wanted("kept", name, last, sure=True, said=last, amount=found[1], places=places, context=content.lower())


def _words(said: tuple[Word, ...], item: Amount) -> str:
    return " ".join(word.said for word in said[item.start : item.end])


def _versions(content: str, places: tuple[str, ...]) -> Iterator[Wanted]:
    found = list(_VERSION.finditer(content))
    if len(found) != 1:
        return
    one = found[0]
    name = (one["provider"] and f"provider {one['provider'].lower()}") or next(key for key in _VERSIONED if one[key])
    reached = re.search(r"\bto\b|->|\u2192|\bis\b", one["between"]) is not None
    more = len(re.findall(r"\d+\.\d+", content)) > 2
    yield Wanted("version", name, one["version"], sure=reached and not more, said=one[0].strip(), places=places)


def _counts(sentence: Sentence, places: tuple[str, ...]) -> Iterator[Wanted]:
    content, source = sentence.content, sentence.text.source
    found = [(item, item["noun"].lower().rstrip("s").rpartition(" ")[2]) for item in _COUNT.finditer(content)]
    if sentence.text.block.startswith(_GENERAL) or len({noun for _, noun in found}) != len(found):
        return
    spoken = {word.said for word in words(content)}
    for item, noun in found:
        loose = _LOOSE - {"last", "most"} if noun == "image" else _LOOSE
        reached = content[: item.start()].lower().rstrip("`'\" ").endswith((" to", "->", "\u2192"))
        if not loose.isdisjoint(spoken) or (not reached and source != "code" and noun in ("instance", "worker")):
            continue  # instances and workers are of many kinds
        value = str(_NUMBERS.get(item["number"].lower(), item["number"]))
        sure = len(found) == 1 and (reached or source == "code")
        yield Wanted("count", noun, value, sure=sure, said=item[0], places=places, context=content.lower())


def says_nothing_else(content: str, wanted: Wanted, resource: Resource) -> bool:
    """Whether the words of a comment tell of this value of this block, and of no other thing."""
    own = listed(" ".join(_PARTS.findall(f"{resource.type} {resource.name}".lower())))
    others = {word.said for word in words(content) if not word.said.isdigit()} - set(wanted.said.lower().split())
    return others <= TIMED | own | (_COUNTED if wanted.topic == "count" or resource.type == LIFECYCLE else frozenset())
