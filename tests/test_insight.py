"""/who and /resend: who has an article, and what is missing going out once more, to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reasons import why
from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.domain.ledger import Cause, Outcome, Page, Position, cause_of
from bot.storage import Queries, Store
from bot.texts import Catalogue
from config.settings import LOCALES
from tests.conftest import Clock, Scene
from tests.dialogues.conftest import Chat, desk, editor, language, platform  # noqa: F401 - fixtures
from tests.helpers.catalogue import stretch, written
from tests.helpers.crowd import (
    an_article,
    count,
    finished,
    hear_all,
    publishes,
    readers,
    rows,
    subscribe,
    tallies,
    telegram_ids,
    viber_ids,
)

TO_THE_REST = {"uk": "/надіслати 1 решті", "en": "/resend 1 missing"}
WHO = (
    written("Who has #{id}:", id=1),
    written("delivered: {n} of {all}", n=1, all=4),
    written("left: {n}", n=1),
    written("not accepted: {n}", n=1),
    written("in doubt: {n}", n=1),
    written("no clear answer ({reason})"),
)
ASKED = stretch("⚠️ in doubt: {n}. They may already have it; then they would get it twice.")
SURE = written("📨 Without those who may have it: {n}", n=1), written("#{id} goes to {n} reader again.", id=1)
ALL = written("⚠️ Also to those who may have it: {n}", n=2), written("#{id} goes to {n} reader again.", id=1)
#: A message's number on Viber: larger than any INTEGER of a database.
TOKEN = 2**63 + 7
#: What may stand in the ledger, now and before it held codes, and what is told.
OWN = {
    Cause.STOPPED.value: ("Visnyk was stopped while it was on the way", {}),
    "Visnyk was stopped while it was on the way": ("Visnyk was stopped while it was on the way", {}),
    Cause.LEFT.value: ("unsubscribed before it was sent", {}),
    "unsubscribed before it was sent": ("unsubscribed before it was sent", {}),
    Cause.DOWN.value: ("Visnyk was not running", {}),
    "Visnyk was down": ("Visnyk was not running", {}),
    Cause.FAULT.of("KeyError"): ("a fault in Visnyk itself; its log says more", {}),
    "a fault in Visnyk: KeyError": ("a fault in Visnyk itself; its log says more", {}),
    Cause.NO_CHANNEL.of("main"): ("newsroom.toml no longer has the channel “{detail}”", {"detail": "main"}),
}
NOBODY = written("There is nobody left to send #{id} to: everyone", id=1)
CHANGED = written("That has changed in the meantime. /resend", id=1)
HALTED = written("Everything is halted, nothing goes out. Use /resume first.")
NOT_OUT = written("#{id} has not gone out yet. /show {id} shows its state.", id=1)


async def four_fates(scene: Scene) -> list[int]:
    """One has it, one has left, one's message was refused, of one nobody knows; the last two have nothing."""
    people = delivered, gone, failed, doubtful = telegram_ids(4)
    await readers(scene, telegram=4)
    faults, phones = scene.sandbox.faults, scene.sandbox.telegram
    await phones.block(gone)
    await scene.app.store.write(lambda tx: subscribe(tx, scene, telegram=4))
    faults.add("telegram", "drop_before", chat=doubtful)
    faults.add("telegram", "refuse", chat=failed, code=400, text="Bad Request: message text is empty: late")
    await publishes(scene, an_article())
    await finished(scene)
    assert count(phones.phone(delivered)) == 1
    return people


async def counts(scene: Scene, people: list[int]) -> list[int]:
    return [count(scene.sandbox.telegram.phone(person)) for person in people]


async def test_who_tells_of_each_outlet_how_many_have_it_and_why_the_others_have_not(desk: Chat) -> None:  # noqa: F811
    await four_fates(desk.scene)

    answer = await desk.says("/who 1", WHO[0][desk.language])
    assert [line for line in WHO if line[desk.language] not in answer.text] == [], answer.text
    assert "message text is empty: late" in answer.text
    tally = (await tallies(desk.scene))["telegram"]
    assert tally.audience == tally.delivered + tally.gone + tally.failed + tally.in_doubt + tally.waiting == 4


async def test_a_message_that_viber_took_and_did_not_show_is_told_as_failed(desk: Chat) -> None:  # noqa: F811
    scene, words = desk.scene, "the client rejected the message"
    await readers(scene, viber=6)
    for reader in viber_ids(6)[:3]:
        scene.sandbox.viber.fail_next(reader, words)
    await publishes(scene, an_article())
    while (tally := (await tallies(scene)).get("viber")) is None or tally.failed < 3:
        await scene.until(lambda: True)

    assert (tally.audience, tally.delivered, tally.failed, tally.waiting) == (6, 3, 3, 0)
    answer = await desk.says("/who 1", WHO[0][desk.language])
    assert words in answer.text


@pytest.mark.parametrize("reported", ["before", "after"])
async def test_a_late_report_changes_only_the_copy_that_it_names(store: Store, reported: str) -> None:
    chats = [Address(Platform.VIBER, f"reader {number}") for number in range(3)]
    now = Clock()()

    async def work(tx: Queries) -> tuple[list[int], list[tuple[int, str]]]:
        for chat in chats:
            await tx.set_reader(chat, ReaderState.ACTIVE, "uk", now)
        entry = await tx.entry(await tx.add_article(an_article(), chats[0], now))
        assert entry is not None
        await tx.add_dispatches(entry, [], {Platform.VIBER: 300}, now, silent=False)
        page = await tx.page(1, 0)
        low = page.positions(Position.UNTOUCHED)[0]
        members = range(low, low + 3)
        page = page.reserve(members).delivered(dict.fromkeys(members, TOKEN))
        if reported == "after":
            await tx.save_page(page, now)
        await tx.not_shown(chats[1], TOKEN, "rejected", now)
        await tx.not_shown(chats[2], TOKEN + 1, "of another message", now)
        if reported == "before":
            await tx.save_page(page, now)
        saved = await tx.page(1, 0)
        exceptions = await tx.all("SELECT subscriber, reason FROM exception")
        return [saved.states[at] for at in members], [tuple(row) for row in exceptions]

    states, exceptions = await store.write(work)
    assert states == [Position.DELIVERED, Position.EXCEPTION, Position.DELIVERED]
    assert [reason for _, reason in exceptions] == ["rejected"]


async def test_who_tells_our_causes_in_the_askers_language_also_an_older_versions(
    desk: Chat,  # noqa: F811
) -> None:
    await four_fates(desk.scene)
    for reason, (text, detail) in OWN.items():

        async def work(tx: Queries, reason: str = reason) -> None:
            await tx.run("UPDATE exception SET reason = :reason WHERE kind = 'in_doubt'", {"reason": reason})

        await desk.scene.app.store.write(work)

        await desk.asks("/who 1", text, **detail)


@pytest.mark.parametrize("cause", Cause)
def test_a_cause_that_is_visnyks_own_is_told_in_the_readers_language(cause: Cause) -> None:
    catalogue = Catalogue.load(LOCALES, "uk")

    assert re.search("[а-яі]{4}", why(catalogue.say("uk"), str(cause), Outcome.IN_DOUBT))
    assert "?" not in why(catalogue.say("en"), str(cause))


@pytest.mark.parametrize("words", ["", "Forbidden: bot was blocked by the user", "visnyk", "visnyk: down"])
def test_the_platforms_words_are_no_cause_of_ours(words: str) -> None:
    assert cause_of(words) is None


async def test_who_offers_to_send_it_again_only_when_that_can_be_done(desk: Chat) -> None:  # noqa: F811
    waits = telegram_ids(5)[4]
    await readers(desk.scene, telegram=5)
    desk.scene.sandbox.faults.add("telegram", "refuse", chat=telegram_ids(5)[2], code=400, text="Bad Request: ODD")
    desk.scene.sandbox.faults.add("telegram", "429", chat=waits, retry_after=60)
    await publishes(desk.scene, an_article())
    while (await tallies(desk.scene))["telegram"].failed != 1:
        await desk.scene.until(lambda: True)

    assert "/resend" not in (await desk.says("/who 1", WHO[0][desk.language])).text
    desk.scene.advance(seconds=61)
    await finished(desk.scene)
    assert TO_THE_REST[desk.language] in (await desk.says("/who 1", WHO[0][desk.language])).text


async def test_the_summary_at_the_end_names_everybody_of_the_audience(editor: Chat) -> None:  # noqa: F811
    await editor.says("/list", "")
    await hear_all(editor.scene)
    await four_fates(editor.scene)

    summary = (await editor.hears("читачі: доставлено")).text
    (line,) = [line for line in summary.split("\n") if line.startswith("Telegram, читачі")]
    assert sum(int(number) for number in re.findall(r": (\d+)", line)) == 4, line


@pytest.mark.parametrize(("answers", "expected"), [(SURE, [1, 0, 1, 0]), (ALL, [1, 0, 1, 1])])
async def test_resend_warns_of_the_doubtful_and_reaches_only_whom_the_editor_chose(
    desk: Chat,  # noqa: F811
    answers: tuple[dict[str, str], dict[str, str]],
    expected: list[int],
) -> None:
    people = await four_fates(desk.scene)
    await desk.says("/resend 1 missing", ASKED[desk.language])
    assert await counts(desk.scene, people) == [1, 0, 0, 0]

    await desk.presses(*(text[desk.language] for text in answers))
    await finished(desk.scene)
    assert await counts(desk.scene, people) == expected
    tally = (await tallies(desk.scene))["telegram"]
    assert (tally.audience, tally.delivered, tally.gone, tally.failed) == (4, sum(expected), 1, 0)
    assert tally.in_doubt == 3 - sum(expected)
    assert len(await rows(desk.scene, "SELECT id FROM dispatch WHERE channel IS NULL AND platform = 'telegram'")) == 1


async def test_a_decision_on_numbers_that_have_changed_is_asked_anew(desk: Chat) -> None:  # noqa: F811
    people = await four_fates(desk.scene)
    await desk.says("/resend 1 missing", ASKED[desk.language])
    await desk.says("/надіслати 1 решті", ASKED[desk.language])
    await desk.presses(*(text[desk.language] for text in SURE))
    await finished(desk.scene)

    await desk.presses(ALL[0][desk.language], CHANGED[desk.language])
    assert await counts(desk.scene, people) == [1, 0, 1, 0]


async def test_what_was_decided_survives_a_restart_and_counts_once(editor: Chat) -> None:  # noqa: F811
    scene = editor.scene
    people = await four_fates(scene)
    await editor.says("/halt", "Усе зупинено: жодна")
    await editor.says("/resend 1 missing", HALTED["uk"])
    await editor.ends_the_halt()
    await editor.says("/resend 1 missing", ASKED["uk"])
    scene.sandbox.faults.add("telegram", "429", chat=people[2], retry_after=30)
    await editor.presses(*(text["uk"] for text in ALL))
    await scene.until(lambda: count(scene.sandbox.telegram.phone(people[3])))

    await scene.stop()
    scene.clock.at += timedelta(seconds=31)
    await scene.start()
    await finished(scene)
    await editor.says("/resend 1 missing", NOBODY["uk"])
    assert await counts(scene, people) == [1, 0, 1, 1]


async def test_only_what_went_out_to_readers_can_be_sent_to_the_rest(desk: Chat) -> None:  # noqa: F811
    await desk.drafts()
    await desk.holds(
        [
            ("/who 1", NOT_OUT[desk.language]),
            ("/кому 1", NOT_OUT[desk.language]),
            ("/resend 1 missing", NOBODY[desk.language]),
            ("/resend 1", TO_THE_REST[desk.language]),
            ("/who 7", "#7"),
        ]
    )


async def test_trying_again_reaches_the_reader_at_whom_it_was_stopped(scene: Scene) -> None:
    await scene.says("/list", "")
    await readers(scene, telegram=1)
    scene.sandbox.faults.add("telegram", "refuse", chat=telegram_ids(1)[0], text="Bad Request: message text is empty")
    await publishes(scene, an_article())
    await scene.until(lambda: [b for b in scene.telegram() if b.buttons and b.buttons[0][0][0] == "Спробувати ще раз"])
    asked = next(b for b in scene.telegram() if b.buttons and b.buttons[0][0][0] == "Спробувати ще раз")

    await scene.presses(asked, "Спробувати ще раз", "Пробуємо #1 ще раз.")
    await finished(scene)
    assert await counts(scene, telegram_ids(1)) == [1]
    assert (await tallies(scene))["telegram"].delivered == 1


@given(st.lists(st.sampled_from(["delivered", "excepted", "release"]), min_size=1, max_size=300), st.data())
def test_whoever_is_sent_to_again_leaves_the_sum_the_audience(fates: list[str], data: st.DataObject) -> None:
    size = 512
    page = Page.new(1, 0, 0, size, (1 << len(fates)) - 1).reserve(range(len(fates)))
    for position, fate in enumerate(fates):
        page = page.delivered({position: position + 1}) if fate == "delivered" else getattr(page, fate)([position])
    excepted = page.positions(Position.EXCEPTION)
    again = data.draw(st.sets(st.sampled_from(excepted))) if excepted else set()

    reopened = page.reopened(again)
    assert sum(map(reopened.count, Position)) == reopened.audience == len(fates)
    assert reopened.positions(Position.DELIVERED) == page.positions(Position.DELIVERED)
    assert set(excepted) - set(reopened.positions(Position.EXCEPTION)) == again
