"""GraphQL on the part of GitHub's schema that documents of an App use."""

from bot.standin.graphql.endpoint import answer

__all__ = ["answer"]
