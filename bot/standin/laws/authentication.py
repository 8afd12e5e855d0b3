"""Tokens and JWTs (CONTRACT 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt

from bot.standin.calls import Actor, Refusal

if TYPE_CHECKING:
    from bot.standin.state.apps import App
    from bot.standin.world import World

LIFE_SECONDS, DRIFT_SECONDS = 600, 60


def authenticate(world: World, header: str | None) -> Actor:
    """The caller; nobody without a header; 401 for anything that is not valid now."""
    if not header:
        return Actor()
    scheme, _, secret = header.partition(" ")
    if scheme.lower() not in {"bearer", "token"} or not secret:
        raise Refusal(401, "Bad credentials")
    if secret.startswith("ghs_"):
        return _installation(world, secret)
    if secret.startswith("ghp_"):
        user = next((account for account in world.accounts.values() if account.kind == "User" and account.token == secret), None)
        if user is None:
            raise Refusal(401, "Bad credentials")
        return Actor(user=user)
    return Actor(app=_app(world, secret))


def _installation(world: World, secret: str) -> Actor:
    token = world.tokens.get(secret)
    if token is None or token.expires_at.timestamp() <= world.clock.now():
        raise Refusal(401, "Bad credentials")
    if token.installation.suspended_at:
        raise Refusal(403, "This installation has been suspended")
    return Actor(token=token)


def _app(world: World, secret: str) -> App:
    try:
        unsafe = jwt.decode(secret, options={"verify_signature": False})
        issuer = str(unsafe.get("iss"))
    except jwt.PyJWTError:
        raise Refusal(401, "A JSON web token could not be decoded") from None
    app = next((app for app in world.apps.values() if issuer in {str(app.id), app.client_id}), None)
    if app is None:
        raise Refusal(401, "'Issuer' claim ('iss') must be an Integer or the App's client ID")
    try:
        options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        claims = jwt.decode(secret, app.public_key, algorithms=["RS256"], options=options)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        raise Refusal(401, "A JSON web token could not be decoded") from None
    _check_times(claims, world.clock.jwt_now())
    return app


def _check_times(claims: dict[str, object], now: float) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(expires, int | float):
        raise Refusal(401, "Missing 'expiration' claim ('exp')")
    if not isinstance(issued, int | float):
        raise Refusal(401, "Missing 'issued at' claim ('iat')")
    if expires <= now:
        raise Refusal(
            401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
        )
    if expires > now + LIFE_SECONDS + DRIFT_SECONDS or expires - issued > LIFE_SECONDS + DRIFT_SECONDS:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    if issued > now + DRIFT_SECONDS:
        raise Refusal(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
