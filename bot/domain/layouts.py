"""Keyboard layouts: what a word becomes that was typed in the other one."""

from __future__ import annotations

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "'йцукенгшщзхїфівапролджєячсмитьбю"
#: From the Latin layout to the Ukrainian one, and back.
LAYOUTS = (str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC + "ыъэё", _LATIN + "s]'`"))
