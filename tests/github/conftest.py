"""The stand-in of `tests/standin`, for what talks to GitHub."""

from tests.standin.conftest import scene, standin

__all__ = ["scene", "standin"]
