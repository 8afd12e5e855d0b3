"""Our check run on a commit: found, begun, completed. One of a name, patched, whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from bot.github.facts import CheckRun, RepositoryRef
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal
from bot.report.publication import Publication
from bot.report.publish import Notes

REFUSED = ("invalid", "too-large")


class CheckRuns(Struct, frozen=True):
    """The check runs of the App with this id, over one installation."""

    gateway: Gateway
    app_id: int
    notes: Notes

    def begin(
        self, repository: RepositoryRef, head_sha: str, name: str, external_id: str, *, fresh: bool = False, known: int = 0
    ) -> CheckRun:
        """The newest run of this name in progress: several may be there from a race, and the newest is what GitHub shows.

        A re-request leaves the run as it is, and the App resets it (https://docs.github.com/rest/checks/runs, rerequest).
        """
        runs = [] if fresh else self._runs(repository, head_sha, name)
        if known and all(run.id != known for run in runs):
            runs = sorted((*runs, *self._known(repository, head_sha, name, known)), key=lambda run: run.id)
        if not runs:
            return self._create(repository, head_sha, name, external_id)
        *twins, run = runs
        run = replace(run, twins=tuple(twin.id for twin in twins), contested=run.status == "in_progress")
        if run.contested and run.external_id == external_id:
            return run
        patched = self._patch(repository, run.id, {"status": "in_progress", "external_id": external_id, "output": self._started()})
        if patched.status != "in_progress":  # what is completed stays so: then only a new run can be in progress
            made = self._create(repository, head_sha, name, external_id)
            return replace(made, twins=(*run.twins, run.id))
        return replace(patched, twins=run.twins, contested=run.contested)

    def complete(
        self, repository: RepositoryRef, run: CheckRun, publication: Publication, completed_at: datetime | None = None
    ) -> CheckRun:
        """The verdict on the run and its twins. A run that is not completed blocks for ever, so a refused text is left out."""
        fields: dict[str, Any] = {"status": "completed", "conclusion": publication.conclusion}
        if completed_at is not None:
            fields["completed_at"] = completed_at.isoformat()
        for twin in run.twins:
            self._completed(repository, twin, fields, publication)
        return self._completed(repository, run.id, fields, publication)

    def _completed(self, repository: RepositoryRef, number: int, fields: Mapping[str, Any], publication: Publication) -> CheckRun:
        whole = {"title": publication.title, "summary": publication.summary, "text": publication.text}
        outputs = ({"output": whole}, {"output": {"title": publication.title, "summary": self.notes.refused}})
        for output in outputs:
            try:
                return self._patch(repository, number, {**fields, **output})
            except Refusal as refusal:
                if refusal.kind not in REFUSED:
                    raise
        return self._patch(repository, number, fields)

    def _runs(self, repository: RepositoryRef, head_sha: str, name: str) -> list[CheckRun]:
        """Ours, oldest first."""
        path = f"/repos/{repository.full_name}/commits/{quote(head_sha, safe='')}/check-runs"
        wanted: dict[str, str | int] = {"check_name": name, "app_id": self.app_id, "filter": "all"}
        found = self.gateway.pages(path, wanted, key="check_runs")
        return sorted(map(_run, found), key=lambda run: run.id)

    def _known(self, repository: RepositoryRef, head_sha: str, name: str, known: int) -> list[CheckRun]:
        """A run that we wrote and that the list does not show yet."""
        try:
            found = _run(self.gateway.get(f"/repos/{repository.full_name}/check-runs/{known}"))
        except Refusal as refusal:
            if refusal.kind != "not-found":
                raise
            return []
        return [found] if (found.head_sha, found.name) == (head_sha, name) else []

    def _create(self, repository: RepositoryRef, head_sha: str, name: str, external_id: str) -> CheckRun:
        body = {"name": name, "head_sha": head_sha, "status": "in_progress", "external_id": external_id, "output": self._started()}

        def there() -> CheckRun | None:
            return next((run for run in reversed(self._runs(repository, head_sha, name)) if run.external_id == external_id), None)

        made = self.gateway.create(f"/repos/{repository.full_name}/check-runs", body, find=there)
        return made if isinstance(made, CheckRun) else _run(made)

    def _patch(self, repository: RepositoryRef, number: int, body: Mapping[str, Any]) -> CheckRun:
        return _run(self.gateway.update(f"/repos/{repository.full_name}/check-runs/{number}", body))

    def _started(self) -> dict[str, str]:
        return {"title": self.notes.started.title, "summary": self.notes.started.summary, "text": ""}


def _run(found: Mapping[str, Any]) -> CheckRun:
    """Of a run's fields only its id is sure: a server that leaves others out must not keep a check from being completed."""
    name, head, status, external = (str(found.get(field) or "") for field in ("name", "head_sha", "status", "external_id"))
    return CheckRun(found["id"], name, head, status, found.get("conclusion"), external)
