"""Packs the names of data sources into `bot/facts`, one table a provider.

python tools/facts_data_sources.py INDEX GOOGLE AZURERM KUBERNETES

INDEX is a git directory of lonegunmanb/terraform-provider-aws-index, the others are of the providers' own repositories; their pages of
documentation are named after the data sources. Only names are taken.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.facts.table import pack  # noqa: E402 - the path is set first

PLACE = HOME / "bot" / "facts"
UNREAD: list[object] = [{}, {}, 0, True]  # fields of `TypeFacts`: it exists, and nothing else is known
PAGE = re.compile(r"(?:website/docs/d|docs/data-sources)/([a-z0-9_]+)\.(?:html\.)?(?:md|markdown)")
INDEXED = re.compile(r"index/datasources/(aws_[a-z0-9_]+)\.json")
# Provider → its source, the version that was read, and the day of that source.
PROVIDERS = {
    "aws": ("hashicorp/terraform-provider-aws v6.58.0, through lonegunmanb/terraform-provider-aws-index@2f6e22c4", "6.58.0", "2026-08-05"),
    "google": ("hashicorp/terraform-provider-google@e03b7622", "7.46.0", "2026-08-21"),
    "azurerm": ("hashicorp/terraform-provider-azurerm@69697b7f", "5.2.0", "2026-08-21"),
    "kubernetes": ("hashicorp/terraform-provider-kubernetes@3a33fb6c", "3.2.1", "2026-08-21"),
}
# Names that the index has only under the service's former name: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
UNLISTED = {"aws": {"aws_lb", "aws_lb_listener", "aws_lb_target_group"}}


def main() -> int:
    """Writes every table and prints how many names it has."""
    for (provider, source), directory in zip(PROVIDERS.items(), sys.argv[1:], strict=True):
        names = sorted({name for path in _paths(directory) if (name := _name(provider, path))} | UNLISTED.get(provider, set()))
        (PLACE / f"{provider}-data.table").write_bytes(pack(*source, dict.fromkeys(names, UNREAD)))
        print(f"{provider:<12}{len(names):>5}")
    return 0


def _paths(directory: str) -> list[str]:
    command = ["git", "--git-dir", directory, "ls-tree", "-r", "--name-only", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603 - the command is fixed


def _name(provider: str, path: str) -> str:
    """The data source that a file of the repository is about; empty for any other file."""
    if provider == "aws":
        found = INDEXED.fullmatch(path)
        return found[1] if found else ""
    found = PAGE.fullmatch(path)
    prefix = f"{provider}_"
    return "" if found is None else found[1] if found[1].startswith(prefix) else prefix + found[1]


if __name__ == "__main__":
    sys.exit(main())
