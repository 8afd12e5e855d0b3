"""That a change is backward compatible, held against the interface of the modules in the tree.

Who calls a module has to change its call where a variable that it may set goes, where one without a default comes, and where an output
goes. That a change is compatible is never confirmed: what a resource does in use is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname

from bot.engine.claims.plain import plainly
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.words import listed
from bot.engine.model.match import Change
from bot.engine.model.resource import Model, Resource
from bot.engine.pattern import Pattern

MOST_WORDS = 30
_COMPATIBILITY = r"backwards?[- ]compatibility"
_SAID = Pattern(
    r"\b(?:(?:fully |100 ?% |completely )?backwards?[- ]compatible"
    rf"|(?:maintain|keep|preserve|ensure|retain)(?:s|ing)? (?:full |complete )?{_COMPATIBILITY}|(?:full|complete) {_COMPATIBILITY}"
    rf"|{_COMPATIBILITY} (?:is )?(?:maintained|preserved|kept|retained)|no breaking changes?)\b"
)
_ALLOWED = listed("existing no none default defaults all while before")
_DENIED = Pattern(r"\b(?:not|never|nor|isn't|doesn't|loses?|drops?|removes?|restores?|improves?|for)\b.{0,30}backward")
_PARTLY = Pattern(r"\b(?:for|of|with) (?:the )?(?:api|endpoint|script|workflow|test|doc|config file|ui|cli)")


def compatible(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of the whole change, and what a caller has to change."""
    said = [sentence for sentence in spoken if is_compatible(sentence)]
    said = [sentence for sentence in said if sentence.text.source != "commit" or scene.commits == 1]
    if not said or not scene.base:
        return
    found = _broken(scene)
    if found is None:
        return
    key, item = found
    for sentence in said:
        fields: dict[str, str | int] = {"name": item.name, "where": f"{item.span.path}:{item.span.line}"}
        yield Stated(
            sentence,
            "property",
            "contradicted",
            sentence.content,
            resource=f"{'var' if item.mode == 'variable' else 'output'}.{item.name}",
            key=f"property.{key}",
            fields=fields,
            change=Change("", None, None),
            at=item.span,
        )


def is_compatible(sentence: Sentence) -> bool:
    """Whether a title, body or message says that nobody who uses the change has to alter anything."""
    lowered = sentence.content.lower()
    if sentence.text.source not in ("title", "body", "commit") or _SAID.search(lowered) is None:
        return False
    if _PARTLY.search(lowered) or _DENIED.search(lowered):
        return False
    return bool(plainly(sentence, MOST_WORDS, allowed=_ALLOWED))


def _broken(scene: Scene) -> tuple[str, Resource] | None:
    """What of a module's interface is gone or asked for anew, in the order of places."""
    before, after = _interfaces(scene.base), _interfaces(scene.head)
    found: list[tuple[str, Resource]] = []
    for key, item in after.items():
        if item.mode == "variable" and key not in before and "default" not in item.attributes and _stood(before, key[0]):
            found.append(("asked-for", item))
    for key, item in before.items():
        if key not in after and _stood(after, key[0]):
            found.append(("variable-gone" if item.mode == "variable" else "output-gone", item))
    return min(found, key=lambda one: (one[1].span.path, one[1].span.line, one[0]), default=None)


def _stood(interfaces: dict[tuple[str, str, str], Resource], directory: str) -> bool:
    return any(key[0] == directory for key in interfaces)


def _interfaces(models: Iterable[Model]) -> dict[tuple[str, str, str], Resource]:
    """Directory, mode and name of every variable and output of a root that is a module for others: it configures no provider or backend."""
    found: dict[tuple[str, str, str], Resource] = {}
    for model in models:
        if any(item.mode == "provider" or (item.mode == "terraform" and "backend" in item.attributes) for item in model.resources):
            continue
        for item in model.resources:
            if item.mode in ("variable", "output") and dirname(item.span.path) == model.root.strip("/."):
                found[dirname(item.span.path), item.mode, item.name] = item
    return found
