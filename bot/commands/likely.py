"""The commands that a mistyped one may mean: other words, slips of the finger, look-alike letters, the other layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from bot.commands.table import Command
from bot.domain.layouts import LAYOUTS

#: The most that are offered, and the least likeness of one, in percent.
MOST, LEAST = 3, 66
#: A word that is the beginning of a name is taken for it from this many letters on, with this likeness.
BEGINNING, BEGUN = 3, 90

#: Other words that people type for a command.
SYNONYMS: Mapping[str, str] = {
    "queue": "new add article create draft paste додати створити стаття матеріал чернетка нова",
    "list": "лист waiting pending all ls список усе що",
    "show": "view see open info card preview переглянути глянути картка відкрити",
    "edit": "change fix correct update rewrite правити редагувати виправити поправити",
    "at": "time schedule when timing plan запланувати коли о",
    "next": "slot later наступний наступне слот",
    "submit": "review ask approval погодження здати надіслатинапогодження",
    "approve": "ok accept yes confirm погодити схвалити підтвердити",
    "now": "publish post send release go опублікувати опублікуй випустити відправити публікація",
    "urgent": "breaking alert терміново срочно блискавка",
    "undo": "back return revert restore назад відкотити відмінити",
    "cancel": "delete drop abort kill видалити відмінити прибрати",
    "swap": "exchange switch обмін обміняти",
    "pause": "hold wait зачекати притримати",
    "week": "plan calendar schedule план календар розклад",
    "who": "readers delivered sent хто доставлено",
    "resend": "again repeat retry повторити ще",
    "stopsend": "abort stop зупинити припинити",
    "log": "audit protocol лог протокол",
    "history": "versions diff версії зміни",
    "story": "chain thread followups ланцюжок",
    "halt": "stopall emergency panic freeze аварія зупинити",
    "resume": "continue unhalt відновити",
    "doubts": "unsure uncertain непевні",
    "team": "people users staff members люди редакція",
    "invite": "adduser join запрошення",
    "remove": "kick fire звільнити",
    "help": "commands menu man допоможи меню команди довідка",
    "link": "connect звязок",
}

#: Letters of the two alphabets that look alike.
_ALIKE = (str.maketrans("аеіоркстухмнвѕј", "aeiopkctyxmhbsj"), str.maketrans("aeiopkctyxmhb", "аеіоркстухмнв"))


def likeliest(typed: str, sayable: Iterable[Command]) -> list[Command]:
    """Return the commands among `sayable` that `typed` may mean, the likeliest first."""
    words = {typed.casefold(), *(typed.casefold().translate(each) for each in (*LAYOUTS, *_ALIKE))}
    found = [(max(_likeness(word, command) for word in words), command) for command in sayable]
    found = sorted((each for each in found if each[0] >= LEAST), key=lambda each: -each[0])
    return [command for _, command in found[:MOST]]


def _likeness(word: str, command: Command) -> float:
    """Return how alike a word is to a command, in percent: to its own names, or a little less to other words for it."""
    own = max(_alike(word, name) for name in command.names)
    others = (_alike(word, name) for name in SYNONYMS.get(command.name, "").split())
    return max(own, *(likeness - 1 for likeness in others), 0)


def _alike(word: str, name: str) -> float:
    if len(word) >= BEGINNING and name.startswith(word) and word != name:
        return BEGUN
    return max(fuzz.ratio(word, name), 100 * DamerauLevenshtein.normalized_similarity(word, name))
