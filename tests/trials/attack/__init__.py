"""Visnyk under attack: each threat is one small function, and one line of `registry.py` names it."""
