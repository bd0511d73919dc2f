"""Traits of a platform: its abilities and limits. Its adapter states them; everybody else asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Traits:
    """The abilities and limits of one platform. Nobody asks which platform it is: a third one must touch this alone."""

    #: A message of ours can be redrawn.
    edits: bool
    #: A message can come without a sound.
    silences: bool
    #: Readers that one request can carry.
    batch: int
    #: Readers in a page of the ledger, a multiple of four: no more than one request carries, where it carries many.
    page_size: int
    #: Its apps send a longer text of a person's in several messages: one of this many characters may have more to come.
    splits_at: int
    #: It shows an animation as one; else its readers see a still picture.
    animates: bool
    #: The platform says for how long it sends us away.
    names_waits: bool
    #: The first characters of the ids of groups and channels, which bear fewer messages; empty: there are none.
    group_marks: tuple[str, ...]
    #: A keyboard stays below the chat until another one comes, and its buttons can say commands.
    keyboard_stays: bool
    #: A person can reply to one message of ours, and we learn which.
    has_replies: bool
    #: The platform tells when a button was pressed.
    dates_presses: bool
    #: It counts the messages that somebody gets without answering one of them, and ends them at some number an hour.
    counts_unanswered: bool
    #: Whoever writes to us is subscribed by that.
    writing_subscribes: bool
    #: A post can be pinned in a channel.
    pins: bool = False
    #: After a person's last word, messages to them are free for so long; None: they always are.
    free_within: timedelta | None = None
