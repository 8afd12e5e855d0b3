"""Rules in, matches out."""

from bot.engine.policy.dispatch import applicable, judge, modes, views_of
from bot.engine.policy.load import Policy, load_policy, load_rule
from bot.engine.policy.problem import ConfigurationError, PolicyError, Problem

__all__ = ["ConfigurationError", "Policy", "PolicyError", "Problem", "applicable", "judge", "load_policy", "load_rule", "modes", "views_of"]
