"""One directory's files as one configuration: twins, override files, and blocks by name.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.overrides import merged_block, nested_kinds
from bot.engine.model.resource import Unread
from bot.engine.model.span import Span

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
VARIABLE_SUFFIXES = (".tfvars", ".tfvars.json")
IDENTIFIED = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1}
WITHOUT_VALUES = frozenset({"action", "list"})


class Configuration(Struct, frozen=True):
    """What one directory declares. `resources` by address within the module; a second declaration of the same name
    (an error in Terraform) stands in `further`. `locals`: attribute by name. `twice`: every name that is declared again
    outside of an override file, with the place, and the first. `changes_others`: an override file changes what is not declared
    here, which Terraform refuses."""

    directory: str
    resources: dict[str, s.Block]
    further: tuple[tuple[str, s.Block], ...]
    modules: dict[str, s.Block]
    variables: dict[str, s.Block]
    outputs: dict[str, s.Block]
    locals: dict[str, s.Attribute]
    providers: tuple[s.Block, ...]
    settings: tuple[s.Block, ...]
    moved: tuple[s.Block, ...]
    removed: tuple[s.Block, ...]
    imports: tuple[s.Block, ...]
    unread: tuple[Unread, ...]
    files: tuple[str, ...]
    checks: dict[str, s.Block] = {}
    twice: tuple[tuple[str, Span, Span], ...] = ()
    changes_others: bool = False


def is_source(path: str) -> bool:
    """Whether Terraform or OpenTofu reads the file as configuration or as variable values."""
    return path.endswith(SUFFIXES) or path.endswith(VARIABLE_SUFFIXES)


def directory_of(path: str) -> str:
    """The directory; the tree's own is the empty string."""
    return path.rpartition("/")[0]


def stem(path: str) -> tuple[str, str]:
    """File name without its suffix, and the suffix: `a.tf.json` is (`a`, `.tf.json`)."""
    name = path.rpartition("/")[2]
    suffix = next((suffix for suffix in (".tf.json", ".tofu.json", ".tf", ".tofu") if name.endswith(suffix)), "")
    return name[: len(name) - len(suffix)] if suffix else name, suffix


def module_files(paths: Iterable[str]) -> tuple[str, ...]:
    """The configuration files of one directory in the order they are read: a `.tofu` twin replaces the `.tf`."""
    chosen = {path for path in paths if path.endswith(SUFFIXES) and not path.rpartition("/")[2].startswith((".", "#"))}
    for path in tuple(chosen):
        if path.endswith((".tofu", ".tofu.json")):
            head, _, tail = path.rpartition(".tofu")
            chosen.discard(f"{head}.tf{tail}")
    return tuple(sorted(chosen, key=lambda path: (is_override(path), path)))


def is_override(path: str) -> bool:
    name, _ = stem(path)
    return name == "override" or name.endswith("_override")


def configured(directory: str, files: Mapping[str, s.File]) -> Configuration:
    """The merged configuration. `files`: parsed, by path, in the order of `module_files`."""
    found = _Found()
    for path, file in files.items():
        found.unread.extend(file.unread)
        found.unread.extend(
            Unread(written.span, "attribute", "grammar", "argument outside of a block") for written in file.attributes.values()
        )
        override = is_override(path)
        for block in file.blocks:
            found.take(block, override=override)
    blocks = found.blocks
    return Configuration(
        directory=directory,
        resources={_address(block): block for key, block in blocks.items() if key[0] in ("resource", "data", "ephemeral")},
        further=tuple(found.again),
        modules=_named(blocks, "module"),
        variables=_named(blocks, "variable"),
        outputs=_named(blocks, "output"),
        locals=found.locals,
        providers=tuple([block for key, block in blocks.items() if key[0] == "provider"]),
        settings=tuple(found.settings),
        moved=tuple(found.moved),
        removed=tuple(found.removed),
        imports=tuple(found.imports),
        unread=tuple(found.unread),
        files=tuple(files),
        checks=_named(blocks, "check"),
        twice=tuple(found.twice),
        changes_others=found.changes_others,
    )


class _Found:
    """The blocks of one directory so far."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[str, ...], s.Block] = {}
        self.again: list[tuple[str, s.Block]] = []
        self.locals: dict[str, s.Attribute] = {}
        self.settings: list[s.Block] = []
        self.moved: list[s.Block] = []
        self.removed: list[s.Block] = []
        self.imports: list[s.Block] = []
        self.unread: list[Unread] = []
        self.twice: list[tuple[str, Span, Span]] = []
        self.changes_others = False

    def take(self, block: s.Block, *, override: bool) -> None:
        """Put a block where it belongs; an override changes the block of its name."""
        if block.type == "locals":
            if not override:
                again = sorted(self.locals.keys() & block.attributes.keys())
                places = ((name, block.attributes[name].name_span, self.locals[name].name_span) for name in again)
                self.twice.extend((f"local.{name}", span, first) for name, span, first in places)
            self.locals.update(block.attributes)
        elif block.type == "moved":
            self.moved.append(block)
        elif block.type == "removed":
            self.removed.append(block)
        elif block.type == "import":
            self.imports.append(block)
        elif block.type == "terraform":
            self._take_settings(block, override=override)
        elif len(block.labels) == IDENTIFIED.get(block.type):
            self._take_identified(block, override=override)
        elif block.type in IDENTIFIED:
            self.unread.append(Unread(block.span, "block", "grammar", f"{block.type} block with {len(block.labels)} labels"))
        elif block.type not in WITHOUT_VALUES:
            self.unread.append(Unread(block.span, "block", "unsupported", f"{block.type} block"))

    def _take_settings(self, block: s.Block, *, override: bool) -> None:
        """An override changes the block that holds what it sets, else the first."""
        if not override or not self.settings:
            self.settings.append(block)
            return
        wanted = nested_kinds(block)
        position = next((i for i, earlier in enumerate(self.settings) if wanted & nested_kinds(earlier)), 0)
        self.settings[position] = merged_block(self.settings[position], block)

    def _take_identified(self, block: s.Block, *, override: bool) -> None:
        key = (block.type, *block.labels, *_alias(block))
        if key not in self.blocks:
            self.blocks[key] = block
            self.changes_others |= override and block.type != "provider"
        elif override:
            self.blocks[key] = merged_block(self.blocks[key], block)
        else:
            self.twice.append((_declared(block), block.span, self.blocks[key].span))
            if block.type in ("resource", "data", "ephemeral"):
                self.again.append((_address(block), block))
        for inner in block.blocks if block.type == "check" else ():
            if inner.type == "data" and len(inner.labels) == IDENTIFIED["data"]:
                self._take_identified(inner, override=override)


def _named(blocks: Mapping[tuple[str, ...], s.Block], kind: str) -> dict[str, s.Block]:
    return {key[1]: block for key, block in blocks.items() if key[0] == kind}


def _address(block: s.Block) -> str:
    address = ".".join(block.labels)
    return address if block.type == "resource" else f"{block.type}.{address}"


def _declared(block: s.Block) -> str:
    """The name that a block declares, as references write it."""
    kind = {"resource": (), "variable": ("var",)}.get(block.type, (block.type,))
    return ".".join((*kind, *block.labels, *_alias(block)))


def _alias(block: s.Block) -> tuple[str, ...]:
    if block.type != "provider" or "alias" not in block.attributes:
        return ()
    expression = block.attributes["alias"].expression
    return (str(expression.raw),) if isinstance(expression, s.Literal) else ()
