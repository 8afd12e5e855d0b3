"""A registry for the supervisor's tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def prepare() -> None:
    """Nothing to load."""


def echo(payload: bytes) -> bytes:
    return payload


def read(payload: bytes) -> bytes:
    return Path(payload.decode()).read_bytes()


def loop(payload: bytes) -> bytes:
    while payload:
        pass
    return payload


def sleep(payload: bytes) -> bytes:
    time.sleep(float(payload))
    return b"awake"


def environment(payload: bytes) -> bytes:
    return payload + repr(dict(os.environ)).encode()


def whereabouts(payload: bytes) -> bytes:
    return payload + __file__.encode()


_supplied: list[bytes] = []


def supply(payload: bytes) -> None:
    if payload == b"unusable":
        raise ValueError(payload)
    _supplied.append(payload)


def supplied(payload: bytes) -> bytes:
    return payload + b",".join(_supplied)


FUNCTIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "echo": echo,
    "environment": environment,
    "whereabouts": whereabouts,
    "loop": loop,
    "read": read,
    "sleep": sleep,
    "supplied": supplied,
}
