"""Signs that the files of a directory are not all that Terraform will read there: generators, templates, and parts of examples."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from bot.engine.iac.terraform.configuration import SUFFIXES, directory_of, is_override
from bot.engine.iac.terraform.ignored import ignored_by

# A file beside the configuration, or above it, whose tool writes further files of configuration.
_BESIDE = frozenset({"terragrunt.hcl", "terragrunt.hcl.json", "terragrunt.stack.hcl", "cdktf.json", "component.yaml", "cookiecutter.json"})
_ABOVE = re.compile(r"(?:terramate\.tm\.hcl|.*\.tm\.hcl|terragrunt\.hcl|root\.hcl|cdktf\.json|copier\.ya?ml|cookiecutter\.json)")
_TEMPLATE = re.compile(r".+\.tf(?:\.json)?\.[\w.]+|.+\.(?:tf|tofu)(?:_|-)?(?:tmpl|template|tpl)|.+\.(?:jsonnet|cue)")
# https://developer.hashicorp.com/terraform/registry/providers/docs: examples there are pieces to be read.
_PIECES = re.compile(r"(?:^|/)examples/(?:resources|data-sources|ephemeral-resources|functions|actions|list-resources|provider)(?:/|$)")
_FIXTURES = re.compile(r"(?:^|/)(?:testdata|test-fixtures|test_fixtures|fixtures?)(?:/|$)")


def generator(directory: str, names: Mapping[str, Collection[str]], files: Mapping[str, bytes], *, is_called: bool) -> str:
    """The path that shows it, or the empty text. `names`: file names by directory; `files`: bytes of ignore files among others.

    `is_called`: some module of the tree calls the directory, so that its text has to be whole without a generator's help.
    """
    for name in sorted(names.get(directory, ())):
        if name in _BESIDE or (_TEMPLATE.fullmatch(name) and not is_a_template_of_text(name)):
            return f"{directory}/{name}".lstrip("/")
    if "{{" in directory or _PIECES.search(directory) or _FIXTURES.search(directory):
        return directory
    if not is_called:
        for above in _ancestors(directory):
            for name in sorted(names.get(above, ())):
                if _ABOVE.fullmatch(name):
                    return f"{above}/{name}".lstrip("/")
    return _ignored_sources(directory, files)


def is_a_template_of_text(name: str) -> bool:
    """A state, a lock or a plan beside the configuration is no template of it."""
    return name.endswith((".tf.json", ".tf.md", ".tf.bak", ".tf.orig", ".tf.swp", ".tf.disabled", ".tf.example", ".tf.sample"))


def _ancestors(directory: str) -> Iterator[str]:
    """The directories above, nearest first; the tree's own is the empty text."""
    while directory:
        directory = directory_of(directory)
        yield directory


def _ignored_sources(directory: str, files: Mapping[str, bytes]) -> str:
    """The ignore file by which git leaves out configuration of this directory that is no override."""
    for above in (directory, *_ancestors(directory)):
        path = f"{above}/.gitignore".lstrip("/")
        for pattern in ignored_by(files.get(path, b"")):
            if pattern.endswith(SUFFIXES) and not is_override(pattern) and not pattern.endswith(("override.tf", "override.tf.json")):
                return path
    return ""
