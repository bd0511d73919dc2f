"""Credits of pictures, alone or at the end of a caption."""

from __future__ import annotations

import re

from bot.domain.shapes.bylines import is_name
from bot.domain.shapes.words import is_sentence, key_of, keys, reports, spelled

_LONGEST = 140
_WHAT = (
    r"фотограф(?:ія|ії|ка)?|фото(?:графии|графия)?|відео|видео|ілюстраці[яї]|иллюстраци[яи]|скріншот|скриншот|"
    r"зображення|инфографика|інфографіка|колаж|коллаж|кадр"
    r"|photograph|photos?|picture|pic|image|images|illustration|video|screenshot|graphic|collage|infographic|"
    r"file photo|архівне фото|архивное фото"
)
_ABOUT = (
    r"(?:\s?(?:credits?|courtesy(?: of)?|by|from|via|source|sources|автор|надано|надане|надала|надав|надали|джерело|"
    r"с сайта|з сайту|із сайту|з архіву|из архива|від|від:|з|із|из"
    r"|предоставлено|ілюстративне|illustrative|ілюстраційне|иллюстративное|архівне|архив|архів))?"
)
_CREDIT = re.compile(rf"(?i)(?:{_WHAT}){_ABOUT}\s*[:/|–—-]\s*(?P<who>\S.{{0,79}})")
_CREDIT_WORDS = re.compile(
    rf"(?i)(?:{_WHAT})\s?(?:credits?|courtesy of|by|via|source|надано|надане|надала|надав|з відкритих джерел|"
    rf"из открытых источников|із соцмереж|з соцмереж|"
    r"из соцсетей|с сайта|з сайту|із сайту|з архіву|из архива)\s?(?P<who>\S.{0,59})?"
)
_LABELLED = re.compile(
    r"(?i)(?:credits?|image credit|автор фото|автори фото|автор знімка|фотограф|photographer|courtesy(?: of)?|"
    r"caption|підпис)\s*[:–—]\s*(?P<who>\S.{0,79})"
)
_ALONE = keys(
    "ілюстративне фото|фото ілюстративне|ілюстраційне фото|фото з відкритих джерел|фото: відкриті джерела|"
    "архівне фото|фото з архіву|скріншот|скріншот з відео"
    "|фото із соцмереж|фото з соцмереж|скріншот відео|колаж редакції|фото автора|фото авторки|фото редакції|"
    "фото надане пресслужбою|фото надано пресслужбою",
    "иллюстративное фото|фото иллюстративное|фото из открытых источников|архивное фото|фото из соцсетей|скриншот|"
    "скриншот видео|фото автора|фото из архива",
    "file photo|illustrative photo|illustrative image|stock photo|getty images|getty|shutterstock|unsplash|"
    "depositphotos|reuters|afp|ap photo|screenshot"
    "|photo courtesy|archive photo|stock image|handout|pa media|pexels|pixabay|istock|alamy|epa|представлене фото|"
    "укрінформ|уніан",
)
#: Without one of these no line has a credit.
_HINT = re.compile(rf"(?i)(?<!\w)(?:{_WHAT})\b|©\s?\w|getty|shutterstock|unsplash|depositphotos|reuters|\bafp\b|\bap\b")
_OFFICE = re.compile(
    r"(?i)прес|press|архів|архив|archive|соц|social|відкрит|открыт|open|з |із |из |with |court|screenshot|скрін|"
    r"скрин|family|сім|колаж|пол[іи]ц"
)
#: Where the credit in a caption begins.
_IN_CAPTION = re.compile(
    rf"(?ix)(?P<sign>\s*[/|©]\s*|\.\s+|\s*[(\[]\s*|\s+[—–-]\s+)(?:©\s*)?"
    rf"(?P<credit>(?:{_WHAT}){_ABOUT}\s*[:–—-]\s*\S.{{0,79}}|(?:{_WHAT})\s(?:credit|courtesy|by)\b.{{1,79}}"
    rf"|(?:getty\ images|shutterstock|unsplash|depositphotos|reuters|afp|ap|epa|pa\ media)\b.{{0,40}})[)\]]?"
)
_COPYRIGHT_IN_CAPTION = re.compile(r"(?P<sign>\s*[/|]?\s*©\s*)(?P<credit>\S.{1,59})")
#: A sentence about a picture, and in brackets whose it is.
_SHOWS = re.compile(
    r"(?:(?i:(?:a|an|the|this|in this|illustrative|file)\s"
    r"(?:photo(?:graph)?|image|picture|screenshot|illustration|view)\b|"
    r"на (?:цьому |архівному |архивном )?(?:фото|світлині|знімку|снимке)\b|"
    r"(?:архівне|ілюстративне|архивное) фото\b)"
    r").{10,}[.!?»”]\s\((?P<who>[^\W\d_][^().]{1,59})\)"
)
#: A picture's day with its year, and behind the stop a few names without one.
_DATED = re.compile(
    r".{8,}\b(?:19|20)\d\d(?:\s(?:року|року?|р|года|г))?\.\s"
    r"\(?(?P<who>[^\W\d_a-zа-яіїєґ][^.!?()]{1,79})\)?"
)
_SLASHED = re.compile(r"(?P<sign>\s/\s?)(?P<credit>©\s?\S.{1,59}|[^/.!?]{2,40})")


def is_credit(text: str) -> bool:
    """True if the line only says whose picture it is: `Фото: ДСНС`, `Credit: press office`, `Getty Images`."""
    if len(text) > _LONGEST:
        return False
    line = spelled(text).strip(" ()[]*📷📸🎥")
    if key_of(line) in _ALONE:
        return True
    found = _CREDIT.fullmatch(line) or _LABELLED.fullmatch(line) or _CREDIT_WORDS.fullmatch(line)
    return found is not None and _is_holder(found["who"] or "")


def holder_of(text: str) -> str:
    """Return whose picture it is, of a line that is a credit."""
    line = spelled(text).strip(" ()[]*📷📸🎥")
    found = _CREDIT.fullmatch(line) or _LABELLED.fullmatch(line) or _CREDIT_WORDS.fullmatch(line)
    return ((found["who"] if found else "") or line).strip(" .")


def _is_holder(who: str) -> bool:
    """True for a name, an agency or an address; a sentence after «Фото:» is reporting."""
    words = who.split()
    if len(words) > 9 or reports(who):
        return False
    starts = who[:1]
    looks = (
        not starts.isalpha() or starts.isupper() or "." in who.strip(".") or len(words) <= 2 or bool(_OFFICE.match(who))
    )
    return looks and not (is_sentence(who) and len(words) > 4)


def credit_in(text: str) -> tuple[str, str]:
    """Part a caption from the credit at its end: `("Міст після ремонту", "Фото: ДСНС")`; empty if it has none."""
    if len(text) > 2 * _LONGEST or not _HINT.search(text):
        return "", ""
    for pattern in (_IN_CAPTION, _COPYRIGHT_IN_CAPTION):
        for found in pattern.finditer(text):
            credit = found["credit"].strip(" )]")
            if found.end() == len(text) and found.start() > 0 and _is_ending(found, credit):
                stop = "." if found["sign"].startswith(".") else ""
                return text[: found.start()].rstrip() + stop, credit
    return "", ""


def _is_ending(found: re.Match[str], credit: str) -> bool:
    if "©" in found["sign"]:
        return len(credit.split()) <= 6 and not reports(credit)
    return is_credit(credit) or len(credit.split()) <= 5


def is_caption(text: str) -> bool:
    """True for a picture's caption with its credit: `Міст після ремонту / Фото: ДСНС`.

    A sentence is none, unless it says itself that it is about a picture: `The photo shows the bridge. (Jane Example)`.
    """
    if len(text) <= 2 * _LONGEST and _SHOWS.fullmatch(spelled(text)):
        return True
    words, credit = credit_in(text)
    if credit and is_name(words.removesuffix(".")):
        return True
    return bool(credit) and not is_sentence(words) and not reports(words) and len(words) <= _LONGEST


def is_dated_caption(text: str) -> bool:
    """True for a caption that ends with the day of the picture, and whose it is: `Міст, 12 квітня 2027 року. ДСНС`."""
    return len(text) <= 2 * _LONGEST and _DATED.fullmatch(spelled(text)) is not None
