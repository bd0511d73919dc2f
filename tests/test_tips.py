"""Reasons that keep a reader's message from the desk, as a table, and the length that is passed on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.domain.tips import ALL, EACH, LONGEST, OFFERED, Bar, Tip, Told, bar, may_be_one, sealed, words_of
from bot.readers import tips
from bot.readers.erasure import erase
from bot.storage import Queries, Store

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
READER, OTHER = Address(Platform.TELEGRAM, "2002"), Address(Platform.VIBER, "2002")
TIP = Tip(1, "reader", Platform.TELEGRAM, "There is no water in Sykhiv.")
SENT = Tip(1, "reader", Platform.TELEGRAM, "There is no water in Sykhiv.", sent_at=NOW)


@pytest.mark.parametrize(
    ("tip", "told", "expected"),
    [
        (TIP, Told(0, 0), None),
        (TIP, Told(EACH - 1, ALL - 1), None),
        (None, Told(0, 0), Bar.GONE),
        (SENT, Told(1, 1), Bar.SENT),
        (SENT, Told(EACH, ALL, is_blocked=True), Bar.SENT),
        (TIP, Told(0, 0, is_blocked=True), Bar.BLOCKED),
        (TIP, Told(EACH, 0), Bar.ENOUGH),
        (TIP, Told(EACH, ALL), Bar.ENOUGH),
        (TIP, Told(0, ALL), Bar.FULL),
    ],
)
def test_what_is_in_the_way_of_a_tip_is_named(tip: Tip | None, told: Told, expected: Bar | None) -> None:
    assert bar(tip, told) is expected


@given(st.text(max_size=2 * LONGEST))
def test_a_tip_has_only_visible_words_and_fits_a_message(text: str) -> None:
    words = words_of(text)

    assert len(words) <= LONGEST
    assert not any(mark in words for mark in "\u202e\u200b\x00\r")


@pytest.mark.parametrize(
    ("text", "may_be"), [("тролейбус", False), ("де міст?", False), ("горить школа зараз", True), ("  ", False)]
)
def test_a_word_or_two_are_no_tip(text: str, may_be: bool) -> None:
    assert may_be_one(text) is may_be


def test_a_readers_seal_names_nobody_and_differs_by_chat_and_key() -> None:
    seals = {sealed(key, chat) for key in (b"one", b"two") for chat in (READER, OTHER)}

    assert len(seals) == 4
    assert not any("2002" in seal for seal in seals)


async def test_no_more_than_a_few_messages_of_a_reader_wait_for_a_press(store: Store) -> None:
    async def write(tx: Queries) -> list[int | None]:
        return [await tips.offer(tx, READER, f"There is no water, {n}.", NOW) for n in range(OFFERED + 5)]

    numbers = await store.write(write)

    kept = [await store.read.tip(number) is not None for number in numbers if number is not None]
    assert kept == [False] * 5 + [True] * OFFERED


async def test_a_reader_who_is_forgotten_leaves_no_words_and_stays_blocked(store: Store) -> None:
    async def live(tx: Queries) -> int:
        await tx.set_reader(READER, ReaderState.ACTIVE, "uk", NOW)
        number = await tips.offer(tx, READER, "There is no water in Sykhiv.", NOW)
        assert number is not None
        await tips.pass_on(tx, READER, number, "Ivan", NOW)
        await tx.block_tips(sealed(tx.seal_key, READER), NOW)
        await erase(tx, READER, of_desk=False)
        return number

    number = await store.write(live)

    assert await store.read.tip(number) is None
    assert await store.write(lambda tx: tips.offer(tx, READER, "There is still no water.", NOW)) is None
    assert await store.write(lambda tx: tips.offer(tx, OTHER, "There is no water here too.", NOW)) is not None
