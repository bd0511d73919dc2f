"""Visnyk: a newsroom's articles on Telegram and Viber."""

#: The newest release in CHANGELOG.md; what runs may have more than it.
__version__ = "0.2.0"
