"""State → JSON as GitHub's REST answers and webhook payloads have it."""

from bot.standin.clock import iso
from bot.standin.shape.accounts import label, organisation_full, organisation_simple, team, team_full, user, user_full
from bot.standin.shape.apps import app, delivery, delivery_item, installation, installation_node
from bot.standin.shape.checks import annotation, run, status, status_event, suite
from bot.standin.shape.commits import commit, comparison, content, file_change, git_commit, merge_group, push
from bot.standin.shape.issues import issue, issue_comment, reaction
from bot.standin.shape.pulls import pull, review, review_comment
from bot.standin.shape.repositories import protection, repository, repository_mini, rule_details, ruleset
from bot.standin.shape.urls import Urls

__all__ = [
    "Urls",
    "annotation",
    "app",
    "commit",
    "comparison",
    "content",
    "delivery",
    "delivery_item",
    "file_change",
    "git_commit",
    "installation",
    "installation_node",
    "iso",
    "issue",
    "issue_comment",
    "label",
    "merge_group",
    "organisation_full",
    "organisation_simple",
    "protection",
    "pull",
    "push",
    "reaction",
    "repository",
    "repository_mini",
    "review",
    "review_comment",
    "rule_details",
    "ruleset",
    "run",
    "status",
    "status_event",
    "suite",
    "team",
    "team_full",
    "user",
    "user_full",
]
