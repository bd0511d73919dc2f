"""Pictures that are kept, or not, in the desk's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands.talk import Line, Talk
from bot.domain import Article, Media, MediaKind, Platform, Said
from bot.domain.article import BORROWED_FOR
from bot.domain.picture import LARGEST, LOOK_COUNTS, PIXELS, Unkept, file_at
from bot.texts import Words, text_id

#: Texts for the reasons why a picture is not kept.
UNKEPT = {
    Unkept.ADDRESS: text_id("its address is not one of the public web"),
    Unkept.SILENT: text_id("its address doesn't answer"),
    Unkept.STATUS: text_id("its address answers {detail}"),
    Unkept.TOO_LARGE: text_id("it is larger than {mb} MB"),
    Unkept.TOO_MANY_DOTS: text_id("it has more than {millions} million pixels"),
    Unkept.NO_PICTURE: text_id("what stands at its address is no picture"),
    Unkept.NO_PAGE: text_id("what stands at its address is no picture"),
    Unkept.PDF: text_id("what stands at its address is no picture"),
    Unkept.PACKED: text_id("what stands at its address is no picture"),
    Unkept.FULL: text_id("there is no room: cancel drafts with pictures that nobody needs"),
}
LOOSE = text_id(
    "The picture can't be fetched ({reason}), so the article waits for it. Send the picture itself, or leave it out."
)
BORROWED = text_id(
    "The picture can't be kept ({reason}): its address is Viber's own and lives for an hour. Send it again."
)
#: Videos are not kept: what an address gives may change until readers open it.
VIDEO = text_id("The video is not kept: readers get what stands at its address when they open it, or no video.")
VIDEO_BORROWED = text_id("The video's address is Viber's own and lives for an hour. Add a line “video: https://….mp4”.")
#: A video of a borrowed address may be gone by then.
SOON = BORROWED_FOR / 2


async def notices(talk: Talk, media: Media | None) -> list[str]:
    """Say on a card why a picture is not kept, and that a video is not."""
    if media is not None and media.is_loose_video:
        return [_video(talk.words, media)]
    if media is None or not media.is_loose:
        return []
    reason = await _reason(talk, media)
    text = BORROWED if media.borrowed else LOOSE
    return [talk.words(text, reason=reason)]


def warnings(talk: Talk, number: int, article: Article, wait: timedelta | None = None) -> list[Line]:
    """Warn where an article waits for long, or goes to the desk, with a video whose address will be dead."""
    media = article.media
    if media is None or not (media.is_loose_video and media.borrowed) or (wait is not None and wait <= SOON):
        return []
    return [f"⚠️ #{number}: {_video(talk.words, media)}"]


async def taken(talk: Talk, said: Said) -> Said:
    """Take a picture that came as a file as what it is, if its bytes are kept."""
    file = said.untaken
    if talk.member is None or file is None or not file.at or said.media is not None:
        return said
    found = await talk.tx.found_at(file.at, talk.now - LOOK_COUNTS)
    if found is None or not found.digest:
        return said
    media = Media(MediaKind.PHOTO, digest=found.digest, form=found.form, size=found.size)
    if file_at(file.at):
        media = replace(media, platform=Platform.TELEGRAM)
    else:
        media = replace(media, url=file.at, borrowed=True)
    return replace(said, media=media, untaken=None)


def standing(words: Words, article: Article) -> list[Line]:
    """Return what whoever approves an article must know of its video."""
    if article.media is not None and article.media.is_loose_video:
        return [f"🎬 {_video(words, article.media)}"]
    return []


def does_not_fit(talk: Talk, platform: str) -> str:
    """Say that a platform takes no picture like this."""
    return talk.words(
        "On {platform} the post goes out without the picture: there it must be a JPEG of at most 1 MB.",
        platform=platform,
    )


def _video(words: Words, media: Media) -> str:
    return words(VIDEO_BORROWED if media.borrowed else VIDEO)


async def _reason(talk: Talk, media: Media) -> str:
    found = await talk.tx.found_at(media.url, talk.now - LOOK_COUNTS)
    code, _, detail = (found.reason if found is not None else "").partition(" ")
    if code not in set(Unkept):
        return talk.words("it was not looked at when it came")
    largest, most = LARGEST // (1024 * 1024), PIXELS // 1_000_000
    return talk.words(UNKEPT[Unkept(code)], detail=detail, mb=largest, millions=most)
