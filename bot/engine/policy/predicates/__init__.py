"""The closed set of predicates that a rule may name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.policy.predicates import credentials, equality, globs, numbers, ports, prefixes, presence, text
from bot.engine.policy.predicates.predicate import Predicate

_MODULES = (equality, presence, numbers, text, prefixes, ports, globs, credentials)
PREDICATES: Mapping[str, Predicate] = {predicate.name: predicate for module in _MODULES for predicate in module.PREDICATES}
