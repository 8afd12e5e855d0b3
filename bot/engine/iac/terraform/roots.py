"""Which directories are roots: those that no other directory calls as a local module.

Reads bytes with regular expressions; a file that could fool them (quotes inside an interpolation, a heredoc inside another) is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform import terragrunt, workflow_runs
from bot.engine.iac.terraform.configuration import SUFFIXES, VARIABLE_SUFFIXES, directory_of, is_source, module_files
from bot.engine.iac.terraform.environments import candidate_files, environment_files, loaded_by_itself
from bot.engine.iac.terraform.parse import parse_file
from bot.engine.iac.terraform.references import joined_path
from bot.engine.pattern import Pattern

_BLOCK = rb"module|resource|data|provider|variable|output|locals|terraform|check|import|moved|removed|ephemeral"
_NATIVE = Pattern(
    rb"^[ \t]*(?:(?P<block>" + _BLOCK + rb')\b[^={\n]*\{(?:[ \t]*source[ \t]*=[ \t]*"(?P<inline>\.\.?/[^"\n]*)")?'
    rb'|source[ \t]*=[ \t]*"(?P<source>\.\.?/[^"\n]*)")',
    re.MULTILINE,
)
_JSON = Pattern(rb'"source"\s*:\s*"(\.\.?/[^"\n]*)"')
_LOCAL = Pattern(rb'source"?\s*[=:]\s*"\.\.?/')
# These begin with the word that they look for, and the place before it is looked at where there is one: ten times as fast.
_FILE = Pattern(rb'file(?:|base64|md5|sha\w+|base64sha\w+)\(\s*"(?:\$\{path\.(module|root|cwd)\}/)?([^"$\n]+)"')
_OWN = (Pattern(rb'provider[ \t]+"'), Pattern(rb'backend[ \t]+"'), Pattern(rb"cloud[ \t]*\{"))
_OWN_JSON = Pattern(rb'"(?:provider|backend|cloud)"\s*:')
_WORD_BEFORE = Pattern(rb"(?<!\w)(?:template)?\Z")
_HIDDEN = Pattern(
    rb'"(?:[^"\\\n]|\\.)*+"|(?:#|//)[^\n]*+|(?s:/\*.*?\*/)'
    rb"|<<-?([^\W\d][\w-]*+)\r?\n(?:[^\n]*+\n)*?[ \t]*+\1[ \t]*+\r?(?=\n|\Z)|/\*|<<-?[^\W\d]"
)
_FILESET = Pattern(rb'\bfileset\(\s*(?:"(?:\$\{path\.(module|root|cwd)\}/?)?([^"$\n]*)")?')
DATA_SUFFIXES = (".yaml", ".yml", ".json", ".csv", ".tpl", ".tftpl", ".txt")
LOCK = ".terraform.lock.hcl"
MAX_DATA = 1000  # files that one root may read because it lists directories


class Root(Struct, frozen=True):
    """A directory that is evaluated. `directories`: itself and all local modules reached. `inputs`: further files it
    reads, whether in `files` or not. `is_module`: looks like a module that nothing in the tree calls."""

    directory: str
    directories: tuple[str, ...]
    inputs: tuple[str, ...]
    is_module: bool


def find_roots(files: Mapping[str, bytes], paths: Collection[str] = (), declared: Collection[str] = ()) -> tuple[Root, ...]:
    """The roots of a tree, sorted. Every directory with sources belongs to at least one of them.

    `paths`: all paths of the tree; with them a root's inputs name the data files of directories that it lists. `declared`:
    directories that are roots although others call them.
    """
    directories = source_directories(files)
    calls = {directory: _called(paths, files, directories) for directory, paths in directories.items()}
    chosen = tuple(sorted({*_chosen(calls), *(directory for directory in declared if directory in calls)}))
    variables = sorted(path for path in files if path.endswith((".tfvars", ".tfvars.json")))
    by_directory = {directory: _reached(directory, calls) for directory in chosen}
    data = sorted(path for path in paths if path.endswith(DATA_SUFFIXES))
    locks = frozenset(path for path in paths if path.endswith(LOCK))
    found = [_with_lock(_root(each, by_directory[each], directories, files, variables, chosen), locks) for each in chosen]
    return tuple([_with_listed(root, directories, files, data) for root in found] if data else found)


def _with_lock(root: Root, locks: Collection[str]) -> Root:
    lock = lock_file(root.directory)
    return replace(root, inputs=tuple(sorted((*root.inputs, lock)))) if lock in locks else root


def _with_listed(root: Root, directories: Mapping[str, tuple[str, ...]], files: Mapping[str, bytes], data: list[str]) -> Root:
    """With the data files of the directories that it lists; when the code does not say which, of its own and its modules'."""
    sources = [(each, path) for each in root.directories for path in directories[each]]
    listed = {place for each, path in sources for place in _listed(root.directory, each, _glance(path, files[path]))}
    found = [path for place in sorted(listed) for path in _below(place, data)][:MAX_DATA]
    return replace(root, inputs=tuple(sorted({*root.inputs, *found}))) if found else root


def _listed(root: str, module: str, glance: Glance) -> list[str]:
    found: list[str] = []
    for anchor, written in glance.lists:
        place = joined_path(module if anchor == b"module" else root, written) if anchor or written else None
        found += [root, module] if place is None else [place]
    return found


def _below(directory: str, paths: list[str]) -> list[str]:
    start = f"{directory}/" if directory else ""
    first = bisect_left(paths, start)
    last = bisect_left(paths, f"{directory}0") if directory else len(paths)  # 0 is what follows the slash
    return paths[first:last]


def lock_file(root: str) -> str:
    """The file in which a root's providers are fixed."""
    return f"{root}/{LOCK}" if root else LOCK


def root_directories(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Only the directories of `find_roots`."""
    directories = source_directories(files)
    return _chosen({directory: _called(paths, files, directories) for directory, paths in directories.items()})


def source_directories(files: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Directory → its configuration files, in reading order. What `.terraform` holds is not the tree's."""
    found: dict[str, list[str]] = {}
    for path in files:
        if path.endswith(SUFFIXES) and "/.terraform/" not in f"/{path}":
            found.setdefault(directory_of(path), []).append(path)
    return {directory: module_files(found[directory]) for directory in sorted(found)}


class Index(Struct, frozen=True):
    """File names of a whole tree by directory, and a file of terragrunt among them, which may copy any directory and add to it."""

    names: Mapping[str, Collection[str]]
    terragrunt: str


class Listing(Struct, frozen=True):
    """The paths of a tree by directory, and all its variable files: made once where many roots are evaluated.

    `declared`: directories that are roots because somebody says so, whatever they look like. `index`: filled by `index_of`, `written`
    by `written_in`, `runs` by `runs_in`, `states` by `shared_states`.
    """

    directories: dict[str, list[str]]
    variables: tuple[str, ...]
    paths: tuple[str, ...] = ()
    declared: frozenset[str] = frozenset()
    index: list[Index] = []
    written: list[terragrunt.Written] = []
    runs: list[tuple[workflow_runs.Run, ...]] = []
    states: list[dict[bytes, list[str]]] = []


def index_of(listed: Listing) -> Index:
    """The index of a tree, made when it is first asked for; an empty one where its paths are not known."""
    if not listed.index:
        listed.index.append(_indexed(listed.paths))
    return listed.index[0]


def written_in(listed: Listing, files: Mapping[str, bytes]) -> terragrunt.Written:
    """What terragrunt writes into directories of the tree, as far as its files were fetched."""
    if not listed.written:
        listed.written.append(terragrunt.written(files) if index_of(listed).terragrunt else terragrunt.NOTHING)
    return listed.written[0]


def runs_in(listed: Listing, files: Mapping[str, bytes], root: str) -> tuple[workflow_runs.Run, ...]:
    """The workflows that plan a root."""
    if not listed.runs:
        listed.runs.append(workflow_runs.runs(files))
    return tuple([run for run in listed.runs[0] if run.directory == root])


def _indexed(paths: Iterable[str]) -> Index:
    names: dict[str, set[str]] = {}
    found = ""
    for path in paths:
        directory, _, name = path.rpartition("/")
        names.setdefault(directory, set()).add(name)
        if name in terragrunt.NAMES and not found:
            found = path
    return Index(names, found)


def listing(files: Iterable[str], paths: Iterable[str] = (), declared: frozenset[str] = frozenset()) -> Listing:
    """Takes the paths of a tree apart. `paths`: all of them, those of files that were not fetched too, where they are known.

    `declared`: directories that are roots because somebody says so.
    """
    directories: dict[str, list[str]] = {}
    for path in files:
        directories.setdefault(directory_of(path), []).append(path)
    variables = tuple(path for found in directories.values() for path in found if path.endswith(VARIABLE_SUFFIXES))
    return Listing(directories, variables, tuple(paths), declared)


def directory_sources(directory: str, files: Iterable[str]) -> tuple[str, ...]:
    """The configuration files of one directory, in reading order."""
    start = len(directory) + 1 if directory else 0
    prefix = f"{directory}/" if directory else ""
    return module_files([path for path in files if path.startswith(prefix) and path.endswith(SUFFIXES) and "/" not in path[start:]])


class Glance(Struct, frozen=True):
    """What the bytes of one file tell without being parsed. `sources`: local sources of its module calls; `reads`: the literal
    files that functions read, each with what its path begins with; `is_own`: it sets a provider, a backend or a cloud; `lists`:
    the directories that `fileset` lists, in the same form, empty where the code computes them."""

    sources: tuple[str, ...]
    reads: tuple[tuple[bytes, str], ...]
    is_own: bool
    lists: tuple[tuple[bytes, str], ...] = ()


@lru_cache(maxsize=8192)
def _glance(path: str, data: bytes) -> Glance:
    """Both sides of a change share most files, so most bytes are looked at once."""
    sources = tuple(local_sources(path, data)) if _LOCAL.search(data) else ()
    found = [match for match in _FILE.finditer(data) if _is_call(data, match.start())]
    reads = tuple([(match[1] or b"", match[2].decode("utf-8", "replace")) for match in found])
    lists = tuple([(anchor, name.decode("utf-8", "replace")) for anchor, name in _FILESET.findall(data)]) if b"fileset(" in data else ()
    return Glance(sources, reads, _is_own(path, data), lists)


def _is_call(data: bytes, at: int) -> bool:
    """Whether the name of a function that reads a file ends in the word that begins here."""
    return _WORD_BEFORE.search(data[max(0, at - 9) : at]) is not None


def _is_own(path: str, data: bytes) -> bool:
    if path.endswith(".json"):
        return _OWN_JSON.search(data) is not None
    found = (match.start() for pattern in _OWN for match in pattern.finditer(data))
    return any(not data[data.rfind(b"\n", 0, at) + 1 : at].strip() for at in found)


def _called(paths: Iterable[str], files: Mapping[str, bytes], directories: Mapping[str, object]) -> frozenset[str]:
    called: set[str] = set()
    for path in paths:
        targets = [joined_path(directory_of(path), source) for source in _glance(path, files[path]).sources]
        called.update(target for target in targets if target is not None and target in directories)
    return frozenset(called)


def local_sources(path: str, data: bytes) -> list[str]:
    """The local sources of a file's module calls."""
    plain = None if path.endswith(".json") else _without_texts(data)
    if plain is None:
        return _parsed_sources(path, data)
    sources: list[str] = []
    inside = b""
    for match in _NATIVE.finditer(plain):
        block, inline, source = match.group("block", "inline", "source")
        inside = block or inside
        found = inline or source
        if found and inside == b"module":
            sources.append(found.decode("utf-8", "replace"))
    return sources


def _without_texts(data: bytes) -> bytes | None:
    """The file without comments and heredocs; None where they cannot be told from the rest without parsing."""
    if b"/*" not in data and b"<<" not in data:
        return data
    kept: list[bytes] = []
    end = 0
    for match in _HIDDEN.finditer(data):
        found = match.group()
        if found.startswith(b'"'):
            if found.count(b"${") + found.count(b"%{") > found.count(b"}"):
                return None
            continue
        if found == b"/*" or (found.startswith(b"<<") and (match.group(1) is None or b"<<" in found[2:])):
            return None
        kept.append(data[end : match.start()])
        end = match.end()
    return b" ".join([*kept, data[end:]])


def _parsed_sources(path: str, data: bytes) -> list[str]:
    written = [block.attributes.get("source") for block in parse_file(path, data).blocks if block.type == "module"]
    raws = [attribute.expression.raw for attribute in written if attribute and isinstance(attribute.expression, s.Literal)]
    return [raw for raw in raws if isinstance(raw, str) and raw.startswith(("./", "../"))]


def _chosen(calls: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    called = {target for directory, targets in calls.items() for target in targets if target != directory}
    chosen = [directory for directory in calls if directory not in called]
    covered = {directory for root in chosen for directory in _reached(root, calls)}
    for directory in calls:  # what is left calls itself in a circle
        if directory not in covered:
            chosen.append(directory)
            covered.update(_reached(directory, calls))
    return tuple(sorted(chosen))


def _reached(directory: str, calls: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    found = {directory}
    pending = [directory]
    while pending:
        new = calls[pending.pop()] - found
        found |= new
        pending.extend(new)
    return tuple(sorted(found))


def _root(
    directory: str,
    reached: tuple[str, ...],
    directories: Mapping[str, tuple[str, ...]],
    files: Mapping[str, bytes],
    variables: list[str],
    roots: tuple[str, ...],
) -> Root:
    inside = [path for path in variables if not directory or path.startswith(f"{directory}/")]
    environments = environment_files(directory, candidate_files(directory, inside), roots) if inside else ()
    tfvars = (*loaded_by_itself(directory, inside), *environments)
    read = {found for each in reached for path in directories[each] for found in _files_read(directory, each, _glance(path, files[path]))}
    own = any(_glance(path, files[path]).is_own for path in directories[directory])
    return Root(directory, reached, tuple(sorted({*tfvars, *read})), not own and not tfvars)


def _files_read(root: str, module: str, glance: Glance) -> list[str]:
    found = [joined_path(module if anchor == b"module" else root, path) for anchor, path in glance.reads]
    return [path for path in found if path]


__all__ = ["Root", "find_roots", "is_source", "local_sources", "root_directories", "source_directories"]
