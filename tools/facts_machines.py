"""Packs the names of machine types into `bot/facts/machines.table`.

python tools/facts_machines.py EC2

EC2 is `data/ec2/2016-11-15/service-2.json.gz` of the package botocore, whose list of instance types is complete.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.facts.table import pack  # noqa: E402 - the path is set first

PLACE = HOME / "bot" / "facts" / "machines.table"
SOURCE, VERSION, DATE = "botocore 1.44.8 (Apache-2.0)", "1.44.8", "2026-08-20"


def main() -> int:
    """Writes the table and prints how many names it has."""
    (place,) = sys.argv[1:]
    service = json.loads(gzip.decompress(Path(place).read_bytes()))
    names = sorted(service["shapes"]["InstanceType"]["enum"])
    PLACE.write_bytes(pack(SOURCE, VERSION, DATE, {"aws": names}))
    print(len(names))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
