"""News about changes of articles that readers have."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.attention import Matter
from bot.domain.news.base import News
from bot.domain.people import Person, Role
from bot.domain.stored import AboutArticle


@dataclass(frozen=True, slots=True)
class AboutChange(AboutArticle, News):
    """News about one change. `by`: the member who caused it, named `name`, knows that."""

    change: int
    by: int
    name: str

    def concerns(self, person: Person) -> bool:
        return person.id != self.by and News.concerns(self, person)


@dataclass(frozen=True, slots=True)
class ChangeSubmitted(AboutChange):
    """The desk is asked about a change with its note."""

    matter = Matter.QUESTION
    code, must_arrive = "change_submitted", True


@dataclass(frozen=True, slots=True)
class ChangedAlone(AboutChange):
    """A change goes out on one person's word."""

    matter = Matter.ALARM
    code, least, in_groups, must_arrive = "changed_alone", Role.REPORTER, True, True


@dataclass(frozen=True, slots=True)
class ChangedLightly(ChangedAlone):
    """A change that alarms nobody goes out on one person's word: those with a part in the article are told."""

    matter = Matter.CHANGE
    code, in_groups, must_arrive = "changed_lightly", False, False


@dataclass(frozen=True, slots=True)
class ChangeApproved(AboutChange):
    """The last yes to a change was given: it goes out."""

    matter = Matter.DECISION
    code, least = "change_approved", Role.REPORTER


@dataclass(frozen=True, slots=True)
class HaltHoldsUp(AboutChange):
    """A retraction or a check waits, for everything is halted: an owner can let it leave in spite of that."""

    matter = Matter.ALARM
    code, least, must_arrive = "halt_holds_up", Role.OWNER, True


@dataclass(frozen=True, slots=True)
class LeavesInSpite(AboutChange):
    """An owner lets a retraction or a check leave in spite of the halt."""

    matter = Matter.ALARM
    code, must_arrive = "leaves_in_spite", True


@dataclass(frozen=True, slots=True)
class ChangeDone(AboutArticle, News):
    """Nothing of a change is under way."""

    matter = Matter.OUT
    code, least = "change_done", Role.REPORTER
    change: int


@dataclass(frozen=True, slots=True)
class ChangeSentBack(AboutChange):
    """Somebody said no to a change: its author is told."""

    matter = Matter.DECISION
    code, least = "change_sent_back", Role.REPORTER
