"""Caches that forget what was not used for longest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, Protocol, TypeVar

K = TypeVar("K")
V = TypeVar("V")
Asked_contra = TypeVar("Asked_contra", contravariant=True)


class Kept(Protocol[Asked_contra, V]):
    """What is kept until it is forgotten."""

    def get(self, key: Asked_contra) -> V | None: ...

    def put(self, key: Asked_contra, value: V) -> None: ...


class Bounded(Generic[K, V]):
    """Keeps what was used last, as long as the weights stay within `limit`. Safe to share between threads."""

    def __init__(self, limit: int, weight: Callable[[V], int] = lambda _: 1) -> None:
        self._limit, self._weight, self._held = limit, weight, 0
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Kept unless it is heavier than all that may be kept."""
        weight = self._weight(value)
        if weight > self._limit:
            return
        with self._lock:
            if key in self._kept:
                self._held -= self._weight(self._kept.pop(key))
            self._kept[key] = value
            self._held += weight
            while self._held > self._limit:
                self._held -= self._weight(self._kept.popitem(last=False)[1])


class Own(Generic[K, V]):
    """The part of a cache whose keys begin with one owner's number."""

    def __init__(self, whole: Bounded[tuple[int, K], V], owner: int) -> None:
        self._whole, self._owner = whole, owner

    def get(self, key: K) -> V | None:
        return self._whole.get((self._owner, key))

    def put(self, key: K, value: V) -> None:
        self._whole.put((self._owner, key), value)
