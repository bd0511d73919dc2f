"""What reaches the phones when the platforms misbehave, and what the desk hears of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import Address, Article, Media, MediaKind, Platform, Preview, Run, outgoing_to_json
from bot.domain.entry import Reply
from bot.domain.ledger import DispatchState
from bot.domain.people import Actor, Role
from bot.newsroom import aftermath, leaving, publishing, review, writing
from bot.newsroom.desk import Desk
from bot.storage import Queries
from tests.conftest import CHANNEL, NEWSROOM, OWNER, TELEGRAM_TOKEN, VIBER_OWNER, Clock, Scene, a_scene
from tests.helpers.acts import acting
from tests.helpers.critic import a_critical_scene
from tests.helpers.crowd import (
    DESK,
    HEADLINE,
    PICTURE,
    an_article,
    count,
    finished,
    meet_the_desk,
    publishes,
    readers,
    requests,
    said,
    settle_in,
    states,
    subscribe,
    tallies,
    telegram_ids,
    viber_ids,
)
from tests.promises.moments import comes_true


async def test_every_one_of_1200_and_700_readers_gets_it_exactly_once(scene: Scene) -> None:
    await readers(scene, telegram=1200, viber=700)
    await publishes(scene, an_article())
    await finished(scene)

    telegram, viber = scene.sandbox.telegram, scene.sandbox.viber
    assert [count(telegram.phone(person)) for person in telegram_ids(1200)] == [1] * 1200
    assert [count(viber.phone(reader)) for reader in viber_ids(700)] == [1] * 700
    tally = await tallies(scene)
    assert [tally["telegram"].delivered, tally["viber"].delivered] == [1200, 700]
    assert count(scene.channel()) == count(scene.viber_channel()) == 1


async def test_a_reader_whose_chat_must_wait_gets_it_later_and_once(scene: Scene) -> None:
    await readers(scene, telegram=3)
    late = telegram_ids(3)[1]
    scene.sandbox.faults.add("telegram", "429", chat=late, retry_after=30)
    await publishes(scene, an_article())
    phones = scene.sandbox.telegram
    await scene.until(lambda: count(phones.phone(telegram_ids(3)[0])) and count(phones.phone(telegram_ids(3)[2])))
    assert count(phones.phone(late)) == 0
    await comes_true(scene, f"SELECT 1 FROM page WHERE not_before > {int(scene.clock().timestamp() * 1000)}")

    scene.advance(seconds=31)
    await finished(scene)
    assert [count(phones.phone(person)) for person in telegram_ids(3)] == [1, 1, 1]


async def test_a_channel_that_must_wait_gets_it_later_and_once(scene: Scene) -> None:
    scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=20)
    await publishes(scene, an_article())
    await scene.until(lambda: count(scene.viber_channel()))
    waits = f"channel = 'main' AND not_before > {int(scene.clock().timestamp() * 1000)}"
    await comes_true(scene, f"SELECT 1 FROM dispatch WHERE {waits}")
    assert not scene.channel()

    scene.advance(seconds=21)
    await finished(scene)
    assert count(scene.channel()) == 1


async def test_a_reader_who_blocked_the_bot_is_counted_gone_and_not_sent_to_again(scene: Scene) -> None:
    await readers(scene, telegram=3)
    blocker = telegram_ids(3)[1]
    await scene.sandbox.telegram.block(blocker)
    # The update of the block makes a reader leave; here the sending itself is to find it out.
    await scene.app.store.write(lambda tx: subscribe(tx, scene, telegram=3))
    await publishes(scene, an_article())
    await finished(scene)
    tally = (await tallies(scene))["telegram"]
    assert (tally.audience, tally.delivered, tally.gone) == (3, 2, 1)

    await publishes(scene, an_article("Друга новина"))
    await finished(scene, 2)
    assert (await tallies(scene, 2))["telegram"].audience == 2


@pytest.mark.parametrize("fault", ["drop_after", "html200", "half", "502"])
async def test_a_reader_of_unknown_outcome_is_in_doubt_and_not_repeated(scene: Scene, fault: str) -> None:
    await readers(scene, telegram=4)
    unsure = telegram_ids(4)[2]
    scene.sandbox.faults.add("telegram", fault, chat=unsure)
    await publishes(scene, an_article())
    await finished(scene)

    tally = (await tallies(scene))["telegram"]
    assert (tally.delivered, tally.in_doubt, tally.waiting) == (3, 1, 0)
    assert requests(scene, "sendMessage", str(unsure)) == 1


async def test_an_urgent_article_is_sent_once_more_to_a_reader_in_doubt(scene: Scene) -> None:
    await readers(scene, telegram=2)
    scene.sandbox.faults.add("telegram", "drop_before", chat=telegram_ids(2)[1])
    await publishes(scene, an_article(urgent=True))
    await finished(scene)

    assert [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(2)] == [1, 1]
    assert (await tallies(scene))["telegram"].delivered == 2


@pytest.mark.parametrize(("button", "times"), [("Він там", 1), ("ще раз", 2)])
async def test_a_channel_in_doubt_is_put_before_the_desk_who_settles_it(scene: Scene, button: str, times: int) -> None:
    await meet_the_desk(scene)
    scene.sandbox.faults.add("telegram", "drop_after", chat=CHANNEL)
    await publishes(scene, an_article())
    await scene.until(lambda: [b for b in scene.telegram() if len(b.buttons) == 1 and len(b.buttons[0]) == 2])
    assert (await states(scene))["main"] == "in_doubt"
    screen = next(b for b in scene.telegram() if len(b.buttons) == 1 and len(b.buttons[0]) == 2)
    labels = [label for label, _ in screen.buttons[0]]

    answer = "Записано: #1" if times == 1 else "#1 публікуємо ще раз"
    await scene.presses(screen, labels[0 if times == 1 else 1], answer)
    await finished(scene)
    assert (await states(scene))["main"] == "delivered"
    assert count(scene.channel()) == times


@pytest.mark.parametrize("platform", ["telegram", "viber"])
async def test_a_doubtful_channel_of_either_platform_leaves_the_other_alone(scene: Scene, platform: str) -> None:
    scene.sandbox.faults.add(platform, "drop_after", method="sendMessage" if platform == "telegram" else "post")
    await publishes(scene, an_article())
    await finished(scene)

    doubtful, other = ("main", "viber") if platform == "telegram" else ("viber", "main")
    outcome = await states(scene)
    assert (outcome[doubtful], outcome[other]) == ("in_doubt", "delivered")


async def test_readers_on_vibers_failed_list_are_gone_and_the_others_have_it(scene: Scene) -> None:
    await readers(scene, viber=5)
    ids = viber_ids(5)
    scene.sandbox.viber.unregister(ids[1])
    await scene.sandbox.viber.unsubscribe(ids[3])
    await scene.app.store.write(lambda tx: subscribe(tx, scene, viber=5))
    await publishes(scene, an_article())
    await finished(scene)

    tally = (await tallies(scene))["viber"]
    assert (tally.delivered, tally.gone, tally.waiting) == (3, 2, 0)
    assert [count(scene.sandbox.viber.phone(reader)) for reader in ids] == [1, 0, 1, 0, 1]


async def test_a_picture_that_is_rejected_gives_way_to_the_plainer_form(scene: Scene) -> None:
    await readers(scene, telegram=3)
    text = "Bad Request: IMAGE_PROCESS_FAILED"
    scene.sandbox.faults.add("telegram", "refuse", method="sendPhoto", code=400, text=text, times=None)
    await publishes(scene, an_article(picture=PICTURE))
    await finished(scene)

    assert count(scene.channel()) == 1
    assert not scene.channel()[-1].photo
    assert [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(3)] == [1, 1, 1]
    for asked in ("/who 1", "/show 1"):
        answer = await scene.says(asked, "без фото")
        assert len(re.findall(r"без фото \(.+?\)", answer.text)) == 2, answer.text
    answer = await scene.says("/history 1", "вийшло простіше")
    assert len(re.findall("вийшло простіше", answer.text)) == 2, answer.text


@pytest.mark.parametrize("picture", ["", PICTURE])
async def test_a_button_that_is_refused_is_left_out_and_its_address_said(scene: Scene, picture: str) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=3)
    scene.sandbox.faults.add(
        "telegram", "refuse", chat=CHANNEL, times=1, code=400, text="Bad Request: BUTTON_URL_INVALID"
    )
    article = replace(an_article(picture=picture), link="https://example.org/news/1")
    await publishes(scene, article)
    await finished(scene)
    await scene.until(lambda: said(scene.telegram(), "без кнопки"))

    (post,) = scene.channel()
    assert "https://example.org/news/1" in post.text
    assert not post.buttons
    assert bool(post.photo) == bool(picture)
    assert [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(3)] == [1, 1, 1]


async def test_formatting_that_is_refused_is_left_out_and_told(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=3)
    for chat in (CHANNEL, telegram_ids(1)[0]):
        scene.sandbox.faults.add(
            "telegram", "refuse", chat=chat, code=400, text="Bad Request: can't parse entities: Unmatched end tag"
        )
    article = replace(an_article(), body=((Run("Так ", bold=True), Run("було", struck=True)),))
    await publishes(scene, article)
    await finished(scene)
    await scene.until(lambda: said(scene.telegram(), "без оформлення (Bad Request"))

    (post,) = scene.channel()
    assert "Так було" in post.text
    assert not post.entities or {kind for kind, *_ in post.entities} == {"text_link"}
    assert [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(3)] == [1, 1, 1]


async def test_what_a_platform_has_no_form_for_is_told_when_it_is_out(scene: Scene) -> None:
    await meet_the_desk(scene)
    article = replace(an_article(picture="https://example.org/bridge"), body=((Run("Так було", spoiler=True),),))
    await publishes(scene, article)
    await finished(scene)
    await scene.until(lambda: said(scene.telegram(), "без фото, частини оформлення (там цього не показати)"))
    (told,) = said(scene.telegram(), "без фото, частини")
    await scene.says("/history 1", "вийшло простіше, Вісник у Viber: там цього не показати")

    assert told.text.count("без ") == 1, told.text  # Telegram has a form for both


async def test_copies_that_are_poorer_for_single_readers_are_counted_and_told(tmp_path: Path) -> None:
    async with a_critical_scene(tmp_path, "viber", b"") as (scene, critic):
        await meet_the_desk(scene)
        await readers(scene, telegram=60)
        chat = telegram_ids(60)[40]
        scene.sandbox.faults.add("telegram", "refuse", method="sendPhoto", chat=chat, code=400, text="Bad Request: no")
        await publishes(scene, an_article(picture=PICTURE))
        await finished(scene)
        await scene.until(lambda: said(scene.telegram(), "1 копія без фото"))
        await scene.says("/who 1", "1 копія без фото")
        await scene.says("/history 1", "окремі копії без фото, Telegram, читачі: 1")

        assert count(scene.sandbox.telegram.phone(chat)) == 1
        assert critic.refused == 0


async def test_a_preview_that_telegram_takes_only_without_its_button_says_what_to_do(scene: Scene) -> None:
    await meet_the_desk(scene)
    scene.sandbox.faults.add("telegram", "refuse", chat=OWNER, code=400, text="Bad Request: BUTTON_URL_INVALID")

    async def show(tx: Queries) -> None:
        desk = await acting(scene.app.newsroom, tx, scene.clock(), DESK)
        entry = (await writing.draft(desk, replace(an_article(), link="https://example.org/news/1"))).entry
        preview = outgoing_to_json(Preview(entry.id, entry.version, Platform.TELEGRAM))
        await tx.owe(Reply(DESK, preview), scene.clock())

    await scene.app.store.write(show)
    await scene.until(lambda: said(scene.telegram(), "допис вийде без кнопки (Bad Request: BUTTON_URL_INVALID)"))

    (told,) = said(scene.telegram(), "допис вийде без кнопки")
    assert "/змінити 1 посилання: -" in told.text
    assert [b for b in scene.telegram() if "https://example.org/news/1" in b.text and not b.buttons]


async def test_rights_that_are_missing_are_told_once_and_mended_with_try_again(scene: Scene) -> None:
    await meet_the_desk(scene)
    telegram = scene.sandbox.telegram
    telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_post=False)
    await publishes(scene, an_article())
    await finished(scene)
    await scene.until(lambda: [b for b in scene.telegram() if len(b.buttons) == 1])
    assert (await states(scene))["main"] == "stopped"
    assert count(scene.viber_channel()) == 1
    told = [b for b in scene.telegram() if len(b.buttons) == 1]
    assert len(told) == 1

    telegram.set_admin(CHANNEL, TELEGRAM_TOKEN, can_post=True)
    await scene.presses(told[0], told[0].buttons[0][0][0], "#1")
    await scene.until(lambda: count(scene.channel()) == 1)
    await finished(scene)
    assert (await states(scene))["main"] == "delivered"


async def test_a_platform_that_is_down_is_told_once_and_nothing_is_lost(scene: Scene) -> None:
    await scene.sandbox.viber.open_chat(VIBER_OWNER)
    await scene.says_on_viber("/list", "")
    await readers(scene, telegram=20)
    scene.sandbox.faults.add("telegram", "502", method="sendMessage", times=None)
    await publishes(scene, an_article())
    await scene.until(lambda: said(scene.viber(), "). Нічого не втрачено"))
    down = (await tallies(scene))["telegram"]
    # The breaker keeps all but the first few out of doubt.
    assert down.in_doubt <= 8
    scene.sandbox.faults.clear()

    await finished(scene)
    tally = (await tallies(scene))["telegram"]
    assert tally.delivered + tally.in_doubt == 20
    assert tally.delivered >= 10
    await comes_true(scene, "SELECT 1 FROM notice WHERE well_at IS NOT NULL")
    scene.advance(minutes=1)
    await scene.until(lambda: said(scene.viber(), "знову працює"))
    assert len(said(scene.viber(), "). Нічого не втрачено")) == 1
    assert max(count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(20)) == 1


async def test_a_video_that_is_still_converted_counts_as_posted(scene: Scene) -> None:
    await meet_the_desk(scene)
    scene.sandbox.telegram.reencode_videos = True
    video = Article(headline=HEADLINE, media=Media(MediaKind.VIDEO, url="https://example.org/v.mp4"))
    await publishes(scene, video)
    await finished(scene)

    assert (await states(scene))["main"] == "delivered"
    await scene.sandbox.telegram.finish_encoding()
    assert count(scene.channel()) == 1


async def test_articles_of_one_instant_all_leave_together(scene: Scene) -> None:
    await publishes(scene, *(an_article(f"Новина {n}") for n in range(5)))
    for article in range(1, 6):
        await finished(scene, article)

    assert [count(scene.channel(), f"Новина {n}") for n in range(5)] == [1] * 5
    assert [count(scene.viber_channel(), f"Новина {n}") for n in range(5)] == [1] * 5


async def test_an_urgent_article_is_sent_before_ordinary_ones(scene: Scene) -> None:
    await readers(scene, telegram=1)
    reader = telegram_ids(1)[0]
    await publishes(scene, *(an_article(f"Звичайна {n}") for n in range(4)), an_article("Термінова", urgent=True))
    for article in range(1, 6):
        await finished(scene, article)

    order = [bubble.text for bubble in scene.sandbox.telegram.phone(reader)]
    assert sum("Звичайна" in text for text in order[: next(i for i, t in enumerate(order) if "Термінова" in t)]) <= 1


@pytest.mark.parametrize("platform", ["telegram", "viber"])
async def test_a_text_that_the_platform_rejects_stops_at_the_first_reader_and_is_told(
    tmp_path: Path, platform: str
) -> None:
    async with a_critical_scene(tmp_path, platform, b"critic") as (scene, critic):
        await scene.says("/list", "")
        await readers(scene, telegram=700, viber=700)
        await publishes(scene, an_article("critic critic"))
        await finished(scene)

        tally = (await tallies(scene))[platform]
        # One reader for each of the two pages that may be under way, the channel, and the outcome for the desk.
        assert tally.failed <= 2
        assert tally.delivered == 0
        assert critic.refused <= 6  # as it is, and without its formatting
        outcome = await states(scene)
        assert outcome[f"{platform} readers"] == "stopped"
        other = "viber" if platform == "telegram" else "telegram"
        assert (await tallies(scene))[other].delivered == 700
        if platform == "viber":
            await scene.until(lambda: len(said(scene.telegram(), "Платформа відповіла")) == 2)

        critic.words = b""
        app = scene.app
        (dispatch,) = [d for d in await app.store.read.dispatches(1) if d.channel is None and d.platform == platform]
        await app.store.write(
            lambda tx: aftermath.retry(Desk(app.newsroom, tx, scene.clock(), Actor(DESK)), dispatch.id)
        )
        await finished(scene)
        assert (await tallies(scene))[platform].delivered == 700


async def test_a_picture_that_viber_rejects_gives_way_to_the_plainer_form(tmp_path: Path) -> None:
    async with a_critical_scene(tmp_path, "viber", b"bridge.jpg") as (scene, critic):
        await readers(scene, viber=400)
        await publishes(scene, an_article(picture=PICTURE))
        await finished(scene)

        assert critic.refused <= 3
        assert count(scene.viber_channel()) == 1
        answer = await scene.says("/who 1", "#1")
        assert answer.text.count("без фото") == 2, answer.text
        assert {count(scene.sandbox.viber.phone(reader)) for reader in viber_ids(400)} == {1}


async def test_a_stopped_dispatch_stops_for_all_its_pages_and_goes_on_when_tried_again(scene: Scene) -> None:
    await readers(scene, telegram=1100)
    app = scene.app
    scene.sandbox.faults.add("telegram", "slow", times=None, delay=0.02)
    await publishes(scene, an_article())
    await scene.until(lambda: count(scene.sandbox.telegram.phone(telegram_ids(1)[0])))
    (dispatch,) = [d for d in await app.store.read.dispatches(1) if d.channel is None and d.platform == "telegram"]

    async def stop(tx: Queries) -> None:
        await tx.stop_readers(dispatch.id, "halted", scene.clock())

    await app.store.write(stop)
    scene.sandbox.faults.clear()
    before = (await tallies(scene))["telegram"]
    assert before.waiting > 0
    await app.store.write(lambda tx: aftermath.retry(Desk(app.newsroom, tx, scene.clock(), Actor(DESK)), dispatch.id))
    await finished(scene)

    assert (await tallies(scene))["telegram"].delivered == 1100
    assert {count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(1100)} == {1}


async def test_without_its_approver_the_rest_stays_until_another_answers_for_it(tmp_path: Path) -> None:
    """In the middle of a broadcast, page by page; nobody gets it twice and nobody is left out."""
    newsroom = NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1")
    (tmp_path / "newsroom.toml").write_text(newsroom, encoding="utf-8")
    async with a_scene(tmp_path, Clock()) as scene:
        await meet_the_desk(scene)
        await readers(scene, telegram=1100)
        app, now = scene.app, scene.clock()
        editors = [Address(Platform.TELEGRAM, name) for name in ("901", "902")]
        for each in editors:
            scene.sandbox.telegram.add_person(int(each.id), name=each.id, started=True)

        async def publish(tx: Queries) -> None:
            for each in editors:
                await tx.add_person(each, each.id, Role.EDITOR, now, invited_by=None, wait_until=None)
            desk = await acting(app.newsroom, tx, now, DESK)
            entry = (await writing.draft(desk, an_article())).entry
            asked = (await review.submit(desk, entry.id)).readiness.binding
            await review.approve(await acting(app.newsroom, tx, now, editors[0]), entry.id, asked)
            await publishing.publish(desk, entry.id)

        scene.sandbox.faults.add("telegram", "slow", times=None, delay=0.02)
        await app.store.write(publish)
        await scene.until(lambda: count(scene.sandbox.telegram.phone(telegram_ids(1)[0])))

        async def remove(tx: Queries) -> None:
            desk = await acting(app.newsroom, tx, now, DESK)
            person = await tx.person_at(editors[0])
            assert person is not None
            await app.team.remove(desk, person.id)

        await app.store.write(remove)
        scene.sandbox.faults.clear()
        await scene.until(lambda: said(scene.telegram(), "далі не йде: бракує тих, хто погодив"))
        assert (await states(scene))["telegram readers"] == "stopped"
        assert 0 < (await tallies(scene))["telegram"].delivered < 1100
        await scene.says("/who 1", "бракує тих, хто погодив")

        async def let_it_go_on(tx: Queries) -> int:
            numbers = [each.id for each in await tx.dispatches(1) if each.state is DispatchState.STOPPED]
            return await leaving.go_on(await acting(app.newsroom, tx, now, editors[1]), 1, numbers)

        assert await app.store.write(let_it_go_on) == 0
        await finished(scene)
        assert (await tallies(scene))["telegram"].delivered == 1100
        assert {count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(1100)} == {1}


async def test_who_leaves_before_it_is_sent_is_not_written_to(scene: Scene) -> None:
    settle_in(scene.sandbox, telegram=2)
    app = scene.app
    first, second = telegram_ids(2)

    async def work(tx: Queries) -> None:
        await subscribe(tx, scene, telegram=2)
        desk = await acting(app.newsroom, tx, scene.clock(), DESK)
        entry = (await writing.draft(desk, an_article())).entry
        await publishing.publish(desk, entry.id)
        await tx.reader_left(Address(Platform.TELEGRAM, str(second)), scene.clock())

    await app.store.write(work)
    await finished(scene)

    assert [count(scene.sandbox.telegram.phone(person)) for person in (first, second)] == [1, 0]


async def test_what_expires_while_it_waits_goes_no_further(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=2)
    late = telegram_ids(2)[1]
    for chat in (CHANNEL, late):
        scene.sandbox.faults.add("telegram", "429", chat=chat, retry_after=3600)
    await publishes(scene, an_article())
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE channel = 'main' AND not_before > created_at + 3000000")
    await scene.until(lambda: count(scene.viber_channel()) and count(scene.sandbox.telegram.phone(telegram_ids(2)[0])))
    expires = int(scene.clock().timestamp() * 1000) + 600_000
    await scene.app.store.write(lambda tx: tx.run(f"UPDATE article SET expires_at = {expires}"))
    scene.advance(hours=2)
    await scene.until(lambda: len(said(scene.telegram(), "термін сплив, поки")) == 2)
    await scene.says("/who 1", "термін сплив до надсилання")

    assert not scene.channel()
    assert not count(scene.sandbox.telegram.phone(late))
    assert (await states(scene))["main"] == "stopped"
