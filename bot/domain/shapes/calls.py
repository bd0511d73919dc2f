"""Calls to subscribe, to follow, to support; and what looks like one but is reporting."""

from __future__ import annotations

import re

from bot.domain.shapes.words import key_of, keys, reports, sentences_of, spelled

#: Longest call, in characters; a longer paragraph is reporting.
CALL_LIMIT = 300
#: Most words of a channel's name before its links.
_NAME_WORDS = 4
_PLACES = (
    r"telegram|телегра|телеграм|viber|вайбер|whatsapp|вотсап|youtube|ютуб|facebook|фейсбук|instagram|інстаграм|"
    r"инстаграм|tiktok|тікток|twitter|твіттер|google\ news|google\ новин|linkedin|threads"
    r"|channel|канал|newsletter|розсилк|рассылк|our\ page|our\ social|сторінк|страниц|соцмереж|соцсет|social\ media|"
    r"podcast|подкаст|спільнот|сообществ|групу|группу|групі|app\b|застосун|додаток|t\.me"
    r"|updates|alerts|оновлен|briefing|patreon|патреон|чат\b|чату\b"
)
_US = r"\b(?:us|our|нас|нам|нами|наш\w*|ours)\b"
_TO_US = re.compile(rf"(?i){_US}")
_PLACE = re.compile(rf"(?ix){_PLACES}")
_OPENING = re.compile(
    r"""(?ix) [^\w]{0,8} (?:
      (?:і\s|та\s|а\s|also\s|и\s|також\s|просто\s|please\s|будь\ ласка,?\s|пожалуйста,?\s)?
      (?: (?:під|под)пи(?:суй|ши|шіть|сывай|шит)\w*(?:с[ьяє]|ся|сь)? \b | підписатис[ья] | подписаться
        | (?:при|до)єдну(?:й|йт)\w* | долуч(?:ай|и|іт)\w* | приєдна(?:тися|йся|йтеся|йтесь) | присоединя(?:й|йт)\w*
            | вступа(?:й|йт)\w* | заход(?:ь|ьте)\b | заходите\b
        | (?:сте|слі|сле)(?:жте|дкуй\w*|дите|ди)\b | читай(?:те)?\ (?:нас|наш\w*|нам|новини|новости|більше|больше
            |ще\ більше|також\ нас|оперативн\w*|головн\w*)
        | дивіться\ нас | дивись\ нас | смотрите\ нас | шукайте\ нас | ищите\ нас | знайти\ нас | дізнавай\w*
            | дізнай\w* | узнавай\w* | отримуй\w* | получай\w*
        | ставте?\ (?:лайк|вподоб)\w* | ставьте\ лайк\w* | тисни\w* | натискай\w* | жми\w* | увімкн\w*\ сповіщ\w*
            | включай\w*\ уведомл\w* | вмикай\w*\ сповіщ\w*
        | підтрим(?:ай|уй)\w* | поддерж(?:и|ите)\w*\b | задонать\w* | донать\w* | додай(?:те)?\ (?:нас|вісник|наш\w*)
            | додавай\w*\ нас | обирай\w*\ нас | встанов\w*\ (?:наш|застос)\w* | завантаж(?:уй|те|ити)\w*
        | скача(?:й|йте|ть)\w* | поширюй\w* | поділи(?:ться|сь)\ (?:цим|цією|новин|з\ друз)\w*.* | пиш(?:іть|и
            |ите)\ нам | надсилай\w*\ нам | присылай\w*\ нам
        | subscribe\b | follow\b | join\b | read\ us | sign\ up\b | find\ us | like\ us | watch\ us | listen\ to\ us
            | get\ (?:the|our|more|breaking|daily|news|all|your)\b | stay\ (?:up|tuned|informed|connected|in)
            | keep\ up\b
        | support\ (?:us|our|independent)\b | donate\b | become\ a\ (?:member|patron|supporter|subscriber)\b
            | download\ (?:our|the)\b | turn\ on\b | don't\ miss\b | check\ out\ our\b | visit\ our\b
            | connect\ with\ us | add\ us | sign-up\b | click\ here\b | tap\ here\b
        | never\ miss\b | receive\b | start\ your\ day\ with\b | register\ for\ our\b | join\b
      ) )"""
)
#: Beginnings of calls without a verb: `Ми в Telegram`, `Більше новин у нашому каналі`, `Our Telegram channel`.
_WITHOUT_VERB = re.compile(
    rf"""(?ix) [^\w]{{0,8}} (?:
      (?:ми|мы|we\ are|we're|вісник|наш\w*|our) \s (?:у|в|на|on|are\ on|now\ on)? \s? (?:{_PLACES}) .{{0,80}}
    | (?:більше|ще\ більше|більш|всі|усі|головні|останні|важливі|оперативні|швидкі|найважливіші|решта|больше
        |еще\ больше|все|главные|срочные|последние|more|all\ the|latest|the\ latest|breaking) \s
      (?:\w+\s){{0,3}} (?:новин\w*|новост\w*|news|stories|updates|інформаці\w*|информаци\w*|подробиц\w*|подробност\w*
          |цікавого|интересного|фото|відео|матеріал\w*|материал\w*) \b
      (?:\s\w+){{0,3}}? \s? (?:[–—:-]\s?)? (?:у|в|на|тут|on|in|via|at|follow|follow\ us|читайте|дивіться
          |за) \s .{{0,80}}
    | (?:тільки|лише|only|только) \s (?:\w+\s){{0,2}} (?:перевірен\w+|verified|проверенн\w+|достовірн\w+
        |trusted) \s (?:інформаці\w*|information|информаци\w*|новин\w*|news|новост\w*|дані) .*
    | (?:наш\w*|our) \s (?:\w+\s){{0,2}} (?:{_PLACES}) .{{0,80}}
    | (?:telegram|телеграм|viber|youtube|instagram|facebook|канал\w*)[\s-]*(?:канал|channel|page
        |сторінка)? \s* [«"“(:|–—-] .{{0,60}} (?:підпис|подпис|subscribe|follow|join|t\.me|https?://) .{{0,60}}
    )"""
)
_SMALL = keys(
    "не ведіться на фейки|не ведитесь на фейки|do not fall for fakes|don't fall for fakes|будьте в курсі|"
    "будь в курсі|будьте в курсі подій|будьте в курсе|завжди на зв'язку|залишайтеся з нами|залишайтесь з нами"
    "|дякуємо, що ви з нами|дякуємо, що читаєте нас|оставайтесь с нами|спасибо, что вы с нами|stay with us|"
    "stay tuned|stay informed|thank you for reading|thanks for reading|слава україні|підписуйтесь|підписуйтеся"
    "|підпишись|підпишіться|підписатися на канал|підписатись на канал|підписатися на новини|підписатися на розсилку|"
    "подписаться на канал|подписывайтесь|подпишись|подпишитесь|підписатися на вісник|прислати новину|"
    "надіслати новину|наш чат"
    "|наш сайт|написати нам|запропонувати новину|інші наші канали|наші канали|ми у соцмережах|ми в соцмережах|"
    "мы в соцсетях|наші соцмережі|follow us|join us|subscribe now|subscribe today|our channels|our socials|"
    "contact us|our website|our site|we need your help|become a member|support independent journalism"
    "|subscribe to our channel|предложить новость|прислать новость|резервний канал|зв'язок|зворотний зв'язок|"
    "бот для зв'язку|чат-бот|реклама|реклама у нас|з питань реклами|співпраця|обратная связь|по вопросам рекламы|"
    "надіслати інформацію"
    "|написати в редакцію|поскаржитися|instagram|tiktok|youtube|facebook|twitter|x|viber|telegram|whatsapp|сайт|site|"
    "website|чат|chat|канал|channel|новини|підписатися|підписатись|підписка|подписаться|subscribe|join|follow",
)
#: A paragraph that praises a newsletter, and how to get it.
_NEWSLETTER = re.compile(
    r"(?i).{0,80}\bnewsletter\b.{0,160}\b(?:sign up|subscribe)\b.{0,30}|.{0,60}(?:вдячні|дякуємо|благодарны).{0,40}"
    r"(?:підтрим|поддерж)\w+ (?:нас|наш\w*|редакці\w*|редакци\w*).{0,60}"
)
_HANDLE = re.compile(
    r"(?:[^\w@]{0,9}@[a-z0-9_]{4,32})+[^\w@]*|[^\w]{0,8}(?:https?://)?(?:(?:t\.me|telegram\.me)/\+?\w+/?|(?:invite|"
    r"chats)\.viber\.com/\S+)",
    re.IGNORECASE,
)
_LED = re.compile(
    r"(?P<words>.{0,120}?)\s*(?:[:–—-]\s*)?(?:https?://\S+|(?:t\.me|instagram\.com|facebook\.com|youtube\.com)/\S+|"
    r"@[a-z0-9_]{4,32})[^\w]{0,8}",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*[|•·┃│]\s*|\s+/\s+|\s{3,}")
#: A call's neighbours in one paragraph: a question to the reader, or a few words with an exclamation mark.
_QUESTION = re.compile(
    r"(?i)[^\w]{0,8}(?:(?:хоче(?:те|ш)|бажаєте|шукаєте|подобаєт\w+|сподобал\w+|любите|цікав\w+|не\ хочете|маєте|є\ що|"
    r"бачили|стали|ви\s|хотите|нравится|понравил\w+|хочешь|want|like|love|enjoy\w*|looking|do\ you|did\ you|"
    r"have\ you|got\ a|need|interested|liked|would\ you)\b[^.!]{0,120})\?\W*"
)
_NOT_TO_MISS = re.compile(
    r"(?i)не пропус|не проґав|бути в курсі|першим|отримувати новини|дізнавати|быть в курсе|узнавать"
    r"|so that you (?:don't|never)"
)
_ABOUT_OTHERS = re.compile(
    r"(?i)\b(?:on|у|в|на)\s+(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|понеділок|вівторок|середу|"
    r"четвер|п'ятницю|суботу|неділю)\b|\d{1,2}:\d\d"
)


def is_call(text: str) -> bool:
    """True if nothing in the line but a call to the reader is said."""
    if len(text) > CALL_LIMIT or not text:
        return False
    line = spelled(text)
    if _HANDLE.fullmatch(line) or (key_of(line) in _SMALL and not _is_bare(line)) or _is_row(line):
        return True
    if _NEWSLETTER.fullmatch(line) and not reports(line):
        return True
    sentences = sentences_of(line)
    calls = [_is_call(sentence) for sentence in sentences]
    if not any(calls):
        return False
    beside = [is_companion(each) for each in sentences]
    return all(call or other for call, other in zip(calls, beside, strict=True))


def is_doubtful(text: str) -> bool:
    """True for a line that begins as a call does but may be reporting: advice to follow the rescuers' channel."""
    line = spelled(text)
    return (
        len(line) <= CALL_LIMIT
        and bool(_OPENING.match(line))  # few lines get further: what takes longer comes after it
        and bool(_PLACE.search(line))
        and not reports(line)
        and not is_call(text)
    )


def without_call(text: str) -> str:
    """Return the text without the calls at its end; the text itself if it has none, or is nothing else."""
    line = spelled(text)
    if not _PLACE.search(line[-CALL_LIMIT:]):
        return text
    sentences = sentences_of(line)
    kept = len(sentences)
    while kept and (_is_call(sentences[kept - 1]) or (kept < len(sentences) and _is_question(sentences[kept - 1]))):
        kept -= 1
    if kept in (0, len(sentences)):
        return text
    cut = line.rfind(sentences[kept])
    return text[:cut].rstrip() if cut > 0 and len(line) == len(text) else text


def is_companion(sentence: str) -> bool:
    return _is_question(sentence) or _is_short(sentence) or key_of(sentence) in _SMALL


def _is_question(sentence: str) -> bool:
    return bool(_QUESTION.fullmatch(sentence))


def _is_short(sentence: str) -> bool:
    return len(sentence.split()) <= 6 and sentence.rstrip().endswith("!") and not reports(sentence)


def _is_call(sentence: str) -> bool:
    # Whether it reports takes the longest, and is asked of the few that read like a call.
    return _reads_like_a_call(sentence) and not reports(sentence) and not _ABOUT_OTHERS.search(sentence)


def _reads_like_a_call(sentence: str) -> bool:
    if key_of(sentence) in _SMALL and not _is_bare(sentence):
        return True
    if _HANDLE.fullmatch(sentence):
        return True
    led = _LED.fullmatch(sentence) if "@" in sentence or "/" in sentence else None
    if led and key_of(led["words"]) in _SMALL and not _is_bare(led["words"]):
        return True
    if led and (_OPENING.match(led["words"]) or _WITHOUT_VERB.fullmatch(led["words"] + " у telegram")):
        return True
    if _WITHOUT_VERB.fullmatch(sentence):
        return bool(_TO_US.search(sentence) or _PLACE.search(sentence))
    if not _OPENING.match(sentence):
        return False
    if _TO_US.search(sentence):
        return True
    return len(sentence) <= 110 and bool(_PLACE.search(sentence)) and not _is_advice(sentence)


#: Single words that are a call even alone.
_SUBSCRIBE = {
    "підписуйтесь",
    "підписуйтеся",
    "підпишись",
    "підпишіться",
    "подписывайтесь",
    "подпишись",
    "подпишитесь",
    "підписатися",
    "підписатись",
    "подписаться",
    "subscribe",
}


def _is_bare(line: str) -> bool:
    """True for one word such as `Telegram` or `Новини`, which alone may be a sub-head."""
    return len(key_of(line).split()) == 1 and key_of(line) not in _SUBSCRIBE


def _is_advice(sentence: str) -> bool:
    """True if the sentence sends readers to somebody else's place, or has a subordinate clause as reporting does."""
    if _NOT_TO_MISS.search(sentence):
        return False
    return bool(
        re.search(
            r"(?i),\s(?:щоб|аби|якщо|який|яка|яке|чтобы|если|who|which|if|so that)\b|\b(?:дснс|міськради|мвс|оva|ова|"
            r"дтек|police|council|ministry|міністерств\w*|поліці\w*|rescuers|рятувальник\w*|mayor|мера|петиці\w*|"
            r"petition)\b",
            sentence,
        )
    )


def _is_row(line: str) -> bool:
    """True for the links under a channel's post: `Підписатися | Надіслати новину | Чат`."""
    parts = [part for part in _ROW.split(line) if key_of(part)]
    if len(parts) > 1 and len(parts[0].split()) <= _NAME_WORDS and "@" in line:
        parts = parts[1:] + parts[-1:]  # the channel's own name may lead
    return (
        len(line) <= 160
        and len(parts) > 1
        and all(key_of(part) in _SMALL or bool(_HANDLE.fullmatch(part)) or _is_call(part) for part in parts)
        and any(len(key_of(part).split()) > 1 or not _is_bare(part) or _HANDLE.fullmatch(part) for part in parts)
    )
