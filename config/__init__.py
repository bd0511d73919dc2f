"""An operator's settings: the environment (`settings`) and the newsroom's own file (`newsroom`)."""

from config.faults import SettingsError
from config.newsroom import Newsroom, load_newsroom
from config.settings import Settings, load_settings

__all__ = ["Newsroom", "Settings", "SettingsError", "load_newsroom", "load_settings"]
