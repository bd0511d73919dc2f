"""Takes out of a pasted page what is not the story: calls to subscribe, and teasers of other articles."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from bot.domain.article import Paragraph, Related, plain
from bot.domain.parse.lines import blocks_of, link_of
from bot.domain.parse.story import HEADLINE_LIMIT, is_repeat, unmarked

#: Longest call to subscribe, in characters; a longer paragraph is reporting.
_CALL_LIMIT = 300
_TEASER_HEADINGS = frozenset(
    (
        *("other news", "more news", "latest news", "related news", "read also", "see also", "also read"),
        *("інші новини", "більше новин", "останні новини", "новини за темою", "читайте також", "також читайте"),
        *("читайте ще", "дивіться також"),
    )
)
_INLINE_TEASER = re.compile(r"(?i)\s*(?:read also|see also|читайте також|також читайте|дивіться також)\s*:\s*(?=\S)")
_PLACES = (
    r"telegram|телегра|viber|вайбер|whatsapp|youtube|ютуб|facebook|фейсбук|instagram|інстаграм|tiktok|google news"
    r"|channel|канал|newsletter|розсилк|our page|our social|сторінк|соцмереж"
)
_CALLS = re.compile(
    rf"""(?ix) \W* (?:
        (?: only\ verified\ information | (?:тільки|лише)\ перевірена\ інформація ) .* (?: {_PLACES} ) .*
      | (?: subscribe\ to\ our | підпи(?:суйте|шіть)с[ья]\ на\ (?:нас|наш\w*) ) \b .*
      | (?: subscribe | follow\ us | join\ (?:us|our) | read\ us | підпи(?:суйте|шіть)с[ья] | читайте\ нас
          | (?:стежте|слідкуйте)\ за\ (?:нами|нашим) | (?:приєднуй|долучай)те?с[ья]\ до ) \b .* (?: {_PLACES} ) .*
    )"""
)
_FAKES = re.compile(r"(?i)\W*(?:do not|don['’]t) fall for fakes\W*|\W*не ведіться на фейки\W*")


def without_calls(lines: list[Paragraph]) -> tuple[list[Paragraph], list[str]]:
    texts = [plain(line) for line in lines]
    calls = [text for text in texts if _is_call(text)]
    return [() if _is_call(text) else line for text, line in zip(texts, lines, strict=True)], calls


def _is_call(text: str) -> bool:
    return len(text) <= _CALL_LIMIT and bool(_CALLS.fullmatch(text) or _FAKES.fullmatch(text))


def without_teasers(lines: list[Paragraph]) -> tuple[list[Paragraph], tuple[Related, ...]]:
    """The story's lines, and the related items under headings such as "Other News".

    A line that is too long for a headline ends the teasers: the story goes on there.
    """
    story: list[Paragraph] = []
    related: list[Related] = []
    section: list[Paragraph] | None = None
    for line in lines:
        text = plain(line)
        inline = _INLINE_TEASER.match(text)
        if inline and len(text) <= HEADLINE_LIMIT:
            related.append(_teaser(line, skip=inline.end()))
        elif text.strip(" :.!").casefold() in _TEASER_HEADINGS:
            related += _teasers(section or [])
            section = []
        elif section is not None and len(text) <= HEADLINE_LIMIT:
            section.append(line)
        else:
            related += _teasers(section or [])
            section = None
            story.append(line)
    return story, (*related, *_teasers(section or []))


def _teasers(section: list[Paragraph]) -> list[Related]:
    """The items: headline, headline again and lead; or without repeats blocks of two lines, or single lines."""
    lines = [line for line in section if line]
    if any(is_repeat(plain(one), plain(other)) for one, other in pairwise(lines)):
        return _repeating_teasers(lines)
    blocks = blocks_of(section)
    if len(blocks) > 1 and all(len(block) <= 2 for block in blocks):
        return [_teaser(block[0], lead=plain(block[1]) if block[1:] else "") for block in blocks]
    return [_teaser(line) for line in lines]


def _repeating_teasers(lines: list[Paragraph]) -> list[Related]:
    items, texts, at = [], [plain(line) for line in lines], 0
    while at < len(lines):
        repeated = is_repeat(*texts[at : at + 2]) if at + 1 < len(lines) else False
        item = _teaser(lines[at])
        at += 1
        if repeated:
            again = _teaser(lines[at])
            item = replace(item, link=item.link or again.link, video=item.video or again.video)
            at += 1
            starts_next = at + 1 < len(lines) and is_repeat(*texts[at : at + 2])
            if at < len(lines) and not starts_next:
                item = replace(item, lead=texts[at], link=item.link or link_of(lines[at]))
                at += 1
        items.append(item)
    return items


def _teaser(line: Paragraph, *, lead: str = "", skip: int = 0) -> Related:
    headline, video = unmarked(plain(line)[skip:])
    return Related(headline, lead, link_of(line), video)
