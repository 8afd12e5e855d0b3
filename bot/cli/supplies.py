"""Words and rules for a service, from where this installation keeps them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.cli import output, prepared, resources

if TYPE_CHECKING:
    from bot.web.supplies import Supplies


def supplies() -> Supplies:
    """Read once; raises OSError when the installation is not whole."""
    from bot.report.comments import Words
    from bot.web.supplies import Supplies

    names = sorted(name for name in os.listdir(resources.directory("templates")) if name.endswith(".md.j2"))
    words = Words(output.phrases(), {name: resources.template(name) for name in names})
    return Supplies(words, resources.rules(), prepared.policy(), prepared.signals())
