"""The demo: both platforms, a newsroom and its readers on this machine, in a browser or once on the terminal."""

from bot.demo.play import play
from bot.demo.stage import show

__all__ = ["play", "show"]
