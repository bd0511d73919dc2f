"""The guard at the gate to the internet: which addresses may be asked, by their spelling and by where they lead.

An address on paper proves nothing: a name may lead anywhere, and elsewhere at the second look. So the guard also makes
the sockets, and looks at the address that is really connected to, after every redirect and look-up.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: The web's own services; nothing else is asked.
PORTS = frozenset({80, 443})
SCHEMES = {"http": 80, "https": 443}
#: The only IPv6 addresses that are given to hosts of the public internet.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
#: Networks that lead to others, where a private address may be packed in theirs, or that are kept for protocols and
#: examples; Python 3.11 takes some of them for public, and clouds answer there.
_RESERVED = [
    ipaddress.ip_network(net)
    for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
#: The interface identifiers under which ISATAP packs an IPv4 address.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


class NotPublic(OSError):
    """The address is not one of the public internet."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes sockets to the public web only.

    `permitted`: a place on this machine that stands for the internet, for the demo and tests. `ports`: other services
    than the web's are for tests alone.
    """

    permitted: tuple[str, int] | None = None
    ports: Collection[int] = PORTS

    def allows(self, url: str) -> bool:
        """False for an address that is none of the web, asks for another service, or names a place of our own."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError:
            return False
        usual = SCHEMES.get(parts.scheme)
        if usual is None or not host or parts.username is not None or parts.password is not None:
            return False
        if port not in (None, usual) and port not in set(self.ports) - PORTS:
            return False
        with suppress(ValueError):  # it has a name, and the address behind it is looked at when it is connected to
            return is_public(host)
        return True

    def socket(self, place: tuple[Any, Any, int, str, Any]) -> socket.socket:
        """Return a socket for this place. Raises `NotPublic` instead of connecting to one of our own."""
        family, kind, protocol, _, address = place
        host, port = str(address[0]), int(address[1])
        if (host, port) != self.permitted and not (port in self.ports and is_public(host)):
            raise NotPublic(f"{host} port {port} is not of the public web")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


def is_public(address: str) -> bool:
    """True for an address that everybody can reach, and that leads to no other. Raises `ValueError` for a name."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    if any(ip in network for network in _RESERVED if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _GIVEN_OUT or (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
