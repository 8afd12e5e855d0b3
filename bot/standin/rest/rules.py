"""Branch protection and rulesets (CONTRACT 7)."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, not_found
from bot.standin.rest.routing import route
from bot.standin.shape.repositories import required_checks
from bot.standin.state.rules import Protection, RequiredCheck, Ruleset

BRANCH = "/repos/{owner}/{repo}/branches/{branch}/protection"
RULESETS = "/repos/{owner}/{repo}/rulesets"
ADMIN = ("administration:write",)


def _protection(call: Call) -> Protection:
    if call.repo.branch(call.params["branch"]) is None:
        raise Refusal(404, "Branch not found")
    found = call.repo.protection_of(call.params["branch"])
    if found is None:
        raise Refusal(404, "Branch not protected")
    return found


@route(f"GET {BRANCH}")
def get(call: Call) -> Any:
    return shape.protection(_protection(call), call.repo, call.urls)


@route(f"PUT {BRANCH}")
def put(call: Call) -> Any:
    fields, name = call.body, call.params["branch"]
    checks, reviews = fields.get("required_status_checks") or {}, fields.get("required_pull_request_reviews") or {}
    listed = checks.get("checks") or [{"context": context} for context in checks.get("contexts", [])]
    call.repo.protect(
        name,
        [(check["context"], check.get("app_id") or -1) for check in listed],
        strict=bool(checks.get("strict")),
        approvals=reviews.get("required_approving_review_count", 1) if reviews else 0,
        code_owners=bool(reviews.get("require_code_owner_reviews")),
        conversation_resolution=bool(fields.get("required_conversation_resolution")),
        enforce_admins=bool(fields.get("enforce_admins")),
    )
    return shape.protection(_protection(call), call.repo, call.urls)


@route(f"DELETE {BRANCH}")
def delete(call: Call) -> Answer:
    _protection(call)
    call.repo.protections.pop(call.params["branch"], None)
    return Answer(204)


@route(f"GET {BRANCH}/required_status_checks")
def get_checks(call: Call) -> Any:
    rule = _protection(call)
    if not rule.checks and not rule.strict:
        raise Refusal(404, "Required status checks not enabled")
    return required_checks(rule, f"{call.urls.repo(call.repo)}/branches/{call.params['branch']}/protection")


@route(f"PATCH {BRANCH}/required_status_checks")
def set_checks(call: Call) -> Any:
    rule, fields = _protection(call), call.body or {}
    rule.strict = fields.get("strict", rule.strict)
    if "checks" in fields:
        rule.checks = tuple(RequiredCheck(check["context"], check.get("app_id") or -1) for check in fields["checks"])
    elif "contexts" in fields:
        rule.checks = tuple(RequiredCheck(context) for context in fields["contexts"])
    return required_checks(rule, f"{call.urls.repo(call.repo)}/branches/{call.params['branch']}/protection")


@route("GET /repos/{owner}/{repo}/rules/branches/{branch}")
def rules_of_branch(call: Call) -> Answer:
    """Active rulesets only: those being evaluated or disabled are not shown."""
    return call.paged([rule for ruleset in call.repo.active(call.params["branch"]) for rule in shape.rule_details(ruleset)])


@route(f"GET {RULESETS}")
def list_rulesets(call: Call) -> Answer:
    return call.paged([shape.ruleset(made, call.urls) for made in call.repo.rulesets.values()])


def _ruleset(call: Call) -> Ruleset:
    found = call.repo.rulesets.get(int(call.params["ruleset_id"]))
    if found is None:
        raise not_found()
    return found


@route(f"GET {RULESETS}/{{ruleset_id}}")
def get_ruleset(call: Call) -> Any:
    return shape.ruleset(_ruleset(call), call.urls, full=True)


@route(f"POST {RULESETS}", needs=ADMIN)
def create_ruleset(call: Call) -> Answer:
    fields = call.body
    include = fields.get("conditions", {}).get("ref_name", {}).get("include", [])
    checks: list[tuple[str, int]] = []
    kinds = {rule["type"] for rule in fields.get("rules", [])}
    for rule in fields.get("rules", []):
        listed = rule.get("parameters", {}).get("required_status_checks", [])
        checks += [(check["context"], check.get("integration_id") or -1) for check in listed]
    branches = [name.removeprefix("refs/heads/") for name in include]
    made = call.repo.ruleset(
        fields["name"], checks, branches=branches, enforcement=fields["enforcement"], merge_queue="merge_queue" in kinds
    )
    return Answer(201, shape.ruleset(made, call.urls, full=True))


@route(f"DELETE {RULESETS}/{{ruleset_id}}", needs=ADMIN)
def delete_ruleset(call: Call) -> Answer:
    del call.repo.rulesets[_ruleset(call).id]
    return Answer(204)
