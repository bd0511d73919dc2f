"""The record's files, each by its path: what is served, exported and checked is the same."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.codes import article_code, article_of, code_of, index_of
from bot.domain.open_record import BELOW
from bot.record.checkpoint import Checkpoint, Proof
from bot.record.corrections import CorrectionsPage, Told
from bot.record.entries import Act, Document, Entry, tells_of
from bot.record.merkle import WIDTH, computed
from bot.record.shelf import Kept, Shelf
from bot.record.signing import Signer
from bot.record.tiles import Tile, bundled, tiles_of

#: Where the files lie below a site's address, and digits of a hash that name a file of sentences.
ROOT, SHARD = BELOW, 3
#: Acts of which the feed of corrections tells, and entries that it has and looks at.
CORRECTING = frozenset({Act.CORRECTED, Act.CLARIFIED, Act.RETRACTED, Act.RESTORED})
FEED, LOOKED_AT = 200, 20_000
_DOCUMENT = re.compile(r"a/([1-9]\d{0,14})-([1-9]\d{0,5})\.json")
_PROOF = re.compile(r"proof/([1-9]\d{0,14})-([1-9]\d{0,5})\.tlog-proof")
_CODE = re.compile(r"codes/([0-9A-Z]{6,8})")
_SHARD = re.compile(r"s/([0-9a-f]{3})\.json")
_JSON, _TEXT, _BYTES, _PAGE = "application/json", "text/plain", "application/octet-stream", "text/html"


@dataclass(frozen=True, slots=True)
class File:
    """`is_final`: it never changes, so everybody may keep it."""

    content: bytes
    kind: str = _TEXT
    is_final: bool = False


class Site:
    """The files of the record in the store. `page` makes the verification page of the newsroom's keys.

    `policy`: who must have seen a checkpoint (`bot/record/policy.py`); empty where nobody is asked. `corrections`: None
    where only the feed has them.
    """

    def __init__(
        self,
        shelf: Shelf,
        signer: Signer,
        page: Callable[[tuple[str, ...]], str],
        name: str = "",
        policy: str = "",
        corrections: CorrectionsPage | None = None,
    ) -> None:
        self.shelf = shelf
        self._signer = signer
        self._page = page
        self._name = name
        self._policy = policy
        self._corrections_page = corrections

    async def checkpoint(self) -> tuple[Checkpoint, str]:
        """Return the checkpoint of now, and its note. Raises `Fork`."""
        return await self._signer.sign(self.shelf)

    async def file(self, path: str) -> File | None:
        """Return the file at a path below `ROOT`; None if there is none. Raises `Fork`."""
        if tile := Tile.parse(path):
            return await self._tile(tile)
        if found := _DOCUMENT.fullmatch(path):
            return await self._document(int(found[1]), int(found[2]))
        if found := _PROOF.fullmatch(path):
            return await self._proof(int(found[1]), int(found[2]))
        if found := _CODE.fullmatch(path):
            return await self._code(found[1])
        if found := _SHARD.fullmatch(path):
            # A file where nothing is found says no less than none, and is no error in a reader's browser.
            return await self._sentences(found[1]) or _json({})
        return await self._single(path)

    async def _single(self, path: str) -> File | None:
        match path:
            case "checkpoint":
                return File((await self.checkpoint())[1].encode())
            case "key":
                return File(f"{self._signer.key.public}\n".encode())
            case "policy" if self._policy:
                return File(self._policy.encode())
            case "corrections.json":
                return await self._corrections()
            case _ if self._corrections_page is not None and path in self._corrections_page.paths:
                return File(self._corrections_page.of(path, await self._told()).encode(), _PAGE)
            case "verify.html":
                return File(self._page(self._known_keys()).encode(), _PAGE)
            case "keys" if note := self._signer.keys_note():
                return File(note.encode())
        return None

    def _known_keys(self) -> tuple[str, ...]:
        """The key of today, and those before it with the sizes of the checkpoints that each may have signed."""
        public, keys = self._signer.key.public, self._signer.keys
        earlier = keys.spans[:-1] if keys is not None else ()
        return (str(public), *(f"{each.key} {each.first} {each.until}" for each in earlier))

    async def _tile(self, tile: Tile) -> File | None:
        first = tile.number * WIDTH
        if tile.level is None:
            entries = await self.shelf.record_bodies(first, first + tile.width)
            content, has = bundled(entries), len(entries)
        else:
            hashes = (await self.shelf.record_hashes(tile.level, tile.number))[: tile.width]
            content, has = b"".join(hashes), len(hashes)
        return File(content, _BYTES, is_final=True) if has == tile.width else None

    async def _document(self, article: int, version: int) -> File | None:
        """A version with its salt, and every entry about its article: what became of it since."""
        kept = await self.shelf.kept_document(article, version)
        if kept is None:
            return None
        return File(told_of(version, kept, await self.shelf.recorded(article)), _JSON)

    async def _proof(self, article: int, version: int) -> File | None:
        proof = await self.proof(article, version)
        return File(str(proof).encode()) if proof is not None else None

    async def proof(self, article: int, version: int) -> Proof | None:
        """Return a proof that needs nothing else: with the text that the entry is bound to, and its salt."""
        kept, recorded = await self.shelf.kept_document(article, version), await self.shelf.recorded(article)
        if kept is None:
            return None
        index = _index_in(recorded, version)
        checkpoint, note = await self.checkpoint()
        if index >= checkpoint.size:
            return None

        async def tile(level: int, number: int) -> bytes:
            return b"".join(await self.shelf.record_hashes(level, number))

        hashes = await computed(checkpoint.size, tile, lambda tree: tree.inclusion(index))
        entry = dict(recorded)[index].body.decode()
        extra = {"entry": entry, "document": kept.body.decode(), "salt": kept.salt.hex()}
        return Proof(index, tuple(hashes), note, json.dumps(extra, ensure_ascii=False).encode())

    async def _code(self, code: str) -> File | None:
        """The version that a code stands for: an entry's own, or the newest of an article."""
        if number := article_of(code):
            recorded = await self.shelf.recorded(number)
            out = [(index, each) for index, each in recorded if each.what]
            is_its = bool(out) and article_code(number) == code
            return _json({"article": number, "version": out[-1][1].version, "index": out[-1][0]}) if is_its else None
        index = index_of(code)
        bodies = await self.shelf.record_bodies(index, index + 1) if index is not None else []
        if not bodies or code_of(index or 0) != code:
            return None
        entry = Entry.parse(bodies[0])
        return _json({"article": entry.article, "version": entry.version, "index": index}) if entry.version else None

    async def _sentences(self, shard: str) -> File | None:
        found: dict[str, list[str]] = {}
        for digest, article, version in await self.shelf.sentences_from(shard, f"{shard}g"):
            found.setdefault(digest, []).append(f"{article}-{version}")
        return _json(found) if found else None

    async def _corrections(self) -> File:
        """The feed of corrections (https://jsonfeed.org/version/1.1), the newest first."""
        items = [
            {
                "id": told.code,
                "title": told.headline,
                "content_text": told.note,
                "date_published": told.at.isoformat(),
                "tags": [told.act],
            }
            for told in await self._told()
        ]
        return _json(
            {"version": "https://jsonfeed.org/version/1.1", "title": self._name, "items": items},
            "application/feed+json",
        )

    async def _told(self) -> list[Told]:
        """Return the latest corrections, the newest first."""
        size = (await self.shelf.record_head()).size
        first = max(0, size - LOOKED_AT)
        bodies = enumerate(await self.shelf.record_bodies(first, size), first)
        told = [(index, body) for index, body in bodies if tells_of(body, CORRECTING)][: -FEED - 1 : -1]
        return [await self._item(index, Entry.parse(body)) for index, body in told]

    async def _item(self, index: int, entry: Entry) -> Told:
        kept, at = await self.shelf.kept_document(entry.article, entry.version), _instant(entry.at)
        if kept is None:
            return Told(entry.act, at, entry.note, code_of(index))
        document = Document.parse(kept.body)
        return Told(entry.act, at, entry.note, code_of(index), document.headline, document.language)

    # Everything that there is

    async def files(self, size: int, since: int = 0) -> AsyncIterator[tuple[str, File | None]]:
        """Yield what a record of `size` entries has and one of `since` had not; None: the file is to be deleted.

        The checkpoint is not among it: it comes last, when all that it vouches for is there.
        """
        for tile in tiles_of(size, since):
            yield tile.path, await self.file(tile.path)
        entries = [Entry.parse(body) for body in await self.shelf.record_bodies(since, size)]
        for index, entry in enumerate(entries, since):
            if entry.version:
                yield (path := f"codes/{code_of(index)}"), await self.file(path)
        for path in (*await self._documents(entries), *_articles_codes(entries)):
            yield path, await self.file(path)
        for shard in (f"{number:03x}" for number in range(16**SHARD)) if entries else ():
            file = await self._sentences(shard)
            if file is not None or any(entry.act is Act.WITHDRAWN for entry in entries):
                yield f"s/{shard}.json", file
        pages = self._corrections_page.paths if self._corrections_page is not None else ()
        for path in ("key", "keys", "policy", "corrections.json", *pages, "verify.html"):
            yield path, await self.file(path)

    async def _documents(self, entries: list[Entry]) -> list[str]:
        """The paths of all versions of the articles that these entries are about."""
        versions: set[tuple[int, int]] = set()
        for article in {entry.article for entry in entries if entry.article}:
            versions |= {(article, entry.version) for _, entry in await self.shelf.recorded(article) if entry.version}
        return [f"a/{article}-{version}.json" for article, version in sorted(versions)]


def _articles_codes(entries: list[Entry]) -> list[str]:
    return [f"codes/{article_code(number)}" for number in sorted({each.article for each in entries if each.article})]


def told_of(version: int, kept: Kept, recorded: list[tuple[int, Entry]]) -> bytes:
    """Return the only file of a version. `recorded`: every entry about its article, with the index of each."""
    told = {
        "version": version,
        "document": kept.body.decode(),
        "salt": kept.salt.hex(),
        "code": code_of(_index_in(recorded, version)),
        "entries": [{"index": place, "entry": entry.body.decode()} for place, entry in recorded],
    }
    return _json(told).content


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _index_in(recorded: list[tuple[int, Entry]], version: int) -> int:
    """The index of the entry by which a version came out."""
    return next(index for index, entry in recorded if entry.version == version and entry.what)


def _json(value: object, kind: str = _JSON) -> File:
    return File(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), kind)


#: Returns the content of a file of the record, by its path below `ROOT`; None if there is none.
Get = Callable[[str], Awaitable[bytes | None]]
