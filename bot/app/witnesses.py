"""Our record before its witnesses, and we as the witness of another newsroom's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot.adapters.base import Finding
from bot.app.configured import place_of
from bot.errors import CannotStart
from bot.record.checkpoint import Checkpoint
from bot.record.merkle import computed
from bot.record.notes import SignerKey, Unsigned, VerifierKey, opened
from bot.record.shelf import Shelf
from bot.record.signing import Fork, Signer, cosigned_note
from bot.record.site import ROOT, Site
from bot.record.witnessing import LONGEST, OF_SIZE, Request, Witness
from bot.web.witness import witness_app
from config.newsroom import Newsroom as NewsroomFile
from config.settings import Settings

log = structlog.get_logger(__name__)

#: What one question to a witness, or to our own site, may take.
PATIENCE = aiohttp.ClientTimeout(total=10.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A witness: where it is asked, and its key."""

    url: str
    key: VerifierKey


def witnesses_of(file: NewsroomFile) -> list[Asked]:
    """Return the witnesses of newsroom.toml. Raises `CannotStart`."""
    try:
        return [Asked(url, VerifierKey.parse(key)) for url, key in file.record.witnesses]
    except ValueError as error:
        raise CannotStart(f"[record] witnesses: {error}") from None


async def cosign(site: Site, signer: Signer, witnesses: Sequence[Asked]) -> dict[str, str]:
    """Ask every witness for its cosignature and keep them. Return what each said, empty: it has cosigned.

    Raises `Fork` if a witness has seen more than there is here.
    """
    checkpoint, note = await site.checkpoint()
    missing = [each for each in witnesses if not _has_cosigned(each.key, note)]
    async with aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()) as session:
        tasks = (_asked(session, each, site.shelf, checkpoint, note) for each in missing)
        said = await asyncio.gather(*tasks)
    lines = "".join(line for line, _ in said)
    if lines:
        signer.cosign(note, lines)
    return {each.key.name: "" for each in witnesses} | {
        each.key.name: fault for each, (_, fault) in zip(missing, said, strict=True)
    }


def _has_cosigned(key: VerifierKey, note: str) -> bool:
    try:
        return key in opened(note, [key]).signers
    except Unsigned:
        return False


async def _asked(
    session: aiohttp.ClientSession, witness: Asked, shelf: Shelf, checkpoint: Checkpoint, note: str
) -> tuple[str, str]:
    """Return the line of a witness, and what is wrong with it. What it saw last, it tells itself."""
    old = 0
    for _ in range(2):
        request = Request(old, await _grown(shelf, old, checkpoint.size), note)
        status, kind, body = await _post(session, f"{witness.url.rstrip('/')}/add-checkpoint", str(request))
        if status == 200:
            return (body, "") if _has_cosigned(witness.key, note + body) else ("", "its cosignature is wrong")
        if old and status in (409, 422):  # it told that size itself
            raise Fork(
                f"The witness {witness.key.name} has seen another record of {old} entries than there is here. Somebody "
                "changed this database, or another one was run with the same key."
            )
        if status != 409 or kind != OF_SIZE or not body.strip().isdecimal() or int(body) == old:
            return "", body if status == 0 else f"it answered {status}: {' '.join(body.split())[:200]}"
        old = int(body)
        if old > checkpoint.size:
            raise Fork(
                f"The witness {witness.key.name} has seen {old} entries of the record, and this database has "
                f"{checkpoint.size}: it was restored from a backup, or is a copy. Bring the missing ones back: "
                "visnyk record recover"
            )
    return "", "it does not stay with what it has seen"


async def _grown(shelf: Shelf, old: int, size: int) -> tuple[bytes, ...]:
    async def tile(level: int, number: int) -> bytes:
        return b"".join(await shelf.record_hashes(level, number))

    return tuple(await computed(size, tile, lambda tree: tree.consistency(old)))


async def _post(session: aiohttp.ClientSession, url: str, body: str) -> tuple[int, str, str]:
    """Return status, kind and body of the answer; status 0 and the reason if none came."""
    try:
        async with session.post(url, data=body.encode(), allow_redirects=False) as answer:
            said = (await answer.content.read(LONGEST)).decode(errors="replace")
            return answer.status, answer.content_type, said
    except (aiohttp.ClientError, TimeoutError) as error:
        return 0, "", f"it can't be reached ({type(error).__name__})"


# For the doctor


async def examine(settings: Settings, file: NewsroomFile) -> list[Finding]:
    """Return how the record stands with its witnesses, and on the newsroom's site."""
    if settings.record_key is None:
        return []
    signed = cosigned_note(place_of(settings).path)
    return [*_seen(file, signed), *await _on_site(file, signed)]


def _seen(file: NewsroomFile, note: str) -> list[Finding]:
    witnesses = witnesses_of(file)
    if not witnesses:
        return []
    seen = sum(_has_cosigned(each.key, note) for each in witnesses)
    what = f"Of {len(witnesses)} witnesses of the record, {seen} have cosigned its last checkpoint."
    advice = "Let cron do `visnyk record cosign`, or `visnyk record export`, each minute; it says who does not answer."
    return [Finding(seen >= max(1, file.record.quorum), what, advice)]


async def _on_site(file: NewsroomFile, signed: str) -> list[Finding]:
    site = file.record.site
    if not site:
        return []
    advice = "Export the record there each minute: visnyk record export (docs/record.md)."
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(f"{site.rstrip('/')}{ROOT}checkpoint") as answer,
        ):
            text = (await answer.content.read(LONGEST)).decode() if answer.status == 200 else ""
        there, ours = Checkpoint.parse(text), Checkpoint.parse(signed)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return [Finding(False, f"There is no checkpoint of the record on {site}.", advice)]
    if there.size > ours.size or (there.size == ours.size and there.root != ours.root):
        what = f"{site} shows {there.size} entries of the record that are not those signed here ({ours.size})."
        return [Finding(False, what, "See docs/record.md: after a restored backup.")]
    return [Finding(True, f"{site} shows {there.size} of {ours.size} entries of the record.")]


# As a witness


def witness_of(logs: Sequence[str], key: Path, folder: Path) -> Witness:
    """Return the witness of the logs with these public keys. Raises `CannotStart`."""
    try:
        signer = SignerKey.parse(key.read_text("utf-8"))
        known = [VerifierKey.parse(each) for each in logs]
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise CannotStart(f"{error}") from None
    return Witness(signer, known, folder)


async def serve(witness: Witness, port: int, stop: asyncio.Event) -> None:
    """Answer as a witness until `stop`. Raises `CannotStart`."""
    runner = web.AppRunner(witness_app(witness), access_log=None)
    await runner.setup()
    try:
        # Hosting services route to the machine's outer address.
        await web.TCPSite(runner, "0.0.0.0", port).start()  # noqa: S104
    except OSError as error:
        await runner.cleanup()
        raise CannotStart(f"Port {port} can't be opened: {error.strerror}.") from None
    log.info("witness_started", key=str(witness.public), port=port)
    await stop.wait()
    await runner.cleanup()
