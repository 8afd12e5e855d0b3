"""Variable files: which ones Terraform loads by itself, and which ones are environments of a root.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.iac.terraform.configuration import VARIABLE_SUFFIXES, directory_of

MAX_ENVIRONMENTS = 12


def loaded_by_itself(root: str, paths: Iterable[str]) -> tuple[str, ...]:
    """The variable files that apply to every run in the root, weakest first."""
    here = {path for path in paths if path.endswith(VARIABLE_SUFFIXES) and directory_of(path) == root}
    fixed = [path for name in ("terraform.tfvars", "terraform.tfvars.json") if (path := f"{root}/{name}" if root else name) in here]
    return (*fixed, *sorted(path for path in here if path.endswith((".auto.tfvars", ".auto.tfvars.json"))))


def environment_files(root: str, paths: Iterable[str], roots: Iterable[str]) -> tuple[str, ...]:
    """The other variable files in or below the root, but not in or below another root."""
    paths = tuple(paths)
    loaded = set(loaded_by_itself(root, paths))
    others = {other for other in roots if other != root and is_below(other, root)}
    found = [
        path
        for path in paths
        if path.endswith(VARIABLE_SUFFIXES)
        and path not in loaded
        and is_below(directory_of(path), root)
        and not others.intersection(_up(directory_of(path)))
        and ".terraform" not in path.split("/")
    ]
    return tuple(sorted(found))


def is_below(directory: str, root: str) -> bool:
    """Whether a directory is the root or lies in it."""
    return not root or directory == root or directory.startswith(f"{root}/")


def _up(directory: str) -> list[str]:
    parts = directory.split("/") if directory else []
    return ["/".join(parts[:length]) for length in range(len(parts) + 1)]


def environment_name(root: str, path: str) -> str:
    """The environment's name: the variable file's path seen from the root."""
    return path[len(root) + 1 :] if root else path
