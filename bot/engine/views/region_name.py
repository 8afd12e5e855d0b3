"""Regions that do not exist: `missing` (unknown where the table may be too old to tell), `similar`, `table`.

Decided is what no region can be called and what is nearly one: names of AWS and Google have a form, and a name of that form may be
newer than our table. https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html ·
https://cloud.google.com/compute/docs/regions-zones · https://learn.microsoft.com/azure/reliability/regions-list
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.facts import NO_FACTS, Facts
from bot.engine.facts.nearest import edits, nearest
from bot.engine.facts.provider_names import ProviderNames
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.location import ANYWHERE, locations
from bot.engine.views.reading import attribute, constant, fact, text

DIRECTION = r"(?:central|north|south|(?:north|south)?(?:east|west))"
FORMS = {
    "aws": Pattern(rf"(?:us-gov|us-iso[a-z]?|eu-isoe|eusc-[a-z]{{2}}|[a-z]{{2}})-{DIRECTION}-[1-9]\d?"),
    "google": Pattern(rf"(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-{DIRECTION}[1-9]\d?"),
}
ELSEWHERE = ("endpoints", "skip_region_validation", "metadata_host")  # of a provider that may talk to another cloud of the same API
ANOTHER = "something else"
SLIP = 1


def region_names(model: Model, facts: Facts = NO_FACTS) -> Iterator[Subject]:
    """A fact for each region that the table lacks."""
    if facts.regions is None:
        return
    if any(attribute(resource, name) is not None for resource in model.resources if resource.mode == "provider" for name in ELSEWHERE):
        return
    for place in locations(model):
        region, provider = place.attributes.get("region"), text(place.attributes.get("provider")) or ""
        written = (text(region) or "").lower()
        if region is None or not written or text(region) == ANYWHERE or (provider != "azure" and "-" not in written):
            continue
        known = facts.regions.of(provider)
        if known and written not in known:
            yield _subject(place, region, provider, facts.regions)


def _subject(place: Subject, region: Value, provider: str, regions: ProviderNames) -> Subject:
    written = (text(region) or "").lower()
    near = nearest(written, regions.of(provider))
    form = FORMS.get(provider)
    is_slip = near is not None and edits(written, near.name, SLIP) <= SLIP and not (form and form.fullmatch(written))
    similar, table = near.name if near else ANOTHER, f"regions of {regions.table.header.date}"
    missing: Value = Known(text(region) or "", region.span, region.origin)
    if not is_slip:
        missing = Unknown("table", f"{text(region)} ({table}; nearest: {similar})", region.span, region.origin)
    return fact(
        place.resource,
        "region-name",
        region.span,
        place.path,
        missing=missing,
        similar=constant(similar, region.span),
        table=constant(table, region.span),
    )
