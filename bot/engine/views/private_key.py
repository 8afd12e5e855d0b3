"""Private keys that Terraform makes, and where each is then kept in plain text: `kept_in` (`state`, `file`, `example`).

A key that `tls_private_key` makes stands in the state; `local_file` writes its content to the disk of whoever applies. What an example
or a fixture makes is `example` in both cases: it lives as long as somebody tries the example. Unknown where only the name of what is
written says that it is a key.
https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/private_key
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.tried_out import is_tried_out
from bot.engine.model.value import Unknown
from bot.engine.views.reading import attribute, constant, fact, span_of

MAKER = "tls_private_key"
FILES = ("local_file", "local_sensitive_file")
CONTENTS = ("content", "sensitive_content", "content_base64")


def private_keys(model: Model) -> Iterator[Subject]:
    """A fact for each key that is made, and for each file that one is written to."""
    for resource in model.resources:
        if resource.mode == "managed" and resource.type == MAKER:
            yield fact(resource, "private-key", resource.span, kept_in=constant(_kept_in("state", resource), resource.span))
        elif resource.mode == "managed" and resource.type in FILES:
            yield from _written(resource)


def _written(resource: Resource) -> Iterator[Subject]:
    for name in CONTENTS:
        value = attribute(resource, name)
        if isinstance(value, Unknown) and ".private_key" in value.expression:
            span = span_of(value, resource)
            made = any(f"{MAKER}." in ref for ref in value.refs)
            yield fact(resource, "private-key", span, name, kept_in=constant(_kept_in("file", resource), span) if made else value)


def _kept_in(place: str, resource: Resource) -> str:
    return "example" if is_tried_out(resource.span.path) else place
