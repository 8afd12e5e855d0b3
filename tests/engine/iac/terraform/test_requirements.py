"""Which versions of providers are in force: constraints of all modules, and what a lock file fixes."""

from __future__ import annotations

from bot.engine.evaluation import needs
from bot.engine.iac.terraform import evaluate
from bot.engine.model.snapshot import Snapshot
from tests.changes import review, snapshot

WAREHOUSE = 'resource "aws_redshift_cluster" "a" {\n  cluster_identifier = "a"\n  node_type          = "ra3.xlplus"\n}\n'


def lock(version: str, provider: str = "registry.terraform.io/hashicorp/aws") -> str:
    return f'provider "{provider}" {{\n  version     = "{version}"\n  constraints = ">= 3.0.0"\n  hashes      = ["h1:a"]\n}}\n'


def versions(files: dict[str, str]) -> dict[str, str]:
    (model,) = evaluate("", {path: text.encode() for path, text in files.items()})
    return model.required_providers


def test_the_lock_file_of_a_root_fixes_a_version_beside_its_constraint() -> None:
    asked = 'terraform {\n  required_providers {\n    amazon = { source = "hashicorp/aws", version = ">= 3.0" }\n  }\n}\n'
    assert versions({"main.tf": asked, ".terraform.lock.hcl": lock("5.31.0")}) == {"amazon": ">= 3.0, = 5.31.0"}


def test_a_provider_that_nobody_asks_for_goes_by_its_own_name_in_any_registry() -> None:
    text = lock("5.31.0", "registry.opentofu.org/hashicorp/aws")
    assert versions({"main.tf": WAREHOUSE, ".terraform.lock.hcl": text}) == {"aws": "= 5.31.0"}


def test_a_provider_of_another_owner_whose_name_ends_alike_is_another() -> None:
    asked = 'terraform {\n  required_providers {\n    own = { source = "myhashicorp/aws", version = ">= 3.0" }\n  }\n}\n'
    assert versions({"main.tf": asked, ".terraform.lock.hcl": lock("5.31.0")}) == {"own": ">= 3.0", "aws": "= 5.31.0"}


def test_what_a_default_is_goes_by_the_locked_version() -> None:
    def violations(version: str) -> list[str]:
        found = review({}, {"main.tf": WAREHOUSE, ".terraform.lock.hcl": lock(version)}).results
        return [item.rule for item in found if item.kind == "fail"]

    assert violations("5.31.0") == ["database-publicly-accessible", "database-unencrypted"]
    assert violations("6.2.0") == []


def test_a_change_of_the_lock_file_alone_is_evaluated() -> None:
    before, after = ({"main.tf": WAREHOUSE, ".terraform.lock.hcl": lock(version)} for version in ("6.2.0", "5.31.0"))
    found = [item.rule for item in review(before, after).results if item.blocks]
    assert found == ["database-publicly-accessible", "database-unencrypted", "major-version-changed"]


def test_the_lock_file_is_asked_for_with_the_sources() -> None:
    whole = snapshot({}, {"main.tf": WAREHOUSE, ".terraform.lock.hcl": lock("5.31.0")})
    empty = Snapshot(whole.base, whole.head, {}, whole.policy, whole.now)
    assert set(needs(empty)) == {entry.oid for entry in whole.head.entries.values()}
