"""What a root and its local modules refer to that does not exist.

As `terraform validate` finds it, without providers: https://developer.hashicorp.com/terraform/cli/commands/validate. A directory
of which something was not read yields nothing but what two files that were read declare; where a sign says that further files are
generated, it is not certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.absent_files import Files, absent
from bot.engine.iac.terraform.aliases import handed_over, is_run_here, undeclared_aliases
from bot.engine.iac.terraform.branches import unlike_branches
from bot.engine.iac.terraform.calls import absent_directory, call_faults, local_directory, output_faults
from bot.engine.iac.terraform.configuration import SUFFIXES, Configuration, directory_of, module_files, stem
from bot.engine.iac.terraform.constant_places import backend_values, values_too_early
from bot.engine.iac.terraform.constants import refused
from bot.engine.iac.terraform.cycles import cycles
from bot.engine.iac.terraform.elsewhere import declared_elsewhere, runs_elsewhere
from bot.engine.iac.terraform.functions import KNOWN_FUNCTIONS, MEANT, OF_OPENTOFU
from bot.engine.iac.terraform.generated import generator, is_to_copy
from bot.engine.iac.terraform.import_targets import absent_targets
from bot.engine.iac.terraform.installed import refused_versions
from bot.engine.iac.terraform.instance_keys import INSTANCE_KINDS
from bot.engine.iac.terraform.left_out import left_out
from bot.engine.iac.terraform.mentions import Mention, Mentions
from bot.engine.iac.terraform.provider_sources import sources_given, unknown_sources
from bot.engine.iac.terraform.repetition import lists_repeated
from bot.engine.iac.terraform.sensitivity import sensitive_repeated, sensitive_shown
from bot.engine.iac.terraform.shared_state import shared_states
from bot.engine.iac.terraform.similar import Suggestions
from bot.engine.iac.terraform.terragrunt import is_terragrunt
from bot.engine.iac.terraform.workflow_faults import workflow_faults
from bot.engine.model.reference import Dangling, ReferenceKind
from bot.engine.pattern import Pattern

MAX_FOUND = 1_000  # of one root
FEW = 6  # names that two files share by more than chance
_EXAMPLE = Pattern(r"(?:^|/)examples?/|readme")
_VERSION = Pattern(r"before|after|old|new|v\d+")
_WHOLE = Pattern(r"_?var|input|main", re.IGNORECASE)
_NAMED: dict[str, tuple[ReferenceKind, str]] = {
    "variable": ("variable", "var."),
    "local": ("local", "local."),
    "module": ("module", "module."),
    "resource": ("resource", ""),
}


_DECLARED = frozenset({"variable", "local", "module", "resource", "provider-alias"})
# What is wrong with the text that is there, whatever is added to it.
STANDING = frozenset(
    {
        *("single-indexed", "repeated-whole", "each-unbound", "sensitive-for-each", "sensitive-output", "not-constant", "list-for-each"),
        *("refused", "unlike-branches", "left-out", "cycle", "workflow-version", "newer-language"),
    }
)


class Directory(Struct, frozen=True):
    """One module directory, what its text mentions, and the faults that need nothing else."""

    configuration: Configuration
    mentions: Mentions
    faults: tuple[Dangling, ...]


def faults_alone(configuration: Configuration) -> tuple[Dangling, ...]:
    """The faults of a module's own expressions, whatever is around it."""
    found = (lists_repeated, left_out, refused, unlike_branches, values_too_early)
    return tuple([fault for faults in found for fault in faults(configuration)])


def dangling(directories: Mapping[str, Directory], files: Files) -> tuple[Dangling, ...]:
    """The faults of the directories that a root reaches, itself among them, in the order of their places: at most one more than
    `MAX_FOUND`, which says that there are more."""
    return tuple(sorted(set(islice(_Search(directories, files).found(), MAX_FOUND + 1))))


class _Search:
    def __init__(self, directories: Mapping[str, Directory], files: Files) -> None:
        self.directories = directories
        self.files = files
        self.suggestions = Suggestions()
        self.callers: dict[str, list[s.Block]] = {}
        for path, directory in directories.items():
            for block in directory.configuration.modules.values():
                if (target := local_directory(path, block)) is not None:
                    self.callers.setdefault(target, []).append(block)
        self.has_sources = sources_given(directory.configuration for directory in directories.values())
        self._whole: dict[str, bool] = {}
        self._generators: dict[str, str] = {}

    def found(self) -> Iterator[Dangling]:
        for path, directory in self.directories.items():
            unread = {gap.span.path for gap in directory.configuration.unread}
            for fault in self._faults(path, directory):
                read = fault.kind == "duplicate" and unread.isdisjoint((fault.span.path, fault.declared.path))
                if read or self._is_whole(path):
                    told = fault if fault.unsure else replace(fault, unsure=self._unsure(path, fault))
                    if not self._is_written(told):
                        yield told

    def _is_written(self, fault: Dangling) -> bool:
        """Whether terragrunt declares the name in some of the files that it adds."""
        if not fault.unsure or fault.kind not in _DECLARED:
            return False
        name = fault.name.rpartition(".")[2] if fault.kind == "provider-alias" else fault.name
        return name in self.files.written.names

    def _unsure(self, path: str, fault: Dangling) -> str:
        """The sign that more is written there. Further files take no declaration away, and add no `count` to what is declared."""
        sign = self._generator(path)
        if fault.kind in STANDING and (sign.endswith(".gitignore") or is_terragrunt(sign)):
            return ""
        if fault.kind == "duplicate" and sign.endswith(".gitignore"):
            return path or "." if _are_alternatives(self.directories[path].configuration) else ""
        return sign

    def _faults(self, path: str, directory: Directory) -> Iterator[Dangling]:
        configuration, mentions = directory.configuration, directory.mentions
        for mention in mentions.found:
            yield from self._mentioned(mention, configuration)
        for name, span, first in configuration.twice:
            unsure = span.path if _are_versions(first.path, span.path) else ""
            yield Dangling(span, "duplicate", name, name, span, path, unsure=unsure, declared=first)
        for cycle in cycles(mentions.needs):
            holder = f"local.{cycle.names[0]}"
            way = " → ".join((*(f"local.{name}" for name in cycle.names), holder))
            yield Dangling(cycle.span, "cycle", way, holder, configuration.locals[cycle.names[0]].name_span, path)
        yield from directory.faults
        yield from sensitive_repeated(configuration, self._whole_target)
        yield from absent_targets(configuration, self.suggestions)
        yield from backend_values(configuration, self.files.contents)
        if self.has_sources:
            yield from unknown_sources(configuration)
        if self.files.runs:
            names = self.files.index.names.get(self.files.root, ())
            yield from workflow_faults(configuration, self.files.root, self.files.runs, self.files.contents, names)
        if self.files.is_own:
            yield from refused_versions(configuration, self.files.root, self.files.contents)
            if path == self.files.root:
                yield from sensitive_shown(configuration, self._whole_target)
                yield from shared_states(configuration, self.files)
        yield from self._aliases(path, configuration)
        yield from self._called(path, configuration)

    def _mentioned(self, mention: Mention, configuration: Configuration) -> Iterator[Dangling]:
        path = configuration.directory
        if mention.kind in INSTANCE_KINDS:
            kind = INSTANCE_KINDS[mention.kind]
            yield Dangling(mention.span, kind, mention.name, mention.holder, mention.holder_span, path)
        elif mention.kind in _NAMED:
            kind, prefix = _NAMED[mention.kind]
            near = self._near(kind, mention.name, configuration)
            named, meant = prefix + mention.name, near and prefix + near
            yield Dangling(mention.span, kind, named, mention.holder, mention.holder_span, path, meant)
        elif mention.kind == "function":
            meant = MEANT.get(mention.name) or self.suggestions.near(mention.name, KNOWN_FUNCTIONS)
            if meant and mention.name not in OF_OPENTOFU:  # any other may be newer than what we know
                yield Dangling(mention.span, "function", mention.name, mention.holder, mention.holder_span, path, meant)
        elif mention.kind == "module-output":
            block = configuration.modules[mention.name]
            if (called := self._whole_target(path, block)) is not None:
                unsure = self._generator(called.directory)
                yield from (replace(fault, unsure=unsure) for fault in output_faults(path, mention, block, called, self.suggestions))
        elif (fault := absent(mention, configuration, self.files, self.suggestions)) is not None:
            yield fault

    def _near(self, kind: ReferenceKind, name: str, configuration: Configuration) -> str:
        """The declared name that was perhaps meant; of a resource one of its type first, and the only one whatever its name."""
        declared = _declared(kind, configuration)
        if kind != "resource":
            return self.suggestions.near(name, declared)
        start = name.rpartition(".")[0] + "."
        names = {other[len(start) :] for other in declared if other.startswith(start)}
        if not names:
            return self.suggestions.near(name, declared)
        near = next(iter(names)) if len(names) == 1 else self.suggestions.near(name[len(start) :], names)
        return near and start + near

    def _aliases(self, path: str, configuration: Configuration) -> Iterator[Dangling]:
        passed = [handed_over(block) for block in self.callers.get(path, ())]
        is_sure = bool(passed) or (path == self.files.root and is_run_here(configuration))
        by_all = frozenset.intersection(*passed) if passed else frozenset()
        own = {block.labels[0] for block in configuration.providers}
        for fault in undeclared_aliases(configuration, by_all, self.suggestions):
            yield replace(fault, unsure="" if is_sure or fault.name.partition(".")[0] in own else "provider")

    def _called(self, path: str, configuration: Configuration) -> Iterator[Dangling]:
        for block in configuration.modules.values():
            if (called := self._whole_target(path, block)) is not None:
                unsure = self._generator(called.directory)
                yield from (replace(fault, unsure=unsure) for fault in call_faults(path, block, called, self.suggestions))
            elif (fault := absent_directory(path, block, self.files, self.suggestions)) is not None:
                target = local_directory(path, block) or ""
                yield fault if fault.unsure else replace(fault, unsure=self._generator(target))

    def _run_elsewhere(self, path: str) -> str:
        """The sign that the text is copied before it is run; empty where there is none."""
        directory = self.directories.get(path)
        if directory is None:
            return ""
        configuration, index = directory.configuration, self.files.index
        if configuration.changes_others or _are_alternatives(configuration) or self._is_piece(path):
            return path or "."
        found = runs_elsewhere(configuration, index) or self._whole_elsewhere(path)
        lacking = {mention.name for mention in directory.mentions.found if mention.kind == "variable"}
        return found or declared_elsewhere(lacking, path, index, self.files.contents)

    def _whole_elsewhere(self, path: str) -> str:
        """A directory that holds the same files and more, as links do that lay them beside others; empty where none does."""
        contents = self.files.contents
        own = {contents[name] for name in self.directories[path].configuration.files} if path in self.directories else set()
        if not own:
            return ""
        same = [directory_of(name) for name, data in contents.items() if data in own and name.endswith(SUFFIXES)]
        for other in sorted(set(same) - {path}):
            sources = [name for name in self.files.index.names.get(other, ()) if name.endswith(SUFFIXES)]
            if same.count(other) == len(own) < len(sources):
                return other
        return ""

    def _is_piece(self, path: str) -> bool:
        """Whether a directory looks like files that a script lays beside others: it has no file of variables, lacks several names, and
        either is an example, has no requirements, or the directory above declares its variables. A root of its own is none, and the
        directory of the tree itself neither."""
        directory = self.directories.get(path)
        if directory is None or not path or _keeps_variables(directory.configuration):
            return False
        lacking = {(mention.kind, mention.name) for mention in directory.mentions.found if mention.kind in _NAMED}
        is_example = bool(_EXAMPLE.search(path))
        if is_example and lacking and not directory.configuration.settings and all(kind == "local" for kind, _ in lacking):
            return True
        if len(lacking) < 2 or is_example or self.files.is_own:
            return len(lacking) > 1 and is_example
        above = directory_of(path)
        start = f"{above}/" if above else ""
        beside = b"\n".join([self.files.contents.get(start + name, b"") for name in sorted(self.files.index.names.get(above, ()))])
        variables = [name for kind, name in lacking if kind == "variable"]
        declared = bool(variables) and all(f'variable "{name}"'.encode() in beside for name in variables)
        return declared or not directory.configuration.settings

    def _whole_target(self, path: str, block: s.Block) -> Configuration | None:
        """The called module, when all of its text was read."""
        target = local_directory(path, block)
        found = self.directories.get(target) if target is not None else None
        return found.configuration if found is not None and target is not None and self._is_whole(target) else None

    def _is_whole(self, path: str) -> bool:
        """Whether all that Terraform reads in the directory was read."""
        found = self._whole.get(path)
        if found is None:
            configuration = self.directories[path].configuration
            start = f"{path}/" if path else ""
            named = module_files(start + name for name in self.files.index.names.get(path, ()))
            found = self._whole[path] = not configuration.unread and (not named or set(named) <= set(configuration.files))
        return found

    def _generator(self, path: str) -> str:
        """The sign that further files are made in the directory; empty where there is none."""
        found = self._generators.get(path)
        if found is None:
            is_called = any(not is_to_copy(directory_of(block.span.path)) for block in self.callers.get(path, ()))
            found = generator(path, self.files.index, self.files.contents, is_called=is_called)
            if not found and not is_called:
                found = self._run_elsewhere(path)
            self._generators[path] = found
        return found


def _keeps_variables(configuration: Configuration) -> bool:
    """Whether its variables stand where those of a whole module do: in a file of their own or its main one."""
    files = {block.span.path for block in configuration.variables.values()}
    return any(_WHOLE.match(stem(path)[0]) for path in files)


def _are_alternatives(configuration: Configuration) -> bool:
    """Whether several files declare the same names over and over: samples, of which one is chosen. Either more than two pairs of files do,
    or one declares all but a few of another's names."""
    pairs = Counter((first.path, span.path) for _, span, first in configuration.twice if first.path != span.path)
    return len(pairs) > 2 or any(shared >= FEW and shared * 2 > _declares(path, configuration) for (_, path), shared in pairs.items())


def _declares(path: str, configuration: Configuration) -> int:
    """How many names a file declares, those that others declare too among them."""
    groups = (configuration.resources, configuration.variables, configuration.outputs, configuration.modules, configuration.locals)
    own = sum((each.span if isinstance(each, s.Block) else each.name_span).path == path for group in groups for each in group.values())
    return own + sum(span.path == path for _, span, _ in configuration.twice)


def _are_versions(one: str, other: str) -> bool:
    """Whether two files look like two versions of one text, to be compared rather than run."""
    return one != other and all(_VERSION.fullmatch(stem(path)[0]) for path in (one, other))


def _declared(kind: ReferenceKind, configuration: Configuration) -> Collection[str]:
    if kind == "variable":
        return configuration.variables.keys()
    if kind == "local":
        return configuration.locals.keys()
    return configuration.modules.keys() if kind == "module" else configuration.resources.keys()
