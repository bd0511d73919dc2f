"""The lines around a story that came by e-mail: headers above it, greetings, and who to call below."""

from __future__ import annotations

import re

from bot.domain.shapes.words import is_sentence, key_of, keys, spelled

_FROM, _SUBJECT = "from", "subject"
_KEYS = {
    **dict.fromkeys(("від", "від кого", "from", "от", "от кого"), _FROM),
    **dict.fromkeys(("тема", "subject"), _SUBJECT),
    **dict.fromkeys(
        ("кому", "копія", "дата", "надіслано", "відправлено", "to", "cc", "bcc", "date", "sent", "reply-to", "копия",
         "отправлено", "важливість", "importance", "вкладення", "attachments"),
        "other",
    ),
}  # fmt: skip
_LONGEST = 250
#: What stands before a subject that says nothing of the story.
_PREFIXES = re.compile(
    r"(?i)^(?:\s*(?:re|fwd?|відп|пересл|отв|прес-?\s?реліз|пресс-?релиз|press release|реліз|анонс)\s*[:.!|–—-]\s*)+"
)
_FORWARDED = re.compile(
    r"(?i)[\s>-]*(?:forwarded message|original message|begin forwarded message|переслане повідомлення|"
    r"початок переадресованого повідомлення|пересылаемое сообщение|пересланное сообщение)\s*:?[\s-]*"
)
_GREETING = re.compile(
    r"(?i)(?:добр(?:ий день|ого дня|ого ранку|ий вечір)|вітаю|вітаємо|шановн\w+|вельмишановн\w+|колеги|друзі|"
    r"добрый день|здравствуйте|уважаем\w+|dear|hello|hi|good (?:morning|afternoon)|greetings)\b[^.?]{0,60}[!,.]?"
)
_PARTING = keys(
    "з повагою|із повагою|з найкращими побажаннями|щиро ваші|з пошаною|с уважением|"
    "best regards|kind regards|regards|sincerely|yours sincerely|best wishes|yours faithfully|many thanks"
)
_CONTACTS = keys(
    "контакти для змі|контакти для преси|контакт для преси|контакти для медіа|контакт для змі|контактна особа|"
    "контактні особи|для довідок|за додатковою інформацією|додаткова інформація для змі|довідки за телефоном|"
    "контакты для сми|контактное лицо|"
    "media contact|media contacts|press contact|press contacts|for media inquiries|media inquiries|"
    "for more information|for further information|notes to editors|contact for media"
)
_REACHED = (re.compile(r"\+?\d[\d\s()-]{8,18}\d"), re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"))
_MOST_WORDS = 12


def header_of(text: str) -> str:
    """Return `from`, `subject` or `other` for a line such as `Тема: …` of a mail's head; empty for none."""
    key, colon, _ = text.partition(":")
    return _KEYS.get(key_of(key), "") if colon and len(text) <= _LONGEST else ""


def is_head(kinds: list[str]) -> bool:
    """True if such lines one below the other are a mail's head, and no sentences with a colon."""
    return len(kinds) > 1 and _FROM in kinds and len(set(kinds)) > 1


def subject_in(text: str) -> str:
    """Return what a line of the subject says of the story."""
    return _PREFIXES.sub("", text.partition(":")[2]).strip()


def is_mail(text: str) -> bool:
    """True for a line of a mail that is never reporting: the mark of a forwarded one, or who to call."""
    line = spelled(text)
    if len(line) > _LONGEST:
        return False
    return (
        bool(_FORWARDED.fullmatch(line))
        or key_of(line) in _CONTACTS
        or (not is_sentence(line) and len(line.split()) <= _MOST_WORDS and all(each.search(line) for each in _REACHED))
    )


def is_greeting(text: str) -> bool:
    return len(text) <= 80 and bool(_GREETING.fullmatch(spelled(text).strip()))


def is_parting(text: str) -> bool:
    """True for what begins a signature: two hyphens, or `З повагою,`."""
    line = text.strip()
    return line in {"--", "—", "– –"} or (len(line) <= 60 and key_of(line) in _PARTING)
