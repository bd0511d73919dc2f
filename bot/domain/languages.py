"""Languages of articles: their codes, the names by which people call them, and which one a text is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.domain.clean import script

_NAMES = {
    "uk": "ua українська українською укр ukrainian украинский",
    "en": "eng англійська англійською англ english английский",
    "ru": "rus російська російською рос russian русский",
    "be": "белорусский білоруська belarusian беларуская",
    "bg": "болгарська bulgarian български",
    "cs": "cz чеська czech čeština",
    "de": "німецька german deutsch",
    "es": "іспанська spanish español",
    "fr": "французька french français",
    "hu": "угорська hungarian magyar",
    "it": "італійська italian italiano",
    "ka": "грузинська georgian",
    "lt": "литовська lithuanian lietuvių",
    "lv": "латиська latvian",
    "nl": "нідерландська dutch nederlands",
    "pl": "польська polish polski польский",
    "pt": "португальська portuguese português",
    "ro": "румунська romanian română",
    "sk": "словацька slovak slovenčina",
    "tr": "турецька turkish türkçe",
    "ar": "арабська arabic",
    "he": "іврит hebrew",
}
_CODES = {**{word: code for code, words in _NAMES.items() for word in words.split()}, **{code: code for code in _NAMES}}


def language_named(text: str) -> str:
    """Return the code of the language that somebody named; empty for a name that is none."""
    return _CODES.get(text.strip(" .").casefold(), "")


#: Letters that a language has and its neighbours in the same script have not.
_SIGNS = {
    "uk": "іїєґ", "ru": "ыэъё", "be": "ўі", "bg": "ъ", "pl": "ąęłńśźżć", "cs": "ěřůťďň", "sk": "ľĺŕôä", "de": "ßäöü",
    "fr": "çèêàùœâîëï", "es": "ñ¿¡", "pt": "ãõ", "ro": "ășțâî", "hu": "őűáéö", "tr": "ışğ", "lt": "ėįųūšž",
    "lv": "āēīūģķļņ", "it": "òìù",
}  # fmt: skip
_CYRILLIC = {
    "uk": frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
    "ru": frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "be": frozenset("абвгдеёжзійклмнопрстуўфхцчшыьэюя"),
    "bg": frozenset("абвгдежзийклмнопрстуфхцчшщъьюя"),
}
#: Frequent words, and endings (with a hyphen before them) that tell languages of one script apart.
_WORDS = {
    "uk": "та і й в у на що з до від за як це не для про які який через після буде було його її вже ще або також"
          " щодо під час"
          " де хто чи без між рада міст світло хліб вода дощ сніг суд пів"
          " -ння -ття -ють -ів -ові -еві -ських -ський -ська -ського -ій -ті -ться -тись -тися -али -или -ила"
          " -ала -иво -ку -ив -ав",
    "ru": "и в на что с по не для это как из от его её ее уже еще или также при который которые после будет был"
          " была было во об со"
          " где кто без мост свет хлеб вода дождь снег суд цена"
          " -ния -ние -ого -его -ый -ий -ая -ые -ых -ться -ешь -ает -ют -или -ать -ить -еть -ией -ели -ость -ов"
          " -ского -ском -ски",
    "be": "і ў на што з да ад за як гэта не для пра які яны яго або ці па -ння -ць -цца -аў -іў -ага -ыя",
    "bg": "и в на че с за от не се е са да по при като след това има беше който -ът -та -то -ите -ата -ията -ява -ха",
    "en": "the of and to in a is for on that with as by at from was are has it be this will after over who says"
          " their his her not"
          " an its but they were -ing -ed -tion -ly -ers -ight",
    "pl": "i w na z do nie się że o po jest za od przez jak przy był była są dla który która -ów -ego -ych -ki"
          " -nie -ość -ał -ła -ić -ować",
    "cs": "a v na je se že s z do o pro po od za jsou byl která který -ého -ých -ní -ova -osti -al -la",
    "sk": "a v na je sa že s z do o pre po od za sú bol ktorá ktorý -ého -ých -nie -ova -osti -al -la",
    "de": "der die das und in zu den mit von für ist im auf dem nicht ein eine sich als nach bei wird -ung -en"
          " -er -lich -keit -eise",
    "fr": "le la les de des et à en du un une que pour dans est sur au qui par plus avec ne pas se -tion -ment"
          " -eur -aux -ée",
    "es": "el la los las de y en que a un una por con del se para es su al lo más está -ción -ado -ada -dad -ción -os",
    "pt": "o a os as de e em que um uma por com do da se para é no na ao mais não -ção -ado -dade -ões",
    "it": "il la i le di e in che un una per con del della è si da al non nel gli dei lo -zione -ato -ità -are -ere",
    "ro": "și în de la cu pe a că un o din este pentru care nu se au fost mai al -ul -ului -ilor -ție -esc -ește -eni",
    "hu": "a az és hogy nem van egy is meg el csak már volt lesz -ban -ben -nak -nek -ság -ség -ott -ett -nál",
    "tr": "ve bir bu da de için ile olarak çok daha oldu olan ne -lar -ler -dan -den -yor -dı -di -mak -mek",
    "lt": "ir į iš kad su dėl yra bus po nuo ar tik kaip -as -is -us -ų -oje -ti -ai",
    "lv": "un ir ka no ar par uz pēc bet kā arī tika būs -as -is -os -ā -ts -šana",
    "nl": "de het een en van in is op te dat voor met zijn niet aan er om ook bij -ing -en -lijk -heid -ijk",
}  # fmt: skip
_WHOLE = {code: frozenset(word for word in words.split() if word[0] != "-") for code, words in _WORDS.items()}
_ENDINGS = {code: tuple(word[1:] for word in words.split() if word[0] == "-") for code, words in _WORDS.items()}
_OTHER_SCRIPTS = {"ARABIC": "ar", "HEBREW": "he", "GEORGIAN": "ka", "GREEK": "el", "ARMENIAN": "hy"}
#: From how often such letters stand in running text: і, ї, є make 7 % of Ukrainian, ы and э 2 % of Russian.
_SILENT = {
    "uk": 0.055, "ru": 0.02, "be": 0.15, "bg": 0.03, "pl": 0.04, "cs": 0.05, "sk": 0.05, "lt": 0.05, "lv": 0.06,
    "hu": 0.06, "tr": 0.04, "ro": 0.03, "de": 0.02, "fr": 0.02, "es": 0.01, "pt": 0.02, "it": 0.01, "nl": 0.01,
}  # fmt: skip
#: Words that are read; a language shows itself well before.
_READ = 400
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: How much more must tell of another language than of the desk's own.
_DOUBT = 0.6
#: The languages that a Ukrainian desk mostly gets; of another one more must tell.
_USUAL, _STRANGER = frozenset(("uk", "ru", "en")), 2.0
#: Weight of a letter that only this language has, and of one that it has not, against a frequent word's 1.
_OWN, _FOREIGN, _ENDING = 1.5, 2.0, 0.5


def language_in(text: str, fallback: str = "") -> str:
    """Return the code of the language that the text is in; `fallback` if nothing in it tells otherwise."""
    words = [word.casefold() for word in _WORD.findall(text[:20_000])[:_READ]]
    scripts = Counter(script(char) for word in words[:100] for char in word[:3])
    if not words or not scripts:
        return fallback
    main = scripts.most_common(1)[0][0]
    if main in _OTHER_SCRIPTS:
        return _OTHER_SCRIPTS[main]
    cyrillic = main == "CYRILLIC"
    codes = [code for code in _WORDS if (code in _CYRILLIC) == cyrillic] if main in {"CYRILLIC", "LATIN"} else []
    letters = sum(map(len, words))
    times = Counter(words)
    scores = {
        code: sum(_score(word, code) * n for word, n in times.items()) - _silence(words, code) * letters
        for code in codes
    }
    if not scores:
        return fallback
    likely = fallback if fallback in scores else "uk" if cyrillic else "en"
    found = max(scores, key=lambda code: scores[code])
    doubt = _DOUBT if found in _USUAL else _STRANGER
    return found if scores[found] - scores[likely] > doubt else likely


def _silence(words: Sequence[str], code: str) -> float:
    """The cost of each letter of a text that shows none of the letters which the language uses all the time."""
    signs = _SIGNS.get(code, "")
    return _SILENT.get(code, 0.0) if not any(sign in word for word in words for sign in signs) else 0.0


def _score(word: str, code: str) -> float:
    score = 1.0 if word in _WHOLE[code] else _ENDING * (len(word) > 3 and word.endswith(_ENDINGS[code]))
    signs = set(word)
    score += _OWN * len(signs & set(_SIGNS.get(code, "")))
    if code in _CYRILLIC:
        score -= _FOREIGN * len({char for char in signs if char.isalpha()} - _CYRILLIC[code] - {"'", "’", "ʼ"})
    elif any(ord(char) > 127 for char in word):
        score -= _FOREIGN * len(
            {char for char in signs if ord(char) > 127 and char.isalpha()} - set(_SIGNS.get(code, "")) - set("éáíóúö")
        )
    return score
