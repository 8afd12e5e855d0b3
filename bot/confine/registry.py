"""What the supervisor runs by name: functions of bytes to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import msgpack

from bot.confine import preload, tables


def evaluate(payload: bytes) -> bytes:
    """An encoded `Snapshot` in, its encoded `Verdict` out."""
    from bot.engine.evaluation import evaluate as decide  # noqa: PLC0415 - loaded by `prepare` in the process that evaluates
    from bot.engine.model.snapshot import Snapshot  # noqa: PLC0415

    return msgpack.encode(decide(msgpack.decode(payload, type=Snapshot), tables.facts()))


def needs(payload: bytes) -> bytes:
    """An encoded `Snapshot` in, the object ids of the blobs it lacks out."""
    from bot.engine.evaluation import needs as wanted  # noqa: PLC0415
    from bot.engine.model.snapshot import Snapshot  # noqa: PLC0415

    return msgpack.encode(wanted(msgpack.decode(payload, type=Snapshot)))


def prepare() -> None:
    """Loads what the functions need, once, before any child is forked."""
    preload.load()
    tables.facts()


FUNCTIONS: Mapping[str, Callable[[bytes], bytes]] = {"evaluate": evaluate, "needs": needs}
