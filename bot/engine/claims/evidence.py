"""What the rules of a property find on the resources that a sentence speaks of.

Refuted: a rule is true of one of them, by a value that is written, or by an argument whose absence decides. Shown: on each of them a rule
of the property is not true because of a value that is written. Everything else is not known, and said to be so only where a value is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.bearers import Bearers, is_bearer
from bot.engine.claims.checks import checks, rules_of
from bot.engine.claims.vocabulary import RIGHTS
from bot.engine.model.match import Evidence, Match
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value, first_unknown, plain
from bot.engine.policy.dispatch import View, judge
from bot.engine.policy.load import Policy

Status: TypeAlias = Literal["supported", "contradicted", "unverifiable"]
PROTECTED = "deletion-protected"


class Found(Struct, frozen=True):
    """`resource` by its address; the value that decides, where it stands, and its path. `value` is None where it is not set."""

    status: Status
    resource: Resource
    path: str
    value: Value | None
    span: Span

    @property
    def by(self) -> str:
        """The value as a reader would write it, with its place."""
        return f"{self.path} = {_shown(self.value)} ({self.span.path}:{self.span.line})"


class Judged:
    """What the rules of some properties say of the head's models; each model is judged once."""

    def __init__(self, policy: Policy, models: Sequence[Model], views: Mapping[str, View], properties: frozenset[str]) -> None:
        self._policy = rules_of(policy, properties)
        self._models = models
        self._views = views
        self._bearers = Bearers(models)
        self._matches: dict[tuple[str, str], list[Match]] | None = None

    def find(self, name: str, resources: Iterable[Resource], *, holds: bool, within: Span | None = None) -> Found | None:
        """What shows or refutes that the property is as claimed of all of them; None where no rule looks at each of them.

        `within`: the statement that alone is meant.
        """
        each = [self._of_one(name, item, within) for item in resources]
        known = [item for item in each if item is not None]
        if not known or len(known) < len(each):
            return None
        if not holds:
            known = [_opposite(item) for item in known]
        first = {item.status: item for item in reversed(known)}
        if len({item.resource.definition for item in known}) == 1 and {"contradicted", "supported"} <= first.keys():
            return replace(first["contradicted"], status="unverifiable")  # one block, made in several ways
        return next(first[status] for status in ("contradicted", "unverifiable", "supported") if status in first)

    def _of_one(self, name: str, resource: Resource, within: Span | None) -> Found | None:
        own = self._of_itself(name, resource, within)
        if within is not None or name not in RIGHTS or not is_bearer(resource):
            return own
        given = [self._of_itself(name, item, None) for item in self._bearers.given(resource)]
        known = [item for item in (own, *given) if item is not None]
        worst = next((item for status in ("contradicted", "unverifiable") for item in known if item.status == status), None)
        return worst or (known[0] if known and None not in given else None)

    def _of_itself(self, name: str, resource: Resource, within: Span | None) -> Found | None:
        wanted = checks(name)
        matches = [match for key in _meant(resource) for match in self._of(key) if match.rule.id in wanted]
        if within is not None:
            matches = [match for match in matches if match.subject.span == within]
        if name in RIGHTS:
            matches = [match for match in matches if _gives(match)]
        said = [item for match in matches if (item := _of_match(match, resource, name)) is not None]
        refuted = next((item for item in said if item.status == "contradicted"), None)
        if refuted is not None:
            return refuted
        unknown = next((item for item in said if item.status == "unverifiable"), None)
        if unknown is None and any(match.truth != "false" and wanted[match.rule.id].each for match in matches):
            return None
        return unknown or next((item for item in said if item.status == "supported"), None)

    def _of(self, key: tuple[str, str]) -> list[Match]:
        if self._matches is None:
            self._matches = {}
            for model in self._models:
                for match in judge(self._policy, model, include_pass=True, views=self._views):
                    self._matches.setdefault((match.subject.resource.root, match.subject.resource.address), []).append(match)
        return self._matches.get(key, [])


def _gives(match: Match) -> bool:
    """Whether a statement gives something to its bearer: a denial does not, nor does what says who may become a role."""
    fields = match.subject.attributes
    said = [value.raw for name in ("effect", "document") if isinstance(value := fields.get(name), Known)]
    return match.subject.view != "statement" or not {"Deny", "trust", "boundary"}.intersection(said)


def _of_match(match: Match, resource: Resource, name: str) -> Found | None:
    check = checks(name)[match.rule.id]
    leading = match.evidence[0] if match.evidence else None
    if match.truth == "unknown":
        unknown = next((item for item in match.evidence if item.value is not None and first_unknown(item.value)), leading)
        return _found("unverifiable", resource, unknown, match) if check.refutes else None
    if match.truth == "true":
        if not check.refutes or leading is None:
            return None
        if not _is_written(leading, match) and not (check.absent and leading.value is None and resource.incomplete is None):
            return None
        sure = not _is_given(leading.value, resource) and not (name == PROTECTED and _guards_itself(resource))
        return _found("contradicted" if sure else "unverifiable", resource, leading, match)
    shows = (match.rule.anchor,) if check.shows is None else check.shows
    shown = next((item for item in match.evidence if item.path in shows and (_is_written(item, match) or _is_made(item.value))), None)
    if shown is None:
        return None
    return _found("unverifiable" if _is_given(shown.value, resource) else "supported", resource, shown, match)


def _found(status: Status, resource: Resource, item: Evidence | None, match: Match) -> Found:
    value = None if item is None else item.value
    span = value.span if value is not None and value.span.line else match.subject.span
    path = "" if item is None else item.path
    return Found(
        status, resource, f"{match.subject.path}.{path}".strip(".") if match.subject.path and not match.subject.view else path, value, span
    )


def _is_written(item: Evidence, match: Match) -> bool:
    """Whether somebody wrote the value: what a view knows by itself has the place of the header."""
    value = item.value
    return isinstance(value, Known) and bool(value.span.line) and value.span != match.subject.resource.span


def _is_made(value: Value | None) -> bool:
    """Whether it is what another resource will be known by: its key, its address."""
    return isinstance(value, Unknown) and value.reason == "computed" and bool(value.refs) and bool(value.span.line)


def _is_given(value: Value | None, resource: Resource) -> bool:
    """Whether a caller decides it: what is written speaks of a module's inputs, or of a variable that nothing sets, in general."""
    if not isinstance(value, Known):
        return False
    inside = value.raw if isinstance(value.raw, tuple) else ()
    return value.assumed or bool(resource.calls and value.origin) or any(_is_given(item, resource) for item in inside)


def _guards_itself(resource: Resource) -> bool:
    return "lifecycle" in resource.attributes


def _opposite(found: Found) -> Found:
    status: Status = {"supported": "contradicted", "contradicted": "supported"}.get(found.status, "unverifiable")  # type: ignore[assignment]
    return replace(found, status=status)


def _meant(resource: Resource) -> tuple[tuple[str, str], ...]:
    """The resources that say it: a bucket for its companion, a policy's document for the policy."""
    bucket = resource.attributes.get("bucket")
    own = (resource.root, resource.address)
    if resource.type == "aws_s3_bucket_policy" or resource.type.startswith("aws_iam_"):
        policy = resource.attributes.get("policy")
        return own, *((resource.root, name) for name in (policy.refs if policy is not None else ()) if "aws_iam_policy_document" in name)
    if resource.type.startswith("aws_s3_bucket_") and bucket is not None and bucket.refs:
        named = bucket.refs[0]
        key = resource.address.removeprefix(resource.definition)
        return ((resource.root, named if named.endswith("]") or not key else named + key),)
    return (own,)


def _shown(value: Value | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, Unknown):
        return value.expression or value.reason
    told = plain(value)
    if isinstance(told, list):
        return "[" + ", ".join(f'"{item}"' if isinstance(item, str) else str(item).lower() for item in told)[:200] + "]"
    return str(told).lower() if isinstance(told, bool) else f'"{told[:200]}"' if isinstance(told, str) else str(told)
