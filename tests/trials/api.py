"""The API played against by a tester that nobody here wrote: `python -m tests.trials.api [EXAMPLES]`

It takes schemathesis (https://schemathesis.readthedocs.io) on the PATH, or where SCHEMATHESIS says.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from bot.domain.systems import Scope
from tests.conftest import Clock, a_scene
from tests.helpers.systems import new_key

#: Examples of each operation in each phase.
EXAMPLES = 100
#: Checks that ask for something else than we do, and why.
EXCUSED = {
    "missing_required_header": "it knows no 428, which RFC 6585 has for a call without If-Match",
    "positive_data_acceptance": "what an editor would be refused too, such as a language that does not exist, is no "
    "matter of form; and it makes up ETags",
}


async def play(examples: int) -> int:
    """Start the house with a key, let the tester call it, and return the tester's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        # The clock goes on at each look: the tester calls faster than any key may.
        async with a_scene(Path(folder), Clock(step=timedelta(seconds=1))) as scene:
            secret = await new_key(scene, Scope.SUBMIT)
            tester = await asyncio.create_subprocess_exec(
                os.environ.get("SCHEMATHESIS", "schemathesis"),
                "run",
                f"{scene.app.url}/api/v1/openapi.json",
                "--header",
                f"Authorization: Bearer {secret}",
                "--checks",
                "all",
                "--exclude-checks",
                ",".join(EXCUSED),
                "--max-examples",
                str(examples),
                "--no-color",
            )
            return await tester.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(play(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)))
