"""The rulebook: newsroom.toml and OWNERS are recorded at each start; weaker rules count once the owners say yes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.audit import SYSTEM
from bot.domain.rulebook import Change, changes
from tests.conftest import NEWSROOM, OWNER, a_scene, newsroom_with
from tests.dialogues.conftest import Chat, Four, four_phones
from tests.helpers.weaker import ASKED, NO, STRICT, YES, asked

LOADED = "SELECT count(*) FROM audit WHERE act = 'config.loaded'"
#: Every safeguard asks for less, as a hand in the file would make it.
WEAKER = (
    newsroom_with(NEWSROOM, approvals=0, undo="0 s", approve_after="1 h", slack="5 h", groups=["-1009999999991"])
    .replace('chat = "-1001234567890"', 'chat = "-1009999999998"')
    .replace('title = "Вісник у Viber"', 'title = "Вісник у Viber"\n[[channels]]\nkey = "en"\nplatform = "telegram"\n'
             'chat = "@visnyk_en"')
)  # fmt: skip


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Four]:
    async with four_phones(tmp_path, STRICT) as made:
        now = made.scene.clock()
        await made.write(lambda tx: tx.record(SYSTEM, "article.published", "article:0", {}, now))  # it is at work
        yield made


async def waiting(four: Four) -> str:
    """The name of the question that waits."""
    question = (await four.scene.app.store.read.rulebook()).question
    assert question is not None
    return question.id


async def accepts(four: Four) -> None:
    """Two owners approve it, and the house starts again."""
    one, other = four.chats[:2]
    await one.pushes(YES, "Noted. Another owner must approve it too.")
    await other.pushes(YES, "The new rules count: Visnyk starts again with them in a moment.")
    assert four.scene.app.rules.are_accepted.is_set()
    await four.restarts()


async def test_what_weakens_the_newsroom_is_put_to_each_owner_in_words(strict: Four) -> None:
    await strict.restarts(WEAKER)

    await strict.all_see(
        ASKED,
        "Approvals for every article: {before} → {after}",
        "A newcomer waits before approving: {before} → {after}",
        "Time to stop an article after “publish”: {before} → {after}",
        "An approved article may be moved without asking again by: {before} → {after}",
        "An article no longer has to name its {before}",
        "The end of the log is no longer told each day",
        "A new desk group gives commands: {after}",
        "The risk rule “{name}” is gone",
        "The channel {name} is another one: {before} → {after}",
        "A new channel, {name}: {after}",
        "Two owners must approve it.",
    )


async def test_the_earlier_rules_apply_until_two_owners_say_yes(strict: Four) -> None:
    await strict.restarts(WEAKER)
    newsroom = strict.scene.app.newsroom
    assert (newsroom.gate.most()[0], newsroom.rules.undo.seconds) == (1, 30)
    assert [channel.chat for channel in newsroom.channels.values()] == ["-1001234567890", ""]
    await strict.chats[0].drafts()
    await strict.chats[0].asks("/now 1", "#{id} has no status yet.")

    await strict.all_see(ASKED)
    await accepts(strict)
    newsroom = strict.scene.app.newsroom
    assert (newsroom.gate.most()[0], newsroom.rules.undo.seconds) == (0, 0)
    assert newsroom.channels["main"].chat == "-1009999999998" and "en" in newsroom.channels
    await strict.all_see("⚠️ The newsroom's rules ask for less now, approved by {people}:")


async def test_one_owner_is_not_two_however_often_they_press(strict: Four) -> None:
    for number, chat in enumerate(strict.chats):
        await strict.restarts(newsroom_with(STRICT, undo=f"{20 - number} s"))
        await asked(strict, number + 1)
        await chat.pushes(YES, "Noted. Another owner must approve it too.")
        again = await strict.offered(chat, "approve_rules", {"asked": await waiting(strict)})
        await chat.pushes("", "You have already approved that change.", on=again)

    assert strict.scene.app.newsroom.rules.undo.seconds == 30


async def test_the_question_is_put_again_at_each_start_and_each_day(strict: Four) -> None:
    await strict.restarts(WEAKER)
    await asked(strict, 1)
    strict.scene.advance(minutes=16)
    await strict.restarts()
    await asked(strict, 2)
    strict.scene.advance(hours=24)
    await asked(strict, 3)


async def test_one_yes_is_enough_when_nobody_said_no_for_a_day(strict: Four) -> None:
    await strict.restarts(WEAKER)
    await strict.all_see(ASKED)
    await strict.chats[2].pushes(YES, "Noted. Another owner must approve it too.")
    for chat in strict.chats:
        await chat.asks("/list", "The queue is empty.")
    strict.scene.advance(hours=24)
    await strict.scene.until(strict.scene.app.rules.are_accepted.is_set)

    await strict.restarts()
    assert strict.scene.app.newsroom.gate.most()[0] == 0


async def test_each_owner_may_keep_the_earlier_rules_whatever_the_file_says(strict: Four) -> None:
    weaker = newsroom_with(STRICT, approvals=0)
    for number, chat in enumerate(strict.chats):
        await strict.restarts(newsroom_with(weaker, undo=f"{20 - number} s"))
        await asked(strict, number + 1)
        await chat.pushes(NO, "The earlier rules stay.")
        await strict.chats[number - 1].sees("{person} kept the earlier rules. This does not count:")
        await strict.restarts()
        assert strict.scene.app.newsroom.rules.undo.seconds == 30
        await strict.restarts(STRICT)


async def test_an_answer_to_a_question_that_is_no_more_explains_itself(strict: Four) -> None:
    await strict.restarts(newsroom_with(STRICT, approvals=0))
    await strict.all_see(ASKED)
    await strict.restarts(STRICT)
    for chat in strict.chats:
        await chat.pushes(NO, "That change of the rules no longer waits for an answer.")
    await strict.each("/log", "the earlier rules are back in newsroom.toml")


async def test_the_log_tells_who_said_what_about_the_rules(strict: Four) -> None:
    await strict.restarts(newsroom_with(STRICT, approvals=0))
    await strict.all_see(ASKED)
    await accepts(strict)
    for said in ("weaker rules wait for the owners", "approved the weaker rules", "the new rules count"):
        await strict.each("/log", said)
    await strict.restarts(newsroom_with(STRICT, approvals=0, undo="5 s"))
    await strict.all_see("Time to stop an article after “publish”")
    await strict.chats[0].pushes(NO, "The earlier rules stay.")
    await strict.each("/log", "kept the earlier rules")


async def test_what_asks_for_more_counts_at_once(strict: Four) -> None:
    await strict.restarts(newsroom_with(STRICT, approvals=2).replace("evidence.required = []", ""))

    await strict.all_see("⚙️ New settings in newsroom.toml:")
    assert strict.scene.app.newsroom.gate.most()[0] == 2
    assert not any(chat.reads(bubble, ASKED) for chat in strict.chats for bubble in chat.heard())


async def test_a_risk_rule_and_a_channel_may_become_weaker(strict: Four) -> None:
    text = STRICT.replace('words = ["суд", "вирок"]', 'words = ["суд"]')
    narrow = text.replace('key = "main"', 'key = "main"\nlanguage = "uk"')
    await strict.restarts(narrow)
    await strict.all_see("The risk rule “{name}” asks for less: {before} → {after}")
    await strict.restarts(STRICT)

    await strict.all_see("The channel {name} takes more articles: {before} → {after}")


async def test_a_question_shows_every_change_however_many_there_are(strict: Four) -> None:
    groups = [f"-10012345678{number:02}" for number in range(30)]
    await strict.restarts(newsroom_with(STRICT, groups=groups))

    for chat in strict.chats:
        await strict.scene.until(lambda chat=chat: any(groups[-1] in each.text for each in chat.heard()))  # type: ignore[misc]


async def test_the_first_channels_of_a_newsroom_wait_for_nobody(four: Four) -> None:
    await four.restarts(WEAKER)
    await four.all_see("A new desk group gives commands: {after}")

    assert "en" in four.scene.app.newsroom.channels
    assert not any(chat.reads(each, "A new channel, {name}: {after}") for chat in four.chats for each in chat.heard())


async def test_a_comment_makes_no_noise(four: Four) -> None:
    await four.restarts(NEWSROOM + "# Nothing new.\n")

    assert await four.scene.app.store.read.value(LOADED) == 1


# OWNERS


async def test_a_new_owner_waits_for_the_earlier_ones(four: Four) -> None:
    guest = four.strangers().chats[0]
    owners = (*four.scene.settings.owners, (guest.platform, guest.person))
    await four.restarts(owners=owners)
    await four.all_see(ASKED, "A new owner: {after}")
    await guest.asks("/whoami", "You are {id}, a reader.")

    await accepts(four)
    await guest.asks("/whoami", "You are {id}, an owner of this newsroom.")


@pytest.mark.parametrize("which", range(4))
async def test_who_is_to_leave_does_not_keep_themselves(four: Four, which: int) -> None:
    gone = four.chats[which]
    owners = tuple(each for each in four.scene.settings.owners if each[1] != gone.person)
    await four.restarts(owners=owners)
    await four.all_see("No longer an owner: {before}")
    await gone.pushes(NO, "OWNERS no longer names you, so the other owners decide that.")

    await accepts(four)
    await gone.sees("You are no longer on the desk: {by} removed you.", by="OWNERS")
    await gone.asks("/whoami", "You are {id}, a reader.")


async def test_a_desk_whose_owners_lost_their_accounts_gets_its_new_ones_in_a_week(four: Four) -> None:
    guest = four.strangers().chats[0]
    await four.restarts(newsroom_with(NEWSROOM, undo="0 s"), owners=((guest.platform, guest.person),))
    await four.all_see("A new owner: {after}")
    four.scene.advance(days=6)
    await guest.asks("/whoami", "You are {id}, a reader.")
    four.scene.advance(days=1)
    await four.all_see("⚠️ No owner has answered for a week, so the new OWNERS count:")
    assert four.scene.app.rules.are_accepted.is_set()

    await four.restarts()
    await guest.asks("/whoami", "You are {id}, an owner of this newsroom.")


async def test_an_owner_who_never_wrote_is_not_waited_for(tmp_path: Path) -> None:
    """As when OWNERS named a wrong account at the first start."""
    async with a_scene(tmp_path, OWNERS="telegram:77") as scene:
        await scene.stop()
        scene.settings = scene.settings.model_copy(update={"owners": (("telegram", str(OWNER)),)})
        await scene.start()
        await Chat(scene, "telegram").arrives().asks("/whoami", "You are {id}, an owner of this newsroom.")


@pytest.mark.parametrize("which", range(4))
async def test_an_owner_alone_decides_alone(strict: Four, which: int) -> None:
    chat = strict.chats[which]
    await strict.restarts(owners=((chat.platform, chat.person),))
    await strict.all_see(ASKED)
    await accepts(strict)
    await strict.restarts(newsroom_with(STRICT, approvals=0))

    await chat.sees("Approvals for every article: {before} → {after}")
    await chat.sees("If you don't know why it was changed, keep the earlier rules.")
    await chat.pushes(YES, "The new rules count: Visnyk starts again with them in a moment.")


# What an older Visnyk left


async def test_a_database_from_before_this_takes_what_stands_and_tells_what_weakened(strict: Four) -> None:
    rules = dict((await strict.scene.app.store.read.rulebook()).rules or {})
    detail = {"rules": rules, "changes": []}
    await strict.write(lambda tx: tx.record(SYSTEM, "config.loaded", "config", detail, strict.scene.clock()))
    await strict.restarts(newsroom_with(STRICT, undo="5 s"))

    await strict.all_see(
        "⚠️ The newsroom's safeguards were changed at the start:",
        "If you don't know why, ask whoever runs Visnyk.",
    )
    assert strict.scene.app.newsroom.rules.undo.seconds == 5


@pytest.mark.parametrize(
    ("change", "weakens"),
    [
        (Change("desk.approvals", "1", "0"), True),
        (Change("desk.approvals", "1", "2"), False),
        (Change("desk.undo", "30", "0"), True),
        (Change("risks.court", "court approvals 2", None), True),
        (Change("channels.main", "chat -1", "chat -2"), True),
        (Change("evidence.required", "status source", "source"), True),
        (Change("OWNERS", "a", "a b"), True),
        (Change("slots.mon", "09:00", "10:00"), False),
    ],
)
def test_what_weakens_is_told_from_what_does_not(change: Change, weakens: bool) -> None:
    assert change.weakens is weakens


def test_only_what_differs_is_a_change() -> None:
    assert changes({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == [
        Change("a", "1", None),
        Change("b", "2", "3"),
        Change("c", None, "4"),
    ]
