"""Lines that say who wrote an article, and what a name looks like."""

from __future__ import annotations

import re

from bot.domain.shapes.words import key_of, spelled

_LONGEST = 120
#: `Reporting by …; Additional reporting by …; Editing by …`
_MOST_PARTS = 4
_PART = r"[A-ZА-ЯІЇЄҐЁ][\w'’ʼ]*(?:-[A-ZА-ЯІЇЄҐЁ]?[\w'’ʼ]+)*\.?"
_NAME = rf"{_PART}(?:\s+{_PART}){{0,3}}"
_NAMES = rf"{_NAME}(?:(?:\s*[,&]\s*|\s+(?:and|та|і|й|и)\s+){_NAME}){{0,3}}"
_FULL_NAME = re.compile(rf"{_PART}(?:\s+{_PART}){{1,2}}")
_ROLES = (
    "журналіст|журналістка|кореспондент|кореспондентка|редактор|редакторка|редактор стрічки|редакторка стрічки|"
    "шеф-редактор|шеф-редакторка"
    "|головний редактор|головна редакторка|оглядач|оглядачка|автор|авторка|фотограф|фотографка|репортер|репортерка|"
    "колумніст|колумністка"
    "|випусковий редактор|випускова редакторка|редактор новин|редакторка новин|власкор|спеціально для|"
    "журналіст відділу новин|фотокореспондент"
    "|ведучий|ведуча|стажер|стажерка|аналітик|аналітикиня|перекладач|перекладачка|блогер|блогерка|менеджер|smm-менеджер"
    "|журналист|журналистка|корреспондент|корреспондентка|обозреватель|обозревательница|главный редактор|колумнист|"
    "репортёр|шеф-редактор|автор статьи"
    "|staff writer|reporter|correspondent|editor|staff reporter|senior writer|contributor|contributing writer|"
    "columnist|photographer"
    "|news editor|chief editor|editor-in-chief|journalist|senior reporter|political editor|city reporter|"
    "special correspondent|freelance writer"
    "|staff writers|reporters|news reporter|producer|desk editor|associate editor|managing editor|deputy editor|"
    "local democracy reporter"
    "|political correspondent|business reporter|health reporter|education reporter|crime reporter|sports writer|"
    "staff|web editor|author"
)
_ROLE = frozenset(key_of(role) for role in _ROLES.split("|"))
_ROLE_HEADS = frozenset(
    [
        "журналіст",
        "журналістка",
        "кореспондент",
        "кореспондентка",
        "редактор",
        "редакторка",
        "оглядач",
        "оглядачка",
        "фотограф",
        "репортер",
        "репортерка",
        "журналист",
        "журналистка",
        "корреспондент",
        "корреспондентка",
        "обозреватель",
        "reporter",
        "correspondent",
        "editor",
        "writer",
        "journalist",
        "columnist",
        "contributor",
        "photographer",
        "writers",
        "reporters",
        "editors",
    ]
)
_LABEL = (
    r"автор(?:ка|и)?(?:\s(?:статті|матеріалу|тексту|публікації|новини|статьи|материала|текста))?|текст|слова|"
    r"матеріал|редактор(?:ка)?|кореспондент(?:ка)?"
    r"|журналіст(?:ка)?|журналист(?:ка)?|корреспондент(?:ка)?|підготу(?:вав|вала|вали)|підготовка|написа(?:в|ла|л)|"
    r"опублікува(?:в|ла)|подготовил[аи]?"
    r"|матеріал підготу(?:вав|вала|вали)|материал подготовил[аи]?|додав|додала|розмістив|розмістила|переклад|"
    r"переклав|переклала"
    r"|authors?|byline|by|written by|text by|text|words by|words|story by|reported by|"
    r"(?:additional )?reporting by|report by|posted by|published by|writer|reporter"
    r"|edited by|editor|editing by|translated by|article by|from our correspondent|compiled by|contributed by|"
    r"author's name"
)
_LABELLED = re.compile(
    rf"(?P<label>(?i:{_LABEL}))(?P<gap>\s*[:–—|-]\s*|\s+)(?P<name>{_NAMES})(?P<role>[,|/–—(-].{{2,50}}|\s+in\s+{_NAMES})?\s*[.)]?"
)
_SIGNED = re.compile(rf"(?P<name>{_NAMES})\s*[,|/–—(]\s*(?P<role>[^.!?]{{3,60}}?)\)?")
#: Whom a name wrote for: `Олена Приклад, «Вісник»`, `Олена Приклад, для «Вісника»`.
_OUTLET = re.compile(r"(?i)(?:для|спеціально для|for|специально для)?\s*[«“\"][^«»“”\"]{2,40}[»”\"]")
_HANDLE = re.compile(r"(?i)(?:by|автор:?)\s+@\w+|@\w+\s+\|\s+.+")
_NEED_COLON = frozenset(("текст", "слова", "матеріал", "text", "words", "переклад", "підготовка", "byline"))
_OURS = re.compile(
    r"(?i)(?:by|автор:?|source:?)?\s*(?:our correspondent|own correspondent|staff|newsroom staff|редакція|редакция|"
    r"news desk|admin|адмін|"
    r"прес-служба|пресслужба|наш кор\.?|власний кореспондент|наш кореспондент|наш корреспондент|associated press|"
    r"newsroom)"
)
_NOT_NAMES = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "in",
        "on",
        "of",
        "for",
        "is",
        "new",
        "old",
        "my",
        "our",
        "your",
        "this",
        "that",
        "він",
        "вона",
        "ми",
        "це",
        "як",
        "що",
        "на",
        "до",
    ]
)


def is_byline(text: str) -> bool:
    """True if the line names the author or a role: `By Sam Example`, `Автор: О. Приклад`, `редакторка стрічки`."""
    parts = text.split(";")
    if 1 < len(parts) <= _MOST_PARTS and all(author_of(part) for part in parts):
        return True
    if len(text) <= _LONGEST and key_of(text) in _ROLE:
        return True
    return bool(author_of(text)) or (len(text) < 40 and bool(_OURS.fullmatch(text.strip(" .,|"))))


def author_of(text: str) -> str:
    """Return the author that a byline names; empty if the line is none."""
    line = spelled(text).strip(" .|•·\u00a0✍️📝👤🖊") if len(text) <= _LONGEST else ""
    if not line:
        return ""
    found = _LABELLED.fullmatch(line)
    if found and _is_labelled(found):
        return found["name"].strip(" ,.&")
    if _HANDLE.fullmatch(line):
        return line
    signed = _SIGNED.fullmatch(line)
    if signed and _is_role(signed["role"]) and is_name(signed["name"].split(",")[0]):
        return signed["name"].strip(" ,")
    return ""


def _is_labelled(found: re.Match[str]) -> bool:
    label, gap = found["label"].casefold(), found["gap"].strip()
    if not gap and label in _NEED_COLON:
        return False
    if gap and label not in {"by", "from"}:
        return True
    role = found["role"]
    return not role or len(role.split()) <= 7


def _is_role(text: str) -> bool:
    if _OUTLET.fullmatch(text.strip()):
        return True
    words = key_of(text)
    return words in _ROLE or any(part in _ROLE_HEADS for part in words.split()[:4])


def is_name(text: str) -> bool:
    """True for two or three words with capitals, such as a person's name; also `О. Приклад`."""
    line = spelled(text).strip(" ,|•·✍️📝👤🖊")
    if len(line) > 50 or not _FULL_NAME.fullmatch(line) or line.isupper():
        return False
    words = line.split()
    return not any(word.casefold() in _NOT_NAMES for word in words) and not line.endswith((".", "!", "?"))
