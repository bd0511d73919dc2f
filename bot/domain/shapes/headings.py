"""Words that stand above or before teasers of other articles."""

from __future__ import annotations

import re

from bot.domain.shapes.calls import is_call
from bot.domain.shapes.words import either, key_of, keys, spelled

#: Amid a story: what follows is one other article, or a few.
AMID = keys(
    "читайте також|також читайте|читай також|читайте ще|читати також|дивіться також|дивись також|також дивіться|"
    "читайте за темою|за темою|по темі|на тему|ще за темою|більше за темою|новини за темою|матеріали за темою|"
    "статті за темою"
    "|пов'язані новини|пов'язані матеріали|схожі новини|схожі матеріали|схожі статті|подібні новини|"
    "подібні матеріали|до теми|на цю тему|читайте більше|читати ще|також цікаво|цікаво|це цікаво|"
    "вам також сподобається|інші новини за темою|нагадуємо|раніше по темі"
    "|більше по темі|раніше|детальніше про це|деталі|докладніше|читайте далі|читайте раніше|читайте на нашому сайті|"
    "дивитися також|варто прочитати|рекомендуємо прочитати|рекомендуємо|радимо прочитати|радимо|не пропустіть|"
    "читайте детальніше|детальніше читайте|матеріал за темою",
    "читайте также|также читайте|читай также|смотрите также|смотри также|по теме|еще по теме|материалы по теме|"
    "новости по теме|похожие новости|похожие материалы|связанные новости|на эту тему|читайте еще|интересное|"
    "рекомендуем|рекомендуем прочитать|советуем прочитать|к теме|статьи по теме|не пропустите|читать также|"
    "вам будет интересно|подробнее читайте",
    "read also|also read|see also|also see|read more|read next|related|related news|related stories|related story|"
    "related articles|related article|related content|related posts|more on this|more on this story|"
    "more on this topic|read this next|up next|next up|watch also|also on|you may also like|you might also like|"
    "you may like|you might like|recommended|recommended stories|recommended for you|don't miss|must read|"
    "further reading|more like this|see more|keep reading|in other news|read our story|our earlier story|earlier|"
    "background|read about|what to read next|see also our|related reading|also of interest|more from this story",
)
#: At the end of a page: what follows is no longer the story.
AT_END = keys(
    "інші новини|більше новин|останні новини|свіжі новини|головні новини|популярні новини|популярне|найпопулярніше|"
    "найпопулярніші|топ новин|топ-новини|топ новини|топ дня|новини дня|читають зараз|зараз читають|найчитаніше|"
    "найбільш читане|обговорюють|вибір редакції|вибір редактора"
    "|вас може зацікавити|вам може бути цікаво|вас зацікавить|вам буде цікаво|може зацікавити|стрічка новин|"
    "усі новини|всі новини|усі новини розділу|більше новин розділу|новини партнерів|новини від партнерів|"
    "партнерські новини|інше за темою|ще новини|ще в розділі|у цьому розділі|останні публікації|останні статті|"
    "останнє|нове на сайті|сьогодні читають|новини сьогодні|новини розділу|ще цікаве|цікаве|головне за день|"
    "головне сьогодні|головне на зараз|головне за добу|головне за тиждень|"
    "головне зараз|тренди|у тренді",
    "другие новости|больше новостей|последние новости|свежие новости|главные новости|популярное|популярные новости|"
    "самое популярное|самое читаемое|сейчас читают|читают сейчас|топ новостей|выбор редакции|"
    "вас может заинтересовать|вам может быть интересно|лента новостей|все новости|новости партнеров|еще новости|"
    "новости дня|главное за день|новости сегодня|интересно",
    "other news|more news|latest news|latest|latest stories|recent news|recent posts|recent stories|top stories|"
    "top news|trending|trending now|popular|most popular|most read|most viewed|most shared|popular now|"
    "popular stories|editor's picks|editors' picks|editors' choice|editor's choice|more stories|more from us|"
    "more headlines|headlines|around the web|from the web|from around the web|sponsored stories|promoted stories|"
    "other stories|more in news|more in this section|in this section|today's top stories|what others are reading|"
    "people also read|others also read|trending stories|just in|news in brief|also in the news|elsewhere|best of|"
    "you may have missed|in case you missed it|latest headlines|more top stories|featured|featured stories|must reads",
)
_MORE_FROM = re.compile(
    r"(?i)(?:more (?:from|in|on|by|about)|більше (?:про|від|з|у|в|новин (?:у|в|про|з|за))|ещё? из|больше (?:из|от|"
    r"новостей (?:о|в|из)))\s[^:]{2,40}:?"
)
#: Words that before a colon may be the site's own sentence; alone on a line they are headings.
_NOT_INLINE = keys(
    "раніше|деталі|цікаво|цікаве|earlier|background|popular|latest|headlines|featured|last|останнє|популярне|"
    "докладніше|рекомендуємо|радимо|на тему|интересно|recommended|elsewhere|best of|tренди|нагадуємо|раніше по темі|"
    "популярное|trending|just in|раніше|read about|also on"
)
_WORDS = either((AMID | AT_END) - _NOT_INLINE)
_DASH = r"\s*(?::|\s[–—-]|[–—]|\s-|➡️|👉|→|>>|»|\|)\s*"
INLINE = re.compile(rf"(?i)[^\w]{{0,8}}(?:{_WORDS}){_DASH}(?=\S)")
AT_PARAGRAPH_END = re.compile(rf"(?i)(?<=[.!?…»”\")])\s+[^\w\s]*\s?(?P<label>{_WORDS}){_DASH}(?=\S)")


def is_heading(text: str) -> bool:
    return is_amid(text) or is_at_end(text)


def is_amid(text: str) -> bool:
    return len(text) <= 60 and key_of(text) in AMID


def is_at_end(text: str) -> bool:
    if len(text) > 60:
        return False
    line = spelled(text).strip(" :.»→>")
    return key_of(text) in AT_END or (_MORE_FROM.fullmatch(line) is not None and not is_call(text))


def after_label(text: str) -> int:
    """Return where the teaser after `Читайте також:` begins; 0 if the line does not begin so."""
    found = INLINE.match(spelled(text)) if len(text) <= 300 else None
    return found.end() if found else 0
