"""Which files are infrastructure as code, and of which language; decided by name, and by content where the name does not tell."""

from __future__ import annotations

from typing import Literal, TypeAlias

from bot.engine.pattern import Pattern

Language: TypeAlias = Literal["terraform", "bicep", "arm", "cloudformation", "kubernetes", "docker", "workflow"]

_TERRAFORM = Pattern(r"\.(tf|tofu|tf\.json|tofu\.json|tfvars|tfvars\.json)$")
_DOCKER = Pattern(r"(^|/)(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.[Dd]ockerfile$")
_WORKFLOW = Pattern(r"^\.github/workflows/[^/]+\.ya?ml$")
_DOCUMENT = Pattern(r"\.(ya?ml|json|template)$")
_CONTENT: tuple[tuple[Language, tuple[Pattern[bytes], ...]], ...] = (
    ("cloudformation", (Pattern(rb"AWSTemplateFormatVersion|\bType[\"']?[ \t]*:[ \t]*[\"']?(AWS|Alexa)::\w"),)),
    ("arm", (Pattern(rb"schema\.management\.azure\.com/schemas/[\w-]+/\w*[dD]eploymentTemplate"),)),
    ("kubernetes", (Pattern(rb"(?m)^[\"'{ \t]*apiVersion[\"']?[ \t]*:"), Pattern(rb"(?m)^[\"'{ \t]*kind[\"']?[ \t]*:"))),
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
