"""Where logs are kept: `provider`, `retention_days` (not set or 0 where the service keeps them for ever), `kept_forever`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.value import Unknown, or_default
from bot.engine.views.reading import attribute, constant, fact, whole

# What a service does when the argument is left out, in days; 0 is for ever.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
# https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure · https://cloud.google.com/logging/docs/buckets
STORES: Mapping[str, tuple[str, str, int]] = {
    "aws_cloudwatch_log_group": ("aws", "retention_in_days", 0),
    "azurerm_log_analytics_workspace": ("azure", "retention_in_days", 30),
    "google_logging_project_bucket_config": ("google", "retention_days", 30),
    "google_logging_organization_bucket_config": ("google", "retention_days", 30),
    "google_logging_folder_bucket_config": ("google", "retention_days", 30),
}


def logs(model: Model) -> Iterator[Subject]:
    """A fact for each store of logs, in order."""
    for resource in model.resources:
        found = STORES.get(resource.type) if resource.mode == "managed" else None
        if found is None:
            continue
        provider, name, default = found
        value = attribute(resource, name)
        days = constant(default, resource.span) if value is None else or_default(value)
        forever = {whole(branch) == 0 for branch in (days.branches if isinstance(days, Unknown) else (days,))}
        kept = constant(forever.pop(), resource.span) if len(forever) == 1 else days
        yield fact(resource, "log", resource.span, provider=constant(provider, resource.span), retention_days=days, kept_forever=kept)
