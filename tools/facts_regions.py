"""Packs the names of regions into `bot/facts/regions.table`.

python tools/facts_regions.py ENDPOINTS GOOGLE AZURE

ENDPOINTS is `data/endpoints.json` of the package botocore. GOOGLE and AZURE are git directories of
Cyclenerd/google-cloud-pricing-cost-calculator and Azure/terraform-azurerm-avm-utl-regions.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.facts.table import pack  # noqa: E402 - the path is set first

PLACE = HOME / "bot" / "facts" / "regions.table"
SOURCE = (
    "botocore 1.44.8 (Apache-2.0), Cyclenerd/google-cloud-pricing-cost-calculator@dac31281 (Apache-2.0), "
    "Azure/terraform-azurerm-avm-utl-regions@9064b20b (MIT)"
)
VERSION, DATE = "1.44.8", "2026-08-20"  # the oldest of the three
GOOGLE_FILE, AZURE_FILES = "build/gcp.yml", ("locals.geo.codes.tf.json", "modules/cached-data/locations.tf.json")
# Regions of clouds with accounts of their own: https://learn.microsoft.com/azure/azure-government/documentation-government-overview-dod,
# https://learn.microsoft.com/azure/china/overview-datacenter. The German ones are closed.
APART = (
    "usgovvirginia", "usgovarizona", "usgovtexas", "usgoviowa", "usdodcentral", "usdodeast", "chinaeast", "chinaeast2", "chinaeast3",
    "chinanorth", "chinanorth2", "chinanorth3", "germanycentral", "germanynortheast",
)  # fmt: skip


def main() -> int:
    """Writes the table and prints how many names it has of each provider."""
    endpoints, google, azure = sys.argv[1:]
    regions = {
        "aws": {name for partition in json.loads(Path(endpoints).read_bytes())["partitions"] for name in partition["regions"]},
        "google": set(re.findall(r"^  ([a-z]+-[a-z]+\d+):", _file(google, GOOGLE_FILE), re.MULTILINE)),
        "azure": {name for path in AZURE_FILES for name in _names(json.loads(_file(azure, path)))} | set(APART),
    }
    PLACE.write_bytes(pack(SOURCE, VERSION, DATE, {provider: sorted(names) for provider, names in regions.items()}))
    print({provider: len(names) for provider, names in regions.items()})
    return 0


def _file(directory: str, path: str) -> str:
    command = ["git", "--git-dir", directory, "show", f"HEAD:{path}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - the command is fixed


def _names(data: object) -> Iterator[str]:
    """Names of locations: keys of the map of codes, and every `name`."""
    if isinstance(data, list):
        for item in data:
            yield from _names(item)
    elif isinstance(data, dict):
        yield from data.get("geo_codes_by_name", ())
        if isinstance(data.get("name"), str):
            yield data["name"]
        for item in data.values():
            yield from _names(item)


if __name__ == "__main__":
    sys.exit(main())
