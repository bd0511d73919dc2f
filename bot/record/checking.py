"""Checking a record from its files alone, as a stranger does: nothing is believed but the newsroom's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.genuine import LEAST, NOT_OURS, Judged, Text, Verdict, address_of, judge, read
from bot.record.checkpoint import Checkpoint, Proof, checkpoint_in
from bot.record.entries import Act, Document, Entry, commitment
from bot.record.merkle import WIDTH, leaf, root_of
from bot.record.notes import Unsigned, VerifierKey
from bot.record.sentences import hashes_in
from bot.record.shelf import Kept
from bot.record.site import SHARD, Get, told_of
from bot.record.tiles import Tile, bundled, tiles_of, unbundled

#: Sentences by which a text is looked for.
LOOKED_FOR = 40
_RED = frozenset({Verdict.ADDED, Verdict.ALTERED})


class Broken(Exception):
    """The record is not what its checkpoint vouches for, or its checkpoint not what the key signed."""


class Colour(IntEnum):
    """The exit code of `visnyk verify`. `GREEN` only for what is proved equal, and still stands."""

    GREEN = 0
    RED = 1
    GREY = 2
    AMBER = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """`since`: the last act by which the version is no longer what we say; None if it stands."""

    colour: Colour
    judged: Judged = NOT_OURS
    document: Document | None = None
    entry: Entry | None = None
    since: Act | None = None
    links: tuple[str, ...] = ()


async def entries_of(get: Get, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, list[bytes]]:
    """Return the whole record, its root computed from the entries themselves. Raises `Broken`."""
    note = await get("checkpoint")
    if note is None:
        raise Broken("there is no checkpoint")
    try:
        checkpoint = checkpoint_in(note.decode(), keys)
    except (Unsigned, ValueError) as error:
        raise Broken(f"the checkpoint is not signed by the newsroom's key: {error}") from error
    bodies: list[bytes] = []
    for number in range((checkpoint.size + WIDTH - 1) // WIDTH):
        bodies += await _bundle(get, Tile(None, number, min(WIDTH, checkpoint.size - number * WIDTH)))
    if root_of([leaf(body) for body in bodies]) != checkpoint.root:
        raise Broken("the entries are not those that the checkpoint vouches for")
    return checkpoint, bodies


async def _bundle(get: Get, tile: Tile) -> list[bytes]:
    content = await get(tile.path)
    try:
        entries = unbundled(content) if content is not None else []
    except ValueError as error:
        raise Broken(f"{tile.path}: {error}") from error
    if len(entries) != tile.width:
        raise Broken(f"{tile.path} is missing or short")
    return entries


async def check_all(get: Get, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Check every tile, entry and document of a record. Raises `Broken` with the first file that was altered."""
    checkpoint, bodies = await entries_of(get, keys)
    levels = [[leaf(body) for body in bodies]]
    while len(levels[-1]) >= WIDTH:
        below = levels[-1]
        levels.append([root_of(below[at : at + WIDTH]) for at in range(0, len(below) // WIDTH * WIDTH, WIDTH)])
    for tile in tiles_of(checkpoint.size):
        rows = bodies if tile.level is None else levels[tile.level]
        part = rows[tile.number * WIDTH : tile.number * WIDTH + tile.width]
        if await get(tile.path) != (bundled(part) if tile.level is None else b"".join(part)):
            raise Broken(f"{tile.path} is not as the checkpoint says")
    for article, recorded in by_article(bodies).items():
        if article and not any(entry.act is Act.WITHDRAWN for _, entry in recorded):
            for entry in {entry.version: entry for _, entry in recorded if entry.what}.values():
                await document_at(get, f"a/{article}-{entry.version}.json", entry, recorded)
    return checkpoint


def by_article(bodies: Sequence[bytes]) -> dict[int, list[tuple[int, Entry]]]:
    """Return the entries about each article, with the index of each. Raises `Broken`."""
    found: dict[int, list[tuple[int, Entry]]] = {}
    for index, entry in enumerate(map(_entry, bodies)):
        found.setdefault(entry.article, []).append((index, entry))
    return found


async def document_at(get: Get, path: str, entry: Entry, recorded: list[tuple[int, Entry]]) -> Document:
    """Return the document that the entry is bound to. Raises `Broken` if another one stands there, or if its file tells
    anything else of what became of the article.
    """
    content = await get(path)
    try:
        told = json.loads(content or b"")
        kept = Kept(bytes.fromhex(told["salt"]), told["document"].encode())
        document = Document.parse(kept.body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken(f"{path} is missing or damaged") from error
    if commitment(kept.salt, kept.body) != entry.what or (document.article, document.version) != (
        entry.article,
        entry.version,
    ):
        raise Broken(f"{path} is not the text that the record is bound to")
    if content != told_of(entry.version, kept, recorded):
        raise Broken(f"{path} does not tell what the record does")
    return document


def _entry(body: bytes) -> Entry:
    try:
        return Entry.parse(body)
    except ValueError as error:
        raise Broken(str(error)) from error


# A text, or a proof


async def ask(text: str, get: Get, keys: Sequence[VerifierKey]) -> Answer:
    """Return whether a text is a published one. Raises `Broken`."""
    _, bodies = await entries_of(get, keys)
    about, answers = by_article(bodies), [Answer(Colour.GREY)]
    for place in await _places(text, get):
        article, _, version = place.partition("-")
        own = about.get(int(article) if article.isdecimal() else 0, [])
        entry = next((each for _, each in own if str(each.version) == version and each.what), None)
        if entry is None:
            raise Broken(f"the site names {place}, which is not in the record")
        document = await document_at(get, f"a/{place}.json", entry, own)
        answers.append(beside(text, document, entry, [each for _, each in own]))
    return min(
        answers,
        key=lambda each: (each.judged.verdict.rank, each.since is not None, -(each.entry.at if each.entry else 0)),
    )


async def _places(text: str, get: Get) -> list[str]:
    """The versions that share most sentences with a text."""
    asked, votes = read(text), dict[str, int]()
    for digest in hashes_in(asked)[:LOOKED_FOR]:
        try:
            shard = json.loads(await get(f"s/{digest[:SHARD]}.json") or b"{}")
        except ValueError as error:
            raise Broken(f"s/{digest[:SHARD]}.json is damaged") from error
        for place in shard.get(digest, []):
            votes[place] = votes.get(place, 0) + 1
    return sorted(votes, key=lambda place: -votes[place])[:4]


def ask_proof(written: str, keys: Sequence[VerifierKey], text: str = "") -> Answer:
    """Return what a proof proves; with a text beside it, whether that is the text. Raises `Broken`."""
    try:
        proof = Proof.parse(written)
        extra = json.loads(proof.extra)
        body, document = extra["entry"].encode(), extra["document"].encode()
        proof.proves(body, keys)
        entry = Entry.parse(body)
        if commitment(bytes.fromhex(extra["salt"]), document) != entry.what:
            raise Broken("the text is not the one that the record is bound to")
        found = Document.parse(document)
    except (ValueError, KeyError, TypeError, AttributeError, Unsigned) as error:
        raise Broken(str(error)) from error
    if text:
        return beside(text, found, entry, [entry])
    return Answer(Colour.GREEN, Judged(Verdict.SAME, 1.0), found, entry)


def beside(text: str, document: Document, entry: Entry, entries: Sequence[Entry]) -> Answer:
    """Compare a text with a version, and say what became of the version since."""
    tails = [read(line).keys for line in document.furniture]
    theirs = read(text).without_tail(tails)
    judged = min(
        (judge(theirs, read(each).without_tail(tails)) for each in document.texts.values()),
        key=lambda each: each.verdict.rank,
    )
    links = tuple(link for link in theirs.links if address_of(link) not in document.links)
    since = since_of(entry, entries)
    return Answer(_colour(judged, theirs, since, links), judged, document, entry, since, links)


def _colour(judged: Judged, theirs: Text, since: Act | None, links: Sequence[str]) -> Colour:
    if judged.verdict in (Verdict.UNKNOWN, Verdict.RETOLD):
        return Colour.GREY
    if judged.verdict in _RED or links or since in (Act.RETRACTED, Act.WITHDRAWN):
        return Colour.RED
    is_same = judged.verdict is Verdict.SAME and len(theirs.words) >= LEAST and since is None
    return Colour.GREEN if is_same else Colour.AMBER


def since_of(entry: Entry, entries: Sequence[Entry]) -> Act | None:
    """Return the act by which a version no longer stands: it was taken back, is being checked, or a later one came."""
    last: Act | None = None
    for each in entries:
        if each.act in (Act.RETRACTED, Act.WITHDRAWN, Act.CHECKING) or each.version > entry.version:
            last = each.act
        elif each.version == entry.version and each.act is Act.RESTORED:
            last = None
    return last
