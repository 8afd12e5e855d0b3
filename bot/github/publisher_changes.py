"""Changes of comments that stand already, as one GraphQL mutation for many of them.

https://docs.github.com/graphql/reference/mutations: each field of a mutation stands alone, so one that is refused leaves the others done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from bot.github.publisher_plan import Plan

BATCH = 20


class Change(Struct, frozen=True):
    """One field of a mutation: its name and its input."""

    name: str
    input: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The type of the input: GitHub names it after the field."""
        return f"{self.name[0].upper()}{self.name[1:]}Input"


def of_comments(plan: Plan) -> list[Change]:
    """Shown again before it is edited, edited before it is hidden: a crash between leaves what the next plan recognises."""
    shown = [Change("unminimizeComment", {"subjectId": item.node_id}) for item in plan.restore]
    edited = [
        Change("updatePullRequestReviewComment", {"pullRequestReviewCommentId": item.node_id, "body": body}) for item, body in plan.edit
    ]
    hidden = [Change("minimizeComment", {"subjectId": item.node_id, "classifier": reason}) for item, reason in plan.minimise]
    return [*shown, *edited, *hidden]


def of_threads(plan: Plan) -> list[Change]:
    """Threads of settled comments resolved, of returned ones opened again; needs `contents: write`."""
    pairs = (("resolveReviewThread", plan.resolve), ("unresolveReviewThread", plan.reopen))
    return [Change(name, {"threadId": item.thread}) for name, items in pairs for item in items if item.thread]


def documents(changes: Sequence[Change]) -> Iterator[tuple[str, dict[str, Any], int]]:
    """(document, variables, number of changes) of each call."""
    left = iter(changes)
    while batch := list(islice(left, BATCH)):
        declared = ", ".join(f"$c{number}: {change.kind}!" for number, change in enumerate(batch))
        fields = " ".join(f"c{number}: {change.name}(input: $c{number}) {{ clientMutationId }}" for number, change in enumerate(batch))
        variables = {f"c{number}": change.input for number, change in enumerate(batch)}
        yield f"mutation Changes({declared}) {{ {fields} }}", variables, len(batch)
