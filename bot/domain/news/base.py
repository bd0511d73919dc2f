"""The base of every piece of news for the desk."""

from __future__ import annotations

from typing import ClassVar

from bot.domain.article import Address
from bot.domain.attention import Matter
from bot.domain.people import Person, Role, allowed
from bot.domain.stored import Stored


class News(Stored):
    """`least` is the least role that is told. `must_arrive`: it is repeated until it has arrived.

    `matter`: how it draws on the desk's attention; each class names its own, or one that it is made from does.
    `in_topic`: it is said in its article's topic too, where a group has topics; `in_groups`: in each of the desk's
    groups. `on_every_app`: it rings on all of a member's apps at once though it is no alarm: one of them may be in
    somebody else's hand, or out of order.
    """

    __slots__ = ()
    matter: ClassVar[Matter]
    least: ClassVar[Role] = Role.EDITOR
    in_groups: ClassVar[bool] = False
    must_arrive: ClassVar[bool] = False
    in_topic: ClassVar[bool] = True
    on_every_app: ClassVar[bool] = False

    @property
    def end_of_wait(self) -> float | None:
        """The end that the desk is told, in seconds since 1970; None if no end is told."""
        return None

    @property
    def turn(self) -> int:
        """The number that spreads news of no article over the desk."""
        return 0

    @property
    def outsiders(self) -> tuple[Address, ...]:
        """Addresses that are nobody's of the desk, and are told too."""
        return ()

    def concerns(self, person: Person) -> bool:
        """True if this person of the desk is told."""
        return allowed(person, self.least)
