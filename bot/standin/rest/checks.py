"""Check runs and suites (CONTRACT 6)."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, invalid, not_found
from bot.standin.rest.routing import route
from bot.standin.state.checks import CheckRun, CheckSuite

READ, WRITE = ("checks:read",), ("checks:write",)
RUNS = "/repos/{owner}/{repo}/check-runs"
SUITES = "/repos/{owner}/{repo}/check-suites"
TEXT, ANNOTATIONS, ACTIONS = 65_535, 50, 3
ANNOTATION_BYTES, ANNOTATION_TITLE = 65_536, 255
CONCLUSIONS = frozenset({"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"})
STATUSES = frozenset({"queued", "in_progress", "completed"})


def _check(fields: dict[str, Any], *, creating: bool) -> None:
    """Everything GitHub refuses beyond the published schema."""
    if fields.get("status") not in STATUSES | {None}:
        raise invalid("CheckRun", "status")
    if fields.get("conclusion") not in CONCLUSIONS | {None}:
        raise invalid("CheckRun", "conclusion")
    done = fields.get("status") == "completed" or fields.get("completed_at")
    if done and not fields.get("conclusion"):
        raise invalid("CheckRun", "conclusion", "missing_field")
    if len(fields.get("actions") or ()) > ACTIONS:
        raise unprocessable_count("actions", ACTIONS)
    if fields.get("output") is not None:
        _check_output(fields["output"], creating=creating)


def _check_output(output: dict[str, Any], *, creating: bool) -> None:
    for name in ("title", "summary") if creating else ("summary",):
        if not output.get(name):
            raise invalid("CheckRun", name, "missing_field")
    for name in ("summary", "text"):
        size = len(output.get(name) or "")
        if size > TEXT:
            raise Refusal(422, "Invalid request.\n\n" + f"Only {TEXT} characters are allowed; {size} were supplied.")
    annotations = output.get("annotations") or []
    if len(annotations) > ANNOTATIONS:
        raise unprocessable_count("annotations", ANNOTATIONS)
    if not all(_acceptable(annotation) for annotation in annotations):
        raise invalid("CheckRun", "annotations")


def unprocessable_count(name: str, most: int) -> Refusal:
    return Refusal(422, f"Invalid request.\n\nNo more than {most} items are allowed; {name}")


def _acceptable(annotation: dict[str, Any]) -> bool:
    start, end = annotation.get("start_line") or 0, annotation.get("end_line") or 0
    columns = annotation.get("start_column") is not None or annotation.get("end_column") is not None
    sizes = all(len((annotation.get(name) or "").encode()) <= ANNOTATION_BYTES for name in ("message", "raw_details"))
    titled = len(annotation.get("title") or "") <= ANNOTATION_TITLE
    return bool(annotation.get("path")) and 1 <= start <= end and not (columns and start != end) and sizes and titled


def _run(call: Call) -> CheckRun:
    found = call.repo.checks.runs.get(int(call.params["check_run_id"]))
    if found is None:
        raise not_found()
    return found


def _own(call: Call) -> CheckRun:
    run = _run(call)
    if run.app is not call.app:
        raise Refusal(403, f"Invalid app_id `{call.app.id}` - check run can only be modified by the GitHub App that created it.")
    return run


@route("POST /repos/{owner}/{repo}/check-runs", needs=WRITE)
def create(call: Call) -> Answer:
    _check(call.body, creating=True)
    sha = call.body["head_sha"]
    if not call.repo.store.is_commit(sha):
        raise Refusal(422, f"No commit found for SHA: {sha}")
    run = call.repo.checks.create(call.app, call.body)
    return Answer(201, shape.run(run, call.urls))


@route(f"PATCH {RUNS}/{{check_run_id}}", needs=WRITE)
def update(call: Call) -> Any:
    run = _own(call)
    _check(call.body or {}, creating=False)
    run.apply(call.body or {})
    return shape.run(run, call.urls)


@route(f"GET {RUNS}/{{check_run_id}}", needs=READ)
def get(call: Call) -> Any:
    return shape.run(_run(call), call.urls)


@route(f"GET {RUNS}/{{check_run_id}}/annotations", needs=READ)
def list_annotations(call: Call) -> Answer:
    run = _run(call)
    return call.paged([shape.annotation(made, run, call.urls) for made in run.annotations])


@route(f"POST {RUNS}/{{check_run_id}}/rerequest", needs=WRITE)
def rerequest(call: Call) -> Answer:
    _own(call).rerequest(call.account)
    return Answer(201, {})


def _filtered(call: Call, runs: list[CheckRun]) -> Answer:
    query = call.query
    if query.get("filter", "latest") == "latest":
        runs = list({(run.app.id, run.name): run for run in runs}.values())
    keep = [
        run
        for run in reversed(call.world.faults.listed(runs))
        if query.get("check_name") in {None, run.name}
        and query.get("status") in {None, run.status}
        and query.get("app_id") in {None, str(run.app.id)}
    ]
    return call.paged([shape.run(run, call.urls) for run in keep], "check_runs")


@route("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", needs=READ)
def of_commit(call: Call) -> Answer:
    return _filtered(call, call.repo.checks.on(call.commit(call.params["ref"])))


@route("GET /repos/{owner}/{repo}/commits/{ref}/check-suites", needs=READ)
def suites_of_commit(call: Call) -> Answer:
    sha, query = call.commit(call.params["ref"]), call.query
    keep = [
        suite
        for suite in call.repo.checks.suites.values()
        if suite.head_sha == sha
        and query.get("app_id") in {None, str(suite.app.id)}
        and (query.get("check_name") is None or any(run.name == query["check_name"] for run in suite.runs))
    ]
    return call.paged([shape.suite(suite, call.urls, embedded=False) for suite in keep], "check_suites")


def _suite(call: Call) -> CheckSuite:
    wanted = int(call.params["check_suite_id"])
    found = next((suite for suite in call.repo.checks.suites.values() if suite.id == wanted), None)
    if found is None:
        raise not_found()
    return found


@route("POST /repos/{owner}/{repo}/check-suites", needs=WRITE)
def create_suite(call: Call) -> Answer:
    sha = call.body["head_sha"]
    if not call.repo.store.is_commit(sha):
        raise Refusal(422, f"No commit found for SHA: {sha}")
    known = (call.app.id, sha) in call.repo.checks.suites
    suite = call.repo.checks.suite(call.app, sha)
    return Answer(200 if known else 201, shape.suite(suite, call.urls, embedded=False))


@route("PATCH /repos/{owner}/{repo}/check-suites/preferences", needs=WRITE)
def preferences(call: Call) -> Any:
    settings = call.body.get("auto_trigger_checks", [])
    for setting in settings:
        call.repo.checks.automatic[setting["app_id"]] = setting["setting"]
    return {"preferences": {"auto_trigger_checks": settings}, "repository": shape.repository(call.repo, call.urls)}


@route(f"GET {SUITES}/{{check_suite_id}}", needs=READ)
def get_suite(call: Call) -> Any:
    return shape.suite(_suite(call), call.urls, embedded=False)


@route(f"GET {SUITES}/{{check_suite_id}}/check-runs", needs=READ)
def runs_of_suite(call: Call) -> Answer:
    return _filtered(call, _suite(call).runs)


@route(f"POST {SUITES}/{{check_suite_id}}/rerequest", needs=WRITE)
def rerequest_suite(call: Call) -> Answer:
    _suite(call).rerequest(call.account)
    return Answer(201, {})
