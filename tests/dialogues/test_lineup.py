"""The order of the queue: changing places, pauses, the week at a glance."""

from __future__ import annotations

from tests.dialogues.conftest import Chat
from tests.helpers.catalogue import stretch, written

TODAY = written("today at {time}")
PAUSED = written("#{id} is paused and will not go out {when}", id=1)
BACK = written("#{id} is back in the queue: it goes out {when}.", id=1, when=written("today at {time}", time="14:00"))
GO_ON = written("▶️ Back to the queue")
PASSED = written("The time of #{id} has passed. Set another", id=1)
UNTIMED = written("#{id} has no time yet. Set one: /at {id} 18:30", id=2)
SAME = written("#{one} and #{other} already have the same time.", one=1, other=2)
WEEK = {
    "uk": ["вт, 24 лист. · вільно: 1", "  14:00  #1 Міст через Сулу", "ср, 25 лист. · вільно: 1", "  09:00  #2 Міст"],
    "en": [
        "Tue, Nov 24 · free: 1",
        "  14:00  #1 The library on",
        "Wed, Nov 25 · free: 1",
        "  09:00  #2 The library on",
    ],
}


async def two_are_queued(desk: Chat) -> None:
    await desk.drafts(1)
    await desk.drafts(2)
    await desk.says("/at 1 14:00", "#1")
    await desk.says("/at 2 tomorrow 9:00", "#2")


async def test_swap_lets_two_articles_change_their_posting_times(desk: Chat) -> None:
    await two_are_queued(desk)
    await desk.says("/swap 1 2", f"#2 {'вийде' if desk.language == 'uk' else 'goes out'} {TODAY[desk.language]}14:00")
    await desk.says("/at 1 14:00", "#1")
    await desk.holds(
        [
            ("/поміняти 1 2", SAME[desk.language]),
            ("/swap 1", stretch("Which article is /{command} for?")[desk.language]),
            ("/swap 1 7", "#7"),
        ]
    )


async def test_a_paused_article_does_not_go_out_until_somebody_lets_it(desk: Chat) -> None:
    await two_are_queued(desk)
    await desk.says("/pause 1", PAUSED[desk.language])
    await desk.presses(GO_ON[desk.language], BACK[desk.language])
    await desk.says("/пауза 1", PAUSED[desk.language])
    await desk.says("/pause 1", BACK[desk.language])
    await desk.says("/pause 1", PAUSED[desk.language])

    desk.scene.advance(hours=2)
    await desk.says("/pause 1", PASSED[desk.language])
    assert not desk.scene.channel()


async def test_only_what_has_a_time_changes_places_or_waits(desk: Chat) -> None:
    await desk.drafts(1)
    await desk.drafts(2)
    await desk.says("/at 1 14:00", "#1")
    await desk.holds([("/pause 2", UNTIMED[desk.language]), ("/swap 1 2", UNTIMED[desk.language])])


async def test_the_week_fits_a_phone(desk: Chat) -> None:
    await two_are_queued(desk)
    shown = (await desk.says("/week", WEEK[desk.language][0])).text
    lines = shown.split("\n")
    assert [expected for expected in WEEK[desk.language] if not any(line.startswith(expected) for line in lines)] == []
    assert max(map(len, lines)) <= 40
    assert sum(not line.startswith(" ") for line in lines) == 7
