"""The REST endpoints, one module per subject; importing this package registers them all."""

from bot.standin.rest import (
    apps,
    checks,
    contents,
    git,
    issues,
    organisations,
    pulls,
    repositories,
    review_comments,
    reviews,
    rules,
    statuses,
)
from bot.standin.rest.routing import ROUTES, Route, find

__all__ = [
    "ROUTES",
    "Route",
    "apps",
    "checks",
    "contents",
    "find",
    "git",
    "issues",
    "organisations",
    "pulls",
    "repositories",
    "review_comments",
    "reviews",
    "rules",
    "statuses",
]
