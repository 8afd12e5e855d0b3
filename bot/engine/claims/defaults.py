"""What a description or a table of inputs says the default of a variable is, and what it is.

Only a literal counts on either side. A default that is null says nothing: what is used then is decided where the variable is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import dirname

from msgspec.structs import replace

from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Value
from bot.engine.pattern import Pattern

_LITERAL = r"`?(?P<value>\"[^\"\\\n`]{0,80}\"|'[^'\\\n`]{0,80}'|true|false|-?\d+(?:\.\d+)?)`?"
_SAID = Pattern(
    r"(?:^|[\s(.,;\[])[Dd]efaults?(?:\s+value)?\s*(?:is|to|=|:|is\s+set\s+to)\s*(?:set\s+to\s+)?" + _LITERAL + r"(?P<rest>[^\n]{0,12})"
)
_PLAIN = frozenset('"\\\n`')  # what is written in more than one way
_ENDED = Pattern(r"\s*(?:$|[.;)\]](?!\d)|,(?!\d))")
_UNSURE = Pattern(
    r"\b(if|when|unless|for|in|on|except|otherwise|per|was|were|old|before|until|aws|provider|azure|google|service|api)\b", re.IGNORECASE
)
# A row as terraform-docs writes it: name, description, type, default, whether it is required.
_NAME = r"\|\s*(?:<a name=\"input\\?_[\w\\-]+\"></a>\s*)?\[?(?P<name>[\w\\-]+)\]?(?:\(#input\\?_[^)]*\))?\s*\|"
_ROW = Pattern(_NAME + r".*\|\s*`(?:bool|number|string)`\s*\|\s*`(?P<value>[^`|\\]{1,80})`\s*\|\s*no\s*\|\s*")
# An item of a list: `name` - what it is (default `30`)
_LISTED = Pattern(rf"`(?P<name>[a-z]\w+)`[^`]{{0,200}}?[(,;.]\s*[Dd]efaults?(?: to| is|:)?\s*{_LITERAL}(?P<after>[^`]{{0,60}})")


# A name with its default in brackets, in running text: `enable_flow_logs` (default `false`; …)
_TOLD = Pattern(
    rf"(?<![\w.-])`?(?:var\.)?(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)`?[^`()]{{0,40}}"
    rf"\((?:bool|string|number)?,? ?[Dd]efaults?(?: to| is|:|=)? {_LITERAL}"
    r"(?=[);,])"
)


def defaults(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of the default of a variable that is in sight."""
    variables: Mapping[tuple[str, str], Resource] | None = None
    for sentence in spoken:
        found = reading(sentence)
        if found is None:
            continue
        if variables is None:
            variables = {
                (dirname(item.span.path), item.name): item for model in scene.head for item in model.resources if item.mode == "variable"
            }
        name, said, sure = found
        variable = variables.get((dirname(sentence.text.path), name)) if sentence.text.path else _alone(name, variables)
        default = None if variable is None else variable.attributes.get("default")
        holds = _holds(said, default)
        if variable is not None and isinstance(default, Known) and (sure[holds] if holds is not None else False):
            yield _stated(sentence, variable, default, said, holds=bool(holds))


def _alone(name: str, variables: Mapping[tuple[str, str], Resource]) -> Resource | None:
    """The variable of the name, where there is one of it in the whole tree: a message names no directory."""
    found = [item for (_, own), item in variables.items() if own == name]
    return found[0] if len(found) == 1 else None


def reading(sentence: Sentence) -> tuple[str, str, tuple[bool, bool]] | None:
    """The variable, the literal, and whether it is worth saying that it is another, or that it is so.

    A table of inputs says hundreds of things that are so. An amount with a unit may be counted in another way.
    """
    text = sentence.text
    if text.source == "document" and (listed := _LISTED.fullmatch(sentence.content)) is not None and not sentence.quoted:
        unsure = sentence.content.lower().count("default") != 1 or _UNSURE.search(listed["after"])
        return None if unsure else (listed["name"], listed["value"], (True, True))
    if text.source != "code" and not sentence.quoted and (told := _TOLD.search(sentence.content)) is not None:
        is_one = sentence.content.lower().count("default") == 1 and not sentence.content.startswith("|")
        return (told["name"], told["value"], (text.source != "commit", True)) if is_one else None
    if text.source == "document" and sentence.content.startswith("|"):
        row = _ROW.fullmatch(sentence.content + " ")
        return None if row is None or row["value"] in {"null", "n/a"} else (row["name"].replace("\\", ""), row["value"], (True, False))
    if text.source != "code" or not text.block.startswith("var.") or "efault" not in sentence.content or sentence.quoted:
        return None
    said = list(_SAID.finditer(sentence.content))
    if len(said) != 1 or sentence.content.lower().count("default") != 1 or _UNSURE.search(sentence.content):
        return None
    return text.block.partition(".")[2], said[0]["value"], (bool(_ENDED.match(said[0]["rest"])), True)


def _holds(said: str, default: Value | None) -> bool | None:
    """Whether the literal is the default; None where the two cannot be compared."""
    if not isinstance(default, Known) or isinstance(default.raw, tuple | dict) or default.sensitive:
        return None
    if isinstance(default.raw, str) and not _PLAIN.isdisjoint(default.raw):
        return None
    bare = said[1:-1] if said[:1] in "\"'" and said[:1] == said[-1:] else said
    if isinstance(default.raw, bool) or bare in {"true", "false"}:
        own = str(default.raw).lower()
        return own == bare if own in {"true", "false"} and bare in {"true", "false"} else None
    if isinstance(default.raw, int | float):
        return float(bare) == default.raw if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", bare) else None
    return bare == default.raw if bare != said or re.fullmatch(r"-?\d+(\.\d+)?", str(default.raw)) else None


def _stated(sentence: Sentence, variable: Resource, default: Known, said: str, *, holds: bool) -> Stated:
    if sentence.content.startswith("|"):
        sentence = replace(sentence, content=f"{variable.name} | `{said}`")
    shown = f'"{default.raw}"' if isinstance(default.raw, str) else str(default.raw).lower()
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        said,
        f"default = {shown} ({default.span.path}:{default.span.line})",
        f"var.{variable.name}",
        change=Change("default", default, default),
        at=default.span,
    )
