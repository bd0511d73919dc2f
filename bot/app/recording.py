"""The public record in a running house: what signs it, what is served of it, and whether it is sound."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import structlog

from bot.adapters.base import Finding
from bot.app.configured import accounts_in, open_record_of, place_of
from bot.errors import CannotStart
from bot.record.corrections import CorrectionsPage
from bot.record.notes import SignerKey
from bot.record.paging import page_of
from bot.record.policy import policy_of
from bot.record.signing import Fork, Signer, checkpoint_of, last_signed
from bot.record.site import Site
from bot.storage import Queries, Store, looked_at
from bot.texts import Catalogue
from config.newsroom import Newsroom as NewsroomFile
from config.settings import LOCALES, Settings

log = structlog.get_logger(__name__)


def signer_of(settings: Settings) -> Signer | None:
    """Return what signs the record; None where there is no key. Raises `CannotStart`."""
    if settings.record_key is None:
        return None
    try:
        key = SignerKey.parse(settings.record_key.get_secret_value())
    except ValueError as error:
        raise CannotStart(f"RECORD_KEY: {error}") from None
    return Signer(key, last_signed(place_of(settings).path))


def site_of(settings: Settings, read: Queries, file: NewsroomFile) -> Site | None:
    signer = signer_of(settings)
    return made_site(read, signer, settings, file) if signer is not None else None


def made_site(read: Queries, signer: Signer, settings: Settings, file: NewsroomFile) -> Site:
    """Return the record's files as this newsroom shows them."""
    rules = file.record
    policy = policy_of(signer.key.public, rules.witnesses, rules.quorum) if rules.witnesses else ""
    page = partial(page_of, name=file.name, accounts=accounts_in(settings, file))
    return Site(read, signer, page, file.name, policy, corrections_of(file))


def corrections_of(file: NewsroomFile) -> CorrectionsPage:
    """Return the page of corrections in all our languages, the newsroom's first one first."""
    catalogue = Catalogue.load(LOCALES)
    first = catalogue.say(file.languages[0])
    others = (each for each in map(catalogue.say, catalogue.languages) if each is not first)
    return CorrectionsPage((first, *others), file.name, file.time_zone)


def trust_of(settings: Settings, file: NewsroomFile) -> list[str]:
    """Return the lines of trust.txt: the newsroom's own accounts, and where its record is."""
    links = sorted({each.address for each in accounts_in(settings, file) if each.address})
    sites = [file.links.site] if file.links.site else []
    lines = [*(f"social={link}" for link in links), *(f"contact={site}" for site in sites)]
    return [*lines, f"disclosure={open_record_of(settings, file).page}"]


async def let_wait(store: Store, database: Path) -> None:
    """Let entries wait if more was published than this database has, as after a restored backup."""
    try:
        known = checkpoint_of(last_signed(database))
    except Fork as error:
        log.critical("record_not_signed", why=str(error))
        return
    head = await store.read.record_head()
    if known is not None and known.size > head.size and head.published < known.size:
        await store.write(lambda tx: tx.set_published(known.size))
        log.critical("record_waits", published=known.size, here=head.size)


async def examine(settings: Settings) -> Finding:
    """Return how the record is, for `doctor`."""
    try:
        signer = signer_of(settings)
    except CannotStart as error:
        return Finding(False, str(error), "Make a key with: visnyk record new-key")
    if signer is None:
        return Finding(True, "What is published is recorded; nobody sees the record, as there is no RECORD_KEY.")
    try:
        checkpoint = await looked_at(place_of(settings), signer.sign)
    except (Fork, OSError) as error:
        return Finding(False, str(error), "See docs/record.md: after a restored backup.")
    size = checkpoint[0].size if checkpoint is not None else 0
    return Finding(True, f"The public record of “{signer.key.name}” has {size} entries, and is signed.")
