"""A change of an article that is out reaches the copies on phones: edited where that can be, told where it can't."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import Article, Platform
from bot.domain.change import ChangeKind, ChangeState, Tell
from bot.domain.ledger import DispatchKind, DispatchState
from bot.newsroom import aftermath
from bot.newsroom.desk import Desk
from bot.sandbox import Bubble
from bot.storage import Queries
from bot.storage.convert import to_ms
from tests.conftest import CHANNEL, Scene
from tests.helpers.changing import NOTE, RIGHT, changes, everybody_has_it, everywhere
from tests.helpers.crowd import (
    HEADLINE,
    PICTURE,
    an_article,
    count,
    publishes,
    readers,
    requests,
    rows,
    tallies,
    telegram_ids,
    viber_ids,
)
from tests.promises.moments import comes_true


def corrected(*, picture: str = "") -> Article:
    return replace(an_article(picture=picture), lead=RIGHT)


def phone(scene: Scene, person: int) -> list[Bubble]:
    return scene.sandbox.telegram.phone(person)


async def test_a_correction_edits_every_copy_and_tells_each_holder_once(scene: Scene) -> None:
    await readers(scene, telegram=40, viber=30)
    await publishes(scene, an_article())
    await everybody_has_it(scene)

    change = await changes(scene, corrected())
    await everywhere(scene, change)

    for person in telegram_ids(40):
        post, notice = phone(scene, person)
        assert RIGHT in post.text
        assert NOTE in notice.text
        assert notice.reply_to == post.message_id
    for reader in viber_ids(30):
        assert [RIGHT in bubble.text or NOTE in bubble.text for bubble in scene.sandbox.viber.phone(reader)] == [
            False,
            True,
        ]
    post, notice = scene.channel()
    assert (RIGHT in post.text, NOTE in notice.text, notice.reply_to) == (True, True, post.message_id)
    assert [NOTE in bubble.text for bubble in scene.viber_channel()] == [False, True]
    assert requests(scene, "editMessageText") == 41
    carried = await scene.app.store.read.dispatches_of(change)
    sums = [
        (each.kind, each.audience, (await scene.app.store.read.tally(each)).delivered)
        for each in carried
        if not each.channel
    ]
    assert sorted(sums) == [(DispatchKind.EDIT, 40, 40), (DispatchKind.NOTICE, 30, 30), (DispatchKind.NOTICE, 40, 40)]
    assert set(await tallies(scene)) == {"telegram", "viber"}


async def test_of_many_each_is_told_before_the_copies_are_edited(scene: Scene) -> None:
    await readers(scene, telegram=30)
    await publishes(scene, an_article())
    await everybody_has_it(scene)

    await everywhere(scene, await changes(scene, corrected(), notice_first=29))

    carried = "SELECT kind FROM dispatch WHERE change_id = 1 AND platform = 'telegram' AND channel IS NULL ORDER BY id"
    assert await rows(scene, carried) == [("notice",), ("edit",)]  # of two the older goes first
    assert all(NOTE in phone(scene, person)[1].text for person in telegram_ids(30))


async def test_a_misprint_is_put_right_without_a_word_and_nothing_goes_to_viber(scene: Scene) -> None:
    await readers(scene, telegram=3, viber=3)
    await publishes(scene, an_article())
    await everybody_has_it(scene)

    await everywhere(scene, await changes(scene, corrected(), kind=ChangeKind.TYPO, tell=Tell.NOBODY))

    assert [[RIGHT in bubble.text for bubble in phone(scene, person)] for person in telegram_ids(3)] == [[True]] * 3
    assert [len(scene.sandbox.viber.phone(reader)) for reader in viber_ids(3)] == [1, 1, 1]
    assert len(scene.viber_channel()) == 1


@pytest.mark.parametrize(
    ("was", "becomes", "method"),
    [
        ("", "", "editMessageText"),
        (PICTURE, PICTURE, "editMessageCaption"),
        (PICTURE, "https://example.org/other.jpg", "editMessageMedia"),
        ("", PICTURE, "editMessageMedia"),
        (PICTURE, "", "editMessageMedia"),
    ],
)
async def test_words_and_pictures_are_changed_as_they_stand(scene: Scene, was: str, becomes: str, method: str) -> None:
    await readers(scene, telegram=3)
    await publishes(scene, an_article(picture=was))
    await everybody_has_it(scene)

    await everywhere(scene, await changes(scene, corrected(picture=becomes), tell=Tell.NOBODY))

    assert [RIGHT in phone(scene, person)[0].text for person in telegram_ids(3)] == [True] * 3
    assert RIGHT in scene.channel()[0].text
    assert requests(scene, method) == 4
    assert bool(scene.channel()[0].photo) is bool(was or becomes)


async def test_a_copy_that_alone_has_no_picture_is_changed_as_what_it_is(scene: Scene) -> None:
    await readers(scene, telegram=4)
    alone = telegram_ids(4)[2]
    scene.sandbox.faults.add(
        "telegram", "refuse", method="sendPhoto", chat=alone, text="Bad Request: wrong type of the web page content"
    )
    await publishes(scene, an_article(picture=PICTURE))
    await everybody_has_it(scene)

    await everywhere(scene, await changes(scene, corrected(picture=PICTURE), tell=Tell.NOBODY))

    assert [RIGHT in phone(scene, person)[0].text for person in telegram_ids(4)] == [True] * 4
    assert requests(scene, "editMessageText", str(alone)) == 1


async def test_a_change_that_nobody_has_a_copy_of_ends_by_itself(scene: Scene) -> None:
    await readers(scene, viber=2)
    await publishes(scene, an_article())
    await everybody_has_it(scene)
    await scene.app.store.write(lambda tx: tx.run("DELETE FROM dispatch WHERE channel = 'main'"))

    change = await changes(scene, corrected(), kind=ChangeKind.TYPO, tell=Tell.NOBODY)
    await everywhere(scene, change)

    assert await scene.app.store.read.dispatches_of(change) == []


async def test_a_copy_that_is_so_already_counts_as_changed(scene: Scene) -> None:
    await readers(scene, telegram=2)
    await publishes(scene, an_article())
    await everybody_has_it(scene)

    change = await changes(scene, an_article(), kind=ChangeKind.TYPO, tell=Tell.NOBODY)
    await everywhere(scene, change)

    (edit,) = [each for each in await scene.app.store.read.dispatches_of(change) if each.channel is None]
    assert (await scene.app.store.read.tally(edit)).delivered == 2


async def test_a_reader_whose_copy_is_gone_is_listed_and_told(scene: Scene) -> None:
    await readers(scene, telegram=3)
    lost = telegram_ids(3)[1]
    await publishes(scene, an_article())
    await everybody_has_it(scene)
    scene.sandbox.faults.add(
        "telegram",
        "refuse",
        method="editMessageText",
        chat=lost,
        times=2,
        text="Bad Request: message to edit not found",
    )

    change = await changes(scene, corrected())
    await comes_true(scene, f"SELECT 1 FROM page WHERE not_before > {to_ms(scene.clock())}")
    scene.advance(seconds=61)
    await everywhere(scene, change)

    assert NOTE in phone(scene, lost)[-1].text
    edit = next(
        each
        for each in await scene.app.store.read.dispatches_of(change)
        if each.kind is DispatchKind.EDIT and each.channel is None
    )
    tally = await scene.app.store.read.tally(edit)
    assert (tally.audience, tally.delivered, tally.failed) == (3, 2, 1)
    assert requests(scene, "editMessageText", str(lost)) == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "502"])
async def test_an_edit_of_unknown_outcome_is_made_again_and_a_word_is_not(scene: Scene, fault: str) -> None:
    await readers(scene, telegram=3)
    unsure = telegram_ids(3)[2]
    await publishes(scene, an_article())
    await everybody_has_it(scene)
    for method in ("editMessageText", "sendMessage"):
        scene.sandbox.faults.add("telegram", fault, method=method, chat=unsure)
    scene.sandbox.faults.add("telegram", fault, method="editMessageText", chat=CHANNEL)

    change = await changes(scene, corrected())
    await comes_true(scene, f"SELECT 1 FROM page WHERE not_before > {to_ms(scene.clock())}")
    await comes_true(
        scene,
        f"SELECT 1 FROM dispatch WHERE kind = 'edit' AND state = 'ready' AND not_before > {to_ms(scene.clock())}",
    )
    scene.advance(seconds=11)
    await everywhere(scene, change)

    assert RIGHT in phone(scene, unsure)[0].text
    assert RIGHT in scene.channel()[0].text
    assert requests(scene, "editMessageText", str(unsure)) == 2
    assert requests(scene, "sendMessage", str(unsure)) == 2
    assert [tuple(row) for row in await rows(scene, "SELECT kind, count(*) FROM exception GROUP BY kind")] == [
        ("in_doubt", 1)
    ]


async def test_copies_whose_numbers_were_forgotten_are_left_and_their_holders_told(scene: Scene) -> None:
    await readers(scene, telegram=2)
    await publishes(scene, an_article())
    await everybody_has_it(scene)
    before = scene.clock() + timedelta(days=1)
    for _ in range(4):
        await scene.app.store.write(lambda tx: tx.forget_message_ids(before, 10))

    await everywhere(scene, await changes(scene, corrected()))

    assert [NOTE in phone(scene, person)[-1].text for person in telegram_ids(2)] == [True, True]
    assert requests(scene, "editMessageText") == 1  # the channel's


async def test_who_wants_no_messages_has_the_copy_put_right_all_the_same(scene: Scene) -> None:
    await readers(scene, telegram=2)
    silent = telegram_ids(2)[0]
    await publishes(scene, an_article())
    await everybody_has_it(scene)
    await scene.app.store.write(
        lambda tx: tx.run("UPDATE subscriber SET state = 'muted' WHERE chat = :c", {"c": str(silent)})
    )

    await everywhere(scene, await changes(scene, corrected()))

    assert [RIGHT in bubble.text for bubble in phone(scene, silent)] == [True]


async def test_a_post_in_doubt_is_changed_when_somebody_has_looked(scene: Scene) -> None:
    scene.sandbox.faults.add("telegram", "drop_after", method="sendMessage", chat=CHANNEL)
    await publishes(scene, an_article())
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE channel = 'main' AND state = 'in_doubt'")

    change = await changes(scene, corrected())
    await comes_true(
        scene, "SELECT 1 FROM dispatch WHERE channel = 'viber' AND kind = 'notice' AND state = 'delivered'"
    )
    [[state]] = await rows(scene, f"SELECT state FROM change WHERE id = {change.id}")
    assert (state, count(scene.channel()), len(scene.channel())) == (ChangeState.RUNNING, 1, 1)

    [[post]] = await rows(scene, "SELECT id FROM dispatch WHERE channel = 'main' AND kind = 'post'")

    async def appeared(tx: Queries) -> None:
        await tx.settle(post, DispatchState.DELIVERED, scene.clock())

    await scene.app.store.write(appeared)
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE channel = 'main' AND kind = 'notice' AND state = 'delivered'")
    assert NOTE in scene.channel()[-1].text
    assert HEADLINE in scene.channel()[0].text


async def anything_may_leave(_tx: Queries, _article: int) -> bool:
    return True


@pytest.mark.parametrize("kind", [ChangeKind.CORRECTION, ChangeKind.RETRACTION])
async def test_amid_a_broadcast_nobody_gets_the_old_text_after_a_change_nor_two(scene: Scene, kind: ChangeKind) -> None:
    scene.app.delivery.ask_before(anything_may_leave)  # the newsroom's own word for a change is not given here
    await readers(scene, telegram=700, viber=650)
    for platform, method in (
        ("telegram", "sendMessage"),
        ("telegram", "editMessageText"),
        ("viber", "broadcast_message"),
    ):
        scene.sandbox.faults.add(platform, "slow", method=method, times=None, delay=0.03)
    await publishes(scene, an_article())
    await scene.until(lambda: requests(scene, "sendMessage") > 150)

    first = await changes(scene, corrected())
    await scene.until(lambda: requests(scene, "editMessageText") > 60)
    old = await rows(scene, "SELECT sum(audience) FROM dispatch WHERE kind = 'post' AND version = 1")
    last = await changes(scene, replace(an_article(), lead="Поранено 13 людей."), kind=kind)
    # Edits that were on their way might still take effect: the next ones of these copies wait for that.
    await comes_true(scene, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM handover)")
    scene.advance(seconds=11)
    await everywhere(scene, last)

    telegram = [phone(scene, person) for person in telegram_ids(700)]
    viber = [scene.sandbox.viber.phone(reader) for reader in viber_ids(650)]
    posts = [[bubble for bubble in bubbles if NOTE not in bubble.text] for bubbles in (*telegram, *viber)]
    assert max(map(len, posts)) == 1
    assert all("13" in post.text for bubbles in posts[:700] for post in bubbles)
    assert all(len(bubbles) > 1 for bubbles in viber if bubbles and "13" not in bubbles[0].text)
    assert old[0][0] < 1350
    tally = await scene.app.store.read.all("SELECT sum(audience) FROM dispatch WHERE kind = 'post' AND channel IS NULL")
    assert tally[0][0] == 1350
    reached = sum(map(bool, posts))
    assert reached == 1350 if kind is ChangeKind.CORRECTION else reached < 1350
    reports = aftermath.by_outlet(
        await aftermath.report(Desk(scene.app.newsroom, scene.app.store.read, scene.clock()), 1)
    )
    assert [each.tally.audience for each in reports if each.tally] == [700, 650]
    states = await rows(scene, f"SELECT state FROM change WHERE id IN ({first.id}, {last.id}) ORDER BY id")
    assert states == [("superseded",), ("done",)]
    held = await scene.app.store.read.holdings(1)
    assert sum(each.readers for each in held) == reached
    assert sum(each.readers for each in held if each.platform is Platform.TELEGRAM and each.version != 3) == 0
