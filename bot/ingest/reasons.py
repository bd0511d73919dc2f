"""Says why an address gave no article, or a feed nothing, and what to do instead."""

from __future__ import annotations

from bot.domain.feeds import FAULT, NO_FEED, NOBODY
from bot.domain.picture import Unkept
from bot.ingest.fetching import FEED, PAGE
from bot.ingest.page import Unread
from bot.texts import text_id

_FILE = text_id("At this address is no page but a file. Paste the text, and send a picture as a photo.")
#: Texts by the reason of what is not fetched or not read.
REASONS: dict[str, str] = {
    Unkept.ADDRESS: text_id("This address is not one of the public web: nothing was fetched. Paste the text itself."),
    Unkept.SILENT: text_id("The site doesn't answer. Try again in a minute, or paste the text itself."),
    Unkept.STATUS: text_id("The site answers {detail} instead of the page. Check the address, or paste the text."),
    Unkept.TOO_LARGE: text_id("The page is larger than {mb} MB. Paste the text itself."),
    Unkept.NO_PAGE: _FILE,
    Unkept.NO_PICTURE: _FILE,
    Unkept.PDF: text_id("At this address is a PDF. Open it and paste its text here."),
    Unkept.PACKED: text_id("The page came damaged. Try again in a minute, or paste the text itself."),
    Unread.LOGIN: text_id("The page asks to log in, so its text can't be read from here. Paste the text itself."),
    Unread.NO_ARTICLE: text_id("There is no article on this page. Send the article's own address, or paste the text."),
}


def explained(reason: str) -> tuple[str, dict[str, object]]:
    """Return the text for a reason such as "status HTTP 404", and its values."""
    code, _, detail = reason.partition(" ")
    return REASONS.get(code, REASONS[Unkept.SILENT]), {"detail": detail, "mb": PAGE.largest // (1024 * 1024)}


#: Texts by the reason of a feed that fails.
OF_FEEDS: dict[str, str] = {
    Unkept.ADDRESS: text_id("its address is not one of the public web"),
    Unkept.SILENT: text_id("the site doesn't answer"),
    Unkept.STATUS: text_id("the site answers {detail}"),
    Unkept.TOO_LARGE: text_id("the answer is larger than {mb} MB"),
    Unkept.PACKED: text_id("the answer came damaged"),
    NO_FEED: text_id("what stands at its address is no feed"),
    NOBODY: text_id("nobody on the desk gets its drafts: name somebody in “to” in newsroom.toml"),
    FAULT: text_id("a fault in Visnyk itself; its log says more"),
}


def explained_of_feed(reason: str) -> tuple[str, dict[str, object]]:
    """Return the text for a reason of a feed, and its values."""
    code, _, detail = reason.partition(" ")
    return OF_FEEDS.get(code, OF_FEEDS[Unkept.SILENT]), {"detail": detail, "mb": FEED.largest // (1024 * 1024)}
