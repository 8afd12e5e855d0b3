"""What the supervisor runs by name: functions of bytes to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct, ValidationError, msgpack
from msgspec.structs import replace

from bot.confine import preload, tables
from bot.engine.pattern import compile_all

if TYPE_CHECKING:
    from bot.engine.model.snapshot import Snapshot


def evaluate(payload: bytes) -> bytes:
    """An encoded `Snapshot` in, its encoded `Verdict` out."""
    from bot.engine.evaluation import evaluate as decide  # noqa: PLC0415 - loaded by `prepare` in the process that evaluates

    return msgpack.encode(decide(_snapshot(payload), tables.facts()))


def needs(payload: bytes) -> bytes:
    """An encoded `Snapshot` in, the object ids of the blobs it lacks out."""
    from bot.engine.evaluation import needs as wanted  # noqa: PLC0415

    return msgpack.encode(wanted(_snapshot(payload)))


class Given(Struct, frozen=True):
    """What was uploaded as the plan of `root`; `path`: its name for the reader."""

    data: bytes
    path: str
    root: str


class PlanRead(Struct, frozen=True):
    """The plan without what it hides, encoded; or why it is none, in words about the file."""

    plan: bytes = b""
    detail: str = ""


def plan(payload: bytes) -> bytes:
    """An encoded `Given` in, an encoded `PlanRead` out."""
    from bot.engine.documents import NotReadable  # noqa: PLC0415
    from bot.engine.iac.terraform.plan import read_plan  # noqa: PLC0415

    given = msgpack.decode(payload, type=Given)
    try:
        return msgpack.encode(PlanRead(msgpack.encode(read_plan(given.data, given.path, given.root))))
    except NotReadable as error:
        return msgpack.encode(PlanRead(detail=error.detail))


class Answer(Struct, frozen=True):
    """`missing`: the object ids of the blobs that a snapshot lacks. `verdict`: encoded, where it lacks none."""

    missing: tuple[str, ...] = ()
    verdict: bytes = b""


def answer(payload: bytes) -> bytes:
    """An encoded `Snapshot` in, an encoded `Answer` out: what lacks nothing is judged in the child that found so."""
    from bot.engine.evaluation import evaluate as decide  # noqa: PLC0415
    from bot.engine.evaluation import needs as wanted  # noqa: PLC0415

    snapshot = _snapshot(payload)
    missing = wanted(snapshot)
    return msgpack.encode(Answer(missing) if missing else Answer((), msgpack.encode(decide(snapshot, tables.facts()))))


class Trying(Struct, frozen=True):
    """A change as it was judged, under what governs it, an encoded `Snapshot`; and our own files as another change wants them, an encoded
    `Proposal`, for which nobody vouches."""

    snapshot: bytes
    proposal: bytes


def tried(payload: bytes) -> bytes:
    """An encoded `Trying` in, an encoded `Tried` out, or an encoded None where what is proposed is not valid."""
    from bot.engine import trial  # noqa: PLC0415 - loaded by `prepare`
    from bot.engine.model.snapshot import Snapshot  # noqa: PLC0415

    given = msgpack.decode(payload, type=Trying)
    snapshot, proposal = msgpack.decode(given.snapshot, type=Snapshot), msgpack.decode(given.proposal, type=trial.Proposal)
    return msgpack.encode(trial.tried(snapshot, proposal, tables.facts()))


def prepare() -> None:
    """Loads what the functions need, once, before any child is forked."""
    preload.load()
    import_module("bot.engine.trial")
    compile_all()
    tables.facts()


class Brought(Struct, frozen=True):
    """What comes with an installation: the rule files by path, and what was made of them."""

    rules: dict[str, bytes]
    compiled: bytes = b""


class Lean(Struct, frozen=True, array_like=True):
    """An encoded `Snapshot` whose policy is the rules of `brought` (their digest) and what it names itself: those are half a megabyte,
    and stand in every child already."""

    snapshot: bytes
    brought: str


def digest(rules: Mapping[str, bytes]) -> str:
    """By which both sides know that they mean the same rules."""
    return sha256(msgpack.encode(list(rules.items()))).hexdigest()


_brought: dict[str, dict[str, bytes]] = {}


def _snapshot(payload: bytes) -> Snapshot:
    """An encoded `Snapshot`, or an encoded `Lean`. Raises KeyError for other rules than were brought."""
    from bot.engine.model.snapshot import Snapshot  # noqa: PLC0415

    try:
        lean = msgpack.decode(payload, type=Lean)
    except ValidationError:
        return msgpack.decode(payload, type=Snapshot)
    snapshot = msgpack.decode(lean.snapshot, type=Snapshot)
    return replace(snapshot, policy=_brought[lean.brought] | snapshot.policy)


def supply(payload: bytes) -> None:
    """An encoded `Brought`: its rules are read, and tried on resources of ours, once for all children instead of in each."""
    from bot.engine.model.snapshot import Entry, Snapshot, Tree  # noqa: PLC0415
    from bot.engine.policy import load_policy  # noqa: PLC0415

    brought = msgpack.decode(payload, type=Brought)
    _brought[digest(brought.rules)] = brought.rules
    policy = load_policy(brought.rules, compiled=brought.compiled)
    types = sorted(kind for language, kind in policy.by_type if language == "terraform")
    sample = "".join(f'resource "{kind}" "a" {{\n}}\n' for kind in types).encode()
    head = Tree("", {"main.tf": Entry("sample")})
    snapshot = Snapshot(Tree("", {}), head, {}, brought.rules, datetime(2000, 1, 1, tzinfo=UTC), configuration=b"level: enforce\n")
    needs(msgpack.encode(snapshot))
    evaluate(msgpack.encode(replace(snapshot, blobs={"sample": sample})))


FUNCTIONS: Mapping[str, Callable[[bytes], bytes]] = {"answer": answer, "evaluate": evaluate, "needs": needs, "plan": plan, "tried": tried}
