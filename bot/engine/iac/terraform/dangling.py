"""What a root and its local modules refer to that does not exist.

As `terraform validate` finds it, without providers: https://developer.hashicorp.com/terraform/cli/commands/validate. A directory
of which something was not read yields nothing; where a sign says that further files are generated, it is not certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.absent_files import Files, absent
from bot.engine.iac.terraform.aliases import handed_over, undeclared_aliases
from bot.engine.iac.terraform.calls import call_faults, local_directory, output_faults
from bot.engine.iac.terraform.configuration import Configuration, module_files
from bot.engine.iac.terraform.cycles import cycles
from bot.engine.iac.terraform.generated import generator
from bot.engine.iac.terraform.mentions import Mention, Mentions
from bot.engine.iac.terraform.similar import similar
from bot.engine.model.reference import Dangling, ReferenceKind

MAX_FOUND = 1_000  # of one root; what is beyond is of the same kind, and the first already fail
_NAMED: dict[str, tuple[ReferenceKind, str]] = {
    "variable": ("variable", "var."),
    "local": ("local", "local."),
    "module": ("module", "module."),
    "resource": ("resource", ""),
}


class Directory(Struct, frozen=True):
    """One module directory, and what its text mentions."""

    configuration: Configuration
    mentions: Mentions


def dangling(directories: Mapping[str, Directory], files: Files) -> tuple[Dangling, ...]:
    """Every fault of the directories that a root reaches, itself among them, in the order of their places."""
    return tuple(sorted(islice(_Search(directories, files).found(), MAX_FOUND)))


class _Search:
    def __init__(self, directories: Mapping[str, Directory], files: Files) -> None:
        self.directories = directories
        self.files = files
        self.calls = [
            (path, block, target)
            for path, directory in directories.items()
            for block in directory.configuration.modules.values()
            if (target := local_directory(path, block)) in directories
        ]
        self._whole: dict[str, bool] = {}
        self._generators: dict[str, str] = {}

    def found(self) -> Iterator[Dangling]:
        for path, directory in self.directories.items():
            for fault in self._faults(path, directory):
                if not self._is_whole(path):
                    break
                yield fault if fault.unsure else replace(fault, unsure=self._generator(path))

    def _faults(self, path: str, directory: Directory) -> Iterator[Dangling]:
        configuration, mentions = directory.configuration, directory.mentions
        for mention in mentions.found:
            yield from self._mentioned(mention, configuration)
        for name, span in configuration.twice:
            yield Dangling(span, "duplicate", name, name, span, path)
        for cycle in cycles(mentions.needs):
            first = f"local.{cycle.names[0]}"
            way = " → ".join((*(f"local.{name}" for name in cycle.names), first))
            yield Dangling(cycle.span, "cycle", way, first, configuration.locals[cycle.names[0]].name_span, path)
        yield from self._aliases(path, configuration)
        yield from self._called(path)

    def _mentioned(self, mention: Mention, configuration: Configuration) -> Iterator[Dangling]:
        path = configuration.directory
        if mention.kind in _NAMED:
            kind, prefix = _NAMED[mention.kind]
            near = similar(mention.name, _declared(kind, configuration))
            yield Dangling(
                mention.span, kind, prefix + mention.name, mention.holder, mention.holder_span, path, near and prefix + near
            )
        elif mention.kind == "module-output":
            block = configuration.modules[mention.name]
            if (called := self._whole_target(path, block)) is not None:
                unsure = self._generator(called.directory)
                yield from (replace(fault, unsure=unsure) for fault in output_faults(path, mention, block, called))
        elif (fault := absent(mention, configuration, self.files)) is not None:
            yield fault

    def _aliases(self, path: str, configuration: Configuration) -> Iterator[Dangling]:
        passed = [handed_over(block) for _, block, target in self.calls if target == path]
        unsure = "" if passed or self.files.is_own else "provider"
        for fault in undeclared_aliases(configuration, frozenset.intersection(*passed) if passed else frozenset()):
            yield replace(fault, unsure=unsure)

    def _called(self, path: str) -> Iterator[Dangling]:
        for caller, block, target in self.calls:
            if caller == path and (called := self._whole_target(path, block)) is not None:
                yield from (replace(fault, unsure=self._generator(target)) for fault in call_faults(path, block, called))

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
            named = module_files(start + name for name in self.files.names.get(path, ()))
            found = self._whole[path] = not configuration.unread and (not named or set(named) <= set(configuration.files))
        return found

    def _generator(self, path: str) -> str:
        """The sign that further files are made in the directory; empty where there is none."""
        found = self._generators.get(path)
        if found is None:
            is_called = any(target == path for _, _, target in self.calls)
            found = self._generators[path] = generator(path, self.files.names, self.files.contents, is_called=is_called)
        return found


def _declared(kind: ReferenceKind, configuration: Configuration) -> frozenset[str]:
    names = {
        "variable": configuration.variables,
        "local": configuration.locals,
        "module": configuration.modules,
        "resource": configuration.resources,
    }
    return frozenset(names[kind])
