"""What a text can speak of by where it stands: the block, the directory, or what the change makes or alters."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname

from bot.engine.claims.binding import lies_in
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Text
from bot.engine.model.resource import Resource
from bot.engine.model.value import plain

_MODES = ("managed", "module")


class Sight:
    """The blocks of the head, by where they are written."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._blocks: Mapping[tuple[str, str], list[Resource]] | None = None

    def of(self, text: Text, places: tuple[str, ...]) -> list[Resource]:
        """What is meant. `places`: words that its address, file or root has to have."""
        found = self._near(text)
        if not places:
            return found
        return [item for item in found if any(lies_in(item, (place,)) for place in places)]

    def is_set(self, resource: Resource, path: str) -> bool:
        """Whether the change itself sets the argument: a message that names another value tells of that."""
        key = (resource.root, resource.address)
        before = next((item for model in self._scene.base for item in model.resources if (item.root, item.address) == key), None)
        name = path.partition(".")[0].partition("[")[0].removeprefix("length(").removesuffix(")")
        now, was = resource.attributes.get(name), None if before is None else before.attributes.get(name)
        return was is None or now is None or plain(now) != plain(was)

    def _near(self, text: Text) -> list[Resource]:
        if text.source == "code":
            return self._by_block().get((text.path, text.block), []) if text.block else []
        every = (item for model in self._scene.head for item in model.resources if item.mode in _MODES or item.mode == "terraform")
        if text.source == "document":
            return [item for item in every if dirname(item.span.path) == dirname(text.path)]
        return [item for item in every if item.mode != "managed" or (item.root, item.address) in self._scene.touched]

    def _by_block(self) -> Mapping[tuple[str, str], list[Resource]]:
        if self._blocks is None:
            found: dict[tuple[str, str], list[Resource]] = {}
            for model in self._scene.head:
                for item in model.resources:
                    if item.mode in _MODES:
                        found.setdefault((item.span.path, _block(item)), []).append(item)
            self._blocks = found
        return self._blocks


def _block(resource: Resource) -> str:
    return f"module.{resource.name}" if resource.mode == "module" else f"{resource.type}.{resource.name}"
