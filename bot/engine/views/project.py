"""Projects of Google Cloud, their companion resources joined: `provider`, `audited` (every service says who read what, of everybody).

What is audited: https://cloud.google.com/logging/docs/audit/configure-data-access. A folder's or an organisation's settings hold for
the projects below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.companion import belongs
from bot.engine.views.reading import attribute, blocks, body_of, constant, elements, fact, field, managed, text

CONFIG = "google_project_iam_audit_config"
ABOVE = ("google_folder_iam_audit_config", "google_organization_iam_audit_config")
EVERY_SERVICE = "allServices"
READS = frozenset({"ADMIN_READ", "DATA_READ"})  # what is written is logged without being asked for


def projects(model: Model) -> Iterator[Subject]:
    """A fact for each project, in order; where none is made here, for the settings of each that name one service only."""
    above, own = list(managed(model, ABOVE)), list(managed(model, (CONFIG,)))
    made = list(managed(model, ("google_project",)))
    for resource in made:
        yield _project(resource, _audited(resource, above, own))
    if not made and not any(_may_be_of_every_service(config) for config in (*above, *own)):
        yield from (_project(config, constant(raw=False, span=config.span)) for config in own)


def _project(resource: Resource, audited: Value) -> Subject:
    return fact(resource, "project", resource.span, provider=constant("google", resource.span), audited=audited)


def _may_be_of_every_service(config: Resource) -> bool:
    service = attribute(config, "service")
    return isinstance(service, Unknown) or text(service) == EVERY_SERVICE


def _audited(project: Resource, above: Iterable[Resource], own: Iterable[Resource]) -> Value:
    answers = [(config, belongs(attribute(config, "project"), project, "project_id")) for config in own]
    configs = [*above, *(config for config, answer in answers if answer is not False)]
    unsure = {config.address: answer for config, answer in answers if isinstance(answer, Unknown)}
    found = [(config, _complete(config)) for config in configs]
    if any(complete is True and config.address not in unsure for config, complete in found):
        return constant(raw=True, span=project.span)
    unknown = (unsure.get(config.address, complete) for config, complete in found if complete is not False)
    return next((value for value in unknown if isinstance(value, Unknown)), constant(raw=False, span=project.span))


def _complete(config: Resource) -> bool | Unknown:
    service, logged = attribute(config, "service"), blocks(config, "audit_log_config")
    if isinstance(service, Unknown):
        return service
    bodies = [body_of(block) for block in logged]
    unknown = next((body for body in bodies if isinstance(body, Unknown)), None)
    if unknown is not None:
        return unknown
    kinds = {text(field(body, "log_type")) for body in bodies if not elements(field(body, "exempted_members"))}
    return text(service) == EVERY_SERVICE and kinds >= READS
