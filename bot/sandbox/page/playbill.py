"""The playbill: what the page shows and offers, handed in by whoever plays."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.sandbox.both import Both
from bot.sandbox.page.cast import Phone, Sample, everyone
from bot.sandbox.page.switches import Switches
from bot.sandbox.phones import Event

JSON = dict[str, Any]


class Playbill:
    """The phones, articles and buttons of a play. Nothing is kept between requests, so a reload loses nothing."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self.board = both.board
        self.switches = Switches(both)
        self.phones: Sequence[Phone] = ()
        self.samples: Sequence[Sample] = ()
        #: Buttons that only the player can offer; the page has words for `skip`, `hour`, `restart` and `fake`.
        self.actions: Mapping[str, Callable[[], Awaitable[None]]] = {}
        #: Turns the phones to the language that is chosen on the page.
        self.turn: Callable[[str], Awaitable[None]] = _stay
        #: More for the strip: `bot` (running, starting or down), `why`, and in ms `next`, the next posting time, and
        #: `leaving`, when what can still be stopped goes out; `verify`, the address of the bot's verification page.
        self.status: Callable[[], JSON] = dict
        self.time_zone = "Europe/Kyiv"
        #: Pictures that stand for films, by the SHA-256 of the film: the page plays none.
        self.posters: Mapping[str, bytes] = {}

    def cast(self) -> Sequence[Phone]:
        return self.phones or tuple(everyone(self.both))

    def changed(self) -> None:
        """Tell the browsers that the strip on top has news."""
        self.board.tell(Event("stage", "", "", self.board.now()))


async def _stay(_language: str) -> None:
    """Leave the phones as they are."""
