"""What GitHub enforces before an endpoint is reached: who calls, what they may, and the form of the request."""

from bot.standin.laws.authentication import authenticate
from bot.standin.laws.form import check_body, check_query
from bot.standin.laws.permissions import authorise

__all__ = ["authenticate", "authorise", "check_body", "check_query"]
