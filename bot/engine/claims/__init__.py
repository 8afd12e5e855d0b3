"""What the text says, held against evidence: sentences → assertions → supported, contradicted, unverifiable; citations; authority."""

from bot.engine.claims.door import Heard, heard
from bot.engine.claims.scene import Scene
from bot.engine.claims.texts import is_document

__all__ = ["Heard", "Scene", "heard", "is_document"]
