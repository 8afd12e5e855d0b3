"""IAM statements that cannot do what they are written for: `kind`, `fault` (the value that is wrong), `detail`, `document`.

`fault` is unknown where an unknown value decides. Kinds: `void` (an action that a denial of the document takes back), `region` (a
denial by region that takes global services along), `unlifted` (an Allow that is meant to lift it); of conditions `operator` (there is
none of that name), `wildcard` (compared as a star), `form` (nothing that the operator compares), `private` (ranges that no request
comes from), `contradiction` (no value passes both tests); of forms `principal` (in a policy of an identity), `no-principal` (anywhere
else), `resource-in-trust`, `resource-in-repository`, `path`, `region-in-iam` and `no-arn` (resources that IAM does not take), `sid` (of no
form that IAM takes, or a second time), `variable` (under a version that has none); of what the table tells `object` (an action without
the resource that it is granted on) and `no-object` (one that takes `*` alone).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from bot.engine.facts import NO_FACTS, Facts
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.views.reading import constant, fact, span_of
from bot.engine.views.statement import statements
from bot.engine.views.statement_condition_faults import condition_faults
from bot.engine.views.statement_form_faults import form_faults
from bot.engine.views.statement_resource_faults import resource_faults
from bot.engine.views.statement_void import Found, region_guard, unlifted, void

Look = Callable[[Subject, tuple[Subject, ...]], Iterable[Found]]
LOOKS: tuple[Look, ...] = (void, region_guard, unlifted, condition_faults, form_faults)


def statement_faults(model: Model, facts: Facts = NO_FACTS) -> Iterator[Subject]:
    """A fact for each fault of a statement."""
    for _, group in groupby(statements(model), key=_document):
        document = tuple(group)
        for item in document:
            for look in LOOKS:
                yield from (_fact(item, found) for found in look(item, document))
            if facts.actions is not None:
                yield from (_fact(item, found) for found in resource_faults(item, document, facts.actions))


def _document(statement: Subject) -> tuple[str, str]:
    """Equal for statements of one document. What is merged into a data source stands apart: it may replace, and be replaced."""
    return statement.resource.address, statement.path.split("tatement[", maxsplit=1)[0]


def _fact(item: Subject, found: Found) -> Subject:
    kind, value, detail = found
    span = span_of(value, item.resource)
    return fact(
        item.resource,
        "statement-fault",
        span,
        f"{item.path} {kind}",
        kind=constant(kind, item.span),
        fault=value,
        detail=constant(detail, span),
        document=item.attributes["document"],
    )
