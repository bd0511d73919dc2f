"""A certificate for this machine, made for the run, and the authority that vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: what clients trust, and the server's key with its certificate."""

    authority: Path
    server: Path


def issue(folder: Path) -> Certificate | None:
    """Return a new certificate; None where trustme, one of the tests' tools, is not installed."""
    try:
        import trustme
    except ImportError:
        return None
    made = Certificate(folder / "authority.pem", folder / "server.pem")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(made.authority))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(made.server))
    return made
