"""Tips: a reader's words, put before the desk when the reader presses so, and shut out when the desk does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.commands.outcomes import PLATFORM_NAMES
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain import Run
from bot.domain.buttons import AllowTips, BlockTips, SendTip
from bot.domain.news import TipCame
from bot.domain.tips import KEPT, LONGEST, Bar
from bot.errors import Refused
from bot.readers import tips
from bot.texts import text_id

#: The answer to a press after which nothing is passed on.
BARRED: Mapping[Bar, str] = {
    Bar.GONE: text_id("I no longer have that message. Write it again, please."),
    Bar.SENT: text_id("The desk has that message already. Thank you!"),
    Bar.BLOCKED: text_id("The desk takes no messages from this chat. You will find the ways to reach it on our site."),
    Bar.ENOUGH: text_id("That was enough for today: the desk got three messages of yours. Try again tomorrow."),
    Bar.FULL: text_id("The desk has more messages to read than it can. Try again in an hour, please."),
}


async def offer(talk: Talk, text: str, found: Sequence[Line], keys: Sequence[Sequence[Key]] = ()) -> bool:
    """Offer to pass a message on, under what was `found` about it. Return False if it can't be offered."""
    number = await tips.offer(talk.tx, talk.chat, text, talk.now)
    if number is None:
        return False
    words = talk.words
    asked = text_id("Is this for our desk? Press a button, and I pass it on. If they may write to you, say how.")
    news = text_id("Something new for our desk? Press a button, and I pass it on.")
    lines: list[Line] = [*found, "", words(news)] if found else [words(asked)]
    if len(text) > LONGEST:
        lines.append(words("It is long: only the first {n} characters go to them.", n=LONGEST))
    rows = [[Key(words("✉️ To the desk, without my name"), SendTip(number), life=KEPT)]]
    if talk.sender.name:
        rows.insert(0, [Key(words("✉️ To the desk, with my name"), SendTip(number, named=True), life=KEPT)])
    await talk.show(lines, [*keys, *rows])
    return True


async def send(talk: Talk, press: SendTip) -> None:
    name = talk.sender.name if press.named else ""
    if (found := await tips.pass_on(talk.tx, talk.chat, press.tip, name, talk.now)) is not None:
        raise Refused(BARRED[found])
    if name:
        await talk.say("✉️ The desk has your message, with your name: {name}. Thank you!", name=name)
    else:
        await talk.say("✉️ The desk has your message, without your name. Thank you!")


async def tell(talk: Talk, told: TipCame) -> None:
    """Put a reader's message before somebody of the desk, unless it was forgotten at the reader's wish."""
    tip = await talk.tx.tip(told.tip)
    if tip is None:
        return
    words, platform = talk.words, PLATFORM_NAMES[tip.platform]
    by = words("The reader gave no name ({platform}).", platform=platform)
    if tip.name:
        by = words("Signed, which nobody has checked: {name} ({platform})", name=tip.name, platform=platform)
    lines: list[Line] = [bold(words("💡 A reader writes to the desk, message {n}:", n=tip.id)), by, "", [Run(tip.text)]]
    shut_out = words("🚫 No more from the reader of message {n}", n=tip.id)
    await talk.show(lines, [[Key(shut_out, BlockTips(tip.id), life=KEPT)]])
    await talk.tx.tip_was_told(tip.id, talk.now)


async def block(talk: Talk, press: BlockTips) -> None:
    tip = await talk.tx.tip(press.tip)
    if tip is None:
        raise Refused("That message is no longer kept, and neither is whose it was.")
    await talk.tx.block_tips(tip.reader, talk.now)
    await talk.desk.note("tips.blocked", "", {})
    text = text_id("🚫 Nothing more of that reader's comes to the desk. News still goes to them.")
    await talk.say(text, keys=[[Key(talk.words("Let them write again"), AllowTips(tip.reader))]])


async def allow(talk: Talk, press: AllowTips) -> None:
    await talk.tx.unblock_tips(press.reader)
    await talk.desk.note("tips.allowed", "", {})
    await talk.say("That reader may write to the desk again.")
