"""What the desk is told unasked, on the four phones of a desk: both platforms, both languages."""

from __future__ import annotations

from typing import Any

from bot.storage import Queries
from tests.dialogues.conftest import Four
from tests.helpers.crowd import an_article, publishes
from tests.helpers.rows import some_news

#: What happens to the house itself, and how what is told begins. That it really is told then, other tests show.
TROUBLES: list[tuple[str, dict[str, Any], str]] = [
    ("platform_down", {"platform": "viber", "reason": "502"}, "{platform} can't be reached ({reason})."),
    ("platform_back", {"platform": "viber"}, "{platform} works again."),
    ("platform_misconfigured", {"platform": "telegram", "reason": "Unauthorized"}, "{platform} refuses to serve us"),
    ("paid_refused", {"reason": "Bad Request"}, "Telegram takes no paid messages from us"),
    ("not_for_many", {"platform": "viber", "reason": "Bad Request"}, "{platform} does not accept broadcasts from us"),
    ("few_approvers", {"needed": 2, "others": 0, "rules": []}, "⚠️ newsroom.toml asks for approvals: {needed}"),
    (
        "group_moved",
        {"title": "Редакція", "old": "-1", "new": "-1002"},
        "Telegram gave the group “{title}” a new number.",
    ),
    ("disk_full", {}, "The disk Visnyk runs on is full, so no"),
    ("disk_has_room", {}, "The disk has room again"),
    ("rights_lost", {"title": "Вісник"}, "The bot can no longer post in “{title}”. Make"),
    ("restored", {}, "Visnyk was restored from a backup and"),
    ("no_topics", {}, "The bot can't create topics in the desk's group"),
    ("log_altered", {"entry": 7}, "⛔ Someone tampered with the record of who did"),
    ("head", {"head": "7:abc"}, "Today the record of who did what ends with {head}."),
]
#: What happens to an article that is out or was to go out.
OF_AN_ARTICLE: list[tuple[str, dict[str, Any], str]] = [
    ("nowhere", {}, "#{id} was due but has nowhere to go"),
    ("unapproved", {}, "#{id} was due but did not go out: it is not approved"),
    ("orphaned", {}, "#{id} was due but did not go out: the person who scheduled it is no longer"),
    ("unauthorised", {}, "#{id} did not go out: the person who published it is no longer allowed"),
    ("approval_void", {}, "#{id} was changed, so its approval no longer"),
    ("cancelled", {"to": [1, 2, 3, 4], "by": 9, "name": "Іван"}, "✖️ {person} cancelled #{id}"),
    ("approval_revoked", {"name": "Іван"}, "#{id}: {person} may no longer approve"),
    ("kept_back", {"until": 1_795_520_000.0}, "#{id} goes out {when}: its channel has just had a post, and"),
    ("no_message_id", {"dispatch": 1}, "#{id}: {where} is still processing the video."),
    ("channel_stopped", {"dispatch": 1}, "#{id} was not posted: {where}."),
]


async def tells(four: Four, kind: str, args: dict[str, Any]) -> None:
    app, now = four.scene.app, four.scene.clock()
    await four.write(lambda tx: tx.tell_desk(f"try:{kind}", some_news(kind, args), now))
    await four.write(lambda tx: app.telling.tell_desk(tx, now))


async def test_each_trouble_is_told_to_everybody_in_their_language(four: Four) -> None:
    for kind, args, text in TROUBLES:
        await tells(four, kind, args)
        await four.all_see(text)


async def test_what_befalls_an_article_is_told_to_everybody(four: Four) -> None:
    await publishes(four.scene, an_article())
    await four.all_see("#{id} is out:")
    for kind, args, text in OF_AN_ARTICLE:
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
