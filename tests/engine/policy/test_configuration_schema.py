"""The published schemas are what validates: an editor and the program agree on every file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.policy import ConfigurationError
from bot.engine.policy.configuration import load_configuration, load_organisation
from bot.engine.policy.policies import load_policies
from bot.engine.policy.schema import SCHEMAS, schema
from bot.engine.policy.waiver import load_waivers
from tests.engine.policy import documents

DOCS = Path(__file__).parents[3] / "docs"
LOADERS = {
    "configuration.schema.json": load_configuration,
    "organisation.schema.json": load_organisation,
    "policies.schema.json": load_policies,
    "waivers.schema.json": load_waivers,
}


def validator(name: str) -> Any:
    return jsonschema_rs.validator_for(json.loads(schema(name)), validate_formats=True)


def is_read(name: str, data: object) -> bool:
    try:
        LOADERS[name](b"" if data is None else json.dumps(data).encode(), "f.yml")
    except ConfigurationError:
        return False
    return True


def as_texts(data: Any) -> Any:
    """The document as the program reads it: a number or a truth where a text belongs is its text."""
    if isinstance(data, dict):
        return {name: as_texts(item) for name, item in data.items()}
    if isinstance(data, list):
        return [as_texts(item) for item in data]
    return data if data is None or isinstance(data, str) else json.dumps(data)


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_schemas_are_the_forms(name: str) -> None:
    assert (DOCS / name).read_text() == schema(name), "run `make schema`"


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # documents are large, and CI may be busy
@given(data=st.data())
def test_an_editor_and_the_program_agree(name: str, data: st.DataObject) -> None:
    found = data.draw(documents.of(SCHEMAS[name][1]) | documents.spoilt(SCHEMAS[name][1]))
    if validator(name).is_valid(found):
        assert is_read(name, found)
    assert validator(name).is_valid(as_texts(found)) == is_read(name, found), found


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=60)
@given(data=st.data())
def test_what_the_form_allows_is_valid(name: str, data: st.DataObject) -> None:
    found = data.draw(documents.of(SCHEMAS[name][1]))
    assert validator(name).is_valid(found)


def test_an_empty_file_is_valid() -> None:
    for name in SCHEMAS:
        assert validator(name).is_valid(None)
