"""Where called modules come from: `form` (`local`, `registry`, `repository`, `archive`), `version`, `revision`, `fixed`.

Forms: https://developer.hashicorp.com/terraform/language/modules/configuration. `revision` is what `?ref=` (`?rev=`) names. `fixed` is
true for a commit, a tag that is a version, and a constraint that has an upper end; a branch and no revision at all move.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import attribute, constant, fact, text

_REGISTRY = Pattern(r"(?:[\w.-]+\.[\w-]+(?::\d+)?/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?")
_REPOSITORY = Pattern(r"(?:git|hg)::|(?:github\.com|bitbucket\.org|gitlab\.com)/|git@|ssh://|[^?]+\.git(?:[?/]|$)")
_REVISION = Pattern(r"[?&](?:ref|rev)=([^&]*)")
_COMMIT = Pattern(r"[0-9a-f]{7,64}")
_TAG = Pattern(r"(?:^|[^0-9A-Za-z])v?\d+\.\d+|^v?\d+$", re.IGNORECASE)
_OPEN = Pattern(r"\s*(?:>=?|!=)")


def module_sources(model: Model) -> Iterator[Subject]:
    """A fact for each module call, in order."""
    for resource in model.resources:
        source = attribute(resource, "source") if resource.mode == "module" else None
        if source is not None:
            yield _fact(resource, source)


def _fact(resource: Resource, source: Value) -> Subject:
    written, version = text(source), attribute(resource, "version")
    if written is None:
        return fact(resource, "module", source.span, form=source, fixed=source)
    form, found = form_of(written), _REVISION.search(written)
    revision = Known(found[1], source.span, source.origin) if found else None
    return fact(
        resource,
        "module",
        source.span,
        form=constant(form, source.span),
        version=version,
        revision=revision,
        fixed=_fixed(form, source, version, revision),
    )


def form_of(source: str) -> str:
    """Which of the forms a source is written in."""
    if source.startswith(("./", "../")) or source in (".", ".."):
        return "local"
    if _REPOSITORY.match(source):
        return "repository"
    return "registry" if _REGISTRY.fullmatch(source) else "archive"


def _fixed(form: str, source: Value, version: Value | None, revision: Known | None) -> Value | None:
    if form == "repository":
        return Known(revision is not None and is_fixed(str(revision.raw)), source.span, source.origin)
    if form != "registry":
        return None
    constraint = text(version)
    if version is not None and constraint is None:
        return version
    at = source if version is None else version
    return Known(constraint is not None and has_upper_end(constraint), at.span, at.origin)


def is_fixed(revision: str) -> bool:
    """Whether a revision is a commit or names a version; a branch does neither."""
    return bool(_COMMIT.fullmatch(revision) or _TAG.search(revision))


def has_upper_end(constraint: str) -> bool:
    """Whether a version constraint excludes what is not yet written: some part is exact, pessimistic or an upper bound."""
    return any(part.strip() and not _OPEN.match(part) for part in constraint.split(","))
