"""Build the site: `python -m tests.trials.handbook [FOLDER]`, or `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.trials.handbook.site import ROOT, build

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    pages = build(ROOT, target)
    print(f"{len(pages)} pages: {target / 'index.html'}")
