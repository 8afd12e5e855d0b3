"""Which roots a change reaches, on which side, and which files their evaluation needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from posixpath import dirname, join

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.changeset.changes import SYMLINK, Change, changes, contents, target_entry
from bot.engine.changeset.infrastructure import needs_content
from bot.engine.iac import terraform
from bot.engine.model.resource import Model, Unread
from bot.engine.model.snapshot import Snapshot, Tree
from bot.engine.model.span import Span
from bot.engine.policy.precedence import Governance

MAX_SOURCES = 20_000


class Scope(Struct, frozen=True):
    """One side: its roots that the change reaches, and the files they are evaluated from.

    `beyond`: sources over the limit. `unsupplied`: sources the change brings that the edge could not supply, with the reason.
    `paths`: all paths of the tree, those that were not fetched too. `declared`: directories that are roots by configuration.
    """

    roots: tuple[terraform.Root, ...]
    files: dict[str, bytes]
    beyond: tuple[str, ...] = ()
    unsupplied: tuple[tuple[str, str], ...] = ()
    paths: tuple[str, ...] = ()
    declared: frozenset[str] = frozenset()

    def unread(self) -> tuple[Model, ...]:
        """What was left out, each as a model of its own, so that policy sees it."""
        gaps = [Unread(Span(path, 1), "file", "limit" if reason == "limit" else "unsupported", reason) for path, reason in self.unsupplied]
        if self.beyond:
            detail = f"{len(self.beyond)} files beyond the limit of {MAX_SOURCES}"
            gaps.append(Unread(Span(self.beyond[0], 1), "root", "limit", detail))
        return tuple(Model(dirname(gap.span.path), None, "terraform", (), (gap,)) for gap in gaps)


def considered_changes(snapshot: Snapshot, configuration: Governance) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The changes, and those of them on paths that the configuration ignores."""
    found = changes(snapshot)
    ignored = tuple(change for change in found if configuration.ignores(change.path))
    return tuple(change for change in found if change not in ignored), ignored


def sources(tree: Tree, configuration: Governance) -> tuple[str, ...]:
    """All paths of the tree that are sources of a language we read."""
    return tuple(path for path in sorted(tree.entries) if terraform.is_source(path) and not configuration.ignores(path))


def beside_files(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """The files that say what git leaves out where these sources stand, as a file that is read and not there may be made, and which
    version of Terraform is installed there, what terragrunt writes beside them, and which workflows run them."""
    above = {""}
    for directory in {dirname(path) for path in paths}:
        while directory and directory not in above:
            above.add(directory)
            directory = dirname(directory)  # noqa: PLW2901 - goes up
    names = (".gitignore", *terraform.VERSION_FILES)
    found = [path for directory in sorted(above) for name in names if (path := join(directory, name)) in tree.entries]
    return (*found, *terraform.terragrunt_files(tree.entries), *terraform.workflow_files(tree.entries))


def lock_files(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """The files that fix the versions of providers where these sources stand."""
    found = {terraform.lock_file(dirname(path)) for path in paths}
    return tuple(sorted(found & tree.entries.keys()))


class Sides(Struct, frozen=True):
    """Both sides, each with the roots that the change reaches on either. `root_of`: head root → base root, where it was renamed."""

    base: Scope
    head: Scope
    root_of: dict[str, str]


def sides(snapshot: Snapshot, configuration: Governance, found: Iterable[Change]) -> Sides:
    """The roots that the changed paths reach, on both trees, with what was fetched for them."""
    head_paths = frozenset(change.path for change in found)
    base_paths = frozenset(change.previous or change.path for change in found)
    head = scope(snapshot.head, snapshot, configuration, head_paths)
    base = scope(snapshot.base, snapshot, configuration, base_paths)
    root_of = moved_roots(base.roots, head.roots, snapshot.renames)
    reached = reached_roots(base.roots, base_paths)
    reached |= {root_of.get(directory, directory) for directory in reached_roots(head.roots, head_paths)}
    return Sides(
        _with_inputs(base, snapshot.base, snapshot, lambda directory: directory in reached),
        _with_inputs(head, snapshot.head, snapshot, lambda directory: root_of.get(directory, directory) in reached),
        root_of,
    )


def scope(tree: Tree, snapshot: Snapshot, configuration: Governance, touched: frozenset[str]) -> Scope:
    """All roots of one side with the sources fetched for them; those near to `touched` first, when there are too many."""
    near = _nearest_first(sources(tree, configuration), touched)
    files = contents(tree, snapshot.blobs, near[:MAX_SOURCES])
    paths = tuple(sorted(tree.entries))
    declared = frozenset(filter(configuration.is_root, {dirname(path) for path in files})) if configuration.roots else frozenset()
    roots = terraform.find_roots(files, paths, declared)
    files |= contents(tree, snapshot.blobs, beside_files(tree, near))
    return Scope(roots, files, near[MAX_SOURCES:], _unsupplied(tree, snapshot, near), paths, declared)


def _unsupplied(tree: Tree, snapshot: Snapshot, paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Sources of the head that could not be supplied, and why. Those whose bytes the base has too are no concern of the change."""
    if tree is not snapshot.head:
        return ()
    base = snapshot.base.entries
    missed = {
        path: snapshot.unfetched[path] for path in paths if path in snapshot.unfetched and tree.entries[path].oid not in snapshot.blobs
    }
    missed |= {path: "missing" for path in paths if _leads_away(tree, snapshot.blobs, path)}
    former = {path: base.get(path) or base.get(snapshot.renames.get(path, "")) for path in missed}
    return tuple((path, missed[path]) for path, entry in former.items() if entry is None or entry.oid != tree.entries[path].oid)


def _leads_away(tree: Tree, blobs: dict[str, bytes], path: str) -> bool:
    """Whether it is a link to no regular file of the tree: Terraform would follow it, over further links and out of the tree."""
    entry = tree.entries[path]
    return entry.mode == SYMLINK and entry.oid in blobs and target_entry(tree, blobs, path) is None


def _with_inputs(side: Scope, tree: Tree, snapshot: Snapshot, wanted: Callable[[str], bool]) -> Scope:
    roots = tuple(root for root in side.roots if wanted(root.directory))
    inputs = {path for root in roots for path in root.inputs}
    return replace(side, roots=roots, files=side.files | contents(tree, snapshot.blobs, inputs))


def _nearest_first(paths: tuple[str, ...], touched: frozenset[str]) -> tuple[str, ...]:
    if len(paths) <= MAX_SOURCES:
        return paths
    near = {dirname(path) for path in touched}
    return tuple(sorted(paths, key=lambda path: (dirname(path) not in near, path)))


def reached_roots(roots: Iterable[terraform.Root], touched: frozenset[str]) -> set[str]:
    """The directories of the roots of which a touched path is a source, a source of their modules, or another file they read."""
    inside = frozenset(dirname(path) for path in touched if terraform.is_source(path))
    return {root.directory for root in roots if not (inside.isdisjoint(root.directories) and touched.isdisjoint(root.inputs))}


def missing(tree: Tree, snapshot: Snapshot, paths: Iterable[str]) -> set[str]:
    """The object ids behind the paths that are not fetched yet, links and their targets included."""
    wanted: set[str] = set()
    for path in paths:
        entry = tree.entries.get(path)
        if entry is None or path in snapshot.unfetched:
            continue
        target = target_entry(tree, snapshot.blobs, path)
        wanted |= {found.oid for found in (entry, target) if found is not None and found.oid not in snapshot.blobs}
    return wanted


def told_by_content(found: Iterable[Change]) -> tuple[str, ...]:
    """Changed files of which only the content says whether they are infrastructure."""
    return tuple(change.path for change in found if needs_content(change.path))


def moved_roots(base: Iterable[terraform.Root], head: Iterable[terraform.Root], renames: dict[str, str]) -> dict[str, str]:
    """Head root → base root, for a root whose directory was renamed (most of its renamed sources come from there)."""
    gone = {root.directory for root in base} - {root.directory for root in head}
    fresh = {root.directory for root in head} - {root.directory for root in base}
    votes: dict[str, Counter[str]] = {directory: Counter() for directory in fresh}
    for new, old in renames.items():
        if dirname(new) in fresh and dirname(old) in gone and terraform.is_source(new):
            votes[dirname(new)][dirname(old)] += 1
    taken: dict[str, str] = {}
    for directory in sorted(votes):
        best = next((old for old, _ in votes[directory].most_common() if old not in taken.values()), None)
        if best is not None:
            taken[directory] = best
    return taken
