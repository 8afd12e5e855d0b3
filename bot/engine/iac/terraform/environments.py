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


def candidate_files(root: str, paths: Iterable[str]) -> tuple[str, ...]:
    """The variable files in or below the root that Terraform does not load by itself."""
    prefix = f"{root}/" if root else ""
    below = [path for path in paths if path.startswith(prefix) and path.endswith(VARIABLE_SUFFIXES)]
    loaded = set(loaded_by_itself(root, below))
    return tuple(sorted(path for path in below if path not in loaded and "/.terraform/" not in f"/{path}"))


def environment_files(root: str, candidates: Iterable[str], roots: Iterable[str]) -> tuple[str, ...]:
    """Those candidates that do not lie in or below another root."""
    others = {other for other in roots if other != root and is_below(other, root)}
    return tuple([path for path in candidates if others.isdisjoint(_up(directory_of(path)))])


def directories_between(root: str, paths: Iterable[str]) -> frozenset[str]:
    """The directories from below the root down to where the paths are."""
    return frozenset(
        directory for path in paths for directory in _up(directory_of(path)) if directory != root and is_below(directory, root)
    )


def is_below(directory: str, root: str) -> bool:
    """Whether a directory is the root or lies in it."""
    return not root or directory == root or directory.startswith(f"{root}/")


def _up(directory: str) -> list[str]:
    parts = directory.split("/") if directory else []
    return ["/".join(parts[:length]) for length in range(len(parts) + 1)]


def environment_name(root: str, path: str) -> str:
    """The environment's name: the variable file's path seen from the root."""
    return path[len(root) + 1 :] if root else path
