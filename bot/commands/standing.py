"""An article's standing with the desk, on its card: who approved, who said no and why."""

from __future__ import annotations

from bot.commands.fit import Part, Weight, clip, weighed
from bot.commands.obstacles import NOBODY_YET, ON_CARD
from bot.commands.talk import Line, Talk
from bot.domain.people import Person
from bot.domain.readiness import Obstacle
from bot.domain.review import Verdict
from bot.newsroom.card import Card
from bot.newsroom.newsroom import IN_HOUSE
from bot.newsroom.situation import Situation
from bot.texts import text_id

SAID_NO = {
    Verdict.CHANGES: text_id("✏️ {person} asks for changes: “{reason}”"),
    Verdict.REJECT: text_id("⛔ {person} rejected it: “{reason}”"),
}
#: A reason fills no more than two lines of a phone; all of it was sent to the author.
REASON = 50
#: People who are named on a card, and the characters of each name.
NAMED = 3
NAME = 20


def standing(talk: Talk, card: Card, *, asking: bool = False) -> list[Part]:
    """`asking`: on the question for approval, which says itself that an approval is wanted."""
    parts = weighed(Weight.NEEDED, _approved(talk, card.situation, asking=asking))
    if card.editors:
        names = ", ".join(person.title for person in card.editors)
        parts.append((Weight.STANDING, clip(talk.words("✏️ Being edited by {names}", names=names), 2)))
    return [*parts, *weighed(Weight.STANDING, _said_no(talk, card.situation))]


def _approved(talk: Talk, situation: Situation, *, asking: bool) -> list[Line]:
    """Return the lines that name the approvers, and what keeps the article from being approved."""
    approvers, needed = situation.readiness.approvers.in_time, situation.need.approvals
    few = too_few(talk, situation)
    if not approvers:
        return few if few or asking or not situation.is_unapproved else [talk.words(ON_CARD[Obstacle.UNAPPROVED])]
    names = ", ".join(_name(person) for person in approvers[:NAMED])
    if len(approvers) > NAMED:
        names += " " + talk.words.plural("… and {n} more", "… and {n} more", len(approvers) - NAMED)
    n = len(approvers)
    return [talk.words("Approved: {n} of {needed}, by {names}", n=n, needed=max(needed, n), names=names), *few]


def _said_no(talk: Talk, situation: Situation) -> list[Line]:
    """Return the last no to this very version, unless the desk has been asked again."""
    decision = situation.dossier.decision
    if decision is None or decision.version != situation.entry.version or situation.asked is not None:
        return []
    person = situation.people.numbered(decision.member_id)
    reason = decision.reason if len(decision.reason) <= REASON else decision.reason[:REASON].rstrip() + "…"
    return [talk.words(SAID_NO[decision.verdict], person=_name(person) if person else "?", reason=reason)]


def _name(person: Person) -> str:
    return person.title if len(person.title) <= NAME else person.title[:NAME].rstrip() + "…"


def too_few(talk: Talk, situation: Situation) -> list[Line]:
    """Return the warning that approvals can't come, because the desk does not have enough people."""
    needed, possible = situation.need.approvals, len(situation.readiness.possible)
    if possible >= needed or situation.entry.state not in IN_HOUSE:
        return []
    if not possible and situation.readiness.times.possible_from is not None:
        return [talk.words(NOBODY_YET, when=talk.when(situation.readiness.times.possible_from))]
    if not possible:
        return [talk.words(ON_CARD[Obstacle.NOBODY])]
    return [
        talk.words(
            ("⚠️ Approvals needed: {needed}; people who can give one: {n}. An owner can invite more: /invite editor"),
            needed=needed,
            n=possible,
        )
    ]
