"""One directory's files as one configuration: twins, override files, and blocks by name.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.overrides import merged_block
from bot.engine.model.resource import Unread

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
VARIABLE_SUFFIXES = (".tfvars", ".tfvars.json")
IDENTIFIED = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1}


class Configuration(Struct, frozen=True):
    """What one directory declares. `resources` by address within the module; a second declaration of the same name
    (an error in Terraform) stands in `further`. `locals`: attribute by name."""

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
    unread: tuple[Unread, ...]
    files: tuple[str, ...]


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
    blocks: dict[tuple[str, ...], s.Block] = {}
    again: list[tuple[str, s.Block]] = []
    loose: dict[str, list[s.Block]] = {"terraform": [], "moved": []}
    values: dict[str, s.Attribute] = {}
    for path, file in files.items():
        for block in file.blocks:
            _place(block, is_override(path), blocks, again, loose, values)
    return Configuration(
        directory=directory,
        resources={_address(block): block for key, block in blocks.items() if key[0] in ("resource", "data", "ephemeral")},
        further=tuple(again),
        modules=_named(blocks, "module"),
        variables=_named(blocks, "variable"),
        outputs=_named(blocks, "output"),
        locals=values,
        providers=tuple([block for key, block in blocks.items() if key[0] == "provider"]),
        settings=tuple(loose["terraform"]),
        moved=tuple(loose["moved"]),
        unread=tuple([problem for file in files.values() for problem in file.unread]),
        files=tuple(files),
    )


def _named(blocks: Mapping[tuple[str, ...], s.Block], kind: str) -> dict[str, s.Block]:
    return {key[1]: block for key, block in blocks.items() if key[0] == kind}


def _address(block: s.Block) -> str:
    address = ".".join(block.labels)
    return address if block.type == "resource" else f"{block.type}.{address}"


def _place(  # noqa: PLR0913 - one pass fills all of them
    block: s.Block,
    override: bool,  # noqa: FBT001
    blocks: dict[tuple[str, ...], s.Block],
    again: list[tuple[str, s.Block]],
    loose: dict[str, list[s.Block]],
    values: dict[str, s.Attribute],
) -> None:
    if block.type == "locals":
        values.update(block.attributes)
        return
    if block.type in loose:
        earlier = loose[block.type]
        if override and block.type == "terraform" and earlier:
            earlier[0] = merged_block(earlier[0], block)
        else:
            earlier.append(block)
        return
    if len(block.labels) != IDENTIFIED.get(block.type):
        return
    key = (block.type, *block.labels, *_alias(block))
    if key not in blocks:
        blocks[key] = block
    elif override:
        blocks[key] = merged_block(blocks[key], block)
    elif block.type in ("resource", "data"):
        again.append((_address(block), block))


def _alias(block: s.Block) -> tuple[str, ...]:
    if block.type != "provider" or "alias" not in block.attributes:
        return ()
    expression = block.attributes["alias"].expression
    return (str(expression.raw),) if isinstance(expression, s.Literal) else ()
