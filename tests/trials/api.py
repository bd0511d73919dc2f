"""The API played against by a tester that nobody here wrote: `python -m tests.trials.api [EXAMPLES=100] [SEED]`

It is schemathesis (https://schemathesis.readthedocs.io), which reads the description that is served, and calls what
stands there in every way that it allows and forbids. Exit 1 for each call that is answered otherwise than described.
"""

from __future__ import annotations

import asyncio
import os
import random
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
_OPTIONS = (
    *("--checks", "all", "--exclude-checks", ",".join(EXCUSED), "--no-color", "--workers", "1"),
    # How slow the machine is says nothing about the API.
    *("--suppress-health-check", "all", "--request-timeout", "60"),
)


async def play(folder: Path, examples: int, seed: int | None = None) -> tuple[int, str]:
    """Start the house with a key, let the tester call it, and return the tester's exit code and what it says.

    Without a `seed` it calls the same each time.
    """
    drawn = ("--generation-deterministic",) if seed is None else ("--seed", str(seed))
    # The clock goes on at each look: the tester calls faster than any key may.
    async with a_scene(folder, Clock(step=timedelta(seconds=1))) as scene:
        secret = await new_key(scene, Scope.SUBMIT)
        tester = await asyncio.create_subprocess_exec(
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{scene.app.url}/api/v1/openapi.json"),
            *("--header", f"Authorization: Bearer {secret}", "--max-examples", str(examples)),
            *(*drawn, *_OPTIONS),
            cwd=folder,
            env={**os.environ, "NO_PROXY": "*"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await tester.communicate()
        assert tester.returncode is not None
        return tester.returncode, said.decode()


def main() -> int:
    examples = int(sys.argv[1]) if sys.argv[1:] else EXAMPLES
    seed = int(sys.argv[2]) if sys.argv[2:] else random.randrange(1 << 32)
    with tempfile.TemporaryDirectory() as name:
        code, said = asyncio.run(play(Path(name), examples, seed))
    print(said)
    return code


if __name__ == "__main__":
    sys.exit(main())
