"""Where the configuration says so, whoever owns the file in which a question is shown may answer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.confine import Supervisor
from tests.workflows.deciding import CONFIGURATION, ENCRYPTED, desk

OWNED = CONFIGURATION.replace('["@acme/data-owners", "@olga"]', "[codeowners]")
ACCEPT = "/countersign accept J-1 because the cache is expendable"


@pytest.mark.slow
def test_the_owners_of_the_file_answer_as_the_default_branch_names_them_now(tmp_path: Path, supervisor: Supervisor) -> None:
    with desk(tmp_path, supervisor, OWNED) as office:
        repo, mona = office.scene.repo, office.people["mona"]
        pull = office.asking()
        assert office.check(pull) == ("action_required", "Waiting for @kim: 0 of 1 decided")
        assert "there is no file of them on the default branch" in office.summary(pull)
        repo.commit({".github/CODEOWNERS": "* @sven\ns01/ @acme/net-owners docs@example.com\ns02/ @olga @olga\n!no @ada\n"}, by=mona)
        repo.commit({"CODEOWNERS": "* @ada\n", "docs/CODEOWNERS": "* @ada\n"}, by=mona)
        office.review.deliver()
        assert office.check(pull) == ("action_required", "Waiting for @acme/net-owners: 0 of 1 decided")
        said = office.summary(pull)
        assert "`.github/CODEOWNERS`: line 4 is not valid and is skipped, as GitHub does" in said
        assert "`.github/CODEOWNERS` names 1 owner by e-mail" in said
        two = office.asking()
        pull.push({office.path(): ENCRYPTED})
        office.review.deliver()
        assert office.check(two)[1] == "Waiting for @olga: 0 of 1 decided"
        assert "`@olga` is not among those who answer" in office.replies(pull, office.says(pull, "olga", ACCEPT))[0]
        office.says(pull, "nina", ACCEPT)
        assert office.check(pull)[1] == "Waiting for @olga: 1 of 2 decided"
        own = repo.pull_request("own-owners", files={".github/CODEOWNERS": "* @ada\n", office.path(3): ENCRYPTED}, by=mona)
        office.review.deliver()
        assert office.check(own)[1] == "Waiting for @sven: 0 of 1 decided"
        assert "`@ada` is not among those who answer" in office.replies(own, office.says(own, "ada", ACCEPT))[0]
        repo.commit({".github/CODEOWNERS": f"# {'x' * 3_200_000}\n* @olga\n"}, by=mona)
        office.review.deliver()
        assert "`.github/CODEOWNERS` could not be read (limit)" in office.summary(two)
        assert office.check(two)[1] == "Waiting for @kim: 0 of 1 decided"
