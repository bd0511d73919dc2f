"""The one client for everything that is fetched: only from the public web, no more and no longer than said."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.domain.picture import LARGEST, LARGEST_VIDEO, Unkept, form_of
from bot.ingest.guard import Guard, NotPublic
from bot.ingest.names import Names

#: Seconds for one address, redirects included: whoever named it waits.
PATIENCE = 10.0
REDIRECTS = 3
#: Seconds for which a host that let us wait is not asked again: one person's messages are heard one after the other.
SHUNNED = 15.0
#: Addresses that are fetched at once.
AT_ONCE = 8
_PIECE = 65_536
#: Bytes by which a film is told.
_HEAD = 16
_MOVED = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
#: Window bits with which zlib reads each encoding.
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class NotFetched(Exception):
    """Nothing came that we could take. `reason`: an `Unkept`, and a detail after a space.

    `retry_after`: how the host wants to be asked again, as its header says it; usually empty.
    """

    def __init__(self, reason: str, retry_after: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Want:
    """The thing that is asked for: its types as a header names them, and the most bytes of it after unpacking.

    `refused`: the reason if the answer says that it is of none of the `types`, which are beginnings of media types;
    without them any type is taken. `largest_film`: the most bytes if they begin as an MP4. `slowly`: how many times the
    usual patience it may take.
    """

    accept: str
    largest: int
    types: tuple[str, ...] = ()
    refused: str = ""
    largest_film: int = 0
    slowly: int = 1

    def room_for(self, begun: bytes) -> int:
        """Return the most bytes of what begins like this."""
        return self.largest_film if self.largest_film and form_of(begun) == "mp4" else self.largest


PICTURE = Want("image/*,video/mp4;q=0.9", LARGEST, largest_film=LARGEST_VIDEO)
VIDEO = replace(PICTURE, accept="video/mp4,image/*;q=0.9", slowly=3)
PAGE = Want(
    "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5",
    2 * 1024 * 1024,
    ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml"),
    Unkept.NO_PAGE,
)
FEED = Want(
    "application/rss+xml,application/atom+xml,application/feed+json,application/json;q=0.9,text/xml;q=0.9,*/*;q=0.5",
    8 * 1024 * 1024,
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of an address: `url` is the last one after redirects, `kind` its media type as the server says.

    `marks`: the headers by which a later request asks only for what changed since.
    """

    url: str
    content: bytes
    kind: str = ""
    charset: str = ""
    status: int = 200
    marks: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """`through`: an address on this machine that stands for the internet, for the demo and tests; usually empty.

    `patience`: seconds for one address. `guard` and `names`: others than the house's, for tests alone: no setting
    leads here.
    """

    def __init__(
        self,
        through: str = "",
        *,
        patience: float = PATIENCE,
        guard: Guard | None = None,
        names: AbstractResolver | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        own = urlsplit(through)
        self._through = through
        self._patience = patience
        self._guard = guard or Guard((str(own.hostname), own.port or 0) if through else None)
        self._session: aiohttp.ClientSession | None = None
        self._names = names or Names()
        self._turns = asyncio.Semaphore(at_once)
        #: Loop times until which hosts that let us wait are not asked.
        self._silent: dict[str, float] = {}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        await self._names.close()

    async def fetch(self, url: str) -> tuple[bytes, str]:
        """Return the bytes of the picture or film at `url` and their file ending. Raises `NotFetched`."""
        is_film = urlsplit(url).path.lower().endswith(".mp4")
        content = (await self.get(url, VIDEO if is_film else PICTURE)).content
        form = form_of(content)
        if not form:
            raise NotFetched(Unkept.NO_VIDEO if is_film else Unkept.NO_PICTURE)
        return content, form

    async def get(self, url: str, want: Want, marks: Mapping[str, str] | None = None) -> Fetched:
        """Return what stands at `url`. `marks` are of an earlier answer: then its status may be `NOT_MODIFIED`.

        Raises `NotFetched`.
        """
        if not self._guard.allows(url):
            raise NotFetched(Unkept.ADDRESS)
        async with self._turns:  # its time begins with its turn: a quick host pays for no slow one
            return await self._patiently(url, want, marks or {})

    async def _patiently(self, url: str, want: Want, marks: Mapping[str, str]) -> Fetched:
        host, now = urlsplit(url).netloc, asyncio.get_running_loop().time()
        self._silent = {each: until for each, until in self._silent.items() if until > now}
        if host in self._silent:
            raise NotFetched(Unkept.SILENT)
        try:
            async with asyncio.timeout(self._patience * want.slowly):
                return await self._followed(url, want, marks)
        except TimeoutError:
            self._silent[host] = asyncio.get_running_loop().time() + SHUNNED
            raise NotFetched(Unkept.SILENT) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NotFetched(Unkept.ADDRESS if _is_guards(error) else Unkept.SILENT) from None

    async def _followed(self, url: str, want: Want, marks: Mapping[str, str]) -> Fetched:
        headers = {"Accept": want.accept, "Accept-Encoding": "gzip, deflate", "User-Agent": "Visnyk", **marks}
        for _ in range(REDIRECTS + 1):
            if not self._guard.allows(url):
                raise NotFetched(Unkept.ADDRESS)
            async with self._opened().get(self._way_to(url), allow_redirects=False, headers=headers) as answer:
                if answer.status not in _MOVED:
                    return await _taken(url, answer, want)
                url = str(URL(url).join(URL(answer.headers.get("Location", ""))))
        raise NotFetched(Unkept.SILENT)

    def _way_to(self, url: str) -> URL:
        return URL(f"{self._through}?url={quote(url, safe='')}", encoded=True) if self._through else URL(url)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Nothing of the environment counts: a proxy would connect to where we must not.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._guard.socket,
                    resolver=self._names,
                    limit=0,
                    force_close=True,
                    use_dns_cache=False,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


def _is_guards(error: Exception) -> bool:
    causes = (error, error.__cause__, getattr(error, "os_error", None))
    return any(isinstance(cause, NotPublic) for cause in causes)


async def _taken(url: str, answer: aiohttp.ClientResponse, want: Want) -> Fetched:
    marks = _marks(answer.headers)
    if answer.status == NOT_MODIFIED:
        return Fetched(url, b"", status=NOT_MODIFIED, marks=marks)
    if answer.status != 200:
        raise NotFetched(f"{Unkept.STATUS} HTTP {answer.status}", answer.headers.get("Retry-After", ""))
    kind = answer.content_type if "Content-Type" in answer.headers else ""
    if kind == "application/pdf" and want.types:
        raise NotFetched(Unkept.PDF)
    if want.types and kind and not kind.startswith(want.types):
        raise NotFetched(want.refused)
    content = bytearray()
    is_picture = kind.startswith("image/")  # a film that says so is refused too; that is no film's way
    async for piece in _unpacked(answer, want.largest if is_picture else max(want.largest, want.largest_film)):
        content += piece
        if max(len(content), answer.content_length or 0) > want.room_for(bytes(content[:_HEAD])):
            raise NotFetched(Unkept.TOO_LARGE)
    return Fetched(url, bytes(content), kind, answer.charset or "", marks=marks)


def _marks(headers: Mapping[str, str]) -> dict[str, str]:
    asked = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {asks: headers[told] for told, asks in asked.items() if headers.get(told)}


async def _unpacked(answer: aiohttp.ClientResponse, largest: int) -> AsyncIterator[bytes]:
    """Return the body in pieces of limited size, whatever it is packed to. Raises `NotFetched` for an unknown way."""
    encoding = answer.headers.get("Content-Encoding", "").strip().lower() or "identity"
    if (answer.content_length or 0) > largest:
        raise NotFetched(Unkept.TOO_LARGE)
    if encoding == "identity":
        async for piece in answer.content.iter_chunked(_PIECE):
            yield piece
    elif encoding not in _WINDOWS:
        raise NotFetched(Unkept.PACKED)
    else:
        async for piece in _unzipped(answer, zlib.decompressobj(_WINDOWS[encoding])):
            yield piece


async def _unzipped(answer: aiohttp.ClientResponse, unpacking: zlib._Decompress) -> AsyncIterator[bytes]:
    try:
        async for packed in answer.content.iter_chunked(_PIECE):
            for piece in _unpack(unpacking, packed):
                yield piece
    except zlib.error:
        raise NotFetched(Unkept.PACKED) from None
    if not unpacking.eof:
        raise NotFetched(Unkept.PACKED)


def _unpack(unpacking: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """Return what is packed there in pieces of limited size: a bomb is noticed before it is unpacked."""
    piece = b"first"
    while piece and not unpacking.eof:
        piece = unpacking.decompress(packed, _PIECE)
        packed = unpacking.unconsumed_tail
        yield piece
