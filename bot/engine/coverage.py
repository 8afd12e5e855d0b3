"""What was seen, read, resolved and evaluated, and what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from bot.engine.changeset.changes import Change
from bot.engine.changeset.infrastructure import Language, language
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.model.verdict import Coverage, FileCoverage

READ_LANGUAGES: frozenset[Language] = frozenset({"terraform"})
WHOLE = "file: "
AFTER_APPLY = frozenset({"computed"})


def coverage(files: Iterable[FileCoverage], models: tuple[Model, ...], looked: Collection[str], rules: int) -> Coverage:
    """The counts of one evaluation; `files`: the standing of every changed file; `looked`: the rules that looked at anything."""
    found = tuple(sorted(files))
    count = Counter(file.status for file in found)
    resources = evaluated_resources(models)
    reasons = Counter(reason for resource in resources for value in resource.attributes.values() for reason in unknown_reasons(value))
    return Coverage(
        files_seen=len(found),
        read=count["read"],
        partly=count["partly"],
        unread=count["unread"],
        not_infrastructure=count["not-infrastructure"],
        ignored=count["ignored"],
        resources=len(resources),
        fully_known=sum(map(fully_known, resources)),
        rules_applicable=len(looked),
        rules=rules,
        roots=len({model.root for model in models}),
        environments=len(models),
        unknown_by_reason=dict(sorted(reasons.items())),
        files=tuple(file for file in found if file.status not in ("read", "not-infrastructure")),
    )


def evaluated_resources(models: Iterable[Model]) -> tuple[Resource, ...]:
    """The resources and data sources of the models, each once though several environments hold it."""
    found = {(model.root, item.address): item for model in models for item in model.resources if item.mode in ("managed", "data")}
    return tuple(found[key] for key in sorted(found))


def fully_known(resource: Resource) -> bool:
    """Whether everything about it is told that can be told before it is applied."""
    if resource.exists is not None or resource.incomplete is not None:
        return False
    return not any(reason not in AFTER_APPLY for value in resource.attributes.values() for reason in unknown_reasons(value))


def unknown_reasons(value: Value) -> Iterable[str]:
    """The reason of every unknown part."""
    if isinstance(value, Unknown):
        yield value.reason
    elif isinstance(value, Known) and isinstance(value.raw, (tuple, dict)):
        for item in value.raw if isinstance(value.raw, tuple) else value.raw.values():
            yield from unknown_reasons(item)


def standing(change: Change, data: bytes | None, unread: Mapping[str, str], unfetched: Mapping[str, str]) -> FileCoverage:
    """What became of one changed file. `unread`: path → what of it was not read, `WHOLE` before it for all of it."""
    spoken = language(change.path, data)
    if spoken is None:
        return FileCoverage(change.path, "not-infrastructure")
    if data is None and change.path in unfetched:
        return FileCoverage(change.path, "unread", unfetched[change.path])
    if spoken not in READ_LANGUAGES:
        return FileCoverage(change.path, "unread", spoken)
    if data is None:  # a link that leads to no file of the tree
        return FileCoverage(change.path, "unread", "missing")
    detail = unread.get(change.path)
    if detail is None:
        return FileCoverage(change.path, "read")
    return FileCoverage(change.path, "unread" if detail.startswith(WHOLE) else "partly", detail.removeprefix(WHOLE))
