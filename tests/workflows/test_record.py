"""What a review leaves in the record, and what its check says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.github.witness import summaries
from bot.ledger import Head
from bot.ledger.schema import deliveries, entries, evaluations
from bot.report.record import read
from bot.workflows.perform import Identity, Performer
from tests.cli.command import countersign
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application, plain


def carried(review: Application, head: str) -> tuple[int, str]:
    (run,) = [run for run in review.scene.standin.runs() if run.head_sha == head]
    found = read(run.summary or "")
    assert found is not None
    return found


def test_a_check_carries_the_place_of_its_evaluation_in_the_record(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    chain = review.parts.ledger.chain
    position, digest = carried(review, pull.head_sha)
    entry = chain.at(scene.repo.id, position)
    assert entry is not None
    assert (entry.kind, entry.number, entry.digest) == ("evaluation", pull.number, digest)
    assert (entry.told["head"], entry.told["conclusion"], entry.told["state"]) == (pull.head_sha, "failure", "violations")
    assert entry.told["engine"].startswith("0.")
    last = [item.kind for item in chain.of_pull(scene.repo.id, pull.number)][-2:]
    assert last == ["evaluation", "publication"]


def test_the_next_head_has_a_place_of_its_own(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    first = carried(review, pull.head_sha)
    pull.push({"db.tf": OFFICE}, by=scene.mona)
    review.deliver()
    assert carried(review, pull.head_sha)[0] > first[0]


def test_a_step_that_is_repeated_publishes_the_same(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    opened = [item for item in scene.standin.outbox.recorded if item.event == "pull_request"][-1]
    review.receive(opened.guid, opened.event, opened.body)
    seen: list[tuple[str | None, ...]] = []

    def twice(name: str, function: Any, *arguments: Any) -> Any:
        function(*arguments)
        if name == "publish":
            seen.append(tuple(run.summary for run in scene.standin.runs()))
        return function(*arguments)

    assert Performer(review.parts, Identity("test", "v1")).perform(opened.guid, plain, twice) == "published"
    assert seen == [tuple(run.summary for run in scene.standin.runs())]
    assert carried(review, pull.head_sha)[0] > 0
    kinds = [item.kind for item in review.parts.ledger.chain.of_pull(scene.repo.id, pull.number)]
    assert kinds.count("evaluation") == 1


def test_what_governs_is_recorded_when_it_changes(scene: Scene, review: Application) -> None:
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    scene.repo.commit(ENFORCE, by=scene.mona)
    review.deliver()
    chain = review.parts.ledger.chain
    told = [entry.told for entry in chain.entries(scene.repo.id) if entry.kind == "policy"]
    assert ["configuration" in item for item in told] == [False, True]
    assert told[0]["rules"] == told[1]["rules"]
    assert [item.kind for item in chain.of_pull(scene.repo.id, pull.number)].count("evaluation") == 2


def test_github_knows_what_was_removed_from_the_record(scene: Scene, review: Application, tmp_path: Path) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    pull.push({"db.tf": OFFICE}, by=scene.mona)
    review.deliver()
    ledger, app = review.parts.ledger, review.scene.app
    gateway = review.app.gateway(ledger.places.installation(scene.repo.id) or 0)
    witnesses = [Head(*found) for text in summaries(gateway, scene.repo.full_name, app.id, 10) if (found := read(text))]
    assert carried(review, pull.head_sha) in [(head.position, head.digest) for head in witnesses]
    assert ledger.verification.verify(scene.repo.id, witnesses).alterations == ()
    variables = {
        "COUNTERSIGN_APP_ID": str(app.id),
        "COUNTERSIGN_PRIVATE_KEY": app.pem,
        "COUNTERSIGN_WEBHOOK_SECRET": app.webhook_secret,
        "COUNTERSIGN_GITHUB_URL": scene.standin.url,
        "COUNTERSIGN_API_URL": scene.standin.api,
        "COUNTERSIGN_STATE_DIRECTORY": str(tmp_path),
    }
    done = countersign("ledger", "verify", "--against-github", "--repository", scene.repo.full_name, cwd=tmp_path, **variables)
    assert (done.code, f"checked against {len(witnesses)} places known from elsewhere" in done.out) == (0, True), done
    last = max(head.position for head in witnesses)
    with ledger.database.writing() as connection:
        connection.execute(sa.delete(entries).where(entries.c.repository_id == scene.repo.id, entries.c.position >= last))
        for table in (evaluations, deliveries):
            connection.execute(sa.delete(table).where(table.c.id == sa.select(sa.func.max(table.c.id)).scalar_subquery()))
    told = ledger.verification.verify(scene.repo.id, witnesses).alterations
    assert (last, "short") in [(item.position, item.key) for item in told]
    done = countersign("ledger", "verify", "--against-github", "--repository", scene.repo.full_name, cwd=tmp_path, **variables)
    assert (done.code, f"entry {last}: a witness knows this entry; the record ends at {last - 1}" in done.out) == (1, True), done


def test_a_snapshot_with_a_secret_is_not_kept_and_the_entry_says_so(scene: Scene, review: Application) -> None:
    chain = review.parts.ledger.chain
    scene.repo.pull_request("plain", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    scene.repo.pull_request("leak", files={"db.tf": WORLD, "s.tf": 'locals {\n  db_password = "Corr3ct-Horse"\n}\n'}, by=scene.mona)
    review.deliver()
    told = [(entry.told["withheld"], entry.told["kept"] is None) for entry in chain.entries(scene.repo.id) if entry.kind == "evaluation"]
    assert told[-2:] == [("", False), ("sensitive", True)]
