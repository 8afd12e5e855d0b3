"""Text of a change that would act on the page: people told, links, HTML, tables, fences, our own markers, commands."""

from __future__ import annotations

import re

import pytest

from tests.attacks.pages import texts
from tests.report.markup import acts_of
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, WORLD, Application

PLAIN = "plain"
ATTACKS = {
    "ping": "@acme/owners &#64;mona",
    "link": "[approved](https://evil.example) www.evil.example ![x](https://evil.example/p.png)",
    "html": "<img src=https://evil.example/p.png> <details><summary>x</summary></details>",
    "table": "| a | b | c || d |",
    "fence": "``` ~~~ `x` ````suggestion",
    "marker": "<!-- countersign:summary --><!-- countersign:result 0123456789abcdef 0123456789ab settled -->",
    "command": "/countersign accept J-1 because fine",
    "reference": "fixes #1 GH-1 acme/infra#1",
    "bidi": "\u202eevil\u2066\u200b",
}
# Where git, Terraform or GitHub allow no such characters they are left out, as an attacker would have to.
UNNAMEABLE = re.compile(r"[\x00-\x20/~^:?*\[\]\\\"]+|\.{2,}|@\{")


def _page(scene: Scene, review: Application, text: str) -> list[str]:
    """A change with the text in every place that can hold it; what is shown of ours."""
    name = UNNAMEABLE.sub("-", text).strip("-.") or "x"
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${")
    resource = WORLD.replace('"db"', f'"{quoted}"').replace('"sg-1"', f'"{quoted}"').replace("0.0.0.0/0", f'0.0.0.0/0", "{quoted}')
    unknown = WORLD.replace('"db"', '"u"').replace("var.clients", f'data.x.y["{quoted}"].z').partition("resource")
    words = f"{text}\n\n{text}"
    pull = scene.repo.pull_request(
        f"b-{name}",
        files={f"{name}.tf": resource, "u.tf": f"# {text}\n" + unknown[1] + unknown[2], f"{name}/x.tf": "locals { broken = }\n"},
        by=scene.mona,
        message=f"{text}\n\nReviewed-by: {text}",
        title=text,
        body=words,
    )
    review.deliver()
    assert review.check(pull)[:2] == ("completed", "failure")
    return texts(scene, pull)


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_nothing_that_the_change_says_acts_on_its_page(scene: Scene, review: Application, attack: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    plain, hostile = (_acts(_page(scene, review, text)) for text in (PLAIN, ATTACKS[attack]))
    assert hostile == plain


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_our_marks_and_commands_are_ours(scene: Scene, review: Application, attack: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    for text in _page(scene, review, ATTACKS[attack]):
        first, *lines = text.splitlines()
        assert not [line for line in lines if re.match(r"\s*(>\s*)*/countersign", line)]
        assert not [line for line in lines if line.lstrip().startswith("<!--")]
        assert "0123456789abcdef" not in first
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def _acts(page: list[str]) -> set[str]:
    """What acts, without what numbers and addresses of ours say."""
    found = {act for text in page for act in acts_of(text)}
    return {re.sub(r"[0-9a-f]{7,64}|\d+", "N", act) for act in found if "<!-- countersign:" not in act}
