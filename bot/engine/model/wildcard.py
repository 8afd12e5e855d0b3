"""Names with `*` and `?`, as IAM policies use them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

RUN = "\x02"  # in the first pattern of `meet`: any run without a colon, as the fields of an ARN are
STARS = frozenset({"*", RUN})


def covers(glob: str, name: str) -> bool:
    """Whether `glob` stands for every name that `name`, which may be a glob itself, stands for. Linear but for one way back."""
    at = back = 0
    star = -1
    place = 0
    while place < len(name):
        if at < len(glob) and glob[at] == "*":
            star, back, at = at, place, at + 1
        elif at < len(glob) and (glob[at] == name[place] or (glob[at] == "?" and name[place] != "*")):
            at, place = at + 1, place + 1
        elif star >= 0:
            back, at = back + 1, star + 1
            place = back
        else:
            return False
    return all(letter == "*" for letter in glob[at:])


def meet(one: str, other: str) -> bool:
    """Whether some name fits both globs. Costs the product of their lengths."""
    reached = _past_stars(one, {0})  # places in `one` at which it may stand after what was read of `other`
    for letter in other:
        if letter == "*":
            reached = set(range(min(reached, default=len(one) + 1), len(one) + 1))
        else:
            reached = _past_stars(one, {place + (one[place] not in STARS) for place in reached if _takes(one, place, letter)})
    return len(one) in reached


def _takes(glob: str, place: int, letter: str) -> bool:
    return place < len(glob) and (glob[place] in {letter, "*", "?"} or letter == "?" or (glob[place] == RUN and letter != ":"))


def _past_stars(glob: str, places: set[int]) -> set[int]:
    """The places, and those behind stars that stand for nothing."""
    found = set(places)
    for place in places:
        at = place
        while at < len(glob) and glob[at] in STARS:
            at += 1
            found.add(at)
    return found
