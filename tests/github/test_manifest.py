"""The App that came of a manifest."""

from __future__ import annotations

import pytest

from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.manifest import converted
from bot.github.refusal import Refusal
from bot.standin import Standin
from tests.github.line import Moments
from tests.standin.conftest import KEY
from tests.standin.test_manifest import _code


def test_a_code_becomes_an_app_that_can_sign(standin: Standin) -> None:
    standin.key = KEY
    code = _code(standin)
    made = converted(code, standin.api)
    assert (made.slug, made.client_id) == ("countersign-acme", standin.apps[made.id].client_id)
    for secret in (made.pem, made.webhook_secret or "-"):
        assert secret not in repr(made)
    with App(AppCredentials(made.id, made.pem.encode()), standin.api, Manner(clock=Moments().clock())) as app:
        assert app.itself().slug == "countersign-acme"
    with pytest.raises(Refusal) as used:
        converted(code, standin.api)
    assert (used.value.kind, made.pem in str(used.value)) == ("not-found", False)


def test_a_lost_answer_is_not_asked_for_twice(standin: Standin) -> None:
    standin.key = KEY
    code = _code(standin)
    standin.faults.add("POST /app-manifests/*", kind="502-after-write")
    moments = Moments()
    with pytest.raises(Refusal) as lost:
        converted(code, standin.api, moments.clock())
    assert (lost.value.kind, moments.slept, len(standin.calls)) == ("unavailable", [], 1)
