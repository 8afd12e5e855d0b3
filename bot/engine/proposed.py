"""What a change of our own files would do: told to whoever is asked about it, and in force for the change itself only where accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.changeset.changes import contents
from bot.engine.decisions.eligibility import PERMISSIONS
from bot.engine.model.notice import Notice
from bot.engine.model.result import Result
from bot.engine.model.rule import Rule
from bot.engine.model.snapshot import CONFIGURATION, WAIVERS, Snapshot
from bot.engine.model.trial import Tried
from bot.engine.policy.configuration import load_configuration, load_organisation
from bot.engine.policy.load import Policy
from bot.engine.policy.precedence import Governance, governance
from bot.engine.policy.problem import ConfigurationError
from bot.engine.policy.resolution import ORDERED, Where
from bot.engine.policy.waiver import Waiver, load_waivers

NAMED, LISTED = 5, 3
ORGANISATION, OF_ORGANISATION = "/.github", "countersign/"


class Proposal(Struct, frozen=True):
    """The texts of one of our files on both sides; empty where it is not there."""

    path: str
    before: bytes
    after: bytes


def told(results: Iterable[Result], snapshot: Snapshot, policy: Policy) -> tuple[Result, ...]:
    """The results; those about a file of ours with what its change would do, as facts for whoever decides."""
    return tuple(
        replace(result, facts=(*result.facts, *_told(result, snapshot, policy))) if _governs(result, snapshot) else result
        for result in results
    )


def added_waivers(results: Iterable[Result], snapshot: Snapshot, policy: Policy, found: Governance) -> tuple[Waiver, ...]:
    """The waivers of the head's file, once its change is accepted as it stands.

    Of those only the ones whose rule is answered for by everybody who could accept it: then whoever did answers for the rule.
    """
    accepted = next((item for item in results if _is_ours(item) and item.file in WAIVERS and _is_accepted(item)), None)
    if accepted is None:
        return ()
    rules = {rule.id: rule for rule in policy.rules}
    try:
        waivers = load_waivers(_proposal(accepted.file, snapshot).after, accepted.file)
    except ConfigurationError:
        return ()
    return tuple(item for item in waivers if item.rule in rules and _answers_for(accepted.category, rules[item.rule].category, found))


def _told(result: Result, snapshot: Snapshot, policy: Policy) -> Iterator[Notice]:
    if _is_ours(result):
        yield from _facts(_proposal(result.file, snapshot), snapshot, policy)
    yield from _tried(snapshot)


def _governs(result: Result, snapshot: Snapshot) -> bool:
    """Whether it is about one of our files, of the repository or of the whole organisation."""
    of_organisation = snapshot.repository.endswith(ORGANISATION) and result.file.startswith(OF_ORGANISATION)
    return _is_ours(result) or (of_organisation and result.file == result.resource and result.kind != "pass")


def _is_ours(result: Result) -> bool:
    """Whether it is about the whole of one of our files."""
    return result.file == result.resource and result.file in (*CONFIGURATION, *WAIVERS) and result.kind != "pass"


def _is_accepted(result: Result) -> bool:
    return result.answer is not None and result.answer.verb == "accept" and result.suppression is not None


def _answers_for(category: str, other: str, found: Governance) -> bool:
    """Whether everybody who may answer on the one category may on the other; who owns one file need not own another."""
    if found.by_file & {category, other}:
        return False
    able = PERMISSIONS.index(found.permission(category)) >= PERMISSIONS.index(found.permission(other))
    return able and set(found.eligible(category)) <= set(found.eligible(other))


def _proposal(path: str, snapshot: Snapshot) -> Proposal:
    """A file that is renamed from another of our names is compared with that one."""
    before, after = (contents(tree, snapshot.blobs, (*CONFIGURATION, *WAIVERS)) for tree in (snapshot.base, snapshot.head))
    former = snapshot.renames.get(path, path)
    return Proposal(path, before.get(former, b""), after.get(path, b""))


def _facts(proposal: Proposal, snapshot: Snapshot, policy: Policy) -> Iterator[Notice]:
    try:
        yield from _waived(proposal) if proposal.path in WAIVERS else _configured(proposal, snapshot, policy)
    except ConfigurationError as error:
        yield Notice("not-valid", {"problem": str(error.problems[0])})


def _waived(proposal: Proposal) -> Iterator[Notice]:
    """The waivers that come and go, wherever they stand in the file."""
    before, after = ({_said(item): item for item in load_waivers(data, proposal.path)} for data in (proposal.before, proposal.after))
    for key, items in (("waiver-added", after.keys() - before.keys()), ("waiver-removed", before.keys() - after.keys())):
        listed = [(after | before)[said] for said in sorted(items)]
        for item in listed[:NAMED]:
            yield Notice(key, {"rule": item.rule, "place": item.resource or item.path, "day": item.expires.isoformat()})
        if len(listed) > NAMED:
            yield Notice(f"{key}-more", {"n": len(listed) - NAMED})


def _said(waiver: Waiver) -> tuple[str, ...]:
    return waiver.rule, waiver.resource, waiver.path, waiver.expires.isoformat(), waiver.owner, waiver.reason


def _configured(proposal: Proposal, snapshot: Snapshot, policy: Policy) -> Iterator[Notice]:
    """The rules that would do less or more, what would not be looked at, and who would answer otherwise."""
    before, after = (_governance(data, proposal.path, snapshot) for data in (proposal.before, proposal.after))
    yield from _named("rules-weaker", [rule.id for rule in policy.rules if _is_weaker(before, after, rule)])
    yield from _named("rules-stricter", [rule.id for rule in policy.rules if _is_weaker(after, before, rule)])
    yield from _named("ignored-more", sorted(set(after.ignored) - set(before.ignored)))
    categories = dict.fromkeys((*before.owners, *after.owners))
    if before.days.longest != after.days.longest:
        yield Notice("longest-waiver", {"before": before.days.longest, "n": after.days.longest})
    if before.days.issue and not after.days.issue:
        yield Notice("lapsing-untold")
    yield from _named("owners-other", [name for name in categories if before.eligible(name) != after.eligible(name)])
    yield from _named("reviews-more", sorted(after.reviews - before.reviews))


def _governance(data: bytes, path: str, snapshot: Snapshot) -> Governance:
    where = Where(snapshot.now.astimezone(UTC).date(), snapshot.default_level, snapshot.repository, snapshot.properties)
    organisation = load_organisation(snapshot.organisation, snapshot.organisation_path)
    return governance(((organisation, False), (load_configuration(data, path), False)), where)


def _is_weaker(before: Governance, after: Governance, rule: Rule) -> bool:
    """Whether any of level, disposition and treatment of the unknown is less strict."""
    was, would = before.settings(rule), after.settings(rule)
    return any(words.index(getattr(would, name)) < words.index(getattr(was, name)) for name, words in ORDERED.items())


def _named(key: str, names: Sequence[str]) -> Iterator[Notice]:
    if names:
        shown = ", ".join(names[:NAMED])
        more = len(names) - NAMED
        yield Notice(f"{key}-more" if more > 0 else key, {"n": len(names), "names": shown, "more": max(0, more)})


def _tried(snapshot: Snapshot) -> Iterator[Notice]:
    """Which of the verdicts given before would differ. What is not known of them is never called the same."""
    trial = snapshot.trial
    if trial is None or trial.left_out == "not-valid":
        return
    if trial.left_out is not None or not trial.tried:
        yield Notice(f"trial-{trial.left_out or 'none'}")
        return
    known = [item for item in trial.tried if item.why is None]
    differing = [item for item in known if item.differs]
    if differing:
        yield _differing(differing, len(known))
    elif known:
        yield Notice("trial-same", {"n": len(known)})
    for why, number in sorted(Counter(item.why for item in trial.tried if item.why is not None).items()):
        yield Notice(f"trial-unknown-{why}", {"n": number})


def _differing(found: Sequence[Tried], known: int) -> Notice:
    """Those of the repository by number; those of others, whose names are nobody's business here, by how many there are."""
    own = [f"#{item.number} {item.before} → {item.after}" for item in found if item.number]
    others = Counter(f"{item.before} → {item.after}" for item in found if not item.number)
    names = [*own, *(f"{step} ({number})" for step, number in sorted(others.items()))]
    more = len(names) - LISTED
    fields: dict[str, str | int] = {"n": len(found), "of": known, "names": ", ".join(names[:LISTED]), "more": max(0, more)}
    return Notice("trial-differ-more" if more > 0 else "trial-differ", fields)
