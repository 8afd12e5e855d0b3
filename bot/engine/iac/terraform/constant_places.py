"""References and calls where Terraform reads before it has values: descriptions, defaults, and where the state is kept.

https://developer.hashicorp.com/terraform/language/values/variables#arguments and
https://developer.hashicorp.com/terraform/language/backend#define-a-backend-block. OpenTofu takes variables and local values for a
backend since 1.8, so there it is no fault unless the tree says that Terraform runs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.expression_parts import parts_of
from bot.engine.model.reference import Dangling

MAX_NAME = 80
_VARIABLE = ("default", "description", "sensitive", "nullable", "ephemeral")
_OUTPUT = ("description", "sensitive", "ephemeral")
_REGISTRY = b"registry.terraform.io/"


def values_too_early(configuration: Configuration) -> Iterator[Dangling]:
    """Every reference or call in an argument that takes neither, of Terraform and OpenTofu alike."""
    for kind, blocks, arguments in (("var", configuration.variables, _VARIABLE), ("output", configuration.outputs, _OUTPUT)):
        for name, block in blocks.items():
            for argument in arguments:
                if argument in block.attributes:
                    yield from _faults(block.attributes[argument].expression, f"{kind}.{name}", block, configuration, "")


def backend_values(configuration: Configuration, contents: Mapping[str, bytes]) -> Iterator[Dangling]:
    """The same in the blocks that say where the state is kept. `contents`: bytes of lock files among others."""
    for block in configuration.settings:
        for backend in block.blocks:
            if backend.type == "backend":
                unsure = "" if _runs_terraform(configuration.directory, contents) else "OpenTofu 1.8"
                for written in backend.attributes.values():
                    yield from _faults(written.expression, "terraform", backend, configuration, unsure)


def _faults(e: s.Expression, holder: str, block: s.Block, configuration: Configuration, unsure: str) -> Iterator[Dangling]:
    found = _first(e, frozenset())
    if found is not None:
        name = describe(found, MAX_NAME)
        yield Dangling(found.span, "not-constant", name, holder, block.span, configuration.directory, unsure=unsure)


def _first(e: s.Expression, bound: frozenset[str]) -> s.Expression | None:
    """The first reference or call; what a `for` binds is none."""
    if isinstance(e, s.Call):
        return e
    if isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable):
        return None if e.source.name in bound else e
    if isinstance(e, s.For):
        inner = (part for part in (e.key_result, e.result, e.condition) if part is not None)
        within = (_first(part, bound | {e.key, e.value}) for part in inner)
        return _first(e.collection, bound) or next((found for found in within if found is not None), None)
    return next((found for part in parts_of(e) if (found := _first(part, bound)) is not None), None)


def _runs_terraform(directory: str, contents: Mapping[str, bytes]) -> bool:
    """Whether the lock file beside the configuration was written by Terraform."""
    return _REGISTRY in contents.get(f"{directory}/.terraform.lock.hcl".lstrip("/"), b"")
