"""The public record as readers reach it: addresses of the page, of one version, and of its proof."""

from __future__ import annotations

from dataclasses import dataclass

#: Where the record's files lie below an address.
BELOW = "/.well-known/visnyk/"


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """`site`: the newsroom's own site with the exported record, or empty; `doors`: our own public address, or empty.

    Proofs are made when somebody asks for one, so only our own doors have them.
    """

    site: str = ""
    doors: str = ""

    @property
    def is_open(self) -> bool:
        """True if readers can see the record anywhere."""
        return bool(self.site or self.doors)

    @property
    def page(self) -> str:
        """The address of the page on which anybody checks a text."""
        return f"{(self.site or self.doors).rstrip('/')}{BELOW}verify.html"

    def version(self, code: str) -> str:
        """Return the address at which a code opens the version it stands for."""
        return f"{self.page}#{code}" if self.site else f"{self.doors.rstrip('/')}/v/{code}"

    def proof(self, article: int, version: int) -> str:
        """Return the address of the proof of a version; empty where none is made."""
        return f"{self.doors.rstrip('/')}{BELOW}proof/{article}-{version}.tlog-proof" if self.doors else ""


#: The record that nobody can see.
NOT_OPEN = OpenRecord()
