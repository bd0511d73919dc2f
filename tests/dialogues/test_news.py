"""What the desk is told unasked, on the four phones of a desk: both platforms, both languages."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain import Platform
from bot.domain.audit import SYSTEM
from bot.domain.ledger import Missing
from bot.domain.news import PlatformDown
from bot.storage import Queries
from tests.conftest import NEWSROOM
from tests.dialogues.conftest import Four
from tests.helpers.crowd import an_article, publishes
from tests.helpers.rows import some_news
from tests.promises.moments import Time

#: What happens to the house itself, and how what is told begins. That it really is told then, other tests show.
TROUBLES: list[tuple[str, dict[str, Any], str]] = [
    ("platform_down", {"platform": "viber", "reason": "502"}, "{platform} can't be reached ({reason})."),
    ("platform_back", {"platform": "viber"}, "{platform} works again."),
    ("platform_misconfigured", {"platform": "telegram", "reason": "Unauthorized"}, "{platform} refuses to serve us"),
    ("token_shared", {"platform": "telegram", "reason": "Conflict"}, "Another program is using this bot's token"),
    ("hook_taken", {"platform": "telegram", "reason": "https://x.example"}, "{platform} was told to send what people"),
    ("hook_taken", {"platform": "viber", "reason": ""}, "{platform} was told not to send us what people write"),
    ("hook_fought", {"platform": "telegram", "reason": ""}, "{platform} is told again and again not to send us"),
    (
        "platform_held",
        {"platform": "telegram", "reason": "", "account": "telegram", "until": 1_795_520_000.0},
        "{platform} asks us to wait until {when}: posts and answers go out after that.",
    ),
    (
        "platform_held",
        {"platform": "viber", "reason": "", "account": "viber channels", "until": 1_795_520_000.0},
        "{platform} asks us to wait until {when} with posts in channels.",
    ),
    ("paid_refused", {"reason": "Bad Request"}, "Telegram takes no paid messages from us"),
    ("not_for_many", {"platform": "viber", "reason": "Bad Request"}, "{platform} does not accept broadcasts from us"),
    ("few_approvers", {"needed": 2, "others": 0, "rules": []}, "⚠️ Approvals that newsroom.toml asks for: {needed}"),
    (
        "group_moved",
        {"title": "Редакція", "old": "-1", "new": "-1002"},
        "Telegram gave the group “{title}” a new number.",
    ),
    ("disk_full", {}, "The disk Visnyk runs on is full, so no"),
    ("disk_has_room", {}, "The disk has room again"),
    (
        "clock_wrong",
        {"platform": "viber", "behind": 400.0},
        "The clock of the machine Visnyk runs on is {time} behind {platform}'s",
    ),
    (
        "clock_wrong",
        {"platform": "viber", "behind": -400.0},
        "The clock of the machine Visnyk runs on is {time} ahead of {platform}'s",
    ),
    ("clock_right", {}, "The clock is right again."),
    ("backup_failed", {"reason": "no space left"}, "The daily backup failed: {reason}."),
    ("backup_made", {}, "The daily backup works again"),
    ("rights_lost", {"title": "Вісник"}, "The bot can no longer post in “{title}”. Make"),
    ("restored", {}, "Visnyk was restored from a backup and"),
    ("no_topics", {}, "The bot can't create topics in the desk's group"),
    ("log_altered", {"entry": 7}, "⛔ Someone tampered with the record of who did"),
    ("head", {"head": "7:abc"}, "Today the record of who did what ends with {head}."),
]
REFUSED = {"platform": "telegram", "missing": 3, "reason": "Bad Request: BUTTON_URL_INVALID"}
STOPPED = {"dispatches": [1, 2], "by": "#9 Іван"}
#: What happens to an article that is out or was to go out.
OF_AN_ARTICLE: list[tuple[str, dict[str, Any], str]] = [
    ("post_refused", REFUSED, "#{id}: on {platform} the post would go out without {what} ({reason})."),
    ("post_refused", REFUSED | {"missing": 2}, "Its address would stand in the text."),
    ("post_refused", REFUSED | {"missing": 1}, "For another picture: /edit {id}, then send it."),
    ("nowhere", {}, "#{id} was due but has nowhere to go"),
    ("unapproved", {}, "#{id} was due but did not go out: it is not approved"),
    ("orphaned", {}, "#{id} was due but did not go out: the person who scheduled it is no longer"),
    ("unauthorised", {}, "#{id} did not go out: the person who published it is no longer allowed"),
    ("approval_void", {}, "#{id} was changed, so its approval no longer"),
    ("cancelled", {"to": [1, 2, 3, 4], "by": 9, "name": "Іван"}, "✖️ {person} cancelled #{id}"),
    ("approval_revoked", {"name": "Іван"}, "#{id}: {person} may no longer approve"),
    ("kept_back", {"until": 1_795_520_000.0}, "#{id} goes out {when}: its channel has just had a post, and"),
    ("channel_waits", {"dispatch": 1, "until": 1_795_520_000.0}, "#{id}: {where} takes no post until {when}"),
    ("expired_on_its_way", {"dispatch": 1}, "#{id} expired while it was waiting to be sent: {where}."),
    (
        "stopped_on_its_way",
        STOPPED | {"cause": "visnyk:undone"},
        "✖️ #{id} goes no further: {person} stopped it in time",
    ),
    ("stopped_on_its_way", STOPPED | {"cause": "visnyk:unapproved"}, "✖️ #{id} goes no further: too few of those"),
    (
        "stopped_on_its_way",
        STOPPED | {"cause": "visnyk:unapproved"},
        "The rest goes on once somebody who may approve",
    ),
    ("stopped_on_its_way", STOPPED | {"cause": "visnyk:unauthorised"}, "✖️ #{id} goes no further: the person who"),
    ("stopped_on_its_way", STOPPED | {"cause": "visnyk:unproven"}, "✖️ #{id} goes no further: newsroom.toml now asks"),
    ("stopped_on_its_way", STOPPED | {"cause": "visnyk:forged"}, "⛔ #{id} goes no further: someone changed it"),
    ("stopped_on_its_way", STOPPED | {"cause": "visnyk:forged"}, "What has not left stays here. /who {id} shows who"),
    ("no_message_id", {"dispatch": 1}, "#{id}: {where} is still processing the video."),
    ("channel_stopped", {"dispatch": 1}, "#{id} was not posted: {where}."),
]


async def tells(four: Four, kind: str, args: dict[str, Any]) -> None:
    app, now = four.scene.app, four.scene.clock()
    await four.write(lambda tx: tx.tell_desk(f"try:{kind} {args}", some_news(kind, args), now))
    await four.write(lambda tx: app.telling.tell_desk(tx, now))


async def answer(four: Four) -> None:
    """Let each of them say something: whoever answers nothing for an hour is not told everything on Viber."""
    await four.each("/whoami", "You are {id}, an owner of this newsroom.")


async def test_each_trouble_is_told_to_everybody_in_their_language(four: Four) -> None:
    for kind, args, text in TROUBLES:
        await answer(four)
        await tells(four, kind, args)
        await four.all_see(text)


async def test_a_trouble_that_comes_and_goes_is_told_with_how_often(four: Four) -> None:
    trouble = PlatformDown(Platform.VIBER, "502")
    await tells(four, "platform_down", {"platform": "viber", "reason": "502"})
    key, now = "try:platform_down {'platform': 'viber', 'reason': '502'}", four.scene.clock()

    async def comes_and_goes(tx: Queries) -> None:
        await tx.trouble_over(key, now)
        for _ in range(3):
            await tx.tell_desk(key, trouble, now)
            await tx.trouble_gone(key, now)

    await four.write(comes_and_goes)
    four.scene.advance(minutes=16)
    await four.all_see("It happened {n} time since {when}.", "It is over now.")


async def test_what_befalls_an_article_is_told_to_everybody(four: Four) -> None:
    await publishes(four.scene, an_article())
    await four.all_see("#{id} is out:")
    for kind, args, text in OF_AN_ARTICLE:
        await answer(four)
        await tells(four, kind, {"article": 1, **args})
        await four.all_see(text)


async def test_news_that_cannot_be_told_stops_itself_alone(four: Four) -> None:
    """A kind of a newer version, a row without what it needs, and one about nothing that is there."""
    rows = {"recalled": '{"article": 1}', "decided": '{"article": 1}', "channel_stopped": '{"dispatch": 99}'}

    async def write(tx: Queries) -> None:
        for kind, args in rows.items():
            await tx.run(
                "INSERT INTO notice (key, kind, args, at) VALUES (:kind, :kind, :args, 0)", {"kind": kind, "args": args}
            )

    await four.write(write)
    await tells(four, "disk_full", {})
    await four.all_see("Something happened that Visnyk cannot tell you ({what}).")
    await four.all_see("The disk Visnyk runs on is full, so no")


async def test_when_even_the_news_can_not_be_told_the_owners_are_told_straight(four: Four) -> None:
    time = Time(four.scene)
    await time.passes(6, step=6)
    await four.write(lambda tx: tx.run("ALTER TABLE notice RENAME TO hidden"))
    await time.passes(30, step=1.1)

    await four.all_see("⚠️ Visnyk is not doing its work: {what} keeps failing.")
    await four.write(lambda tx: tx.run("ALTER TABLE hidden RENAME TO notice"))


async def _went_out_without(missing: Missing, tx: Queries) -> None:
    await tx.run(f"UPDATE dispatch SET plain = {int(missing)}, poorer = 'Bad Request'")


async def test_what_went_out_poorer_than_promised_says_so(four: Four) -> None:
    await publishes(four.scene, an_article())
    await four.all_see("#{id} is out:")
    for missing, *texts in (
        (Missing.PICTURE, "the picture"),
        (Missing.BUTTON, "the button"),
        (Missing.PICTURE | Missing.BUTTON, "the picture", "the button"),
        (Missing.FORMATTING | Missing.MARKS, "the formatting"),
        (Missing.MARKS, "some of the formatting"),
    ):
        await four.write(partial(_went_out_without, missing))
        for text in ("without {what} ({reason})", *texts):
            await four.each("/who 1", text)
            await four.each("/show 1", text)
    await four.write(lambda tx: tx.run("UPDATE dispatch SET poorer_copies = 2, poorer = 'visnyk:no-form'"))
    await four.each("/who 1", "{n} copy without the picture")
    await four.each("/who 1", "it can't be shown there")
    await four.write(lambda tx: tx.run("UPDATE dispatch SET state = 'stopped', reason = 'visnyk:expired'"))
    await four.each("/who 1", "it had expired before it left")
    detail = {"outlet": "main", "why": "Bad Request"}
    await four.write(lambda tx: tx.record(SYSTEM, "post.poorer", "article:1", detail, four.scene.clock()))
    await four.each("/history 1", "went out poorer, {outlet}: {why}")
    copies = {"outlet": "viber", "copies": 2}
    await four.write(lambda tx: tx.record(SYSTEM, "post.poorer_copies", "article:1", copies, four.scene.clock()))
    await four.each("/history 1", "single copies without the picture, {outlet}: {copies}")


CAUSES = (
    ("visnyk:undone", "stopped on its way"),
    ("visnyk:unapproved", "too few of those who approved it still may"),
    ("visnyk:unauthorised", "the person who published it no longer may"),
    ("visnyk:unproven", "newsroom.toml now asks for a status or source"),
    ("visnyk:forged", "changed by hand in the database"),
    ("visnyk:superseded", "a newer change took its place"),
    ("visnyk:retracted", "it was taken back before it left"),
    ("visnyk:no-id", "the number of the message is no longer known"),
)
#: The time of a post to a channel is far off.
ON_ITS_WAY = "UPDATE dispatch SET state = 'ready', not_before = 9999999999999 WHERE channel IS NOT NULL"


async def test_what_goes_no_further_says_why_to_everybody(four: Four) -> None:
    await publishes(four.scene, an_article())
    await four.all_see("#{id} is out:")
    for cause, text in CAUSES:
        await four.write(lambda tx, cause=cause: tx.run(f"UPDATE dispatch SET state = 'stopped', reason = '{cause}'"))  # type: ignore[misc]
        await four.each("/who 1", text)
        await four.each("/show 1", text)


async def test_an_undo_that_is_read_too_late_says_what_came_of_it(four: Four) -> None:
    await publishes(four.scene, an_article())
    await four.all_see("#{id} is out:")
    four.scene.advance(seconds=30)
    for chat in four.chats:
        await four.write(lambda tx: tx.run(ON_ITS_WAY))
        await chat.asks_late("/undo 1", "#{id} had begun to leave. What had not left is", ago=timedelta(minutes=1))
        await chat.sees("✖️ #{id} goes no further: {person} stopped it in time, but")
        await chat.pushes("✖️ Leave it as it is", "Left as it is: #{id} goes no further.")
    await four.chats[0].pushes("▶️ Continue", "Sending of #{id} continues.")
    await four.each("/history 1", "went no further: {why}")
    await four.each("/history 1", "let it go on")


async def test_a_time_that_the_clocks_rules_moved_is_put_to_everybody(four: Four) -> None:
    await four.chats[0].drafts()
    await four.chats[0].says("/at 1 18:30", "18:30")
    await four.restarts(NEWSROOM.replace("Europe/Kyiv", "Etc/GMT-3"))

    await four.all_see("#{id} is on hold: it was to go out at {wall}")
    await four.each("/history 1", "the rules of the clock changed")
    four.scene.advance(hours=8)
    await four.chats[0].says("/whoami", "")
    assert not four.scene.channel()


@pytest.mark.parametrize(("zone", "expires"), [("Etc/GMT-3", "18:30"), ("Etc/GMT-1", "17:30")])
async def test_an_expiry_that_the_clocks_rules_moved_is_put_to_everybody(four: Four, zone: str, expires: str) -> None:
    """18:30 in Kyiv is 16:30 in UTC; of the two instants the earlier one counts until somebody says otherwise."""
    text, desk = "#{id} was to expire at {wall}, but the rules of the clock have changed.", four.chats[0]
    await desk.says(f"/queue {desk.article}\nexpires: 18:30", desk.draft(1))
    await four.restarts(NEWSROOM.replace("Europe/Kyiv", zone))

    await four.all_see(text)
    assert expires in (await desk.asks("/show 1", "Expires {when}")).text
    await four.restarts()
    await desk.says("/edit 1 expires: 18:30", "18:30")
    assert "18:30" in (await desk.asks("/show 1", "Expires {when}")).text
    assert sum(desk.reads(bubble, text) for bubble in desk.heard()) == 1, "it is put once"


async def test_what_is_paused_learns_too_that_its_time_is_another_one(four: Four) -> None:
    await four.chats[0].drafts()
    await four.chats[0].says("/at 1 18:30", "18:30")
    await four.chats[0].asks("/pause 1", "#{id} is paused and will not go out {when}.")
    await four.restarts(NEWSROOM.replace("Europe/Kyiv", "Etc/GMT-3"))

    await four.all_see("#{id} is on hold: it was to go out at {wall}")
