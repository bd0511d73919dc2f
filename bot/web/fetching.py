"""Fetching pictures from addresses that people name: only public ones, only pictures, no more and no longer than said.

The address that counts is the one that is really connected to, after every redirect and look-up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.picture import LARGEST, Unkept, form_of

#: Seconds for one picture, redirects included: the message that names it waits.
PATIENCE = 8.0
REDIRECTS = 3
#: Seconds for which a host that let us wait is not asked again: one person's messages are heard one after the other.
SHUNNED = 15.0
#: Threads that look names up. They are the fetcher's own: a slow name server takes none from the platforms' lines.
LOOKUPS = 4
#: Pictures that are fetched at once.
AT_ONCE = 8
PORTS = {"http": 80, "https": 443}
_PIECE = 65_536
#: Networks that lead to others: a private address may be packed in theirs.
_PACKED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")]
_HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "Visnyk"}


class NotFetched(Exception):
    """No picture came. `reason`: an `Unkept`, and a detail after a space."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _NotPublic(OSError):
    """The address is not one of the public internet."""


def is_public(address: str) -> bool:
    """True for an address that everybody can reach, and that leads to no other."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    if any(ip in network for network in _PACKED if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Fetcher:
    """`through`: an address on this machine that stands for the internet, for the demo and tests; usually empty.

    `patience`: seconds for one picture.
    """

    def __init__(self, through: str = "", *, patience: float = PATIENCE) -> None:
        self._through = through
        self._patience = patience
        own = urlsplit(through)
        self._permitted = (own.hostname, own.port) if through else None
        self._session: aiohttp.ClientSession | None = None
        self._names = _Names()
        self._turns = asyncio.Semaphore(AT_ONCE)
        #: Loop times until which hosts that let us wait are not asked.
        self._silent: dict[str, float] = {}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        await self._names.close()

    async def fetch(self, url: str) -> tuple[bytes, str]:
        """Return the bytes of the picture at `url` and its file ending. Raises `NotFetched`."""
        _check(url)
        async with self._turns:  # its time begins with its turn: a quick host pays for no slow one
            return await self._fetch(url)

    async def _fetch(self, url: str) -> tuple[bytes, str]:
        host, now = urlsplit(url).netloc, asyncio.get_running_loop().time()
        self._silent = {each: until for each, until in self._silent.items() if until > now}
        if host in self._silent:
            raise NotFetched(Unkept.SILENT)
        try:
            async with asyncio.timeout(self._patience):
                content = await self._content(url)
        except _NotPublic:
            raise NotFetched(Unkept.ADDRESS) from None
        except TimeoutError:
            self._silent[host] = asyncio.get_running_loop().time() + SHUNNED
            raise NotFetched(Unkept.SILENT) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error.__cause__, _NotPublic) or isinstance(getattr(error, "os_error", None), _NotPublic):
                raise NotFetched(Unkept.ADDRESS) from None
            raise NotFetched(Unkept.SILENT) from None
        form = form_of(content)
        if not form:
            raise NotFetched(Unkept.NO_PICTURE)
        return content, form

    async def _content(self, url: str) -> bytes:
        for _ in range(REDIRECTS + 1):
            _check(url)
            async with self._opened().get(self._way_to(url), allow_redirects=False, headers=_HEADERS) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    url = str(URL(url).join(URL(answer.headers.get("Location", ""))))
                    continue
                if answer.status != 200:
                    raise NotFetched(f"{Unkept.STATUS} HTTP {answer.status}")
                return await _body(answer)
        raise NotFetched(Unkept.SILENT)

    def _way_to(self, url: str) -> URL:
        return URL(f"{self._through}?url={quote(url, safe='')}", encoded=True) if self._through else URL(url)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Nothing of the environment counts: a proxy would connect to where we must not.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._socket,
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

    def _socket(self, place: tuple[Any, Any, int, str, Any]) -> socket.socket:
        family, kind, protocol, _, address = place
        host, port = str(address[0]), int(address[1])
        if (host, port) != self._permitted and not is_public(host):
            raise _NotPublic(f"{host} is not public")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


class _Names(AbstractResolver):
    """Looks names up as the system does, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        look = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _check(url: str) -> None:
    """Raise `NotFetched` for an address that is none of the web, or asks for another service than the web's."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotFetched(Unkept.ADDRESS) from None
    usual = PORTS.get(parts.scheme)
    if usual is None or not parts.hostname or parts.username is not None or port not in (None, usual):
        raise NotFetched(Unkept.ADDRESS)
    with suppress(ValueError):  # it has a name, and the address behind it is looked at when it is connected to
        if not is_public(parts.hostname):
            raise NotFetched(Unkept.ADDRESS)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if (answer.content_length or 0) > LARGEST:
        raise NotFetched(Unkept.TOO_LARGE)
    content = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > LARGEST:
            raise NotFetched(Unkept.TOO_LARGE)
    return bytes(content)
