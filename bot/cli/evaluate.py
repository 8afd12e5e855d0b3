"""A snapshot → verdict, in a confined child; what goes wrong there is a verdict as well."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from bot.engine.model.result import Result
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.verdict import Coverage, Verdict
from bot.local.source import Source, complete
from bot.report.phrases import Phrases


class Scanned(msgspec.Struct, frozen=True):
    """What a scan found. `failure`: why there is no answer."""

    results: tuple[Result, ...]
    coverage: Coverage
    failure: str = ""


def review(snapshot: Snapshot, source: Source, phrases: Phrases) -> Verdict:
    """The verdict on a snapshot, blobs fetched as the core asks for them. Raises `PolicyError`."""
    from bot.engine import evaluation
    from bot.engine.model.value import Plain  # noqa: F401

    whole = complete(snapshot, source, evaluation.needs)
    data, failure = _confined(lambda: msgspec.msgpack.encode(evaluation.evaluate(whole)), snapshot, phrases)
    return failed(failure) if data is None else msgspec.msgpack.decode(data, type=Verdict)


def scan(snapshot: Snapshot, source: Source, phrases: Phrases, *, standalone: bool, include_pass: bool) -> Scanned:
    """Every result of the head tree. Raises `PolicyError`."""
    from bot.engine import evaluation

    whole = complete(snapshot, source, evaluation.needs)

    def task() -> bytes:
        return msgspec.msgpack.encode(evaluation.scan(whole, standalone=standalone, include_pass=include_pass))

    data, failure = _confined(task, snapshot, phrases)
    if data is None:
        return Scanned((), Coverage(), failure)
    return Scanned(*msgspec.msgpack.decode(data, type=tuple[tuple[Result, ...], Coverage]))


def failed(reason: str) -> Verdict:
    """The verdict when there is none: it says so, and it is a failure."""
    return Verdict("own-failure", "failure", (), Coverage(), notices=(reason,))


def _confined(task: Callable[[], bytes], snapshot: Snapshot, phrases: Phrases) -> tuple[bytes | None, str]:
    from bot import confine

    _check_policy(snapshot)
    try:
        return confine.run(task, confine.Limits()), ""
    except confine.Died as death:
        reason = phrases.say(f"died.{death.reason}")
        return None, f"{reason} ({death.detail})" if death.detail else reason


def _check_policy(snapshot: Snapshot) -> None:
    """Configuration and waivers that are not valid are said before anything is evaluated."""
    from bot.engine.policy import load_waivers

    if snapshot.waivers:
        load_waivers(snapshot.waivers, snapshot.waivers_path)
