"""The public record for its operator: keys, export, checks, and the way back after a restored backup."""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.app.configured import place_of
from bot.app.recording import made_site, signer_of
from bot.app.witnesses import cosign, witnesses_of
from bot.errors import CannotStart
from bot.newsroom.public_record import withdraw as withdrawn
from bot.record.checking import Answer, Broken, ask, ask_proof, check_all, entries_of
from bot.record.checkpoint import PROOF, Checkpoint, Proof
from bot.record.entries import Act, Entry
from bot.record.keys import Keys, Span, keys_file, keys_in, listed, vouched
from bot.record.notes import SignerKey, VerifierKey
from bot.record.policy import Policy
from bot.record.signing import Fork, Signer, checkpoint_of, keep
from bot.record.site import ROOT, Get, Site
from bot.storage import Queries, looked_at, open_store
from config.newsroom import load_newsroom
from config.settings import Settings

T = TypeVar("T")
#: Seconds for one file of a site, and bytes of one at most.
PATIENCE, LARGEST = 20.0, 20_000_000


def make_key(name: str, file: Path) -> VerifierKey:
    """Make a key in a file that only its owner reads. Raises `CannotStart`; never overwrites one."""
    key = SignerKey(name, secrets.token_bytes(32))
    try:
        VerifierKey.parse(str(key.public))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{key.written}\n")
    except ValueError:
        raise CannotStart(
            f"“{name}” can't be a record's name: one word like news.example/record, no + in it."
        ) from None
    except OSError as error:
        raise CannotStart(f"{file} can't be made: {error.strerror}. A key is never overwritten.") from error
    return key.public


def public_key(settings: Settings) -> VerifierKey:
    return _signer(settings).key.public


async def head(settings: Settings) -> str:
    """Return the signed checkpoint of now. Raises `CannotStart`."""
    return await _looking(settings, _note)


async def proof(settings: Settings, article: int, version: int) -> str:
    found = await _looking(settings, lambda site: site.proof(article, version))
    if found is None:
        raise CannotStart(f"Version {version} of #{article} is not in the record.")
    return str(found)


async def cosigned(settings: Settings) -> dict[str, str]:
    """Let the witnesses of newsroom.toml cosign the record; return what is wrong with each, empty: nothing."""
    asked = witnesses_of(load_newsroom(settings.newsroom))
    return await _looking(settings, lambda site: cosign(site, _signer(settings), asked))


async def export(settings: Settings, folder: Path) -> tuple[int, int]:
    """Write what is new into a folder, the checkpoint last; return how many files, and the record's size."""
    return await _looking(settings, lambda site: exported(site, folder, _signer(settings)))


async def exported(site: Site, folder: Path, signer: Signer) -> tuple[int, int]:
    """Write what is new into a folder. Raises `Fork` if the folder holds what this record does not continue, and
    `CannotStart` while another export writes there.
    """
    with _alone_in(folder):
        return await _exported(site, folder, signer)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let no other export write into a folder meanwhile: the slower one would take the checkpoint back."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CannotStart(f"Another export is writing into {folder} right now. Run this one when it is done.") from None
    finally:
        os.close(descriptor)


async def _exported(site: Site, folder: Path, signer: Signer) -> tuple[int, int]:
    checkpoint, note = await site.checkpoint()
    known = checkpoint_of(folder / "checkpoint")
    if known is not None and known.origin == checkpoint.origin:
        await signer.check(site.shelf, checkpoint.size, known)
    elif known is not None:
        raise CannotStart(f"{folder} holds another record, “{known.origin}”. Name another folder.")
    count = 0
    async for path, file in site.files(checkpoint.size, known.size if known is not None else 0):
        _put(folder / path, file.content if file is not None else None)
        count += 1
    _put(folder / "checkpoint", note.encode())
    return count + 1, checkpoint.size


def _put(file: Path, content: bytes | None) -> None:
    """Write a file in one step, so that nobody sees half of it."""
    if content is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(content)
    fresh.chmod(0o644)
    fresh.replace(file)


async def verify_all(settings: Settings, place: str) -> Checkpoint:
    """Check a record from its files alone; without a `place` the database's own. Raises `CannotStart`, `Broken`."""
    keys = [_signer(settings).key.public]
    if place:
        async with site_at(place) as get:
            return await check_all(get, keys)
    return await _looking(settings, lambda site: _checked_here(site, keys))


async def _checked_here(site: Site, keys: list[VerifierKey]) -> Checkpoint:
    async def get(path: str) -> bytes | None:
        file = await site.file(path)
        return file.content if file is not None else None

    checkpoint = await check_all(get, keys)
    shelf = site.shelf
    for noted in await shelf.noted_publications((await shelf.record_head()).since):
        if noted.index is None:
            continue
        entry = dict(await shelf.recorded(noted.article)).get(noted.index)
        if entry is None or entry.version != noted.version:
            at = f"entry {noted.index} of the record"
            raise Broken(f"the audit log says that #{noted.article} is {at}, and it is not")
    return checkpoint


async def believed(place: str, root: str, proof: str = "") -> Policy:
    """Return the keys that a root key vouches for on a site, as they count for its checkpoint, or for that of a proof.

    Raises `CannotStart`, `Broken`.
    """
    async with site_at(place) as get:
        list_of_keys, note = await get("keys"), await get("checkpoint") or b""
    try:
        if list_of_keys is None:
            raise CannotStart("The site has no list of keys: its key was never replaced. Name that with --key.")
        keys = keys_in(list_of_keys.decode(), VerifierKey.parse(root))
        shown = Proof.parse(proof).checkpoint if proof else note.decode()
        return Policy(keys.at(Checkpoint.parse(shown).size))
    except ValueError as error:
        raise Broken(str(error)) from error


async def verify(text: str, place: str, policy: Policy, beside: str = "") -> Answer:
    """Return whether a text or a proof is of the newsroom of a policy. Raises `CannotStart`, `Broken`."""
    if text.lstrip().startswith(PROOF):
        answer = ask_proof(text, policy.logs, beside)
        policy.check(Proof.parse(text).checkpoint)
        return answer
    if not place:
        raise CannotStart("Name the newsroom's site with --site, or a folder with its record; a proof needs none.")
    async with site_at(place) as get:
        note = await get("checkpoint") or b""
        policy.check(note.decode(errors="replace"))

        async def same(path: str) -> bytes | None:
            """Return what was checked, and no other checkpoint."""
            return note if path == "checkpoint" else await get(path)

        return await ask(text, same, policy.logs)


async def trusted(key: str, policy: Path | None = None, root: str = "", place: str = "", text: str = "") -> Policy:
    """Return whom to believe: one key, the log and the witnesses of a file, or the keys that a root key vouches for.

    Raises `CannotStart`, `Broken`.
    """
    if root:
        return await believed(place, root, text if text.lstrip().startswith(PROOF) else "")
    return _named(key, policy)


def _named(key: str, policy: Path | None) -> Policy:
    if policy is not None:
        try:
            return Policy.parse(policy.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CannotStart(f"--policy: {error}") from None
    try:
        return Policy((VerifierKey.parse(key),))
    except ValueError as error:
        raise CannotStart(f"--key: {error}") from None


async def recover(settings: Settings, place: str) -> tuple[int, int]:
    """Bring back what was published and is missing here, while Visnyk is stopped; then what waited goes in.

    Return how many came back, and how many had waited. Raises `CannotStart`, `Broken`.
    """
    signer = _signer(settings)
    async with site_at(place) as get:
        checkpoint, bodies = await entries_of(get, [signer.key.public])
    store = await open_store(place_of(settings))
    try:
        here = (await store.read.record_head()).size
        if await store.read.record_bodies(0, min(here, len(bodies))) != bodies[:here]:
            raise CannotStart("The record here is not the beginning of that one. Nothing was changed.")

        async def bring(tx: Queries) -> int:
            for position, body in enumerate(bodies[here:], here):
                await tx.take_back(position, body)
            waited = await tx.end_waiting()
            await signer.check(tx, (await tx.record_head()).size, checkpoint)
            return waited

        waited = await store.write(bring)
    except Fork as error:
        raise CannotStart(str(error)) from error
    finally:
        await store.close()
    return max(0, len(bodies) - here), waited


async def rotate(settings: Settings, new: Path, root: Path, old: str = "", until: int | None = None) -> Keys:
    """Put another key in the place of the log's, vouched for by the root key, while Visnyk is stopped.

    `old`: the public key, where the private one is lost; `until`: the size from which on the old one is not believed,
    where it was stolen. Raises `CannotStart`.
    """
    signer, key, owner = signer_of(settings), _key_in(new), _key_in(root)
    file = keys_file(place_of(settings).path)
    try:
        before = listed(file) or Keys((Span(signer.key.public if signer is not None else VerifierKey.parse(old)),))
        if file.exists():
            keys_in(file.read_text("utf-8"), owner.public)  # another root key would begin another story
        store = await open_store(place_of(settings))
        try:
            size = (await store.read.record_head()).size
            if until is not None and until > size:
                raise ValueError(f"the record has {size} entries")
            keys = before.rotated(key.public, size if until is None else until)
            await store.write(lambda tx: tx.put_on_record(_of_key(key.public)))
        finally:
            await store.close()
    except (OSError, ValueError) as error:
        raise CannotStart(f"Nothing was changed: {error}.") from None
    keep(file, vouched(keys, owner))
    return keys


def _of_key(key: VerifierKey) -> Entry:
    return Entry(Act.KEY, round(datetime.now(UTC).timestamp() * 1000), note=str(key))


def _key_in(file: Path) -> SignerKey:
    try:
        return SignerKey.parse(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CannotStart(f"{file}: {error}") from None


async def withdraw(settings: Settings, article: int) -> bool:
    """Delete an article's text from the record, while Visnyk is stopped; False: it had none."""
    store = await open_store(place_of(settings))
    try:
        had = await store.read.recorded(article)
        await store.write(lambda tx: withdrawn(tx, article, datetime.now(UTC)))
    finally:
        await store.close()
    return bool(had)


@asynccontextmanager
async def site_at(place: str) -> AsyncIterator[Get]:
    """The files of a record in a folder, or below the address of a newsroom's site."""
    if not place.startswith(("https://", "http://")):
        yield partial(_in_folder, Path(place))
        return
    base = place.rstrip("/") + ("" if ROOT.rstrip("/") in place else ROOT.rstrip("/"))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        yield partial(_at_site, session, base)


async def _in_folder(folder: Path, path: str) -> bytes | None:
    try:
        return await asyncio.to_thread((folder / path).read_bytes)
    except OSError:
        return None


async def _at_site(session: aiohttp.ClientSession, base: str, path: str) -> bytes | None:
    try:
        async with session.get(f"{base}/{path}") as answer:
            return await answer.content.read(LARGEST) if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise CannotStart(f"{base} can't be reached: {error}") from error


def _signer(settings: Settings) -> Signer:
    signer = signer_of(settings)
    if signer is None:
        raise CannotStart("There is no RECORD_KEY. Make one: visnyk record new-key NAME --file PATH (docs/record.md).")
    return signer


async def _note(site: Site) -> str:
    return (await site.checkpoint())[1]


async def _looking(settings: Settings, look: Callable[[Site], Awaitable[T]]) -> T:
    """Return what `look` finds in the database, also while Visnyk runs on it. Raises `CannotStart`."""
    signer, file = _signer(settings), load_newsroom(settings.newsroom)

    async def work(read: Queries) -> tuple[T]:
        return (await look(made_site(read, signer, settings, file)),)

    try:
        found = await looked_at(place_of(settings), work)
    except (Fork, OSError) as error:
        raise CannotStart(str(error)) from error
    if found is None:
        raise CannotStart("There is no database of this version yet.")
    return found[0]
