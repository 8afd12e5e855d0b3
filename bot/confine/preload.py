"""What the engine imports late, loaded before a child loses the means to import anything."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Collection
from importlib import import_module

ENGINE = "bot.engine.evaluation"
LATE = (
    "bot.engine.claims.altered",
    "bot.engine.claims.arguments",
    "bot.engine.claims.assumed_by",
    "bot.engine.claims.authority",
    "bot.engine.claims.bounded",
    "bot.engine.claims.citations.cited",
    "bot.engine.claims.citations.own",
    "bot.engine.claims.compatible",
    "bot.engine.claims.conditional",
    "bot.engine.claims.costs",
    "bot.engine.claims.defaults",
    "bot.engine.claims.instruction",
    "bot.engine.claims.lifecycle",
    "bot.engine.claims.narrowed",
    "bot.engine.claims.placed",
    "bot.engine.claims.properties",
    "bot.engine.claims.referred",
    "bot.engine.claims.sources",
    "bot.engine.claims.tagged",
    "bot.engine.claims.unchanged",
    "bot.engine.claims.values",
    "bot.engine.cost.aws",
    "bot.engine.cost.azure",
    "bot.engine.cost.difference",
    "bot.engine.cost.google",
    "bot.engine.iac.terraform.expressions",
    "bot.engine.iac.terraform.functions",
    "bot.engine.iac.terraform.functions_collection",
    "bot.engine.iac.terraform.json_syntax",
    "bot.engine.iac.terraform.modules",
    "bot.engine.iac.terraform.parse",
    "bot.engine.iac.terraform.parse_template",
    "bot.engine.iac.terraform.plan",
    "bot.engine.iac.terraform.published.azure",
    "bot.engine.iac.terraform.published.computing",
    "bot.engine.iac.terraform.published.data",
    "bot.engine.iac.terraform.published.google",
    "bot.engine.iac.terraform.published.google_computing",
    "bot.engine.iac.terraform.published.network",
    "bot.engine.iac.terraform.published.services",
    "bot.engine.iac.terraform.references",
    "bot.engine.policy.compiled",
    "bot.engine.policy.forms",
    "bot.engine.policy.keys",
    "bot.engine.policy.rulefile",
    "bot.engine.views",
    "bot.engine.views.managed_fault",
    "csv",
    "decimal",
    "difflib",
    "hashlib",
    "ipaddress",
    "unicodedata",
    "unidiff.patch",
    "yaml",
)
CODECS = ("utf-8-sig", "utf-16-le", "utf-16-be")  # latin-1 and ascii are known to the interpreter itself


def load(unneeded: Collection[str] = ()) -> None:
    """Loads the engine and everything it would load later, codecs too, but for what is not needed this time."""
    for name in (ENGINE, *LATE):
        if name not in unneeded:
            import_module(name)
    for name in CODECS:
        if name not in unneeded:
            codecs.lookup(name)


def complete(unneeded: Collection[str] = ()) -> None:
    """Loads what is missing where the engine is in use; other tasks pay nothing."""
    if ENGINE in sys.modules:
        load(unneeded)
