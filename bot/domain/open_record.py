"""The public record as readers reach it: addresses of the page, of one version, and of its proof."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.codes import article_code

#: Where the record's files lie below an address.
BELOW = "/.well-known/visnyk/"


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """`site`: the newsroom's own site with the exported record, or empty; `doors`: our own public address, or empty.

    Proofs are made when somebody asks for one, so only our own doors have them. `is_linked`: posts lead to it.
    """

    site: str = ""
    doors: str = ""
    is_linked: bool = False

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

    @property
    def places(self) -> tuple[str, ...]:
        """The addresses below which nothing but the record is shown, whether posts lead there today or did once."""
        doors = (f"{self.doors.rstrip('/')}/v", f"{self.doors.rstrip('/')}{BELOW}verify.html") if self.doors else ()
        return (*doors, *((self.page,) if self.site else ()))

    def under(self, article: int) -> str:
        """Return the address that stands under the posts of an article; empty if none does.

        It is known before an article is approved, so that whoever approves it sees what readers will.
        """
        return self.version(article_code(article)) if self.is_linked and self.is_open and article else ""

    def code_in(self, link: str) -> str:
        """Return what stands in the place of a code in an address of ours; empty for any other address."""
        bases = [f"{self.page}#"] if self.is_open else []
        bases += [f"{self.doors.rstrip('/')}/v/"] if self.doors else []
        plain = link if "://" in link else f"https://{link}"
        return next((plain[len(base) :] for base in bases if plain.startswith(base)), "")

    def proof(self, article: int, version: int) -> str:
        """Return the address of the proof of a version; empty where none is made."""
        return f"{self.doors.rstrip('/')}{BELOW}proof/{article}-{version}.tlog-proof" if self.doors else ""


#: The record that nobody can see.
NOT_OPEN = OpenRecord()
