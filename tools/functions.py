"""The table of functions for docs/terraform.md, from the code.

python tools/functions.py            # prints it; a test compares the document with it
"""

from __future__ import annotations

import sys
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.iac.terraform.functions import KNOWN_FUNCTIONS  # noqa: E402 - the path is set first


def table() -> str:
    """A row a function: name, state, what of it is left open."""
    rows = [f"| `{name}` | {state} | {rest} |" for name, (state, rest) in KNOWN_FUNCTIONS.items()]
    return "\n".join(["| function | state | left open |", "|---|---|---|", *rows])


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
