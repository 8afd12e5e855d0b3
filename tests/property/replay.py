"""Evaluates stored snapshots in a process of its own: frames on standard input, frames on standard output."""

from __future__ import annotations

import sys

import msgspec

from bot.engine.evaluation import evaluate
from bot.engine.model.snapshot import Snapshot


def replay(stored: bytes, form: str) -> list[bytes]:
    """The encoded verdicts of a list of encoded snapshots, `form` being msgpack or json."""
    decode = msgspec.msgpack.decode if form == "msgpack" else msgspec.json.decode
    return [msgspec.json.encode(evaluate(item)) for item in decode(stored, type=list[Snapshot])]


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.msgpack.encode(replay(sys.stdin.buffer.read(), sys.argv[1])))
