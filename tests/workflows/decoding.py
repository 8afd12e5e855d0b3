"""Many threads that decode the same classes for the first time: `python -m tests.workflows.decoding [learn]`."""

from __future__ import annotations

import sys
import threading

from bot.cli import prepared, resources
from bot.engine.policy import load_policy
from bot.engine.policy.compiled import pack, unpack
from bot.workflows import shapes

THREADS = 32


def main(*words: str) -> None:
    data = prepared.policy() or pack(load_policy(resources.rules()))
    if words:
        shapes.learn()
    sys.setswitchinterval(1e-6)
    begin = threading.Barrier(THREADS)

    def decode() -> None:
        begin.wait()
        assert unpack(data) is not None

    threads = [threading.Thread(target=decode) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
