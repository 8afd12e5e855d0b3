"""Which files are infrastructure as code, and of which language; decided by name, and by content where the name does not tell."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["terraform", "bicep", "arm", "cloudformation", "kubernetes", "docker", "workflow"]

_TERRAFORM = re.compile(r"\.(tf|tofu|tf\.json|tofu\.json|tfvars|tfvars\.json)$")
_DOCKER = re.compile(r"(^|/)(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.[Dd]ockerfile$")
_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
_DOCUMENT = re.compile(r"\.(ya?ml|json|template)$")
_CONTENT: tuple[tuple[Language, tuple[re.Pattern[bytes], ...]], ...] = (
    ("cloudformation", (re.compile(rb"AWSTemplateFormatVersion|\bType[\"']?[ \t]*:[ \t]*[\"']?(AWS|Alexa)::\w"),)),
    ("arm", (re.compile(rb"schema\.management\.azure\.com/schemas/[\w-]+/\w*[dD]eploymentTemplate"),)),
    ("kubernetes", (re.compile(rb"(?m)^[\"'{ \t]*apiVersion[\"']?[ \t]*:"), re.compile(rb"(?m)^[\"'{ \t]*kind[\"']?[ \t]*:"))),
)
CONTENT_BYTES = 200_000


def language_by_name(path: str) -> Language | None:
    """The language that the name alone tells."""
    if _TERRAFORM.search(path):
        return "terraform"
    if path.endswith((".bicep", ".bicepparam")):
        return "bicep"
    if _DOCKER.search(path):
        return "docker"
    return "workflow" if _WORKFLOW.search(path) else None


def needs_content(path: str) -> bool:
    """Whether only the content can tell."""
    return language_by_name(path) is None and bool(_DOCUMENT.search(path))


def language(path: str, data: bytes | None) -> Language | None:
    """The language of a file; None: not infrastructure (or not told by what was fetched)."""
    named = language_by_name(path)
    if named or data is None or not needs_content(path):
        return named
    head = data[:CONTENT_BYTES]
    return next((name for name, patterns in _CONTENT if all(pattern.search(head) for pattern in patterns)), None)
