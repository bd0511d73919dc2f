"""Renders an article as the body of a Viber request, within every limit of docs/platforms/viber.md#limits. Pure."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from viberbot.api.messages import KeyboardMessage, PictureMessage, TextMessage

from bot.adapters.text import cut, whole_letters
from bot.adapters.viber.keyboard import is_link, link_keyboard
from bot.adapters.viber.looks import closed, without_marks, written
from bot.adapters.viber.marks import URL, bare, clean, guard, unplaced_url
from bot.domain import Article, Labels, Media, MediaKind, Outlet, Related, Source

#: Longest text and longest caption, in UTF-16 units, which is the stricter way to count.
TEXT_LIMIT = 7_000
CAPTION_LIMIT = 768
#: Longest request, in bytes of UTF-8 JSON.
REQUEST_LIMIT = 30_000
#: Bytes of it for 300 ids of 24 characters and a sender's name of 28, and a little to spare.
ADDRESSING = 8_500
#: Largest picture that every phone shows, in bytes.
PICTURE_LIMIT = 1_000_000

_ELLIPSIS = " …"
_READER_PICTURE = re.compile(r"https://[^\s/?#]+/[^\s?#]*\.(?:jpe?g|png)", re.IGNORECASE)
_CHANNEL_PICTURE = re.compile(r"https://[^\s/?#]+/[^\s?#]*\.jpe?g", re.IGNORECASE)

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ViberPost:
    """A request's `body` without addressee and sender, and the `visible` part of it that a reader sees."""

    body: Body
    visible: str
    plainer: ViberPost | None = None
    whole: bool = True
    unmarked: tuple[str, ...] = ()


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


def to_json(body: Body) -> bytes:
    """The JSON as it is sent: compact and not escaped. With escapes Cyrillic would take three times the bytes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def without_none(value: Any) -> Any:
    """`value` without the explicit nulls that viberbot puts in, at every depth."""
    if isinstance(value, Mapping):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [without_none(item) for item in value if item is not None]
    return value


def message_body(message: TextMessage | PictureMessage | KeyboardMessage) -> Body:
    assert message.validate(), message
    body: Body = without_none(message.to_dict())
    return body


def render(article: Article, outlet: Outlet) -> ViberPost:
    """The post for `outlet`: a picture if there is a usable one and its caption holds the essentials, else a text.

    An outlet without keyboards is a channel, which takes only JPEG.
    """
    text = _text_post(article, outlet)
    return _picture_post(article, outlet, text) or text


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a post in reading order, already guarded; empty ones are not shown.

    `unmarked`: stretches of the flow whose formatting Viber has no form for.
    `brief`: only the names of the sources, for when there is no room for them with their addresses.
    """

    headline: str
    status: str = ""
    #: The mark of the last change above the headline, and the notes of all of them below the text.
    top: str = ""
    ends: tuple[str, ...] = ()
    flow: str = ""
    related: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    brief: str = ""
    link: str = ""
    signature: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()

    @property
    def visible(self) -> str:
        """Return the text as a reader sees it, without marks and joiners."""
        return bare(replace(self, flow=without_marks(self.flow)).text(mark=""))

    @property
    def essentials(self) -> Draft:
        """The parts that every post keeps: headline, status, what was changed, and the names of the sources."""
        return Draft(self.headline, self.status, self.top, self.ends, sources=(self.brief,))

    def text(self, mark: str = "*") -> str:
        # A star within an address can't be disarmed, and a star of ours would close what it opens.
        if not self.headline or any("*" in url for url in URL.findall(self.headline)):
            mark = ""
        related = self.related if len(self.related) > 1 else ()
        title = _lines(self.top, f"{mark}{self.headline}{mark}", self.status)
        notes = _lines(*self.notes, *self.sources)
        blocks = (title, self.flow, notes, _lines(*self.ends), _lines(*related), self.link, _lines(*self.signature))
        return "\n\n".join(filter(None, blocks))


Fits = Callable[[Draft], bool]


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _text_post(article: Article, outlet: Outlet) -> ViberPost:
    keyboard = _keyboard(article, outlet)

    def body(text: str) -> Body:
        return message_body(TextMessage(text=text, keyboard=keyboard))

    full = _draft(article, outlet, TEXT_LIMIT)
    draft = _fitted(full, lambda draft: _sendable(draft, TEXT_LIMIT, body))
    return ViberPost(body(draft.text()), draft.visible, whole=draft.flow == full.flow, unmarked=full.unmarked)


def _picture_post(article: Article, outlet: Outlet, text: ViberPost) -> ViberPost | None:
    if article.media is None or not _is_picture(article.media, channel=not outlet.keyboard):
        return None
    keyboard = _keyboard(article, outlet)
    media = unplaced_url(article.media.url)

    def body(caption: str) -> Body:
        return message_body(PictureMessage(text=caption, media=media, keyboard=keyboard))

    def fits(draft: Draft) -> bool:
        return _sendable(draft, CAPTION_LIMIT, body)

    plain = _draft(article, outlet, CAPTION_LIMIT)
    full = replace(plain, related=(), signature=(), notes=(_credit(article.media, outlet.labels), *plain.notes))
    if not fits(replace(full.essentials, link=full.link)):
        return None
    # A caption is short: the link to the record never costs a word of the text.
    draft = _fitted(replace(full, signature=_check(outlet)), fits)
    if draft.flow != full.flow:
        draft = _fitted(full, fits)
    return ViberPost(body(draft.text()), draft.visible, text, draft.flow == full.flow, full.unmarked)


def _is_picture(media: Media, *, channel: bool) -> bool:
    """True for a picture that Viber can fetch: https, the right ending in its path, and not known to be too large."""
    ending = _CHANNEL_PICTURE if channel else _READER_PICTURE
    # The still picture of an animation is one of ours, which are never too large; the size is the animation's own.
    size = (media.size or 0) if media.kind is MediaKind.PHOTO else 0
    is_one = media.kind is not MediaKind.VIDEO and ending.fullmatch(media.url) is not None
    return is_one and is_link(media.url) and size <= PICTURE_LIMIT


def _keyboard(article: Article, outlet: Outlet) -> Body | None:
    if not outlet.keyboard or not is_link(article.link):
        return None
    return link_keyboard(clean(outlet.labels.read_more), article.link)


def _sendable(draft: Draft, limit: int, body: Callable[[str], Body]) -> bool:
    text = draft.text()
    return len(text) <= limit and units(text) <= limit and len(to_json(body(text))) <= REQUEST_LIMIT - ADDRESSING


def _draft(article: Article, outlet: Outlet, limit: int) -> Draft:
    labels = outlet.labels
    if article.is_withdrawn:
        return _stub(article, labels)
    flow = [written(paragraph) for paragraph in (article.opening, *article.body)]
    return Draft(
        headline=_line(_headline(article, labels)),
        status=_line(labels.status(article)),
        top=_lines(_earlier(article, labels), _line(labels.top(article))),
        ends=tuple(_ends(article, labels)),
        flow="\n\n".join(each.text for each in flow if each.text),
        related=tuple(_related(article.related, labels)),
        notes=tuple(_video_address(article.media, labels)),
        sources=tuple(_sources(article.sources, labels)),
        brief=_brief(article.sources, labels, limit // 5),
        link=_link_line(article.link, labels),
        signature=tuple(_signature(outlet)),
        unmarked=tuple(text for each in flow for text in each.unmarked),
    )


def _stub(article: Article, labels: Labels) -> Draft:
    """The stub in the place of a retracted article: the headline as it was, and the reason."""
    headline, *reason = labels.stub(article)
    return Draft(_line(headline), top=_line(labels.top(article)), ends=tuple(map(_line, reason)))


def _earlier(article: Article, labels: Labels) -> str:
    """The line about the article that this one follows up."""
    about, words = article.about, labels.follows(article)
    if about is None or not words:
        return ""
    return _line(f"{words}: {clean(about.headline).strip()}" + (f": {about.link}" if is_link(about.link) else ""))


def _ends(article: Article, labels: Labels) -> Iterator[str]:
    """The notes of changes; where some are left out, the address at which all of them stand."""
    for line in labels.ends(article):
        is_more = line == labels.change.more and is_link(article.link)
        yield _line(f"{line}: {article.link}" if is_more else line)


def _headline(article: Article, labels: Labels) -> str:
    urgent = f"{labels.urgent}: " if article.urgent and labels.urgent else ""
    return urgent + _titled(article.headline, video=article.video, labels=labels)


def _titled(headline: str, *, video: bool, labels: Labels) -> str:
    """The headline, with the newsroom's mark: `Ship sinks at the quay. Video`."""
    title = clean(headline).strip()
    if not (video and labels.video):
        return title
    stop = "" if not title or title[-1] in ".?!…:" else "."
    return f"{title}{stop} {labels.video}".strip()


def _line(text: str) -> str:
    """`text` on one line and guarded."""
    return guard(" ".join(clean(text).split()))


def _related(related: tuple[Related, ...], labels: Labels) -> Iterator[str]:
    """A heading and a line for each earlier article; nothing if there are none."""
    if related:
        yield _line(f"{labels.related}:")
    for item in related:
        link = f": {item.link}" if is_link(item.link) else ""
        yield _line(f"— {_titled(item.headline, video=item.video, labels=labels)}{link}")


def _video_address(media: Media | None, labels: Labels) -> Iterator[str]:
    if media and media.kind is MediaKind.VIDEO and is_link(media.url):
        yield _line(f"{labels.video}: {media.url}")


def _credit(photo: Media, labels: Labels) -> str:
    return _line(f"{labels.photo}: {photo.credit}") if photo.credit else ""


def _sources(sources: tuple[Source, ...], labels: Labels) -> Iterator[str]:
    """The sources: names share a line; with addresses each source has its own, so that these stay apart."""
    if not any(is_link(source.link) for source in sources):
        if sources:
            yield _line(f"{labels.source}: {', '.join(map(labels.name, sources))}")
        return
    for source in sources:
        link = source.link if is_link(source.link) else ""
        yield _line(f"{labels.source}: {', '.join(filter(None, [labels.name(source), link]))}")


def _brief(sources: tuple[Source, ...], labels: Labels, limit: int) -> str:
    names = ", ".join(cut(labels.name(source) or source.link, limit // 2) for source in sources)
    return _line(cut(f"{labels.source}: {names}", limit)) if names else ""


def _link_line(link: str, labels: Labels) -> str:
    return _line(f"{labels.read_more}: {link}") if is_link(link) else ""


def _signature(outlet: Outlet) -> Iterator[str]:
    if outlet.masthead.signature:
        yield _line(outlet.masthead.signature)
    for name, link in outlet.places:
        if is_link(link) and name:
            yield _line(f"{name}: {link}")


def _check(outlet: Outlet) -> tuple[str, ...]:
    """Return the line with the link to the public record, where there is one."""
    is_shown = is_link(outlet.check) and outlet.labels.verify
    return (_line(f"{outlet.labels.verify}: {outlet.check}"),) if is_shown else ()


def _fitted(draft: Draft, fits: Fits) -> Draft:
    """The fullest form of `draft` that fits. Earlier articles go first, then the end of the text, then the rest.

    Headline, status and the names of the sources always stay.
    """
    for poorer in _poorer(draft):
        if fits(poorer):
            return poorer
        if poorer.flow and not poorer.related and fits(replace(poorer, flow=_ELLIPSIS)):
            return _shortened(poorer, fits)
    least = draft.essentials
    return replace(least, headline=_hard_cut(least.headline, lambda headline: fits(replace(least, headline=headline))))


def _shortened(draft: Draft, fits: Fits) -> Draft:
    return replace(draft, flow=longest(draft.flow, lambda flow: fits(replace(draft, flow=flow))))


def _poorer(draft: Draft) -> Iterator[Draft]:
    # More earlier articles than that are no use to a reader, and each try costs a measurement.
    most = min(len(draft.related), 12)
    for count in range(most, 1, -1):
        yield replace(draft, related=draft.related[:count])
    yield (draft := replace(draft, related=()))
    yield (draft := replace(draft, signature=()))
    yield (draft := replace(draft, notes=()))
    yield (draft := replace(draft, sources=(draft.brief,)))
    yield replace(draft, flow="")
    yield replace(draft, link="")


def longest(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of `text` up to a space that fits with an ellipsis; empty if no word fits.

    An address contains no space, so none is ever cut.
    """
    cuts = [match.start() for match in re.finditer(r"\s+", text[: TEXT_LIMIT + 1]) if match.start()]
    count = bisect_right(cuts, False, key=lambda cut: not fits(closed(text[:cut]) + _ELLIPSIS))
    return closed(text[: cuts[count - 1]]) + _ELLIPSIS if count else ""


def _hard_cut(headline: str, fits: Callable[[str], bool]) -> str:
    """A headline that is too long by itself, cut between words, or within a word if it is a single endless one."""
    if at_word := longest(headline, fits):
        return at_word
    title = bare(headline)

    def beginning(length: int) -> str:
        return guard(title[: whole_letters(title, length)]) + _ELLIPSIS

    lengths = range(1, min(len(title), TEXT_LIMIT) + 1)
    count = bisect_right(lengths, False, key=lambda length: not fits(beginning(length)))
    return beginning(lengths[count - 1]) if count else ""
