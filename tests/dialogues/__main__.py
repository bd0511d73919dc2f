"""Plays every dialogue and counts what the phones showed. `python -m tests.dialogues`"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.helpers import shown
from tests.helpers.catalogue import LANGUAGES

HERE = Path(__file__).resolve().parent
#: Dialogues that stand elsewhere, with what they are about.
ELSEWHERE = ("test_insight.py", "test_topics.py", "test_group_editing.py")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = [HERE, *(HERE.parent / name for name in ELSEWHERE)]
        environment = {**os.environ, shown.FOLDER: folder}
        played = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "not alone", *files], env=environment, check=False
        )
        found = shown.Found.of(Path(folder))
    print(table(found))
    print(found.report())
    return played.returncode or (1 if found.faults else 0)


def table(found: shown.Found) -> str:
    kinds = {"/": "commands", "[": "buttons"}
    counts = Counter((kinds.get(cell.what[0], "texts"), cell.language, cell.platform) for cell in found.seen)
    wanted = Counter((kinds.get(cell.what[0], "texts"), cell.language, cell.platform) for cell in found.wanted)
    places = [(language, platform) for platform in shown.PLATFORMS for language in LANGUAGES]
    lines = ["".ljust(10) + "".join(f"{platform} {language}".rjust(16) for language, platform in places)]
    for kind in ("commands", "buttons", "texts"):
        cells = [f"{counts[kind, *place]} of {wanted[kind, *place]}".rjust(16) for place in places]
        lines.append(kind.ljust(10) + "".join(cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
