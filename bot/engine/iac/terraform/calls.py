"""Calls of local modules against what these declare: arguments, inputs and outputs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.absent_files import Files, is_there
from bot.engine.iac.terraform.configuration import SUFFIXES, Configuration, directory_of
from bot.engine.iac.terraform.ignored import ignoring_file
from bot.engine.iac.terraform.mentions import Mention
from bot.engine.iac.terraform.references import joined_path
from bot.engine.iac.terraform.similar import Suggestions
from bot.engine.model.reference import Dangling

# https://developer.hashicorp.com/terraform/language/block/module
META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on", "lifecycle"})


def local_source(block: s.Block) -> str | None:
    """What a call names as its module's directory; None when it is no literal path."""
    written = block.attributes.get("source")
    raw = written.expression.raw if written is not None and isinstance(written.expression, s.Literal) else None
    return raw if isinstance(raw, str) and (raw in (".", "..") or raw.startswith(("./", "../"))) else None


def local_directory(directory: str, block: s.Block) -> str | None:
    """The module's directory of a call in `directory`; None where the call leads out of the tree or to no directory."""
    source = local_source(block)
    return None if source is None else joined_path(directory, source)


def absent_directory(directory: str, block: s.Block, files: Files, suggestions: Suggestions) -> Dangling | None:
    """The fault of a call whose local source is no directory with configuration; None where that cannot be told."""
    target = local_directory(directory, block)
    if target is None or not files.index.names or any(name.endswith(SUFFIXES) for name in files.index.names.get(target, ())):
        return None
    if is_there(target, files.index):
        return None
    above = directory_of(target)
    beside = [path.rpartition("/")[2] for path in files.index.names if path and directory_of(path) == above]
    near = suggestions.near(target.rpartition("/")[2], beside)
    holder, written = f"module.{block.labels[0]}", block.attributes["source"].expression
    unsure = ignoring_file(f"{target}/main.tf", files.contents)
    return Dangling(written.span, "module-directory", target or ".", holder, block.span, directory, near, unsure)


def call_faults(directory: str, block: s.Block, called: Configuration, suggestions: Suggestions) -> Iterator[Dangling]:
    """Arguments that the module does not take, and inputs that it needs and does not get."""
    holder = f"module.{block.labels[0]}"
    escaped = {name for inner in block.blocks if inner.type == "_" for name in inner.attributes}
    for name, written in block.attributes.items():
        if name not in called.variables and name not in META:
            near = suggestions.near(name, called.variables.keys() - block.attributes.keys())
            yield Dangling(written.name_span, "module-input", name, holder, block.span, directory, near)
    if block.incomplete:
        return
    for name, variable in called.variables.items():
        if "default" not in variable.attributes and not variable.incomplete and not (name in block.attributes or name in escaped):
            yield Dangling(block.span, "required-input", name, holder, block.span, directory, declared=variable.span)


def output_faults(directory: str, mention: Mention, block: s.Block, called: Configuration, suggestions: Suggestions) -> Iterator[Dangling]:
    """An output that the module does not have."""
    step = _output_step(mention.rest, repeated="count" in block.attributes or "for_each" in block.attributes)
    name = _key(step)
    if step is not None and name is not None and name not in called.outputs:
        near = suggestions.near(name, called.outputs)
        call = f"module.{mention.name}."
        full = near and call + near
        yield Dangling(step.span, "module-output", call + name, mention.holder, mention.holder_span, directory, full)


def _output_step(rest: tuple[s.Expression, ...], *, repeated: bool) -> s.Expression | None:
    """The step that names an output; None where there is none, or where it depends on what the call's value is."""
    first = rest[0]
    if isinstance(first, s.Splat) or (repeated and isinstance(first, s.Index)):
        return rest[1] if len(rest) > 1 else None
    return None if repeated else first


def _key(step: s.Expression | None) -> str | None:
    if isinstance(step, s.GetAttr):
        return step.name
    raw = step.key.raw if isinstance(step, s.Index) and isinstance(step.key, s.Literal) else None
    return raw if isinstance(raw, str) else None
