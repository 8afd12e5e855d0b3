"""What a root asks for and the workflows that plan it do not give: a version of Terraform, and variables without default.

A run on GitHub has no terminal, so Terraform asks for nothing and ends:
https://developer.hashicorp.com/terraform/language/values/variables#variables-on-the-command-line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.environments import loaded_by_itself
from bot.engine.iac.terraform.expression_parts import parts_of
from bot.engine.iac.terraform.installed import allows, written_constraint
from bot.engine.iac.terraform.variable_files import given
from bot.engine.iac.terraform.workflow_runs import Run, Version
from bot.engine.model.reference import Dangling
from bot.engine.model.resource import Limits

_LIMITS = Limits()
# https://github.com/hashicorp/terraform/blob/main/CHANGELOG.md, of each version
_CHECK: Version = (1, 5, 0)
_IMPORT: Version = (1, 5, 0)
_REMOVED: Version = (1, 7, 0)
_REFERENCE: Version = (1, 9, 0)


def workflow_faults(
    configuration: Configuration, root: str, runs: Collection[Run], contents: Mapping[str, bytes], names: Collection[str]
) -> Iterator[Dangling]:
    """`runs`: of the root. `names`: of the files that stand in the root."""
    for run in {(run.workflow, run.tool, run.version): run for run in runs}.values():
        if run.version is not None:
            yield from _versions(configuration, run, run.version)
    if configuration.directory == root:
        yield from _inputs(configuration, root, runs, contents, names)


def _versions(configuration: Configuration, run: Run, version: Version) -> Iterator[Dangling]:
    shown = ".".join(map(str, version))
    for block, e, constraint in written_constraint(configuration):
        if allows(constraint, version) is False:
            yield Dangling(e.span, "workflow-version", shown, "terraform", block.span, configuration.directory, run.workflow)
    if run.tool == "terraform":
        for block, name, since in _newer(configuration):
            if version < since:
                told = f"{since[0]}.{since[1]}; {run.workflow} installs {shown}"
                yield Dangling(block.span, "newer-language", name, name, block.extent, configuration.directory, told)


def _newer(configuration: Configuration) -> Iterator[tuple[s.Block, str, Version]]:
    """What newer versions alone understand, and since when."""
    yield from ((block, "import", _IMPORT) for block in configuration.imports)
    yield from ((block, "removed", _REMOVED) for block in configuration.removed)
    yield from ((block, "check", _CHECK) for block in configuration.checks.values())
    for name, variable in configuration.variables.items():
        for block in variable.blocks:
            condition = block.attributes.get("condition") if block.type == "validation" else None
            if condition is not None and _refers_further(condition.expression, name):
                yield block, f"validation of var.{name} by other values", _REFERENCE


def _refers_further(e: s.Expression, name: str) -> bool:
    """Whether a condition refers to another variable, a local value or a resource."""
    if isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable):
        return e.source.name in ("local", "data", "module") or (e.source.name == "var" and e.name != name)
    if isinstance(e, s.For):
        return _refers_further(e.collection, name)
    return any(_refers_further(part, name) for part in parts_of(e))


def _inputs(
    configuration: Configuration, root: str, runs: Collection[Run], contents: Mapping[str, bytes], names: Collection[str]
) -> Iterator[Dangling]:
    """Once for each variable that some workflow certainly does not set."""
    if any(inner.type in ("cloud", "remote") or "remote" in inner.labels for block in configuration.settings for inner in block.blocks):
        return  # variables are kept with the workspace
    files = loaded_by_itself(root, [f"{root}/{name}".lstrip("/") for name in names])
    if any(path not in contents for path in files):
        return
    set_always, _ = given(files, contents, configuration.variables, _LIMITS)
    for name, block in configuration.variables.items():
        if "default" in block.attributes or block.incomplete or name in set_always:
            continue
        run = next((run for run in runs if run.given is not None and name not in run.given), None)
        if run is not None:
            yield Dangling(block.span, "input-not-passed", f"var.{name}", f"var.{name}", block.extent, root, run.workflow)
