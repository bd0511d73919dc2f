"""Leaves out of a copied page what is no reporting: above the headline, below it, amid the story and at its end."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from bot.domain.parse.page import Page
from bot.domain.parse.story import is_repeat, same_words, without_headline
from bot.domain.shapes import Shape
from bot.domain.shapes.calls import is_doubtful, without_call
from bot.domain.shapes.credit import credit_in, is_dated_caption
from bot.domain.shapes.dates import has_words, is_exact, is_stamp
from bot.domain.shapes.footers import is_rights
from bot.domain.shapes.forwards import prefix_of
from bot.domain.shapes.headings import is_amid
from bot.domain.shapes.mail import header_of, is_greeting, is_head, is_parting, subject_in
from bot.domain.shapes.tags import is_label, is_tag
from bot.domain.shapes.words import is_sentence, sentences_of

#: Left out wherever they stand: no sentence of an article looks like them.
_ANYWHERE = frozenset((Shape.TEMPLATE, Shape.FORWARD, Shape.MAIL, Shape.AD, Shape.BUTTON, Shape.COUNT, Shape.CALL))
_ABOVE = _ANYWHERE | {
    Shape.RUBRIC, Shape.BREADCRUMB, Shape.DATE, Shape.META, Shape.BYLINE, Shape.NUMBER, Shape.WEAK, Shape.TAGS,
    Shape.HEADING, Shape.ADDRESS, Shape.CREDIT, Shape.FOOTER,
}  # fmt: skip
_BELOW = _ANYWHERE | {
    Shape.DATE, Shape.META, Shape.BYLINE, Shape.NUMBER, Shape.WEAK, Shape.CREDIT, Shape.CAPTION, Shape.RUBRIC,
    Shape.BREADCRUMB, Shape.TAGS,
}  # fmt: skip
_AT_END = _ANYWHERE | {
    Shape.DATE, Shape.META, Shape.BYLINE, Shape.WEAK, Shape.CREDIT, Shape.CAPTION, Shape.FOOTER, Shape.RUBRIC,
    Shape.BREADCRUMB, Shape.TAGS, Shape.ADDRESS, Shape.NUMBER, Shape.HEADING,
}  # fmt: skip
#: What may be a headline after all, if nothing else is there.
_MAY_BE_TITLE = (
    Shape.RUBRIC,
    Shape.CREDIT,
    Shape.DATE,
    Shape.NAME,
    Shape.BYLINE,
    Shape.META,
    Shape.NUMBER,
    Shape.TAGS,
    Shape.WEAK,
    Shape.COUNT,
)
#: What parts a rubric from the headline.
_BETWEEN = frozenset(
    (Shape.DATE, Shape.META, Shape.BYLINE, Shape.COUNT, Shape.NUMBER, Shape.RUBRIC, Shape.BREADCRUMB, Shape.BUTTON)
)
#: A rubric that no list knows: at most so many words, and a date or a byline between it and the headline.
_RUBRIC_WORDS = 3
#: Most heads in one mail, which may hold others, and most names of a site above a headline.
_HEADS, _SITE_NAMES = 3, 5
#: Most words of the name above a network's post, most lines of a mail's signature, and words of a sentence in none.
_POSTER_WORDS, _SIGNATURE, _MAIL_WORDS = 10, 9, 8
_ACCOUNT = re.compile(r"@\w{3,32}(?:\s·\s.{1,20})?")
#: A caption's story begins within so many lines.
_SOON = 5
#: Most words of a line that is a tag, and of one that may be several.
_TAG_WORDS = 3
#: Most lines under the word *Tags*.
_TAGS = 15
#: A headline that says something has this many words.
_HEADLINE_WORDS = 3


def without_heads(page: Page) -> None:
    """Leave out a mail's head and signature, and the name above a post that was copied from a network."""
    for head in _heads(page)[:_HEADS]:
        _without_head(page, head)
    first = next(page.filled(), None)
    second = None if first is None else page.following(first)
    if first is None or second is None:
        return
    if _is_poster(page.texts[first], page.texts[second]):
        page.drop(first, Shape.BYLINE)
        page.drop(second, Shape.DATE if is_stamp(page.texts[second]) else Shape.BYLINE)


def _is_poster(name: str, below: str) -> bool:
    """True for whoever posted: a name, and below it a network's stamp or the account."""
    is_name = len(name.split()) <= _POSTER_WORDS and not is_sentence(name)
    return is_name and (is_stamp(below) or bool(_ACCOUNT.fullmatch(below)))


def _heads(page: Page) -> list[list[int]]:
    """The places of each mail's head: lines such as `Від: …`, `Тема: …`, one below the other."""
    heads: list[list[int]] = [[]]
    for at in page.filled():
        if header_of(page.texts[at]):
            heads[-1].append(at)
        elif heads[-1]:
            heads.append([])
    return [head for head in heads if is_head([header_of(page.texts[at]) for at in head])]


def _without_head(page: Page, head: list[int]) -> None:
    """Leave out the head, the greeting below it and the signature; a subject that nothing repeats is the headline."""
    below = list(page.filled(head[-1] + 1))
    greeted = below[1:] if below and is_greeting(page.texts[below[0]]) else below
    for at in below[: len(below) - len(greeted)]:
        page.drop(at, Shape.MAIL)
    for at in head:
        subject = subject_in(page.texts[at]) if header_of(page.texts[at]) == "subject" else ""
        if subject and greeted and not _is_told(page, subject, greeted):
            page.cut_off(at, page.texts[at].rfind(subject), Shape.MAIL)
        else:
            page.drop(at, Shape.MAIL)
    _without_signature(page)


def _is_told(page: Page, subject: str, below: list[int]) -> bool:
    """True if a headline of the text's own follows the mail's head."""
    repeats = any(is_repeat(subject, page.texts[at]) or same_words(subject, page.texts[at]) for at in below[:_SOON])
    return repeats or not is_sentence(page.texts[below[0]])


def _without_signature(page: Page) -> None:
    places = list(page.filled())
    start = next((n for n, at in enumerate(places) if n and is_parting(page.texts[at])), None)
    if start is None or len(places) - start > _SIGNATURE:
        return
    below = places[start + 1 :]
    if not any(is_sentence(page.texts[at]) and len(page.texts[at].split()) >= _MAIL_WORDS for at in below):
        for at in places[start:]:
            page.drop(at, Shape.MAIL)


def without_buttons(page: Page) -> None:
    """Leave out what is a page's own wherever it stands, and the calls at the end of paragraphs."""
    for at in list(page.filled()):
        if page.shapes[at] in _ANYWHERE:
            page.drop(at)
            continue
        if skip := prefix_of(page.texts[at]):
            page.cut_off(at, skip, Shape.FORWARD)
        text = page.texts[at]
        if not page.fields[at] and (kept := without_call(text)) != text:
            page.cut(at, len(kept), Shape.CALL)
    _without_rows(page)


def _without_rows(page: Page) -> None:
    """Leave out single words such as `Facebook` beside other buttons; alone they may be a sub-head."""
    places = list(page.filled())
    weak = {at for at in places if page.shapes[at] is Shape.WEAK}
    rows = {each for one, other in pairwise(places) if one in weak and other in weak for each in (one, other)}
    for at in sorted(weak):
        if at in rows or _touches(page, at):
            page.drop(at)


def _touches(page: Page, at: int) -> bool:
    """True if a line that was left out stands right above or below, without an empty line between."""
    return at - 1 in page.out or at + 1 in page.out


def above(page: Page) -> int | None:
    """Leave out what stands above the headline, and return the headline's place."""
    headline, names = None, 0
    for at in list(page.filled()):
        if page.fields[at]:
            continue
        if page.shapes[at] not in _ABOVE:
            names += 1
            if names > _SITE_NAMES or not _is_unknown_rubric(page, at):
                headline = at
                break
        page.drop(at, page.shapes[at] if page.shapes[at] in _ABOVE else Shape.RUBRIC)
    if headline is None:
        headline = _any_title(page)
    return headline


def _any_title(page: Page) -> int | None:
    """Take back the first line that may be a headline: without it there is none."""
    for shape in _MAY_BE_TITLE:
        for at, _, dropped in sorted(page.left_out, key=lambda each: each[0]):
            if dropped is shape:
                page.restore(at)
                return at
    return None


def _is_unknown_rubric(page: Page, first: int) -> bool:
    """True if facts of the page part a word or two, such as a site's name, from what reads like a headline."""
    text = page.texts[first]
    if (
        page.fields[first]
        or page.shapes[first] not in {None, Shape.NAME}
        or len(text.split()) > _RUBRIC_WORDS
        or is_sentence(text)
    ):
        return False
    rest = [at for at in range(first + 1, len(page.lines)) if page.lines[at] or at in page.out]
    between = 0
    for at in rest:
        if page.shapes[at] in _BETWEEN:
            between += 1
            continue
        title = page.texts[at]
        if page.shapes[at] in {None, Shape.NAME} and not is_sentence(title) and len(title.split()) < _HEADLINE_WORDS:
            continue  # one more name of the site
        later = [page.texts[each] for each in page.filled(at + 1)]
        is_title = bool(title) and not is_sentence(title) and len(title.split()) >= _HEADLINE_WORDS
        return between > 0 and is_title and page.shapes[at] is None and any(map(is_sentence, later))
    return False


def below(page: Page, headline: int) -> None:
    """Leave out what stands between the headline and the first paragraph, and right below that one."""
    lead = _first_text(page, headline, headline)
    if lead is not None:
        page.keep(lead, without_headline(page.texts[headline], page.lines[lead]))
        _first_text(page, lead, headline, under_lead=True)


def _first_text(page: Page, start: int, headline: int, *, under_lead: bool = False) -> int | None:
    title = page.texts[headline]
    for at in list(page.filled(start + 1)):
        shape, text = page.shapes[at], page.texts[at]
        if page.fields[at]:
            continue
        if is_repeat(title, text) if not under_lead else same_words(title, text):
            page.drop(at, Shape.REPEAT)
        elif _is_caption_of(title, text) or (is_dated_caption(text) and _is_told_below(page, at)):
            page.drop(at, Shape.CAPTION)
        elif shape is Shape.NAME and _is_signature(page, at, headline):
            page.drop(at, Shape.BYLINE)
        elif shape in {Shape.NUMBER, Shape.WEAK} and not _is_signature(page, at, headline):
            return at
        elif shape in _BELOW and not (under_lead and _may_be_subhead(page, at)):
            page.drop(at)
        else:
            if shape is Shape.NAME:
                page.asked.append(at)
            return at
    return None


def _is_told_below(page: Page, at: int) -> bool:
    """True if a paragraph of the story follows soon, so that the line need not be the first itself."""
    return any(is_sentence(page.texts[each]) for each in islice(page.filled(at + 1), _SOON))


def _is_caption_of(title: str, text: str) -> bool:
    """True for the headline again with a credit behind it."""
    words, credit = credit_in(text)
    return bool(credit) and same_words(title, words)


def _is_signature(page: Page, at: int, headline: int) -> bool:
    """True for a name with a date or a count beside it; a name alone, or one of several, may be what is reported."""
    following = page.following(at)
    if following is not None and page.shapes[following] is Shape.NAME:
        return False
    sure = {Shape.DATE, Shape.META, Shape.COUNT, Shape.BYLINE, Shape.BUTTON, Shape.RUBRIC}
    beside = [place for place, _, shape in page.left_out if shape in sure and headline < place < at]
    return bool(beside) or (following is not None and page.shapes[following] in sure) or page.is_above_furniture(at)


def _may_be_subhead(page: Page, at: int) -> bool:
    """True for what amid a text may head a part of it: a rubric's word, a bare day, a number, a list's name."""
    shape, text = page.shapes[at], page.texts[at]
    if shape is Shape.DATE:
        return not (is_exact(text) or has_words(text) or page.is_beside(at))
    if shape is Shape.BYLINE:
        return False
    return shape in {Shape.RUBRIC, Shape.NUMBER, Shape.WEAK, Shape.BREADCRUMB, Shape.TAGS}


def amid(page: Page, headline: int) -> None:
    """Leave out credits, exact dates and the headline again from among the paragraphs; ask about what is unclear."""
    days: list[int] = []
    if len(sentences_of(page.texts[headline])) > 1:  # a post without a headline
        _without_credit(page, headline)
    for at in list(page.filled(headline + 1)):
        shape, text = page.shapes[at], page.texts[at]
        if page.fields[at]:
            continue
        if same_words(page.texts[headline], text) and not is_sentence(text):
            page.drop(at, Shape.REPEAT)
        elif _is_caption_of(page.texts[headline], text) or shape in {Shape.CREDIT, Shape.CAPTION}:
            page.drop(at, shape or Shape.CAPTION)
        elif shape is Shape.META or (shape is Shape.DATE and (is_exact(text) or has_words(text))):
            page.drop(at)
        elif shape is Shape.DATE:
            days.append(at)
        elif (
            (shape is Shape.HEADING and not is_amid(text)) or shape in {Shape.BYLINE, Shape.FOOTER} or is_doubtful(text)
        ):
            page.asked.append(at)
        else:
            _without_credit(page, at)
    if len(days) == 1:  # several are a chronicle
        page.asked += days


def _without_credit(page: Page, at: int) -> None:
    """Cut the credit behind a sentence: `Пожежу загасили. Фото: ДСНС`."""
    text = page.texts[at]
    words, credit = credit_in(text)
    if credit and is_sentence(words):
        page.cut(at, len(words), Shape.CREDIT, skip=text.rfind(credit.split()[0]))


def below_tags(page: Page) -> list[str]:
    """Take the lines under the word *Tags*, which reach to the end or to other furniture."""
    told = next((at for at in page.filled() if is_sentence(page.texts[at])), len(page.lines))
    for at in list(page.filled()):
        is_late = at > max(told, 2)
        if not is_label(page.texts[at]) or not (page.texts[at].rstrip().endswith(":") or is_late):
            continue
        tags = _tags_under(page, at)
        if tags:
            found = [page.texts[each].strip(" ,;#") for each in tags]
            for each in (at, *tags):
                page.drop(each, Shape.TAGS)
            return [part.strip() for tag in found for part in tag.split(",") if part.strip()]
    return []


def _tags_under(page: Page, at: int) -> list[int]:
    tags: list[int] = []
    for each in page.filled(at + 1):
        if page.shapes[each] in {Shape.HEADING, Shape.FOOTER, Shape.ADDRESS, Shape.DATE} or len(tags) > _TAGS:
            break
        if page.fields[each] or not is_tag(page.texts[each]):
            return [] if not page.fields[each] else tags
        tags.append(each)
    return tags


def at_end(page: Page, headline: int) -> str:
    """Leave out what stands below the story, and return the address among it, which is the article's own."""
    foot = _foot(page, headline)
    link = ""
    for at in reversed(list(page.filled(headline + 1))):
        shape, text = page.shapes[at], page.texts[at]
        if page.fields[at]:
            continue
        if shape is Shape.NAME and page.is_above_furniture(at):
            page.drop(at, Shape.BYLINE)
        elif shape in _AT_END or (foot is not None and at > foot and not is_sentence(text)):
            if shape is Shape.ADDRESS:
                link = re.sub(r"^[^\w]*", "", text)
            page.drop(at, shape or Shape.FOOTER)
        elif not page.lines[at]:
            continue
        elif tags := _loose_tags(page, at):
            for each in tags:
                page.drop(each, Shape.TAGS)
        else:
            if shape is Shape.NAME or _may_be_tags(page, at):
                page.asked.append(at)
            break
    return link


def _may_be_tags(page: Page, last: int) -> bool:
    """True for a few words without a stop, right under the story's last sentence."""
    before = [at for at in page.filled() if at < last]
    text = page.texts[last]
    is_short = text[:1].isalpha() and len(text.split()) <= _TAG_WORDS and not is_sentence(text)
    return len(before) > 1 and is_short and is_sentence(page.texts[before[-1]])


def _loose_tags(page: Page, last: int) -> list[int]:
    """The places of lines such as `київ`, `обстріл`, one below the other under the story's last sentence."""
    tags: list[int] = []
    for at in reversed([each for each in page.filled() if each <= last]):
        text = page.texts[at]
        if is_sentence(text):
            return tags if len(tags) > 1 else []
        if not text[:1].islower() or len(text.split()) > _TAG_WORDS or text.endswith((":", ";", ",")):
            return []
        tags.append(at)
    return []


def _foot(page: Page, headline: int) -> int | None:
    """The place of the copyright line; below it stands nothing of the article."""
    found = [at for at in page.filled(headline + 1) if page.shapes[at] is Shape.FOOTER and is_rights(page.texts[at])]
    return found[0] if found else None
