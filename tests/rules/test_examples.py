"""Every rule is proved by its own file: what it finds in its examples is what the markers say, on that line and nowhere else."""

from __future__ import annotations

import re

import pytest

from bot.engine.judgment import VIEWS as DIFFERENCES
from bot.engine.policy.examples import lacking, run
from bot.engine.policy.load import load_policy
from bot.engine.views import VIEWS
from tests.rules.pack import PATHS, ROOT, examples_of, name_of, rule_file

PEER_IDS = {
    "checkov": r"CKV2?_([A-Z]+|K8S)_\d+",
    "trivy": r"AVD-[A-Z]+-\d{4}",
    "kics": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "tfsec": r"(aws|azure|google|kubernetes|github)-[a-z0-9-]+",
    "controls": r"[A-Z0-9]+(-[A-Z0-9]+)*",
    "pci-dss-4.0.1": r"\d+(\.\d+)+",
    "nist-800-53-r5": r"[A-Z]{2}-\d+(\(\d+\))?",
}


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_finds_what_its_examples_mark(path: str) -> None:
    differences = {item.example.name: outcome for item in examples_of(path) if (outcome := run(rule_file(path).rule, item).differences)}
    assert differences == {}


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_has_a_finding_an_unverified_and_a_silent_example(path: str) -> None:
    assert lacking(rule_file(path)) == ()


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_names_where_the_facts_come_from(path: str) -> None:
    assert rule_file(path).rule.references


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_gives_peers_ids_in_their_form_and_once(path: str) -> None:
    rule = rule_file(path).rule
    for named in (rule.aliases, rule.partial):
        assert [(peer, one) for peer, ids in named.items() for one in ids if not re.fullmatch(PEER_IDS[peer], one)] == []
    both = {(peer, one) for peer, ids in rule.aliases.items() for one in ids} & {
        (peer, one) for peer, ids in rule.partial.items() for one in ids
    }
    assert both == set()


def test_all_files_are_one_policy() -> None:
    policy = load_policy({path: (ROOT / path).read_bytes() for path in PATHS})
    assert len(policy.rules) == len(PATHS)


def test_every_view_has_a_rule() -> None:
    used = {target.view for path in PATHS for target in rule_file(path).rule.targets}
    assert {*VIEWS, *DIFFERENCES} - used == set()


def test_an_id_carries_a_provider_only_where_the_rule_does() -> None:
    for path in PATHS:
        provider, name = path.split("/")[2], name_of(path)
        assert name.startswith(f"{provider}-") if provider != "shared" else not name.startswith(("aws-", "azure-", "google-"))
