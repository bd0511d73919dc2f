"""Obstacles in an article's way, as its card and the news of a hold say them.

Why something is refused stands in bot/newsroom/refusals.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.readiness import Obstacle
from bot.texts import text_id

#: On the card, before anybody tries. What the others would say stands there anyway, or can't be helped by the author.
ON_CARD: Mapping[Obstacle, str] = {
    Obstacle.UNPROVEN: text_id("No status yet: choose how well it is verified"),
    Obstacle.UNKEPT: text_id("📷 It waits for its picture or video, which can't be fetched"),
    Obstacle.UNSOUND: text_id("⚠️ It can't go out: #{first}, which it follows up, {how}"),
    Obstacle.TOO_EARLY: text_id("⏳ Not before {when}"),
    Obstacle.UNAPPROVED: text_id("⚠️ Not approved for this time: it will not go out"),
    Obstacle.NOBODY: text_id("⚠️ Nobody else can approve it yet. An owner can invite someone: /invite editor"),
}
#: Instead of the line for nobody at all.
NOBODY_YET = text_id("⚠️ Nobody else can approve it before {when}. What can’t wait, an owner sends alone: /urgent")
#: Why an article that was due did not go out, in the words of the news that tells it.
HELD: Mapping[Obstacle, str] = {
    Obstacle.STALE: text_id("#{id} is {late} late, because Visnyk was not running. What now?"),
    Obstacle.NOWHERE: text_id("#{id} was due but has nowhere to go: no channel takes it and no readers get it."),
    Obstacle.UNAPPROVED: text_id(
        "#{id} was due but did not go out: it is not approved. Ask for approval: /submit {id}"
    ),
    Obstacle.ORPHANED: text_id(
        "#{id} was due but did not go out: the person who scheduled it is no longer allowed to. Please "
        "schedule it again."
    ),
    Obstacle.UNAUTHORISED: text_id(
        "#{id} did not go out: the person who published it is no longer allowed to. What now?"
    ),
    Obstacle.EXPIRED: text_id("#{id} has expired and did not go out. “/edit {id} expires: -” removes the limit."),
    Obstacle.UNPROVEN: text_id("#{id} is on hold and does not go out."),
    Obstacle.UNKEPT: text_id(
        "#{id} is on hold: its picture or video can't be fetched. Send it by itself (/edit {id}), or leave it out."
    ),
    Obstacle.UNSOUND: text_id(
        "#{id} is on hold: #{first}, which it follows up, {how}. Its first line can say so, or be left out: "
        "/edit {id} about: -"
    ),
    Obstacle.TOO_EARLY: text_id("#{id} is on hold: it may not go out before {when} ({why}). Set another time."),
    Obstacle.FORGED: text_id(
        "⛔ #{id} did not go out: someone changed it in the database by hand. Check its text and time, then "
        "schedule it again."
    ),
    Obstacle.UNREADABLE: text_id(
        "#{id} was due, but its text in the database can't be read: it did not go out. A backup may have it whole."
    ),
}
