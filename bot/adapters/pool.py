"""The pool of connections to a platform, directly or through a proxy."""

from __future__ import annotations

import aiohttp

from bot.adapters.proxy import NoWay, is_socks

#: Connections in the pool: more than any pace needs, so that no call waits for another one's connection.
CONNECTIONS = 256

#: Seconds for which an idle connection is kept. A request on one that the server has closed ends in doubt.
KEEPALIVE = 15.0


#: Errors after which nothing has been sent, on every platform.
NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    NoWay,
)


def opened(proxy: str, timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    """Return a new pool. aiohttp itself goes through a proxy that speaks HTTP."""
    return aiohttp.ClientSession(
        connector=_connector(proxy),
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        proxy=None if is_socks(proxy) else proxy or None,
    )


def _connector(proxy: str) -> aiohttp.TCPConnector:
    if not is_socks(proxy):
        return aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEPALIVE)
    from bot.adapters.socks import SocksConnector  # loaded only where such a proxy is named

    return SocksConnector.of(proxy, limit=CONNECTIONS, keepalive_timeout=KEEPALIVE)
