"""The finders by name. Each is loaded when a text is there in which it may hear something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated

Find: TypeAlias = Callable[[Sequence[Sentence], Scene], Iterable[Stated]]
# ruff: noqa: PLC0415 - all of them together take longer to load than an ordinary change to evaluate


def _properties(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.properties import properties

    return properties(spoken, scene)


def _values(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.values import values

    return values(spoken, scene)


def _altered(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.altered import altered

    return altered(spoken, scene)


def _arguments(spoken: Sequence[Sentence], _: Scene) -> Iterable[Stated]:
    from bot.engine.claims.arguments import arguments

    return arguments(spoken)


def _bounded(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.bounded import bounded

    return bounded(spoken, scene)


def _defaults(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.defaults import defaults

    return defaults(spoken, scene)


def _narrowed(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.narrowed import narrowed

    return narrowed(spoken, scene)


def _assumed_by(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.assumed_by import assumed_by

    return assumed_by(spoken, scene)


def _sources(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.sources import sources

    return sources(spoken, scene)


def _placed(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.placed import placed

    return placed(spoken, scene)


def _lifecycle(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.lifecycle import lifecycle

    return lifecycle(spoken, scene)


def _referred(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.referred import referred

    return referred(spoken, scene)


def _conditional(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.conditional import conditional

    return conditional(spoken, scene)


def _tagged(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.tagged import tagged

    return tagged(spoken, scene)


def _costs(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.costs import costs

    return costs(spoken, scene)


def _compatible(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.compatible import compatible

    return compatible(spoken, scene)


def _unchanged(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.unchanged import unchanged

    return unchanged(spoken, scene)


def _citations(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.citations.cited import cited

    return cited(spoken, scene)


def _own(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.citations.own import own_citations

    return own_citations(spoken, scene.catalogue)


def _authority(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.authority import rested

    return rested(spoken, scene)


def _instruction(spoken: Sequence[Sentence], scene: Scene) -> Iterable[Stated]:
    from bot.engine.claims.instruction import instructed

    return instructed(spoken, scene)


# Finder → what has to be loaded for it where nothing can be loaded any more.
MODULES: Mapping[str, str] = {
    "citations": "bot.engine.claims.citations.cited",
    "own": "bot.engine.claims.citations.own",
    **{
        name: f"bot.engine.claims.{name}"
        for name in (
            *(
                "properties",
                "altered",
                "values",
                "arguments",
                "bounded",
                "defaults",
                "narrowed",
                "assumed_by",
                "sources",
                "placed",
                "lifecycle",
                "referred",
                "conditional",
                "tagged",
                "costs",
                "compatible",
                "unchanged",
            ),
            *("authority", "instruction"),
        )
    },
}
FINDERS: Mapping[str, Find] = {
    "properties": _properties,
    "altered": _altered,
    "values": _values,
    "arguments": _arguments,
    "bounded": _bounded,
    "defaults": _defaults,
    "narrowed": _narrowed,
    "assumed_by": _assumed_by,
    "sources": _sources,
    "placed": _placed,
    "lifecycle": _lifecycle,
    "referred": _referred,
    "conditional": _conditional,
    "tagged": _tagged,
    "costs": _costs,
    "compatible": _compatible,
    "unchanged": _unchanged,
    "citations": _citations,
    "own": _own,
    "authority": _authority,
    "instruction": _instruction,
}
