"""One look: the pull request, those that share its head, and what governs the repository."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from bot.github.facts import Account, GoverningFile, RepositoryRef
from bot.github.refusal import Refusal
from bot.standin.state.repository import Content, Repository
from tests.github.reader.conftest import CHANGED, Scene

LOOK = "POST /graphql"


def test_facts_are_those_of_the_page(reading: Scene) -> None:
    pull = reading.opened(CHANGED, body="because", draft=True)
    pull.label(["infra"], reading.mona)
    facts = reading.facts(pull)
    assert facts.author == Account(reading.mona.id, "mona", "User")
    assert (facts.number, facts.state, facts.draft, facts.merged) == (pull.number, "open", True, False)
    assert (facts.title, facts.body, facts.labels, facts.changed_files) == ("Change it", "because", ("infra",), 3)
    assert (facts.head_sha, facts.head_ref, facts.head_repository) == (pull.head_sha, "change", "acme/infra")
    assert (facts.base_sha, facts.base_ref) == (pull.base_tip, "main")
    assert (facts.repository, facts.created_at) == (reading.ref, pull.created_at.replace(microsecond=0))


def test_bots_are_named_as_payloads_name_them(reading: Scene) -> None:
    bot = reading.standin.bot("renovate[bot]")
    pull = reading.repo.pull_request("bump", files=CHANGED, by=bot)
    assert reading.facts(pull).author == Account(bot.id, "renovate[bot]", "Bot")


def test_merged_and_closed_are_closed(reading: Scene) -> None:
    merged, closed = reading.opened(CHANGED), reading.opened({"x.tf": "a = 1\n"}, "other")
    merged.merge(reading.mona)
    closed.close(reading.mona)
    assert [(facts.state, facts.merged) for facts in map(reading.facts, (merged, closed))] == [("closed", True), ("closed", False)]


def test_what_is_not_there_is_none(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    assert reading.reader.look(reading.ref, 99) is None
    assert reading.reader.look(replace(reading.ref, full_name="acme/gone"), pull.number) is None
    assert reading.reader.look(replace(reading.ref, id=7), pull.number) is None  # another repository has the name now


def test_a_number_that_graphql_cannot_tell_is_no_other_repositorys(reading: Scene) -> None:
    """An `Int` holds no number above 2^31: https://spec.graphql.org/October2021/#sec-Int."""

    def untold(_path: str, body: Any) -> Any:
        return {**body, "data": {**body["data"], "repository": {**body["data"]["repository"], "databaseId": None}}}

    pull = reading.opened(CHANGED)
    reading.line.altered = untold
    assert reading.facts(pull).number == pull.number


def test_a_renamed_repository_is_followed(reading: Scene) -> None:
    pull, before = reading.opened(CHANGED), reading.ref
    reading.repo.rename("platform")
    look = reading.reader.look(before, pull.number)
    assert look is not None
    assert look.pull.repository.full_name == "acme/platform"
    assert reading.verdict(pull).conclusion == "failure"


def test_every_open_pull_request_of_the_head_is_found(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.repo.create_branch("release")
    fork = reading.repo.fork(reading.mona)
    fork.create_branch("same", pull.head_sha)
    twins = [
        reading.repo.pull_request("change", by=reading.mona, base="release"),
        reading.repo.pull_request("same", by=reading.mona, head=fork),
    ]
    closed = reading.repo.pull_request("change", by=reading.mona, base="release")
    closed.close(reading.mona)
    reading.opened({"x.tf": "a = 1\n"}, "other")
    reading.calls()
    look = reading.look(pull)
    assert [(other.number, other.base_ref, other.head_repository) for other in look.sharing] == [
        (twins[0].number, "release", "acme/infra"),
        (twins[1].number, "main", "mona/infra"),
    ]
    assert {other.head_sha for other in look.sharing} == {pull.head_sha}
    assert reading.calls() == [LOOK, LOOK]


def test_those_beyond_a_hundred_are_found_too(reading: Scene) -> None:
    first = reading.opened(CHANGED)
    reading.repo.create_branch("release")
    for number in range(102):
        reading.repo.pull_request(f"b{number}", files={"x.tf": f"a = {number}\n"}, by=reading.mona)
    last = reading.repo.pull_request("change", by=reading.mona, base="release")
    reading.calls()
    assert [other.number for other in reading.look(first).sharing] == [last.number]
    assert reading.calls() == [LOOK, LOOK, LOOK]
    assert [pull.number for pull in reading.reader.open_pulls(reading.ref)] == [pull.number for pull in reading.repo.pulls]


def test_a_deleted_fork_has_no_name(reading: Scene) -> None:
    fork = reading.repo.fork(reading.mona)
    pull = reading.repo.pull_request("change", files=CHANGED, by=reading.mona, head=fork)
    fork.delete(reading.mona)
    assert reading.facts(pull).head_repository is None
    assert reading.verdict(pull).conclusion == "failure"


CONFIGURATION = ".github/countersign.yml"


def test_governing_files_are_those_of_the_default_branch(reading: Scene) -> None:
    reading.repo.commit({CONFIGURATION: "level: observe\n", ".github/countersign-waivers.yaml": "waivers: []\n"})
    pull = reading.opened({CONFIGURATION: "level: comment\n"})
    governing = reading.look(pull).governing
    assert governing.configuration == GoverningFile(CONFIGURATION, b"level: observe\n")
    assert governing.waivers == GoverningFile(".github/countersign-waivers.yaml", b"waivers: []\n")
    assert governing.revision == reading.repo.branch("main")
    assert (governing.organisation, governing.rules, governing.unreadable, governing.properties) == (None, {}, {}, {})
    assert reading.reader.governing(reading.ref) == governing


def test_nothing_governs_where_nothing_stands(reading: Scene) -> None:
    governing = reading.look(reading.opened(CHANGED)).governing
    assert (governing.configuration, governing.waivers, governing.organisation_revision) == (None, None, "")


def test_the_first_of_two_names_counts(reading: Scene) -> None:
    reading.repo.commit({CONFIGURATION: "level: observe\n", ".github/countersign.yaml": "level: comment\n"})
    assert reading.reader.governing(reading.ref).configuration == GoverningFile(CONFIGURATION, b"level: observe\n")


@pytest.mark.parametrize("data", [b"level: \xe9\n", b"level: \0\n", b"# " + b"x" * 600_000 + b"\n"])
def test_a_file_that_the_query_cannot_show_is_read_exactly(reading: Scene, data: bytes) -> None:
    reading.repo.commit({CONFIGURATION: data})
    assert reading.reader.governing(reading.ref).configuration == GoverningFile(CONFIGURATION, data)


@pytest.mark.parametrize(
    ("files", "reason"), [({CONFIGURATION: b"#" * 1_000_001}, "limit"), ({f"{CONFIGURATION}/x": b"a directory"}, "unreadable")]
)
def test_a_file_that_cannot_be_read_is_no_absent_one(reading: Scene, files: dict[str, Content], reason: str) -> None:
    reading.repo.commit({**files, ".github/countersign.yaml": "level: observe\n"})
    governing = reading.reader.governing(reading.ref)
    assert (governing.configuration, governing.unreadable) == (None, {CONFIGURATION: reason})


def organisation(reading: Scene, files: dict[str, Content]) -> Repository:
    return reading.org.repository(".github", files={"README.md": "hello\n"} | {f"countersign/{path}": data for path, data in files.items()})


def test_the_organisation_says_its_own(reading: Scene) -> None:
    deep = "rules/aws/network/even/deeper/still.yaml"
    files: dict[str, Content] = {"config.yml": "level: observe\n", "policies.yml": "p: 1\n", "rules/a.yaml": "id: a\n", deep: "id: b\n"}
    own = organisation(reading, files | {"notes.md": "not read\n"})
    governing = reading.reader.governing(reading.ref)
    assert governing.organisation == GoverningFile("countersign/config.yml", b"level: observe\n")
    assert governing.policies == GoverningFile("countersign/policies.yml", b"p: 1\n")
    assert governing.rules == {"countersign/rules/a.yaml": b"id: a\n", f"countersign/{deep}": b"id: b\n"}
    assert (governing.organisation_revision, governing.unreadable) == (own.branch("main"), {})


def test_the_organisation_is_read_again_only_when_its_files_change(reading: Scene) -> None:
    own = organisation(reading, {"config.yml": "level: observe\n"})
    pull = reading.opened(CHANGED)
    reading.look(pull)
    own.commit({"README.md": "other\n"})
    reading.calls()
    assert reading.look(pull).governing.organisation_revision == own.branch("main")
    assert reading.calls() == [LOOK]
    own.commit({"countersign/config.yml": "level: enforce\n"})
    assert reading.look(pull).governing.organisation == GoverningFile("countersign/config.yml", b"level: enforce\n")
    assert reading.calls() == [LOOK, LOOK]
    own.commit({"countersign/config.yml": None})
    assert reading.look(pull).governing.organisation is None


def test_an_organisation_repository_that_is_not_ours_to_see_is_absent(reading: Scene) -> None:
    organisation(reading, {"config.yml": "level: observe\n"})
    reading.installation.selected = {reading.repo.id}
    governing = reading.reader.governing(reading.ref)
    assert (governing.organisation, governing.organisation_revision, governing.unreadable) == (None, "", {})


def test_what_is_forbidden_is_not_absent(reading: Scene) -> None:
    reading.repo.commit({CONFIGURATION: "level: observe\n"})

    def forbidding(_: str, body: Any) -> Any:
        body["data"]["repository"]["c0"] = body["data"]["organisation"] = None
        paths = (["organisation", "countersign"], ["repository", "c0"])
        return {**body, "errors": [{"type": "FORBIDDEN", "path": path, "message": "SAML"} for path in paths]}

    reading.line.altered = forbidding
    governing = reading.reader.governing(reading.ref)
    assert (governing.configuration, governing.organisation) == (None, None)
    assert governing.unreadable == {CONFIGURATION: "forbidden", "countersign/config.yml": "forbidden"}


def test_without_permission_for_contents_nothing_is_told(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.look(pull)
    for token in reading.standin.tokens.values():
        token.permissions["contents"] = "none"
    with pytest.raises(Refusal) as refusal:
        reading.look(pull)
    assert refusal.value.kind == "forbidden"


def test_properties_are_read_when_somebody_chooses_by_them_and_then_remembered(reading: Scene) -> None:
    reading.repo.properties = {"tier": "gold", "teams": ["a", "b"], "unset": None}
    pull = reading.opened(CHANGED)
    reading.calls()
    assert reading.look(pull).governing.properties == {}
    assert reading.calls() == [LOOK]
    organisation(reading, {"config.yml": "overrides:\n  - properties: {tier: gold}\n"})
    assert reading.look(pull).governing.properties == {"tier": "gold", "teams": "a,b"}
    assert reading.calls() == [LOOK, "GET /repos/{owner}/{repo}/properties/values"]
    reading.look(pull)
    assert reading.calls() == [LOOK]


def test_a_look_that_github_does_not_finish_is_no_absence(reading: Scene) -> None:
    pull = reading.opened(CHANGED)

    def broken(path: str, body: Any) -> Any:
        error = {"type": "SERVICE_UNAVAILABLE", "path": ["organisation"], "message": "timed out"}
        return {**body, "errors": [error]} if path == "/graphql" else body

    reading.line.altered = broken
    with pytest.raises(Refusal) as refusal:
        reading.look(pull)
    assert refusal.value.passing


def test_an_answer_of_another_form_is_refused_and_not_believed(reading: Scene) -> None:
    pull = reading.opened(CHANGED)

    def other(_: str, body: Any) -> Any:
        body["data"]["repository"]["pullRequest"]["changedFiles"] = None
        return body

    reading.line.altered = other
    with pytest.raises(Refusal, match=r"another form than documented: .*changedFiles"):
        reading.look(pull)


def test_repositories_of_the_installation(reading: Scene) -> None:
    other = reading.org.repository("other", files={"x": "y"})
    found = reading.reader.repositories()
    assert found == (reading.ref, RepositoryRef(other.id, "acme/other", reading.installation.id, "main"))


def test_what_we_may_not_see_in_a_list_is_null_and_hides_nothing_else(reading: Scene) -> None:
    """GraphQL's lists may hold nulls: https://spec.graphql.org/October2021/#sec-Handling-Field-Errors"""
    pull = reading.opened(CHANGED)
    pull.label(["infra"], reading.mona)

    def with_nulls(path: str, body: Any) -> Any:
        if path == "/graphql" and "open" in body["data"].get("repository", {}):
            there = body["data"]["repository"]
            there["open"]["nodes"].insert(0, None)
            for name in ("labels", "commits"):
                if "pullRequest" in there:
                    there["pullRequest"][name]["nodes"].insert(0, None)
        return body

    reading.line.altered = with_nulls
    look = reading.reader.look(reading.ref, pull.number)
    assert look is not None
    assert (look.pull.labels, look.pull.head_sha) == (("infra",), pull.head_sha)
    assert [found.number for found in reading.reader.open_pulls(reading.ref)] == [pull.number]
