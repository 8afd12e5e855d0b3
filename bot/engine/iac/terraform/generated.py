"""Signs that the files of a directory are not all that Terraform will read there: generators, templates, and pieces of examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase

from bot.engine.iac.terraform.configuration import SUFFIXES, is_override
from bot.engine.iac.terraform.ignored import ancestors, ignored_by
from bot.engine.iac.terraform.roots import Index
from bot.engine.pattern import Pattern

# A file beside the configuration, or above it, whose tool writes further files of configuration.
_BESIDE = Pattern(r"terragrunt\.(?:stack\.)?hcl(?:\.json)?|cdktf\.json|component\.yaml|cookiecutter\.json|.+\.tm\.hcl|.+\.(?:jsonnet|cue)")
_ABOVE = Pattern(r"terragrunt\.hcl|root\.hcl|cdktf\.json|copier\.ya?ml|cookiecutter\.json|.+\.tm\.hcl")
_TEMPLATE = Pattern(
    r".+\.(?:tf|tofu|tf\.json)\.(?:j2|jinja2?|tmpl|tpl|tftpl|template|erb|ejs|mustache|hbs|gotmpl|gohtml|in|jsonnet|cue)"
    r"|(?:main|variables?|providers?|outputs?|locals|backend|module)\.(?:j2|jinja2?|tmpl|tpl|template|erb|ejs|mustache|hbs|gotmpl)"
)
# Pieces to be read or copied, and texts that are wrong on purpose.
# https://developer.hashicorp.com/terraform/registry/providers/docs for the examples of providers.
_PIECES = Pattern(
    r"(?:^|/)(?:examples/(?:resources|data-sources|ephemeral-resources|functions|actions|list-resources|provider)"
    r"|docs?|mixins?|snippets?|partials?|skeletons?|testdata|test-fixtures|test_fixtures|fixtures?"
    r"|golden[^/]*|expected|expectations)(?:/|$)"
    r"|(?:^|/)(?:examples|samples)$"
)
_TO_COPY = Pattern(r"(?:^|/)(?:_|\.|templates?(?:/|$)|boilerplates?(?:/|$)|scaffold)")  # unless a module calls it where it stands
# What git leaves out of many repositories everywhere, and what declares nothing that others refer to.
_PLAIN = Pattern(r".*(?:override|backend|provider|terraform-ls|versions).*|terraform\.(?:tf|tofu)")


def generator(directory: str, index: Index, files: Mapping[str, bytes], *, is_called: bool) -> str:
    """The path that shows it, or the empty text. `files`: bytes of ignore files among others.

    `is_called`: some module of the tree calls the directory, so that its text has to be whole without a generator's help.
    """
    for name in sorted(index.names.get(directory, ())):
        if _BESIDE.fullmatch(name) or _TEMPLATE.fullmatch(name):
            return f"{directory}/{name}".lstrip("/")
    if "{{" in directory or _PIECES.search(directory):
        return directory
    if not is_called and (is_to_copy(directory) or _changes_others(index.names.get(directory, ()))):
        return directory
    elsewhere = "" if is_called else next(_above(directory, index.names), "") or index.terragrunt
    return elsewhere or next(_ignored_sources(directory, files), "")


def is_to_copy(directory: str) -> bool:
    """Whether the name says that scripts copy from the directory."""
    return bool(_TO_COPY.search(directory))


def _changes_others(names: Collection[str]) -> bool:
    """Whether the directory holds override files only: they are laid over a configuration that stands elsewhere."""
    sources = [name for name in names if name.endswith(SUFFIXES)]
    return bool(sources) and all(map(is_override, sources))


def _above(directory: str, names: Mapping[str, Collection[str]]) -> Iterator[str]:
    for place in ancestors(directory):
        for name in sorted(names.get(place, ())):
            if _ABOVE.fullmatch(name):
                yield f"{place}/{name}".lstrip("/")


def _ignored_sources(directory: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """The ignore files by which git leaves out configuration of this directory that may declare something."""
    for place in (directory, *ancestors(directory)):
        path = f"{place}/.gitignore".lstrip("/")
        inside = directory[len(place) :].lstrip("/")
        if path in files and any(_leaves_out_sources(pattern, inside) for pattern in ignored_by(files[path])):
            yield path


def _leaves_out_sources(pattern: str, directory: str) -> bool:
    place, _, name = pattern.strip("/").removeprefix("**/").rpartition("/")
    if not name.endswith(SUFFIXES) or is_override(name) or _PLAIN.fullmatch(name):
        return False
    if not place:
        return not pattern.startswith("/") or not directory
    return fnmatchcase(directory, place.replace("**/", "*").replace("/**", "*"))
