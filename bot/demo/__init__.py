"""The demo: both platforms, a newsroom and its readers on this machine, played on the terminal."""

from bot.demo.play import play

__all__ = ["play"]
