"""The organisation's own catalogue: its policies by identifier, what was approved under them, and the limits that they set."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.span import NOWHERE, Span
from bot.engine.pattern import Pattern
from bot.engine.policy.configuration import MAX_BYTES
from bot.engine.policy.problem import ConfigurationError, Problem
from bot.engine.policy.reading import Reader

_NUMBER = Pattern(r"[-_.]?\d+[A-Za-z]?$")


class Approval(Struct, frozen=True):
    """What somebody approved. `by`: who, as a text may name them. `until`: the last day on which it holds (UTC); None: always."""

    by: str
    what: str
    ref: str = ""
    until: date | None = None

    def valid(self, now: datetime) -> bool:
        """Whether it still holds at this time (aware)."""
        return self.until is None or now.astimezone(UTC).date() <= self.until


class Limit(Struct, frozen=True):
    """`value`: as it is written, with its unit."""

    of: str
    value: str


class OwnPolicy(Struct, frozen=True):
    """One policy. `id`: as texts cite it (`SEC-LOG-007`)."""

    id: str
    title: str
    url: str = ""
    approvals: tuple[Approval, ...] = ()
    limits: tuple[Limit, ...] = ()
    span: Span = NOWHERE

    @property
    def ref(self) -> str:
        """Where it stands."""
        return f"{self.span.path}:{self.span.line}"


class Catalogue(Struct, frozen=True):
    """`complete`: prefixes of which every identifier is listed, so that another one does not exist."""

    policies: tuple[OwnPolicy, ...] = ()
    complete: tuple[str, ...] = ()

    def policy(self, identifier: str) -> OwnPolicy | None:
        """The policy of an identifier, whatever its case."""
        return next((policy for policy in self.policies if policy.id.upper() == identifier.upper()), None)

    @property
    def prefixes(self) -> frozenset[str]:
        """What identifiers of the organisation begin with, in capitals: `SEC-LOG` of `SEC-LOG-007`."""
        found = (_NUMBER.sub("", policy.id.upper()) for policy in self.policies)
        return frozenset(prefix for prefix in (*found, *(prefix.upper().rstrip("-_.") for prefix in self.complete)) if prefix)

    def is_complete(self, identifier: str) -> bool:
        """Whether all identifiers with its prefix are listed."""
        prefix = _NUMBER.sub("", identifier.upper())
        return any(prefix == listed.upper().rstrip("-_.") for listed in self.complete)


NO_CATALOGUE = Catalogue()


def load_policies(data: bytes, path: str) -> Catalogue:
    """The catalogue of a file; empty bytes are none. Raises `ConfigurationError` with every problem."""
    return _loaded(data, path)


@lru_cache(maxsize=32)
def _loaded(data: bytes, path: str) -> Catalogue:
    if not data.strip():
        return NO_CATALOGUE
    from bot.engine.policy.forms import Reading  # noqa: PLC0415 - without a file there is nothing to read
    from bot.engine.policy.keys import POLICIES  # noqa: PLC0415

    reader = Reader(columns=False)
    reading = Reading(reader)
    node = reader.document(data, path, MAX_BYTES)
    found = reading.read(POLICIES, node, "$") if node is not None else {}
    if reader.problems:
        raise ConfigurationError(reader.problems)
    catalogue = msgspec.convert(found, Catalogue)
    placed = tuple(replace(policy, span=reading.spans[f"$.policies[{at}]"]) for at, policy in enumerate(catalogue.policies))
    return replace(catalogue, policies=placed)


def policy_problems(data: bytes, path: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a catalogue."""
    try:
        load_policies(data, path)
    except ConfigurationError as error:
        return error.problems
    return ()
