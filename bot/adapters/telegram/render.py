"""Renders an article as a Telegram post: HTML within the limits, and the exact characters that a reader sees. Pure.

Its rules are in docs/platforms/telegram.md#limits, docs/platforms/telegram.md#formatting and
docs/platforms/telegram.md#cleaning.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from bot.adapters.text import ELLIPSIS, cut, cut_runs, fit, is_web_link, stripped
from bot.domain import Article, Labels, Media, MediaKind, Outlet, Paragraph, Platform, Related, Run, plain
from bot.domain.clean import merge

#: Longest text and longest caption, in code points after the markup is parsed.
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

#: Entities in one message; Telegram ignores those beyond.
ENTITY_LIMIT = 100

#: Bytes of HTML for the addresses of links. Telegram takes 32,768 bytes in all; 4,096 code points need at most 20,480
#: when escaped, and the tags of 100 entities 1,500.
LINK_BYTES = 10_000

GAP = "\n\n"

#: Stands for a body that has no room at all; its own room is always kept free.
MARK = f"{GAP}{ELLIPSIS}"

Json = str | int | bool | Sequence["Json"] | Mapping[str, "Json"]

#: Characters that Telegram removes from any text, and those that it turns into a space.
_REMOVED: Final = re.compile(r"[\r\u2028-\u202e\u030a\u0333\u033f]")
_SPACED: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LONE_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
_RINGED: Final = re.compile(r"\w\u030a")

_FILE_ID: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class TelegramPost:
    """A call of the Bot API's `method` without an addressee. In `params` the content of a file stands as bytes.

    `picture`: the digest of the kept photo or film that belongs to it; it is uploaded once.
    """

    method: str
    params: Mapping[str, Json | bytes]
    visible: str
    plainer: TelegramPost | None = None
    whole: bool = True
    unmarked: tuple[str, ...] = ()
    picture: str = ""

    @property
    def kind(self) -> str:
        """Return the parameter that names the file: photo, video, animation; "message" for a text."""
        return self.method.removeprefix("send").lower()

    @cached_property
    def form(self) -> bytes:
        """The body of the request without `chat_id`, made once for all readers."""
        return urlencode({name: as_field(value) for name, value in self.params.items()}).encode()


def as_field(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def render(article: Article, outlet: Outlet) -> TelegramPost:
    """Return a post with the picture or video if Telegram can show it, else a text; the limits cut the body first."""
    text = _text_post(article, outlet)
    media = article.media
    return _media_post(article, outlet, media, text) if media is not None and usable(media) else text


def usable(media: Media) -> bool:
    """True if Telegram can show it: it holds the file or is given it, or can fetch it from an https address."""
    if media.digest:
        return True
    if media.file and media.platform == Platform.TELEGRAM:
        # The pattern also keeps python-telegram-bot from taking a path for a local file to upload.
        return _FILE_ID.fullmatch(media.file) is not None
    return media.url.startswith("https://") and is_web_link(media.url)


def clean(text: str) -> str:
    """The text as Telegram will store it, so that our records match what people see."""
    composed = _RINGED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return _LONE_SURROGATES.sub("\ufffd", _SPACED.sub(" ", _REMOVED.sub("", composed)))


def clean_runs(runs: Iterable[Run]) -> Paragraph:
    """The runs cleaned as by `clean`, without links that Telegram would drop."""
    return tuple(
        replace(run, text=clean(run.text), link=run.link if is_web_link(run.link) else "") for run in merge(runs)
    )


def to_html(runs: Iterable[Run]) -> str:
    """The runs as HTML for `parse_mode=HTML`. Neighbours in a quote are one quote."""
    quotes = ((quote, "".join(map(_tagged, same))) for quote, same in groupby(runs, key=lambda run: run.quote))
    return "".join(f"<blockquote>{html}</blockquote>" if quote else html for quote, html in quotes)


def within_limits(runs: Iterable[Run]) -> Paragraph:
    """The runs with no more entities and link bytes than Telegram takes. Emphasis goes before links, text never does.

    What is struck, hidden or quoted goes last. The last links are kept, because a post ends with its sources and its
    signature.
    """
    marked = _within_marks([nestable(run) for run in merge(runs)])
    linked = _within_links(marked, ENTITY_LIMIT - 2 - sum(map(_marks, marked)))
    room = ENTITY_LIMIT - sum(_marks(run) + bool(run.link) for run in linked)
    kept = []
    for run in linked:
        looks = run.bold + run.italic
        kept.append(run if looks <= room else replace(run, bold=False, italic=False))
        room -= looks if looks <= room else 0
    return merge(kept)


def nestable(run: Run) -> Run:
    """The run with formatting that Telegram takes together: nothing nests in code, and code in no link."""
    if run.code and (run.link or run.struck or run.spoiler):
        return replace(run, code=False)
    return replace(run, bold=False, italic=False, underline=False) if run.code else run


def _marks(run: Run) -> int:
    return run.struck + run.spoiler + run.quote + run.underline + run.code


def _within_marks(runs: Sequence[Run]) -> Paragraph:
    room = ENTITY_LIMIT - 2
    kept = []
    for run in runs:
        marks = _marks(run)
        kept.append(run if marks <= room else Run(run.text, run.bold, run.italic, run.link))
        room -= marks if marks <= room else 0
    return tuple(kept)


def _within_links(runs: Sequence[Run], links: int) -> Paragraph:
    room = LINK_BYTES
    kept = []
    for run in reversed(runs):
        size = len(escape(run.link).encode())
        if run.link and (size > room or links <= 0):
            kept.append(replace(run, link=""))
            continue
        kept.append(run)
        room -= size
        links -= bool(run.link)
    return tuple(reversed(kept))


def _tagged(run: Run) -> str:
    html = escape(run.text, quote=False)
    for tag, is_so in (
        ("code", run.code),
        ("tg-spoiler", run.spoiler),
        ("s", run.struck),
        ("u", run.underline),
        ("i", run.italic),
        ("b", run.bold),
    ):
        if is_so:
            html = f"<{tag}>{html}</{tag}>"
    return f'<a href="{escape(run.link)}">{html}</a>' if run.link else html


def _text_post(article: Article, outlet: Outlet) -> TelegramPost:
    composed, whole = _compose(article, outlet, TEXT_LIMIT, credit=())
    runs = within_limits(composed)
    # The picture of a preview is its site's, which may show another one at any time than the one that was approved.
    preview: Json = {"is_disabled": True}
    params: dict[str, Json] = {"text": to_html(runs), "link_preview_options": preview, **_options(article, outlet)}
    return TelegramPost("sendMessage", params, plain(runs), whole=whole, unmarked=_unmarked(composed, runs))


def _media_post(article: Article, outlet: Outlet, media: Media, plainer: TelegramPost) -> TelegramPost:
    composed, whole = _compose(article, outlet, CAPTION_LIMIT, credit=_credit(media, outlet.labels))
    runs = within_limits(composed)
    kind = media.kind.value
    held = media.file if media.platform == Platform.TELEGRAM else ""
    file: dict[str, Json] = {} if media.digest else {kind: held or media.url}
    if media.kind is MediaKind.VIDEO:
        file["supports_streaming"] = True
    params: dict[str, Json] = {**file, "caption": to_html(runs), **_options(article, outlet)}
    unmarked = _unmarked(composed, runs)
    return TelegramPost(f"send{kind.capitalize()}", params, plain(runs), plainer, whole, unmarked, media.digest)


def _unmarked(composed: Paragraph, sent: Paragraph) -> tuple[str, ...]:
    """The stretches whose formatting is lost because there is too much of it; code within a link is a link."""
    gone = sum(_marks(nestable(run)) for run in composed) > ENTITY_LIMIT - 2
    return tuple(run.text for run in composed if run.says_more and run not in sent) if gone else ()


def _options(article: Article, outlet: Outlet) -> dict[str, Json]:
    options: dict[str, Json] = {"parse_mode": "HTML"}
    if outlet.silent:
        options["disable_notification"] = True
    label = clean(outlet.labels.read_more).strip()
    if outlet.keyboard and label and is_web_link(article.link):
        options["reply_markup"] = {"inline_keyboard": [[{"text": label, "url": article.link}]]}
    return options


def _compose(article: Article, outlet: Outlet, limit: int, *, credit: Paragraph) -> tuple[Paragraph, bool]:
    """All that is shown, and whether lead and body are complete.

    Marks and notes of changes are never cut. Headline, status, sources and signature always get room, then credit,
    lead and related, then the body.
    """
    if article.is_withdrawn:
        return _stub(article, outlet, limit), True
    top, notes = _top(article, outlet.labels), _notes(article, outlet.labels)
    limit -= len(plain(top)) + _cost(notes)
    more, sources, signature = (
        _shortened(runs, limit // 5)
        for runs in (_more(article, outlet), _sources(article, outlet.labels, limit // 5), _signature(outlet))
    )
    status = _status(article, outlet.labels)
    room = limit - _length((more, sources, signature)) - len(plain(status))
    headline = (*_shortened(_headline(article, outlet.labels), room), *status)
    body = _filled(article.body)
    room = limit - _length((headline, more, sources, signature)) - (len(MARK) if body else 0)

    credit = _shortened(credit, min(room, limit // 5))
    room -= _cost(credit)
    lead, lead_ends = _fitting(_filled([article.opening]), room)
    room -= _length(lead)
    related = _related(article.related, outlet.labels, room)
    room -= _cost(related)
    shown, ends = _fitting(body, room + len(MARK))
    composed = _joined(((*top, *headline), *lead, *shown, credit, sources, notes, related, more, signature))
    if outlet.bare:
        composed = tuple(Run(run.text, link=run.link) for run in composed)
    return composed, lead_ends and ends


def _stub(article: Article, outlet: Outlet, limit: int) -> Paragraph:
    """The stub in the place of a retracted article; its headline gives way to the reason."""
    top = _top(article, outlet.labels)
    headline, *rest = (clean(line).strip() for line in outlet.labels.stub(article))
    reason = (Run("\n".join(["", *rest])),)
    room = limit - len(plain(top)) - len(plain(reason))
    return (*top, *cut_runs((Run(headline),), room, hard=True), *reason)


def _top(article: Article, labels: Labels) -> Paragraph:
    top = clean(labels.top(article)).strip()
    return (*_earlier(article, labels), *((Run(f"{top}\n"),) if top else ()))


def _earlier(article: Article, labels: Labels) -> Paragraph:
    """The line about the article that this one follows up."""
    if article.about is None or not (words := clean(labels.follows(article)).strip()):
        return ()
    headline = clean(article.about.headline).strip()
    return (Run(f"{words}: "), *_linked(headline, article.about.link), Run("\n"))


def _notes(article: Article, labels: Labels) -> Paragraph:
    """The notes of changes, and where all of them stand if some are left out."""
    *lines, last = [clean(line).strip() for line in labels.ends(article)] or [""]
    link = article.link if last and last == clean(labels.change.more).strip() else ""
    return merge([*(Run(f"{line}\n") for line in lines), *_linked(last, link)]) if last else ()


def _filled(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    cleaned = (stripped(clean_runs(paragraph)) for paragraph in paragraphs)
    return [paragraph for paragraph in cleaned if paragraph]


def _fitting(paragraphs: Sequence[Paragraph], room: int) -> tuple[tuple[Paragraph, ...], bool]:
    """Return what `fit` does, with a gap before the first paragraph too."""
    return fit(paragraphs, room - len(GAP)) if paragraphs and room > len(GAP) else ((), not paragraphs)


def _shortened(runs: Paragraph, limit: int) -> Paragraph:
    return cut_runs(stripped(runs), limit - len(GAP), hard=True)


def _cost(block: Paragraph) -> int:
    return len(plain(block)) + len(GAP) if block else 0


def _length(blocks: Iterable[Paragraph]) -> int:
    return sum(_cost(block) for block in blocks)


def _joined(blocks: Iterable[Paragraph]) -> Paragraph:
    joined: list[Run] = []
    for block in blocks:
        if block:
            joined += [Run(GAP), *block] if joined else block
    return tuple(joined)


def _headline(article: Article, labels: Labels) -> Paragraph:
    urgent = f"{clean(labels.urgent)}: " if article.urgent and labels.urgent else ""
    return (Run(f"{urgent}{_titled(article.headline, video=article.video, labels=labels)}", bold=True),)


def _status(article: Article, labels: Labels) -> Paragraph:
    """The status, right under the headline: readers learn how far the news is checked before they read it."""
    status = clean(labels.status(article)).strip()
    return (Run(f"\n{status}"),) if status else ()


def _titled(headline: str, *, video: bool, labels: Labels) -> str:
    """The headline with the newsroom's mark: `Ship sinks at the quay. Video`."""
    title = clean(headline).strip()
    if not (video and labels.video):
        return title
    stop = "" if not title or title[-1] in ".?!…:" else "."
    return f"{title}{stop} {clean(labels.video)}".strip()


def _credit(media: Media, labels: Labels) -> Paragraph:
    by = clean(media.credit).strip()
    label = clean(labels.photo if media.kind is MediaKind.PHOTO else labels.video)
    credit = f"{label}: {by}" if by and label else by
    lines = [line for line in (clean(media.caption).strip(), credit) if line]
    return (Run("\n".join(lines), italic=True),) if lines else ()


def _sources(article: Article, labels: Labels, limit: int) -> Paragraph:
    """The sources, with names so short that a cut to `limit` leaves at least one of them."""
    names = [clean(labels.name(source)).strip() or clean(source.link).strip() for source in article.sources]
    if sum(map(len, names)) > limit // 2:
        names = [cut(name, limit // 2) for name in names]
    runs: list[Run] = []
    for source, name in zip(article.sources, names, strict=True):
        if name:
            runs += [Run(", " if runs else f"{clean(labels.source)}: "), *_linked(name, source.link)]
    return tuple(runs)


def _linked(text: str, link: str) -> Paragraph:
    return (Run(text, link=link if is_web_link(link) else ""),)


def _more(article: Article, outlet: Outlet) -> Paragraph:
    """The link to the full text as a line of its own, where no button can be shown."""
    if outlet.keyboard or not is_web_link(article.link):
        return ()
    return _linked(clean(outlet.labels.read_more).strip(), article.link)


def _signature(outlet: Outlet) -> Paragraph:
    signature = clean(outlet.masthead.signature).strip()
    runs = [Run(signature)] if signature else []
    for name, link in outlet.places:
        if is_web_link(link) and (shown := clean(name).strip()):
            between = " · " if runs and runs[-1].link else "\n" if runs else ""
            runs += [Run(between), Run(shown, link=link)]
    return tuple(runs)


def _related(items: Sequence[Related], labels: Labels, room: int) -> Paragraph:
    """A heading and the whole teasers that fit under it, with a gap before it; empty if none fits."""
    heading = f"{clean(labels.related)}:"
    runs, room = [Run(heading)], room - len(heading) - len(GAP)
    for item in items:
        title = _titled(item.headline, video=item.video, labels=labels)
        line = f"\n• {title}"
        if title and len(line) <= room:
            runs += [Run("\n• "), *_linked(title, item.link)]
            room -= len(line)
    return tuple(runs) if len(runs) > 1 else ()
