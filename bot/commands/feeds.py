"""/feeds: how each feed of newsroom.toml is, and a feed that is stopped or started by an owner."""

from __future__ import annotations

from bot.commands.talk import Line, Talk, bold
from bot.domain.feeds import FeedState
from bot.domain.people import Role
from bot.errors import Refused
from bot.ingest.reasons import explained_of_feed
from bot.texts import text_id

STOP = frozenset({"stop", "стоп", "спинити", "зупинити"})
START = frozenset({"start", "старт", "почати", "запустити"})


async def feeds(talk: Talk, argument: str) -> None:
    """Show the feeds, or stop or start one."""
    word, _, key = argument.strip().casefold().partition(" ")
    if word in STOP | START:
        await _switch(talk, key.strip(), stopped=word in STOP)
        return
    states = await talk.tx.feeds()
    if not states:
        await talk.say("Visnyk reads no feeds. They are named in newsroom.toml under [[feeds]].")
        return
    lines = [line for state in states for line in _lines(talk, state)]
    if talk.may(Role.OWNER):
        lines += ["", talk.words("To stop one: /feeds stop {key}. To start it: /feeds start {key}", key=states[0].key)]
    await talk.show(lines)


def _lines(talk: Talk, state: FeedState) -> list[Line]:
    looked, words = state.looked, talk.words
    lines: list[Line] = [bold(f"📡 {state.key} · {state.site}")]
    if looked.good_at is not None:
        known = text_id("Last read {when}. Items known: {seen}, of them drafts: {drafted}.")
        lines.append(words(known, when=talk.when(looked.good_at), seen=state.seen, drafted=state.drafted))
    else:
        lines.append(words("Not read yet."))
    if looked.failures:
        text, values = explained_of_feed(looked.reason)
        lines.append(words("⚠️ Fails: {reason}. Times in a row: {n}.", reason=words(text, **values), n=looked.failures))
    if state.is_stopped:
        lines.append(words("⏸ Stopped."))
    else:
        lines.append(words("Read again {when}.", when=talk.when(looked.next_at)))
    return lines


async def _switch(talk: Talk, key: str, *, stopped: bool) -> None:
    talk.require(Role.OWNER)
    if not await talk.tx.stop_feed(key, talk.now, stopped=stopped):
        raise Refused("There is no feed “{key}”. /feeds shows those that there are.", key=key)
    await talk.desk.note("feed.stopped" if stopped else "feed.started", f"feed:{key}", {})
    if stopped:
        await talk.say("⏸ The feed “{key}” is no longer read. To start it again: /feeds start {key}", key=key)
    else:
        await talk.say("📡 The feed “{key}” is read again from now on.", key=key)
