"""`make attack`: attacks a running Visnyk and prints threat, tries and what was accepted.

Ends with 1 at the first threat of which something was accepted. SHORT=1 is what the tests run, ONLY=words picks the
threats with these words in their names, TRIES=1000 how often each is tried.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

from tests.trials.attack.registry import THREATS, Threat
from tests.trials.attack.town import Found, a_town


async def attacked(
    threats: Sequence[Threat], *, short: bool, tries: int = 0
) -> AsyncGenerator[tuple[Threat, Found], None]:
    """Each threat with what was found. Those that leave no ruins share a town."""
    together = [threat for threat in threats if not threat.is_alone]
    for group in [together, *([threat] for threat in threats if threat.is_alone)]:
        if not group:
            continue
        with tempfile.TemporaryDirectory() as folder:
            async with a_town(Path(folder)) as town:
                for threat in group:
                    yield threat, await threat.attack(town, tries or (threat.short if short else threat.tries))


async def main(*, short: bool, only: str, tries: int) -> int:
    threats = [threat for threat in THREATS if only in threat.name]
    print(f"{'threat':52} {'tries':>8} {'accepted':>9}")
    async with aclosing(attacked(threats, short=short, tries=tries)) as rows:
        async for threat, found in rows:
            print(f"{threat.name:52} {found.tries:8} {len(found.accepted):9}  {found.told}", flush=True)
            for each in sorted(set(found.accepted)):
                print(f"    {each}")
            if found.accepted:
                return 1
    return 0


if __name__ == "__main__":
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # an attacker has as many connections as there are
    sys.exit(
        asyncio.run(
            main(short=bool(given.get("SHORT")), only=given.get("ONLY", ""), tries=int(given.get("TRIES") or 0))
        )
    )
