"""What governs a snapshot: its configuration files, read and put in order."""

from __future__ import annotations

from datetime import UTC

from bot.engine.model.snapshot import Snapshot
from bot.engine.policy.codeowners import code_owners
from bot.engine.policy.configuration import check, load_configuration, load_organisation
from bot.engine.policy.load import Policy
from bot.engine.policy.policies import policy_problems
from bot.engine.policy.precedence import Governance, governance
from bot.engine.policy.problem import ConfigurationError, Problem
from bot.engine.policy.resolution import Where
from bot.engine.policy.waiver import check_waivers, load_waivers


def in_force(snapshot: Snapshot) -> Governance:
    """What the configurations of the snapshot come to. Raises `ConfigurationError` with every problem of the first file that has any."""
    return governance(
        (
            (load_organisation(snapshot.organisation, snapshot.organisation_path), False),
            (load_configuration(snapshot.configuration, snapshot.configuration_path), False),
            (load_configuration(snapshot.branch_configuration, snapshot.branch_configuration_path), True),
        ),
        Where(snapshot.now.astimezone(UTC).date(), snapshot.default_level, snapshot.repository, snapshot.properties),
        code_owners(snapshot.codeowners, snapshot.codeowners_path),
    )


def check_terms(snapshot: Snapshot, policy: Policy) -> None:
    """Configurations and waivers of the snapshot, against the policy too. Raises `ConfigurationError` with every problem of every file."""
    problems = (
        *organisation_problems(snapshot.organisation, snapshot.organisation_path, policy),
        *configuration_problems(snapshot.configuration, snapshot.configuration_path, policy),
        *configuration_problems(snapshot.branch_configuration, snapshot.branch_configuration_path, policy),
        *waiver_problems(snapshot.waivers, snapshot.waivers_path, policy),
        *policy_problems(snapshot.policies, snapshot.policies_path),
    )
    if problems:
        raise ConfigurationError(problems)


def organisation_problems(data: bytes, path: str, policy: Policy) -> tuple[Problem, ...]:
    """Everything that is wrong with an organisation's configuration."""
    try:
        return check(load_organisation(data, path), policy)
    except ConfigurationError as error:
        return error.problems


def configuration_problems(data: bytes, path: str, policy: Policy) -> tuple[Problem, ...]:
    """Everything that is wrong with a repository's configuration."""
    try:
        return check(load_configuration(data, path), policy)
    except ConfigurationError as error:
        return error.problems


def waiver_problems(data: bytes, path: str, policy: Policy) -> tuple[Problem, ...]:
    """Everything that is wrong with a file of waivers."""
    try:
        return check_waivers(load_waivers(data, path), policy)
    except ConfigurationError as error:
        return error.problems
