"""What the operator says once: environment and file, read at start, frozen; every problem at once, located."""

from bot.settings.load import load
from bot.settings.problem import SettingsError, SettingsProblem
from bot.settings.secret import Secret
from bot.settings.settings import Note, Settings, api_of

__all__ = ["Note", "Secret", "Settings", "SettingsError", "SettingsProblem", "api_of", "load"]
