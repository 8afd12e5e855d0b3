"""What public modules make of their inputs, so that a call of one that is not in the tree can be judged by what it says.

Not the modules themselves: of each only the arguments that policy looks at, in a short form of our own that is evaluated like any
module, and of them only what depends on inputs and defaults. Inputs and defaults were read in the modules' repositories, at the
last release of each major version up to the one that is named, on 29 November 2026. What is not told here stays not known.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.resource import Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.pattern import Pattern

PREFIX = "published:"  # of the paths of these forms, which are in no tree
UNTOLD = "the module is not in the tree, and what it does here is not in the table of public modules"
OWNERS = {"terraform-aws-modules": "aws", "terraform-google-modules": "google", "Azure": "azurerm"}  # with the provider of their modules
_OWNER = f"(?P<owner>{'|'.join(OWNERS)})"
_REGISTRY = Pattern(rf"(?:registry\.terraform\.io/)?{_OWNER}/(?P<name>[\w-]+)/(?P<provider>\w+)(?://(?P<part>.+))?")
_REPOSITORY = Pattern(
    rf"(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]{_OWNER}/terraform-(?P<provider>[a-z]+)-(?P<name>[\w-]+?)(?:\.git)?"
    r"(?://(?P<part>[^?]+))?(?:\?(?P<query>.*))?"
)
_REVISION = Pattern(r"(?:^|&)ref=v?(\d{1,9})\.(\d{1,9})(?!\d)")
_CLAUSE = Pattern(r"\s*(~>|<=|<|>=|>|!=|=)?\s*v?(\d{1,9})(?!\d)(?:\.(\d{1,9})(?!\d))?(\.\d+)?")
NEWEST = 9999  # of the minor versions, where the call leaves it open


@cache
def forms() -> dict[str, tuple[int, int, str]]:
    """Module (with the provider before it, unless that is AWS) → the first and the newest major version of its form, and the form."""
    from bot.engine.iac.terraform.published.azure import AZURE  # noqa: PLC0415 - most changes call none of these modules
    from bot.engine.iac.terraform.published.computing import COMPUTING  # noqa: PLC0415
    from bot.engine.iac.terraform.published.data import DATA  # noqa: PLC0415
    from bot.engine.iac.terraform.published.google import GOOGLE  # noqa: PLC0415
    from bot.engine.iac.terraform.published.google_computing import GOOGLE_COMPUTING  # noqa: PLC0415
    from bot.engine.iac.terraform.published.network import NETWORK  # noqa: PLC0415
    from bot.engine.iac.terraform.published.services import SERVICES  # noqa: PLC0415

    return {**COMPUTING, **DATA, **NETWORK, **SERVICES, **GOOGLE, **GOOGLE_COMPUTING, **AZURE}


class Form(Struct, frozen=True):
    """`path` stands for the file that is not in the tree; `part`: which of the module's parts is called."""

    path: str
    text: bytes
    major: int
    minor: int
    part: str


def form_of(source: str, version: str | None) -> Form | None:
    """The form of a called module; None when there is none for this module, or not for this version."""
    found = _REGISTRY.fullmatch(source) or _REPOSITORY.fullmatch(source)
    if found is None or OWNERS[found["owner"]] != found["provider"]:
        return None
    name, part = found["name"] if found["provider"] == "aws" else f"{found['provider']}/{found['name']}", found["part"] or ""
    key, part = (f"{name}//{part}", "") if f"{name}//{part}" in forms() else (name, part.removeprefix("modules/"))
    known = forms().get(key)
    if known is None or (part and key not in WITH_PARTS):
        return None
    first, newest, text = known
    release = _release(version or "", newest) if "query" not in found.groupdict() else _tagged(found["query"] or "", newest)
    if release is None or not first <= release[0] <= newest:
        return None
    return Form(f"{PREFIX}{found['owner']}/{key}.tf", text.encode(), *release, part)


WITH_PARTS = frozenset({"security-group"})


def _tagged(query: str, newest: int) -> tuple[int, int] | None:
    """By a tag that is a version; a branch is taken for the newest."""
    tag = _REVISION.search(query)
    return (int(tag[1]), int(tag[2])) if tag else (newest, NEWEST) if "ref=" not in query else None


def _release(constraint: str, newest: int) -> tuple[int, int] | None:
    """The newest major and minor version that the constraint allows, as far as there is a form for it."""
    upper = (newest, NEWEST)
    for clause in filter(None, map(_CLAUSE.match, constraint.split(","))):
        operator, number, minor = clause[1] or "=", int(clause[2]), int(clause[3] or 0)
        if operator == "=" or (operator == "~>" and clause[4]):
            return number, minor
        if operator == "~>":
            return number, NEWEST
        if operator == "<=" or (operator == "<" and minor):
            upper = min(upper, (number, minor if operator == "<=" else minor - 1))
        elif operator == "<":
            upper = min(upper, (number - 1, NEWEST))
        elif operator in (">", ">=") and number > newest:
            return None
    return upper


def in_the_tree(resource: Resource, call: Span) -> Resource:
    """The same resource with every place that is in no tree replaced by the nearest that is, at the last the call itself."""
    exists = None if resource.exists is None else _placed(resource.exists, call)
    return replace(
        resource,
        span=call,
        attributes={name: _moved(value, call) for name, value in resource.attributes.items()},
        exists=exists if isinstance(exists, Unknown) else None,
        incomplete=Unknown("module-source", "", call, detail=UNTOLD),
    )


def _moved(value: Value, call: Span) -> Value:
    placed = _placed(value, call)
    if isinstance(placed, Known) and isinstance(placed.raw, tuple):
        placed = replace(placed, raw=tuple([_moved(item, call) for item in placed.raw]))
    elif isinstance(placed, Known) and isinstance(placed.raw, dict):
        placed = replace(placed, raw={name: _moved(item, call) for name, item in placed.raw.items()})
    if isinstance(placed, Null) or placed.structure is None:
        return placed
    return replace(placed, structure=_moved(placed.structure, call))


def _placed(value: Value, call: Span) -> Value:
    outside = tuple([span for span in value.origin if not span.path.startswith(PREFIX)])
    if not value.span.path.startswith(PREFIX):
        return value if len(outside) == len(value.origin) else replace(value, origin=outside)
    return replace(value, span=outside[0] if outside else call, origin=outside[1:])
