"""The way to a platform: directly, or through the proxy that the machine's surroundings name."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.errors import CannotStart


def proxy_for(address: str, environment: Mapping[str, str]) -> str:
    """Return the proxy on the way to `address`, empty: none. Raises `CannotStart` for one of a kind we can't use.

    The names are those that other programs know: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, small or large. To
    this very machine there is never one.
    """
    target = urlsplit(address)
    host = target.hostname or ""
    if _is_here(host) or _is_excepted(host, _named(environment, "no_proxy")):
        return ""
    proxy = _named(environment, f"{target.scheme}_proxy") or _named(environment, "all_proxy")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    if proxy and urlsplit(proxy).scheme not in ("http", "https"):
        raise CannotStart(
            f"The way to {host} goes through a proxy of a kind that Visnyk does not know ({urlsplit(proxy).scheme}). "
            "Name one with http:// in HTTPS_PROXY, or put the host into NO_PROXY."
        )
    return proxy


def shown(proxy: str) -> str:
    """Return a proxy without its password, for people."""
    parts = urlsplit(proxy)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


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
