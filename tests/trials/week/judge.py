"""What a message is: by its buttons and by what the store says of it; news by the notices that were told with it.

No text is known here by its words. Which text belongs to which news is learned from the week itself: it is the news
that was told whenever the text came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

from bot.domain.news import NEWS
from tests.helpers.catalogue import forms, messages, texts_of
from tests.helpers.shown import Template, templates
from tests.trials.week.record import Message
from tests.trials.week.script import MARK

#: News that go to all, always, also at night.
ALARMS = frozenset(
    {
        "halted", "resume_asked", "resumed", "published_alone", "platform_down", "platform_back", "platform_held",
        "platform_misconfigured", "log_altered", "rows_altered", "rules_changed", "rules_wait", "disk_full",
    }
)  # fmt: skip
#: What somebody of the desk answered, and what somebody changed.
DECISIONS = frozenset({"approved", "reviewed", "decided", "cancelled"})
CHANGES = frozenset({"approval_void", "approval_revoked", "shifted", "editing"})
OUT = frozenset({"complete"})


def is_alarm(message: Message) -> bool:
    """True if it is news that may ring at night: by its name, or by the house's own word for it."""
    return message.kind in ALARMS or getattr(NEWS.get(message.kind), "matter", "") == "alarm"


def rings_everywhere(message: Message) -> bool:
    """True if it is news that comes on all apps of a person at once, because one of them may not be theirs to hear."""
    return is_alarm(message) or getattr(NEWS.get(message.kind), "on_every_app", False)


@cache
def _templates() -> list[Template]:
    # An app that somebody has not written from yet is spoken to in the house's first language.
    said = [(language, message) for language in ("en", "uk") for message in messages(texts_of(language))]
    texts = [(forms(message.id)[0], language, form) for language, message in said for form in forms(message.string)]
    # A text of a few letters stands in many a sentence.
    return [each for each in templates(texts) if each.weight > 5]


def text_of(message: Message) -> str:
    """Return the text of the catalogue that a message says: the one with most words of its own."""
    for template in _templates():
        if next(template.spans_in(message.came), None) is not None:
            return min(template.says)[0]
    return ""


def judge(every: Iterable[Message]) -> None:
    """Give each message its kind."""
    every = list(every)
    for message in every:
        message.kind = _by_structure(message)
    plain = [message for message in every if not message.kind]
    for message in plain:
        message.about = text_of(message)
    codes = _codes_by_text(plain)
    for message in plain:
        message.kind = "answer" if message.answers else codes.get(message.about, "") or "other"


def _by_structure(message: Message) -> str:
    acts = {press.action for press in message.offered}
    if acts & {"approve", "reject"}:
        return "question"
    if acts & {"appeared", "post_again"}:
        return "doubt"
    if "look_back" in acts:
        return "looked-at"
    if message.name.startswith("countdown:") or acts == {"undo"}:
        return "countdown"
    if message.shown in ("card", "whole"):
        return "card"
    if message.shown == "editing":
        return message.shown
    # Below other news, Viber's keyboard may lead to a question that the message does not name.
    if any(each.action == "see_question" and f"#{each.article} " in message.came for each in message.offered):
        return "questions"
    if not acts and MARK in message.came.partition("\n")[0] and not message.came.startswith("#"):
        return "preview"
    return ""


def _codes_by_text(plain: Iterable[Message]) -> dict[str, str]:
    """Return by text the news that it most likely says: told nearly always when it came, and seldom otherwise."""
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    texts, codes = Counter[str](), Counter[str]()
    for message in plain:
        # What is said once more later, on the other app, comes without its news.
        if message.news and not message.answers:
            texts[message.about] += 1
            codes.update(message.news)
            together[message.about].update(message.news)
    return {text: _likeliest(found, texts[text], codes) for text, found in together.items() if found}


def _likeliest(found: Counter[str], times: int, codes: Counter[str]) -> str:
    """Return the news that was told most of the `times`; of several, the one that was told least besides."""
    code = max(found, key=lambda each: (found[each] / times, found[each] / codes[each]))
    return code if found[code] > times / 2 else ""
