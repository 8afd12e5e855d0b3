"""Citations of the organisation's own policies, looked up in its catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.engine.claims.text import Sentence, Stated
from bot.engine.facts.nearest import edits
from bot.engine.policy.policies import Catalogue


def own_citations(spoken: Iterable[Sentence], catalogue: Catalogue) -> Iterator[Stated]:
    """What each sentence cites of the catalogue; an empty one has no identifiers, so nothing looks like one."""
    prefixes = catalogue.prefixes
    if not prefixes:
        return
    written = _written(prefixes)
    for sentence in spoken:
        if not sentence.quoted:
            yield from (_stated(sentence, found[0], catalogue) for found in written.finditer(sentence.content))


@lru_cache(maxsize=8)
def _written(prefixes: frozenset[str]) -> re.Pattern[str]:
    names = "|".join(re.escape(prefix) for prefix in sorted(prefixes, key=len, reverse=True))
    return re.compile(rf"(?<![\w./-])(?:{names})[-_.]?\d{{1,5}}[A-Za-z]?(?![\w-]|\.\d)")


def _stated(sentence: Sentence, written: str, catalogue: Catalogue) -> Stated:
    policy = catalogue.policy(written)
    if policy is not None:
        fields: dict[str, str | int] = {"id": written, "title": policy.title, "ref": policy.ref}
        return Stated(sentence, "citation", "supported", written, by=policy.ref, key="citation.own", fields=fields)
    near = ", ".join(sorted(one.id for one in catalogue.policies if edits(one.id.upper(), written.upper(), 1) == 1)[:3])
    complete = catalogue.is_complete(written)
    key = f"citation.own-{'absent' if complete else 'unknown'}{'-near' if near else ''}"
    return Stated(
        sentence, "citation", "nonexistent" if complete else "unverifiable", written, key=key, fields={"id": written, "near": near}
    )
