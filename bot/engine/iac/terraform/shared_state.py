"""A place of a state that another root of the tree names as its own.

Only where all that tells the place is written out: what `-backend-config` adds is not in the tree. Names of buckets and storage accounts
are the same for every account (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html), so no region or profile
tells two places apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.absent_files import Files
from bot.engine.iac.terraform.configuration import SUFFIXES, Configuration, directory_of
from bot.engine.iac.terraform.parse import parse_file
from bot.engine.model.asked_for import is_asked_for
from bot.engine.model.reference import Dangling
from bot.engine.model.tried_out import is_tried_out
from bot.engine.pattern import Pattern

# Backend → the arguments that tell its places apart: https://developer.hashicorp.com/terraform/language/backend, page by page.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "azurerm": ("storage_account_name", "container_name", "key"),
    "gcs": ("bucket", "prefix"),
    "oss": ("bucket", "prefix", "key"),
    "s3": ("bucket", "key"),
}
_BACKEND = b"backend"
_LAST = Pattern(rb'(?:key|prefix)"?[ \t]*[=:][ \t]*"([^"\n]{1,1024})"')


def shared_states(configuration: Configuration, files: Files) -> Iterator[Dangling]:
    """A fault for the first other directory, by name, that keeps its state at this root's place."""
    found = _place(configuration.settings)
    if found is None or is_tried_out(f"{configuration.directory}/"):
        return
    backend, place = found
    last = backend.attributes[_PLACES[backend.labels[0]][-1]]
    other = min(_others(configuration.directory, place, files), default=None)
    if other is not None:
        name, similar = f"{place[0]}://" + "/".join(place[1:]), other or "."
        yield Dangling(last.expression.span, "shared-state", name, "terraform", backend.span, configuration.directory, similar)


def _others(own: str, place: tuple[str, ...], files: Files) -> Iterator[str]:
    if not files.states:
        files.states.append(_backends(files.contents))
    for path in files.states[0].get(place[-1].encode(), ()):
        directory = directory_of(path)
        if directory != own and not is_tried_out(path):
            settings = tuple([block for block in parse_file(path, files.contents[path]).blocks if block.type == "terraform"])
            found = _place(settings)
            if found is not None and found[1] == place:
                yield directory


def _backends(contents: Mapping[str, bytes]) -> dict[bytes, list[str]]:
    """The files that speak of a backend, by each text that stands where the last part of a place does: read once for all roots."""
    found: dict[bytes, list[str]] = {}
    for path, data in contents.items():
        if path.endswith(SUFFIXES) and _BACKEND in data:
            for name in set(_LAST.findall(data)):
                found.setdefault(name, []).append(path)
    return found


def _place(settings: tuple[s.Block, ...]) -> tuple[s.Block, tuple[str, ...]] | None:
    """The backend that is written out, its type and what tells the place apart; None when a part is not there or is to be filled in."""
    backends = [inner for block in settings for inner in block.blocks if inner.type == "backend" and inner.labels]
    if len(backends) != 1 or backends[0].labels[0] not in _PLACES:
        return None
    written = [backends[0].attributes.get(name) for name in _PLACES[backends[0].labels[0]]]
    values = [item.expression.raw if item and isinstance(item.expression, s.Literal) else None for item in written]
    texts = [value for value in values if isinstance(value, str) and value and not is_asked_for(value)]
    return (backends[0], (backends[0].labels[0], *texts)) if len(texts) == len(values) else None
