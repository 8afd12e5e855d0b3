"""What an answer rests on, as a digest: while it is the same, the question is the same, and the answer holds.

In it: what is asked (id, kind, the rules it stands for), what decides (values before and after, expressions of what is not known, and
what these refer to), what a person was shown to decide by, and every place that one question is about. Not in it: where things stand in
a file, numbers, levels, severities, words, the order of anything, and what a change of our own files would have made of other changes: that
follows from the files, which are in it, and from what else was judged in the meantime, which nobody is asked about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from bot.engine.model.notice import Notice
from bot.engine.model.result import Deciding, Result
from bot.engine.model.value import Plain

LENGTH = 32
MOST = 1_000
TRIAL = "trial-"
REACHING = "dependents"  # the field of a fact that stands for all of its names
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def bound(result: Result) -> str:
    """The digest of what an answer to the result rests on. Of a question about several places: of all of them, whichever is first."""
    places = {_place(result.resource, result.root, result.file, result.environment)}
    places |= {_place(item.resource, item.root, item.file, item.environment) for item in result.places}
    return digest(sorted({own(result), *result.merged}), sorted(places), sorted({result.rule, *result.also}))


def own(result: Result) -> str:
    """The same of the result alone, without what it was merged with."""
    return digest(
        [result.id, result.fingerprint, result.kind, _place(result.resource, result.root, result.file, result.environment)],
        _deciding(result.deciding),
        sorted(_encoded(_deciding(item)) for item in result.further),
        sorted(_fact(fact) for fact in result.facts if not fact.key.startswith(TRIAL)),
        sorted(result.referenced),
    )


def whole(results: Iterable[Result]) -> str:
    """The same of all that blocks unless it is answered, with blanks between: what a bypass of the whole change rests on.

    Of more than `MOST` results one digest of them all.
    """
    found = sorted({bound(result) for result in results if result.enforced})
    return " ".join(found) if len(found) <= MOST else digest(found)


def digest(*parts: object) -> str:
    """A digest of plain data."""
    return hashlib.sha256(_encoded(parts).encode()).hexdigest()[:LENGTH]


def _place(resource: str, root: str, file: str, environment: str | None) -> str:
    """A place without its line; without its file where a resource is named, which may move from one to another."""
    return _encoded([resource or file, root, environment])


def _deciding(item: Deciding) -> list[Plain]:
    """Everything but the places. An expression is normalised by whoever read it."""
    return [item.path, item.state, _plain(item.value), item.reason, item.expression, item.before_state, _plain(item.before)]


def _plain(value: Plain) -> Plain:
    """What is equal for Terraform is equal here: 1 and 1.0; true stays apart from 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {name: _plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def _fact(fact: Notice) -> str:
    """What a person is told. Of a reach the set of all dependents counts, whether they are named or only counted."""
    if REACHING in fact.fields:
        return _encoded([REACHING, fact.fields[REACHING]])
    return _encoded([fact.key, fact.fields])


def _encoded(value: object) -> str:
    return _ENCODER.encode(value)
