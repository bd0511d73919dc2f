"""Pictures and videos that are kept, or not, in the desk's words."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.talk import Talk
from bot.domain import Media, MediaKind, Platform, Said
from bot.domain.picture import LARGEST, LARGEST_VIDEO, LOOK_COUNTS, PIXELS, Unkept, file_at
from bot.texts import text_id

#: Texts for the reasons why a picture is not kept.
UNKEPT = {
    Unkept.ADDRESS: text_id("its address is not one of the public web"),
    Unkept.SILENT: text_id("its address doesn't answer"),
    Unkept.STATUS: text_id("its address answers {detail}"),
    Unkept.TOO_LARGE: text_id("it is larger than {mb} MB"),
    Unkept.TOO_MANY_DOTS: text_id("it has more than {millions} million pixels"),
    Unkept.NO_PICTURE: text_id("what stands at its address is no picture"),
    Unkept.NO_VIDEO: text_id("what stands at its address is no MP4 video with H.264"),
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
LOOSE_VIDEO = text_id(
    "The video can't be fetched ({reason}), so the article waits for it. Send the video itself, or leave it out."
)
BORROWED_VIDEO = text_id(
    "The video can't be kept ({reason}): its address is Viber's own and lives for an hour. Send it again."
)
_NOTHING = frozenset({Unkept.NO_PICTURE, Unkept.NO_PAGE, Unkept.PDF, Unkept.PACKED})


async def notices(talk: Talk, media: Media | None) -> list[str]:
    """Say on a card why a picture or video is not kept."""
    if media is None or not media.is_loose:
        return []
    texts = (LOOSE_VIDEO, BORROWED_VIDEO) if media.kind is MediaKind.VIDEO else (LOOSE, BORROWED)
    return [talk.words(texts[media.borrowed], reason=await _reason(talk, media))]


async def taken(talk: Talk, said: Said) -> Said:
    """Take a picture that came as a file as what it is, if its bytes are kept."""
    file = said.untaken
    if talk.member is None or file is None or not file.at or said.media is not None:
        return said
    found = await talk.tx.found_at(file.at, talk.now - LOOK_COUNTS)
    if found is None or not found.digest:
        return said
    media = Media(MediaKind.PHOTO).as_found(found)
    if file_at(file.at):
        media = replace(media, platform=Platform.TELEGRAM)
    else:
        media = replace(media, url=file.at, borrowed=True)
    return replace(said, media=media, untaken=None)


def without(talk: Talk, media: Media, platform: str) -> str:
    """Say that a post goes out on a platform without its picture or video, and what would help."""
    if media.digest and media.kind is not MediaKind.PHOTO:
        return talk.words(
            "On {platform} the post goes out without the video or GIF: for these the bot needs an https address of "
            "its own (PUBLIC_URL).",
            platform=platform,
        )
    if media.digest and media.url:
        return talk.words(
            "On {platform} the post goes out without the picture: there it must be a JPEG of at most 1 MB.",
            platform=platform,
        )
    return talk.words(
        "On {platform} the post goes out without the picture: there it needs a web address ending "
        "in .jpg. Add a line “photo: https://….jpg”.",
        platform=platform,
    )


def does_not_move(talk: Talk, platform: str) -> str:
    return talk.words("On {platform} the GIF does not move: readers see its first picture.", platform=platform)


async def _reason(talk: Talk, media: Media) -> str:
    found = await talk.tx.found_at(media.url, talk.now - LOOK_COUNTS)
    code, _, detail = (found.reason if found is not None else "").partition(" ")
    if code not in set(Unkept):
        return talk.words("it was not looked at when it came")
    is_video, why = media.kind is MediaKind.VIDEO, Unkept(code)
    text = UNKEPT[Unkept.NO_VIDEO if is_video and why in _NOTHING else why]
    largest = (LARGEST_VIDEO if is_video else LARGEST) // (1024 * 1024)
    return talk.words(text, detail=detail, mb=largest, millions=PIXELS // 1_000_000)
