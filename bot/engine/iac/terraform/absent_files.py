"""Files that functions read and the tree does not hold.

Terraform reads them when it validates, also for a resource with `count = 0`; only a condition or `try` keeps it from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.ignored import ancestors, ignoring_file
from bot.engine.iac.terraform.mentions import Mention
from bot.engine.iac.terraform.references import joined_path
from bot.engine.iac.terraform.roots import Index
from bot.engine.iac.terraform.similar import Suggestions
from bot.engine.iac.terraform.terragrunt import NOTHING, Written
from bot.engine.iac.terraform.workflow_runs import Run
from bot.engine.model.reference import Dangling
from bot.engine.pattern import Pattern

# What is built or handed out rather than written: archives, binaries, keys, states, credentials. Compiled when a file is missed.
_MADE = Pattern(
    r".*\.(?:zip|jar|war|tar|t?gz|whl|egg|so|exe|bin|wasm|dll|nupkg|box|iso|img|qcow2|pub|pem|key|crt|cer|csr|der|pfx|p12|jks|ppk|asc|gpg|pgp"
    r"|env|tfstate|tfplan|tfvars|kubeconfig|token|secret|password|min\.js|map|log|out)"
    r"|\.env.*|.*(?:secret|credential|passw|token|kubeconfig|private|id_rsa|id_ed25519|service[-_]?account|account[-_]?key|sa[-_]?key).*",
    re.IGNORECASE,
)
_MADE_IN = Pattern(
    r"(?:^|/)(?:\.[^./][^/]*|dist|builds?|target|out|outputs?|node_modules|vendor|generated|gen|te?mp|artifacts?|packages?|secrets?|keys"
    r"|certs?|certificates|bin|cache)/"
)
_PLACEHOLDERS = Pattern(r"[<>{}]|(?:^|[-_./ ])your[-_ ]|(?:^|/)path/to/", re.IGNORECASE)
_HASHES = Pattern(r"file(?:base64)?(?:md5|sha\d+)|filebase64")
_WRITERS = frozenset({"archive_file", "local_file", "local_sensitive_file"})
MAX_TEXT = 10_000
_WRITTEN = ("output_path", "filename")


class Files(Struct, frozen=True):
    """The tree as far as files go. `root`: of the evaluation; `is_own`: whether it is surely one that Terraform is run in, rather
    than a module whose callers are elsewhere. `contents`: bytes of ignore files among others. `written`: what
    terragrunt adds. `runs`: the workflows that plan the root. `states`: filled by `shared_states`, once for the roots of a tree."""

    index: Index
    root: str
    is_own: bool
    contents: Mapping[str, bytes]
    written: Written = NOTHING
    runs: tuple[Run, ...] = ()
    states: list[dict[bytes, list[str]]] = []


def absent(mention: Mention, configuration: Configuration, files: Files, suggestions: Suggestions) -> Dangling | None:
    """The fault of a function that reads a file by a literal path; None where it is there, or where that cannot be told."""
    written = _path(mention.argument) if mention.guard != "guarded" else None
    if written is None or not files.index.names:
        return None
    anchor, rest = written
    here = configuration.directory
    places = [joined_path(here, rest)] if anchor == "module" else [joined_path(place, rest) for place in (files.root, here, "")]
    if any(place is None or is_there(place, files.index) for place in places[: 1 if anchor == "root" else None]):
        return None
    path = places[0]
    assert path is not None  # seen just above
    unsure = _unsure(mention, path, configuration, files, anchor)
    near = suggestions.near(path.rpartition("/")[2], files.index.names.get(path.rpartition("/")[0], ()))
    return Dangling(mention.span, "file", path, mention.holder, mention.holder_span, here, near, unsure)


def _path(argument: s.Expression | None) -> tuple[str, str] | None:
    """What a literal path begins with (`module`, `root`, or nothing), and what follows it; None of any other and of one elsewhere."""
    if isinstance(argument, s.Literal) and isinstance(argument.raw, str) and argument.raw:
        return None if argument.raw.startswith(("/", "~")) or "\\" in argument.raw or ":" in argument.raw else ("", argument.raw)
    if not isinstance(argument, s.Template) or len(argument.parts) != 2:
        return None
    start, rest = argument.parts
    if not (isinstance(start, s.GetAttr) and isinstance(start.source, s.Variable) and start.source.name == "path"):
        return None
    text = rest.raw if isinstance(rest, s.Literal) else None
    return (start.name, text.lstrip("/")) if isinstance(text, str) and text[:1] == "/" and start.name in ("module", "root") else None


def is_there(path: str, index: Index) -> bool:
    """Whether the tree holds a file of this path, or a link or submodule at it or above it, of which nothing below is known."""
    for place in (path, *ancestors(path)):
        directory, _, name = place.rpartition("/")
        if name in index.names.get(directory, ()):
            return True
    return False


def _unsure(mention: Mention, path: str, configuration: Configuration, files: Files, anchor: str) -> str:
    """Why the file may be there when Terraform runs; empty where nothing speaks for it."""
    name = path.rpartition("/")[2]
    if mention.guard:
        return "a condition"
    if anchor != "module" and not (files.is_own and configuration.directory == files.root):
        return f"path.{anchor or 'cwd'}"
    if _PLACEHOLDERS.search(path):
        return name
    if _HASHES.fullmatch(mention.name) or _MADE.fullmatch(name) or _MADE_IN.search(f"/{path}"):
        return name
    made = next((address for address, text in _made(configuration) if name in text), "")
    return made or ignoring_file(path, files.contents)


def _made(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Blocks that write files, with the text that names them."""
    for address, block in configuration.resources.items():
        for name in _WRITTEN if block.labels[0] in _WRITERS else ():
            if name in block.attributes:
                yield address, "".join(_texts((block.attributes[name].expression,)))[:MAX_TEXT]
        for inner in block.blocks:
            if inner.type == "provisioner" and "command" in inner.attributes:
                yield address, "".join(_texts((inner.attributes["command"].expression,)))[:MAX_TEXT]


def _texts(parts: Iterable[s.Expression]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, s.Literal):
            yield str(part.raw)
        elif isinstance(part, s.Template):
            yield from _texts(part.parts)
