"""The forms of our files as JSON Schema, for editors. `make schema` writes them to docs/; no evaluation needs this module."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from bot.engine.policy.forms import Anything, Fields, Form, Key, Listed, Many, Named, Text, Word
from bot.engine.policy.keys import ORGANISATION, POLICIES, REPOSITORY, WAIVERS

Object: TypeAlias = dict[str, Any]
# File name → what it describes, its form.
SCHEMAS: dict[str, tuple[str, Form]] = {
    "configuration.schema.json": ("Countersign: .github/countersign.yml of a repository", REPOSITORY),
    "organisation.schema.json": ("Countersign: countersign/config.yml in the .github repository of an organisation", ORGANISATION),
    "policies.schema.json": ("Countersign: countersign/policies.yml in the .github repository of an organisation", POLICIES),
    "waivers.schema.json": ("Countersign: .github/countersign-waivers.yml of a repository", WAIVERS),
}
PLACE: Object = {"anyOf": [{"required": ["resource"]}, {"required": ["path"]}]}


def schema(name: str) -> str:
    """The schema of one file as text, with a line break at its end; KeyError for a name that is none of `SCHEMAS`."""
    title, form = SCHEMAS[name]
    described = _described(form)
    if form is WAIVERS:
        described["items"] |= PLACE
    # An empty file, or one of comments alone, says nothing: that is null.
    described["type"] = [described["type"], "null"]
    document = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **described}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _described(form: Form) -> Object:
    if isinstance(form, Word):
        return {"enum": [*form.allowed, *(int(word) for word in form.allowed if word.isdigit())]}
    if isinstance(form, Text):
        return _text(form)
    if isinstance(form, Many):
        item = _described(form.item)
        several = {"type": "array", "items": item}
        return {"anyOf": [item, several]} if form.single else several
    if isinstance(form, Fields):
        return _fields(form)
    if isinstance(form, Listed):
        return {"anyOf": [_described(form.items), _fields(form.fields)]}
    assert isinstance(form, Named | Anything)
    return {"type": "object", "additionalProperties": _described(form.item)} if isinstance(form, Named) else {}


def _text(form: Text) -> Object:
    out: Object = {"type": ["string", "number", "boolean"]} if form.loose else {"type": "string", "pattern": r"\S"}
    if form.pattern:
        out["pattern"] = f"^(?:{form.pattern})$"
    return out | ({"format": form.format} if form.format else {})


def _fields(form: Fields) -> Object:
    required = [key.name for key in form.keys if key.required]
    out: Object = {"type": "object", "properties": {key.name: _key(key) for key in form.keys}, "additionalProperties": False}
    return out | ({"required": required} if required else {})


def _key(key: Key) -> Object:
    return {"description": key.description, **_described(key.form)}
