"""Connections through a SOCKS proxy, which resolves the platform's name itself where its kind allows it."""

from __future__ import annotations

import asyncio
from ssl import SSLContext

from aiohttp.client_proto import ResponseHandler
from aiohttp_socks import ProxyConnector
from python_socks import ProxyError

from bot.adapters.proxy import NoWay
from bot.errors import reason_of


class SocksConnector(ProxyConnector):
    """Raises `NoWay` for whatever goes wrong before the platform can have heard of a request."""

    @classmethod
    def of(cls, proxy: str, *, limit: int, keepalive_timeout: float) -> ProxyConnector:
        kind, _, rest = proxy.partition("://")
        # A name that is looked up here may be answered wrongly by the very network that the proxy leads around.
        is_resolved_there = kind != "socks4"
        plain = f"{kind.rstrip('ah')}://{rest}"
        return cls.from_url(plain, rdns=is_resolved_there, limit=limit, keepalive_timeout=keepalive_timeout)

    async def _connect_via_proxy(
        self,
        host: str,
        port: int,
        ssl: SSLContext | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        try:
            return await super()._connect_via_proxy(host, port, ssl, timeout)
        except (ProxyError, OSError, TimeoutError, EOFError) as error:
            raise NoWay(f"the proxy let nothing through: {reason_of(error)}") from error
