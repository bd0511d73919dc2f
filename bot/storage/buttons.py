"""Buttons that may be pressed, and the dialogues that people of the desk are in the middle of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import Address
from bot.domain.authority import ADOPTED
from bot.domain.buttons import PRESSES
from bot.domain.dialogue import DIALOGUES, Dialogue
from bot.domain.entry import BUTTON_LIFE, ButtonRow, Offer
from bot.domain.seals import NO_KEY, seal_of
from bot.storage.audit import AuditQueries
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Row
from bot.storage.values import from_json, to_json

#: The longest life of a button of an older Visnyk, which did not keep when it was made.
_LIFE_MS = BUTTON_LIFE // timedelta(milliseconds=1)


class ButtonQueries(AuditQueries):
    async def add_button(self, offer: Offer, now: datetime, sealed: str = "") -> str:
        """Remember what a button that is shown at `now` stands for; return its id, `sealed` if it has one already."""
        sealed = sealed or offer.new_id(self.seal_key)
        await self.run(
            """INSERT INTO button (id, action, args, chat, made_at, expires_at, member_id)
               VALUES (:id, :action, :args, :chat, :made_at, :expires_at, :only)""",
            {
                "id": sealed,
                "action": offer.press.code,
                "args": to_json(offer.press),
                "chat": str(offer.chat),
                "made_at": to_ms(now),
                "expires_at": to_ms(now + offer.life),
                "only": offer.only,
            },
        )
        return sealed

    async def button(self, button_id: str, chat: Address) -> ButtonRow | None:
        """Return the row of a button; None if it is not a button of this chat."""
        row = await self.one(
            """SELECT action, args, member_id, made_at, expires_at, used_at, used_by, used_by_member FROM button
               WHERE id = :id AND chat = :chat""",
            {"id": button_id, "chat": str(chat)},
        )
        if row is None or not await self._is_as_made(button_id, row, str(chat)):
            return None
        return ButtonRow(
            code=row["action"],
            press=from_json(PRESSES, row["action"], row["args"]),
            only=row["member_id"],
            made_at=to_time(row["made_at"] if row["made_at"] is not None else row["expires_at"] - _LIFE_MS),
            expires_at=to_time(row["expires_at"]),
            used_at=None if row["used_at"] is None else to_time(row["used_at"]),
            used_by=None if row["used_by"] is None else to_address(row["used_by"]),
            used_by_member=row["used_by_member"],
        )

    async def _is_as_made(self, button_id: str, row: Row, chat: str) -> bool:
        """True if the row is as the id says, or, made before there was the key, as the log has it."""
        what = (row["action"], row["args"], chat, row["member_id"])
        if seal_of(self.seal_key, button_id, *what) == button_id:
            return True
        adopted = await self.last_of(ADOPTED)
        return adopted is not None and adopted.detail["buttons"].get(button_id) == seal_of(NO_KEY, "", *what)

    async def chat_of_button(self, button_id: str) -> Address | None:
        """The chat in which the button may be pressed; None: there is no such button."""
        chat = await self.value("SELECT chat FROM button WHERE id = :id", {"id": button_id})
        return None if chat is None else to_address(str(chat))

    async def was_of_the_desk(self, address: Address) -> bool:
        """Return True if this was an address of somebody of the desk."""
        sql = "SELECT 1 FROM was_identity WHERE address = :address LIMIT 1"
        return await self.value(sql, {"address": str(address)}) is not None

    async def use_button(self, button_id: str, person: Address, member_id: int | None, now: datetime) -> None:
        """Use a button up: from this commit on it no longer works. `member_id`: who of the desk `person` is."""
        await self.run(
            "UPDATE button SET used_at = :now, used_by = :person, used_by_member = :member WHERE id = :id",
            {"id": button_id, "person": str(person), "member": member_id, "now": to_ms(now)},
        )

    async def dialogue(self, person: Address) -> Dialogue | None:
        """Return the dialogue with this person; None if there is none, or if another version of Visnyk began it."""
        row = await self.one(
            "SELECT step, data, changed_at FROM dialogue WHERE person = :person", {"person": str(person)}
        )
        found = from_json(DIALOGUES, row["step"], row["data"]) if row is not None else None
        if row is None or found is None or found.said:
            return found
        return replace(found, said=row["changed_at"] / 1000)  # an older Visnyk did not keep when its words were said

    async def set_dialogue(
        self, person: Address, dialogue: Dialogue, now: datetime, *, due_at: datetime | None = None
    ) -> None:
        """Remember what we wait for from this person, until `due_at` if it is given."""
        await self.run(
            """INSERT INTO dialogue (person, step, data, article_id, due_at, changed_at)
               VALUES (:person, :step, :data, :article, :due_at, :now)
               ON CONFLICT (person) DO UPDATE SET step = excluded.step, data = excluded.data,
                   article_id = excluded.article_id, due_at = excluded.due_at, changed_at = excluded.changed_at""",
            {
                "person": str(person),
                "step": dialogue.code,
                "data": to_json(dialogue),
                "article": dialogue.about,
                "due_at": due_at and to_ms(due_at),
                "now": to_ms(now),
            },
        )
        self.signal("queue")

    async def end_dialogue(self, person: Address) -> None:
        if await self.run("DELETE FROM dialogue WHERE person = :person", {"person": str(person)}):
            self.signal("queue")

    async def due_dialogues(self, now: datetime) -> list[tuple[Address, Dialogue | None]]:
        """Return the dialogues whose wait is over; None for one of another version of Visnyk."""
        rows = await self.all("SELECT person, step, data FROM dialogue WHERE due_at <= :now", {"now": to_ms(now)})
        return [(to_address(row["person"]), from_json(DIALOGUES, row["step"], row["data"])) for row in rows]
