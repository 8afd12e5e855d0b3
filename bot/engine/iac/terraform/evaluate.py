"""A root's files → one model per environment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.absent_files import Files
from bot.engine.iac.terraform.blocks import MODES, Writer
from bot.engine.iac.terraform.calls import local_directory
from bot.engine.iac.terraform.configuration import Configuration, configured
from bot.engine.iac.terraform.dangling import MAX_FOUND, Directory, dangling, faults_alone
from bot.engine.iac.terraform.describe import text_of
from bot.engine.iac.terraform.environments import (
    MAX_ENVIRONMENTS,
    candidate_files,
    directories_between,
    environment_files,
    environment_name,
    loaded_by_itself,
)
from bot.engine.iac.terraform.instances import Place
from bot.engine.iac.terraform.mentions import mentions
from bot.engine.iac.terraform.modules import Module, is_false
from bot.engine.iac.terraform.parse import parse_file
from bot.engine.iac.terraform.published import OWNERS, PREFIX, Form, form_of, in_the_tree
from bot.engine.iac.terraform.requirements import Requirements
from bot.engine.iac.terraform.roots import Listing, directory_sources, index_of, listing, lock_file, root_directories, runs_in, written_in
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.switches import Switches
from bot.engine.iac.terraform.variable_files import given
from bot.engine.model.reference import Dangling
from bot.engine.model.resource import Call, Limits, Mode, Model, Resource, Unread
from bot.engine.model.span import NOWHERE, Span
from bot.engine.model.value import Reason, Unknown

LANGUAGE = "terraform"
MODULE_WEIGHT = 10  # what opening a module costs, in instances of a resource
_DEFAULT = Limits()


def evaluate(
    root: str,
    files: Mapping[str, bytes],
    *,
    limits: Limits = _DEFAULT,
    only: str | None = None,
    listed: Listing | None = None,
    modes: Collection[Mode] = MODES,
) -> tuple[Model, ...]:
    """The root under no variable file (environment None), then under each of its environments, by path.

    The plain one is left out when it cannot run: when every environment sets a variable that has no value without one.
    `only`: the root consists of this file alone. `listed`: what `listing` says of the same files. `modes`: the kinds of
    blocks that become resources; what stands in others is evaluated only where something refers to it.
    """
    return tuple(Evaluation(root, files, limits, only, listed or listing(files), modes).models())


def switched_on(root: str, files: Mapping[str, bytes], limits: Limits, listed: Listing, modes: Collection[Mode]) -> tuple[Model, ...]:
    """The same, with one instance of each block that the defaults of the root's variables leave out."""
    evaluation = Evaluation(root, files, limits, None, listed, modes)
    evaluation.switched_on = True
    return tuple(evaluation.models())


class Evaluation:
    """Files, and what they are parsed and merged to, shared by the environments of a root."""

    def __init__(
        self, root: str, files: Mapping[str, bytes], limits: Limits, only: str | None, listed: Listing, modes: Collection[Mode]
    ) -> None:
        self.listed = listed
        self.root = root
        self.files = files
        self.limits = limits
        self.only = only
        self.modes = modes
        self.switched_on = False
        self._configurations: dict[str, Configuration] = {}
        self._sources: dict[str, tuple[str, ...]] = {} if only is None else {root: (only,)}

    def models(self) -> Iterator[Model]:
        base = self.configuration(self.root)
        fixed = self._loaded()
        found = () if self.only else self._environments(base)
        used, rest = found[:MAX_ENVIRONMENTS], found[MAX_ENVIRONMENTS:]
        unread = tuple(Unread(Span(path, 1), "file", "limit", f"more than {MAX_ENVIRONMENTS} environments") for path in rest)
        missing = self._missing(base, (*fixed, *used))
        found_here = self._dangling(is_own=missing == "variable")
        if len(found_here) > MAX_FOUND:
            unread += (Unread(found_here[0].span, "root", "limit", f"more than {MAX_FOUND} references that lead nowhere"),)
        if not used or not self._needs_environment(base, fixed, used):
            yield replace(self._model(base, None, fixed, unread, missing=missing), dangling=found_here)
            unread, found_here = (), ()
        for path in used:
            model = self._model(base, environment_name(self.root, path), (*fixed, path), unread, missing="variable")
            yield replace(model, dangling=found_here)
            unread, found_here = (), ()

    def _loaded(self) -> tuple[str, ...]:
        """The variable files that Terraform loads by itself; those that the tree has and nobody could supply are among them."""
        if self.only is not None:
            return ()
        names = index_of(self.listed).names.get(self.root, ()) if self.listed.paths else ()
        here = {f"{self.root}/{name}" if self.root else name for name in names}
        return loaded_by_itself(self.root, here.union(self.listed.directories.get(self.root, ())))

    def _dangling(self, *, is_own: bool) -> tuple[Dangling, ...]:
        """What the root and its local modules refer to and the tree does not declare. A file alone says nothing about that."""
        if self.only is not None:
            return ()
        reached: dict[str, Directory] = {}
        pending = [self.root]
        for path in pending:
            sources = self.sources(path)
            if path in reached or not sources:
                continue
            reached[path] = _directory(path, tuple([(source, self.files[source]) for source in sources]), self.limits)
            targets = (local_directory(path, block) for block in reached[path].configuration.modules.values())
            pending.extend(target for target in targets if target is not None)
        written = written_in(self.listed, self.files)
        runs = runs_in(self.listed, self.files, self.root)
        return dangling(reached, Files(index_of(self.listed), self.root, is_own, self.files, written, runs, self.listed.states))

    def configuration(self, directory: str) -> Configuration:
        """A directory's merged configuration."""
        found = self._configurations.get(directory)
        if found is None:
            sources = tuple([(path, self.files[path]) for path in self.sources(directory)])
            found = self._configurations[directory] = _configured(directory, sources, self.limits)
        return found

    def sources(self, directory: str) -> tuple[str, ...]:
        """The configuration files of a directory; none when it is not in the tree."""
        found = self._sources.get(directory)
        if found is None:
            found = self._sources[directory] = directory_sources(directory, self.listed.directories.get(directory, ()))
        return found

    def _environments(self, base: Configuration) -> tuple[str, ...]:
        """The environments' files. One that sets no variable of this root and could be read changes nothing."""
        candidates = candidate_files(self.root, self.listed.variables)
        if any(map(self.sources, directories_between(self.root, candidates))):
            candidates = environment_files(self.root, candidates, root_directories(self.files))
        return tuple([path for path in candidates if self._sets(path, base)])

    def _sets(self, path: str, base: Configuration) -> bool:
        file = parse_file(path, self.files[path], self.limits)
        return bool(file.unread) or not base.variables.keys().isdisjoint(file.attributes)

    def _needs_environment(self, base: Configuration, fixed: tuple[str, ...], used: tuple[str, ...]) -> bool:
        set_always, _ = given(fixed, self.files, base.variables, self.limits)
        required = [name for name, block in base.variables.items() if "default" not in block.attributes and name not in set_always]
        by_file = [parse_file(path, self.files[path], self.limits).attributes for path in used]
        return any(all(name in attributes for attributes in by_file) for name in required)

    def _missing(self, base: Configuration, variables: tuple[str, ...]) -> Reason:
        """Why a variable without value has none. Without backend, cloud, provider and variable file the root is taken
        for a module whose callers are elsewhere."""
        own = (
            self.root in self.listed.declared
            or bool(base.providers or variables)
            or any(inner.type in ("backend", "cloud") for block in base.settings for inner in block.blocks)
        )
        return "variable" if own else "module-input"

    def _model(
        self, base: Configuration, environment: str | None, paths: tuple[str, ...], unread: tuple[Unread, ...], *, missing: Reason
    ) -> Model:
        found, gaps = given(paths, self.files, base.variables, self.limits)
        unset = {name: block.extent for name, block in base.variables.items() if name not in found}
        switches = Switches(unset, "module-switch" if missing == "module-input" else "switched-off", is_on=self.switched_on)
        run = Run(self.root, self.files, self.limits, base.files[0] if base.files else self.root, self.listed.paths, switches)
        constants = Scope(run, None, {})
        unread += gaps
        module = Module(run, base, {name: (written, constants) for name, written in found.items()}, self._child, missing=missing)
        collected = _Collected(self.modes)
        collected.enter(module)
        lock = lock_file(self.root)
        if lock in self.files:
            collected.requirements.take_lock(parse_file(lock, self.files[lock], self.limits).blocks)
        if run.steps < 0:
            run.report(NOWHERE, "root", "steps")
        files = tuple(sorted({*(path for path in paths if path in self.files), *collected.files, *run.read}))
        problems = tuple(sorted({*unread, *collected.unread, *run.unread}))
        return Model(
            self.root,
            environment,
            LANGUAGE,
            tuple(collected.resources),
            problems,
            files,
            tuple(collected.moves),
            required_providers=collected.requirements.versions(),
            provider_sources=collected.requirements.sources(),
            forgotten=tuple(collected.forgotten),
            imports=tuple(collected.imports),
            switched_off=tuple(switches.off.values()),
        )

    def _child(self, parent: Module, name: str, place: Place) -> Module | Unknown:
        """The module that a call opens, or why it cannot be opened."""
        block = parent.configuration.modules[name]
        directory = local_directory(parent.path, block)
        if directory is None or not self.sources(directory):
            source = block.attributes.get("source")
            raw = source.expression.raw if source is not None and isinstance(source.expression, s.Literal) else None
            if isinstance(raw, str) and any(map(raw.__contains__, OWNERS)) and (form := form_of(raw, _constraint(block))) is not None:
                return self._published(parent, name, place, form)
            return Unknown("module-source", f"module.{name}", block.span, detail=raw if isinstance(raw, str) else "source is not literal")
        run = parent.run
        if directory in parent.directories or len(parent.directories) >= self.limits.module_depth or run.remaining <= 0:
            detail = "module calls itself" if directory in parent.directories else "modules"
            run.report(block.span, "block", detail)
            return Unknown("limit", f"module.{name}", block.span, detail=detail)
        run.remaining -= MODULE_WEIGHT
        return self._opened(parent, name, place, self.configuration(directory), directory)

    def _published(self, parent: Module, name: str, place: Place, form: Form) -> Module:
        """A public module in the short form that is known of it, with what the form has to be told of the call."""
        configuration = _configured(form.path, ((form.path, form.text),), self.limits)
        module = self._opened(parent, name, place, configuration, form.path)
        constants = Scope(parent.run, None, {})
        told = {name: s.Literal(NOWHERE, getattr(form, name)) for name in ("major", "minor", "part")}
        module.arguments = {**module.arguments, **{name: (literal, constants) for name, literal in told.items()}}
        return module

    def _opened(self, parent: Module, name: str, place: Place, configuration: Configuration, directory: str) -> Module:
        block = parent.configuration.modules[name]
        scope = Scope(parent.run, parent, place.names)
        key = f"module.{name}"
        return Module(
            parent.run,
            configuration,
            {given: (attribute.expression, scope) for given, attribute in block.attributes.items()},
            self._child,
            prefix=f"{parent.prefix}{key}{place.suffix}.",
            definition=f"{parent.definition}{key}.",
            calls=(*parent.calls, Call(name, block.span)),
            directories=(*parent.directories, directory),
            exists=place.exists or parent.exists,
            missing="variable",
        )


@lru_cache(maxsize=256)
def _configured(directory: str, sources: tuple[tuple[str, bytes], ...], limits: Limits) -> Configuration:
    """A module is called by many roots, and both sides of a change share most modules."""
    return configured(directory, {path: parse_file(path, data, limits) for path, data in sources})


@lru_cache(maxsize=256)
def _directory(path: str, sources: tuple[tuple[str, bytes], ...], limits: Limits) -> Directory:
    configuration = _configured(path, sources, limits)
    return Directory(configuration, mentions(configuration), faults_alone(configuration))


class _Collected:
    """What the modules of one model add up to."""

    def __init__(self, modes: Collection[Mode]) -> None:
        self.modes = modes
        self.resources: list[Resource] = []
        self.unread: set[Unread] = set()
        self.files: set[str] = set()
        self.moves: list[tuple[str, str]] = []
        self.forgotten: list[str] = []
        self.imports: list[tuple[str, Span]] = []
        self.requirements = Requirements()

    def enter(self, module: Module) -> None:
        """Take a module and all that it calls, callers first."""
        configuration = module.configuration
        if module.path.startswith(PREFIX):
            call = module.calls[-1].span
            self.resources += [in_the_tree(item, call) for item in Writer(module, LANGUAGE, ()).resources()]
            return
        self.resources.extend(Writer(module, LANGUAGE, self.modes).resources())
        self.unread.update(configuration.unread)
        self.files.update(configuration.files)
        self.requirements.take(configuration.settings, configuration.providers)
        self._take_moves(module)
        for name, block in configuration.modules.items():
            key = f"module.{name}"
            for place in module.expansion(key, block).places:
                inside = module.opened(key, name, place)
                if isinstance(inside, Module):
                    self.enter(inside)

    def _take_moves(self, module: Module) -> None:
        for block in module.configuration.moved:
            source, target = block.attributes.get("from"), block.attributes.get("to")
            if source is not None and target is not None:
                self.moves.append((module.prefix + text_of(source.expression), module.prefix + text_of(target.expression)))
        for block in module.configuration.removed:
            source = block.attributes.get("from")
            if source is not None and any(is_false(inner, "destroy") for inner in block.blocks if inner.type == "lifecycle"):
                self.forgotten.append(module.prefix + text_of(source.expression))
        for block in module.configuration.imports:
            target = block.attributes.get("to")
            if target is not None:
                self.imports.append((module.prefix + text_of(target.expression), block.span))


def _constraint(block: s.Block) -> str | None:
    written = block.attributes.get("version")
    return str(written.expression.raw or "") if written is not None and isinstance(written.expression, s.Literal) else None
