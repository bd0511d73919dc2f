"""What buttons stand for. A press counts once; an older one is explained."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.commands import cards, drafts, queue, readers, review
from bot.commands.talk import Talk
from bot.errors import Refused
from bot.texts import text_id

#: A forged button may say anything; so much of it is recorded.
ID_SHOWN = 64
Args = Mapping[str, Any]


async def press(talk: Talk, button_id: str) -> None:
    """Who pressed is checked now; the row is used up in this transaction."""
    pressed = await talk.tx.press(button_id, talk.chat, talk.now)
    if pressed is None:
        raise Refused("This button does not work any more. /help shows what you can say.")
    action, args, fresh = pressed
    if action not in FOR_READERS and not talk.newsroom.is_desk(talk.person):
        raise Refused("This button is for the desk. /help shows what you can say.")
    if not fresh:
        await _explain(talk, button_id, args)
        return
    await ACTIONS[action](talk, args)


async def record_refusal(talk: Talk, button_id: str, why: str, **values: object) -> None:
    """A press that did nothing is worth knowing: it may be somebody's try. `why` is a text of the catalogue."""
    detail = {"button": button_id[:ID_SHOWN], "why": why, "with": {name: str(value) for name, value in values.items()}}
    await talk.tx.record(str(talk.person), "button.refused", "", detail, talk.now)


async def _explain(talk: Talk, button_id: str, args: Args) -> None:
    """Pressed before or too old: show how things stand, with fresh buttons."""
    if "article" not in args:
        raise Refused("That is done already. /list shows what is waiting.")
    text = text_id("That button was pressed before. This is how #{id} stands:")
    await record_refusal(talk, button_id, text, id=args["article"])
    await talk.say(text, id=args["article"])
    await cards.show_card(talk, await talk.newsroom.entry(talk.tx, int(args["article"])))


async def _next(talk: Talk, args: Args) -> None:
    await queue.take_next(talk, str(args["article"]))


async def _now(talk: Talk, args: Args) -> None:
    await queue.publish_now(talk, str(args["article"]))


async def _cancel(talk: Talk, args: Args) -> None:
    await queue.cancel(talk, str(args["article"]))


async def _ask_time(talk: Talk, args: Args) -> None:
    await queue.ask_time(talk, int(args["article"]))


async def _ask_edit(talk: Talk, args: Args) -> None:
    await drafts.ask_edit(talk, int(args["article"]))


async def _skip(talk: Talk, args: Args) -> None:
    await drafts.press_step(talk, str(args["step"]), finish=False)


async def _finish(talk: Talk, args: Args) -> None:
    await drafts.press_step(talk, str(args["step"]), finish=True)


async def _appeared(talk: Talk, args: Args) -> None:
    await queue.settle_doubt(talk, int(args["dispatch"]), appeared=True)


async def _post_again(talk: Talk, args: Args) -> None:
    await queue.settle_doubt(talk, int(args["dispatch"]), appeared=False)


async def _retry(talk: Talk, args: Args) -> None:
    await queue.retry(talk, int(args["dispatch"]))


async def _approve(talk: Talk, args: Args) -> None:
    await review.approve(talk, int(args["article"]), str(args["binding"]))


async def _start(talk: Talk, _args: Args) -> None:
    await readers.start(talk, "")


ACTIONS: Mapping[str, Callable[[Talk, Args], Awaitable[None]]] = {
    "next": _next,
    "now": _now,
    "cancel": _cancel,
    "ask_time": _ask_time,
    "ask_edit": _ask_edit,
    "skip": _skip,
    "finish": _finish,
    "appeared": _appeared,
    "post_again": _post_again,
    "retry": _retry,
    "approve": _approve,
    "start": _start,
}
FOR_READERS = frozenset({"start"})
