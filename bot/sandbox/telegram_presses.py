"""Presses of inline buttons: what a bot is told, what its answer shows (docs/platforms/telegram.md#presses)."""

from dataclasses import dataclass

from bot.sandbox.phones import Board, Event
from bot.sandbox.telegram_content import JSON
from bot.sandbox.telegram_params import Params
from bot.sandbox.telegram_updates import Postman
from bot.sandbox.telegram_world import Account, Message, Person, bad

#: A pressed button can be answered within this many seconds.
QUERY_LIFE = 150

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class _Query:
    """A press that waits for its answer."""

    account: Account
    person: int
    at: float


class Presses:
    """All presses of one platform, answered and not."""

    def __init__(self, board: Board, postman: Postman) -> None:
        self._board = board
        self._postman = postman
        #: Place that a press names: its "message", one that is "inaccessible", an "inline" message's id, or "nothing".
        self.carry = "message"
        self._waiting: dict[str, _Query] = {}
        self._last = 4_000_000_000_000
        self._toasts: list[tuple[int, str]] = []

    def press(self, account: Account, person: Person, message: Message, data: str) -> str:
        """Tell the bot of a press; returns the query's id."""
        carried = _carried(message, account, self.carry)
        self._last += 1
        query_id = str(self._last)
        self._waiting[query_id] = _Query(account, person.id, self._board.now())
        body = {"id": query_id, "from": person.wire(), "chat_instance": str(message.room.id), "data": data, **carried}
        self._postman.post(account, "callback_query", f"query {person.id}", body)
        return query_id

    def answer(self, account: Account, params: Params) -> bool:
        query = self._waiting.pop(params.text("callback_query_id"), None)
        if query is None or query.account is not account or self._board.now() - query.at > QUERY_LIFE:
            raise bad(_TOO_OLD)
        text = params.text("text")
        if len(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self._toasts.append((query.person, text))
        self._board.tell(Event("answered", "telegram", str(query.person), self._board.now(), text=text))
        return True

    def toasts(self, person_id: int) -> list[str]:
        """Return the notes that answers to presses showed this person, oldest first."""
        return [text for who, text in self._toasts if who == person_id]


def _carried(message: Message, account: Account, what: str) -> JSON:
    """The part of a callback query that says where the button was pressed, as the server gives it."""
    match what:
        case "message":
            return {"message": message.wire(account)}
        case "inaccessible":
            return {"message": {"chat": message.room.wire(), "message_id": message.id, "date": 0}}
        case "inline":
            return {"inline_message_id": f"AgAAA{message.room.id}.{message.id}"}
        case "nothing":
            return {}
        case _:
            raise ValueError(f"a press cannot carry {what!r}")
