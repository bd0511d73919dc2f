"""The way to a platform, or to the newsroom's system: directly, or through a proxy that is named for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import aiohttp

from bot.errors import CannotStart

#: The word in TELEGRAM_PROXY or VIBER_PROXY for a way without a proxy, whatever the surroundings name.
DIRECT = "direct"
#: The kinds of proxies, as other programs write them.
KINDS = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
#: The port of a SOCKS proxy that is named without one (RFC 1928).
SOCKS_PORT = 1080


class NoWay(aiohttp.ClientError):
    """Raised when a proxy let nothing through: nothing was sent."""


def proxy_for(address: str, environment: Mapping[str, str], setting: str = "") -> str:
    """Return the proxy on the way to `address`, empty: none. Raises `CannotStart` for one that we can't or won't use.

    `setting` is the platform's own and goes first: a proxy, or "direct". Otherwise the names are those that other
    programs know: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, small or large. To this very machine there is
    never one.
    """
    target = urlsplit(address)
    host = target.hostname or ""
    if _is_here(host) or setting == DIRECT:
        return ""
    proxy = setting or _of_the_surroundings(target.scheme, host, environment)
    return _usable(proxy, target) if proxy else ""


def shown(proxy: str) -> str:
    """Return a proxy without its name and password, for people."""
    parts = urlsplit(proxy)
    place = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    return f"{place} ({parts.scheme})" if is_socks(proxy) else place


def is_socks(proxy: str) -> bool:
    return proxy.startswith("socks")


def _of_the_surroundings(scheme: str, host: str, environment: Mapping[str, str]) -> str:
    if _is_excepted(host, _named(environment, "no_proxy")):
        return ""
    return _named(environment, f"{scheme}_proxy") or _named(environment, "all_proxy")


def _usable(proxy: str, target: SplitResult) -> str:
    """Return the whole address of a proxy to which `target` may be entrusted. Raises `CannotStart`."""
    whole = proxy if "://" in proxy else f"http://{proxy}"
    parts = _parsed(whole, target)
    if parts.scheme not in KINDS:
        raise CannotStart(
            f"The way to {target.hostname} goes through a proxy of a kind that Visnyk does not know ({parts.scheme}). "
            f"Name one of these kinds: {', '.join(KINDS)}; or put the host into NO_PROXY."
        )
    if target.scheme != "https":
        # Telegram's token stands in the address, Viber's in a header: without TLS the proxy reads them.
        raise CannotStart(
            f"The proxy {shown(whole)} would read the token on the way to {target.scheme}://{target.hostname}. "
            "Use an https address, or put the host into NO_PROXY."
        )
    return f"{whole.rstrip('/')}:{SOCKS_PORT}" if is_socks(whole) and parts.port is None else whole


def _parsed(proxy: str, target: SplitResult) -> SplitResult:
    try:
        parts = urlsplit(proxy)
        if parts.hostname and (parts.port is None or parts.port):
            return parts
    except ValueError:
        pass
    raise CannotStart(f"The proxy on the way to {target.hostname} is no address: it must look like http://host:3128.")


def _named(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name, "") or environment.get(name.upper(), "")


def _is_excepted(host: str, names: str) -> bool:
    """True if `host` or a domain that it is in stands among `names`, as in NO_PROXY."""
    domains = [name.strip().lstrip(".").rpartition(":")[0] or name.strip().lstrip(".") for name in names.split(",")]
    return any(domain == "*" or f".{host}".endswith(f".{domain}") for domain in domains if domain)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
