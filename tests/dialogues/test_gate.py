"""What keeps an article in the house: evidence that is missing and the hold of a risk rule, on both platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Bubble
from tests.conftest import ARTICLE, NEWSROOM, VIBER_OWNER, Scene, a_scene, unnumbered
from tests.dialogues.conftest import ARTICLES, Chat
from tests.helpers.catalogue import titled, written

#: The policy of a new newsroom, and one rule.
STRICT = NEWSROOM.replace("evidence.required = []\n", "") + (
    '[[risks]]\nkey = "aftermath"\ntitle = "наслідки удару"\nwords = ["влучан", "shelling"]\nhold = "6 h"\n'
)
#: As it is pasted: nobody says who says so, or how far it is checked.
BARE = {language: text.partition("\n\nsource:")[0] for language, text in ARTICLES.items()}
BOTH = written("#{id} has no status and no source yet. Add", id=1)
NO_STATUS = written("#{id} has no status yet. How well is it verified?", id=1)
NO_SOURCE = written("#{id} has no source yet. Who says so? Type", id=1)
COMPLETE = {
    "uk": "/змінити 1 статус: підтверджено\nджерело: міська рада",
    "en": "/edit 1 status: confirmed\nsource: City council",
}
CONFIRMED = written("✅ Confirmed")
OWN = written("🖊 Source: own correspondent")
QUEUED = written("#{id} is queued ✓ It goes out {when}.", id=1)
HELD = written("#{id} is on hold and does not go out.", id=1)
HELD_UNTIL = written("#{id} is on hold: it may not go out before", id=1)
ACTS = ("/submit 1", "/at 1 18:30", "/next 1", "/now 1", "/urgent 1")


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Scene]:
    (tmp_path / "newsroom.toml").write_text(STRICT, encoding="utf-8")
    async with a_scene(tmp_path) as running:
        yield running


@pytest.fixture
async def chat(strict: Scene, platform: str, language: str) -> Chat:
    return Chat(strict, platform, language).arrives()


async def queue(chat: Chat, *lines: str) -> None:
    await chat.says("\n".join([f"/queue {BARE[chat.language]}", *lines]), chat.draft(1))


# Evidence


async def test_without_status_and_source_nothing_gets_on_its_way(chat: Chat) -> None:
    await queue(chat)
    for act in ACTS:
        await chat.says(act, BOTH[chat.language])

    assert not chat.scene.channel()


async def test_an_article_typed_step_by_step_ends_with_the_question_of_its_status(chat: Chat) -> None:
    done, lead = written("Done"), written("Now the lead: one paragraph that says what happened.")
    await chat.holds([("/queue", ""), (chat.headline, lead[chat.language]), (done[chat.language], chat.draft(1))])

    assert {CONFIRMED[chat.language], OWN[chat.language]} <= labels(chat)
    await chat.says("/at 1 18:30", BOTH[chat.language])


async def test_the_one_thing_that_is_missing_for_going_out_is_named(chat: Chat) -> None:
    await queue(chat, "status: confirmed")
    for act in ACTS:
        await chat.says(act, NO_SOURCE[chat.language])

    await chat.says("/edit 1 source: ОВА\nstatus: -", chat.draft(1))
    for act in ACTS:
        await chat.says(act, NO_STATUS[chat.language])


async def test_the_refusal_says_what_to_type_word_for_word(chat: Chat) -> None:
    await queue(chat)
    refusal = await chat.says("/now 1", BOTH[chat.language])
    typed = refusal.text.partition("\n")[2]

    assert typed == COMPLETE[chat.language]
    await chat.says(typed, chat.draft(1))
    await chat.says("/now 1", written("#{id} is going out now. The result will come here.", id=1)[chat.language])
    await chat.scene.until(lambda: chat.scene.channel() and chat.scene.viber_channel())


async def test_the_cards_buttons_name_what_is_missing_and_only_then_offer_to_publish(chat: Chat) -> None:
    await queue(chat)
    now = written("🚀 Publish now")[chat.language]
    assert now not in labels(chat)

    await chat.taps(CONFIRMED[chat.language])
    await chat.scene.until(lambda: CONFIRMED[chat.language] in card(chat))
    assert CONFIRMED[chat.language] not in labels(chat)
    await chat.taps(OWN[chat.language])

    await chat.scene.until(lambda: now in labels(chat))
    assert CONFIRMED[chat.language] in card(chat)
    await chat.presses(now, written("#{id} is going out now. The result will come here.", id=1)[chat.language])
    await chat.scene.until(lambda: chat.scene.channel() and chat.scene.viber_channel())
    own = written("our own correspondent")[chat.language]
    assert own in chat.scene.channel()[0].text
    assert own in chat.scene.viber_channel()[0].text


async def test_an_edit_that_takes_the_evidence_away_stands_and_the_article_is_held(chat: Chat) -> None:
    await queue(chat, *COMPLETE[chat.language].split(" 1 ", 1)[1].split("\n"))
    await chat.says("/at 1 18:30", QUEUED[chat.language])

    await chat.says("/edit 1 status: -", HELD[chat.language])
    chat.scene.advance(hours=1)
    await chat.says("/pause 1", NO_STATUS[chat.language])
    await chat.says("/show 1", titled(1, "on hold")[chat.language])
    await chat.taps(CONFIRMED[chat.language])
    back = written("▶️ Back to the queue")[chat.language]
    await chat.scene.until(lambda: back in labels(chat))
    await chat.presses(back, "18:30")

    chat.scene.advance(hours=4, minutes=30)
    await chat.scene.until(lambda: chat.scene.channel() and chat.scene.viber_channel())


async def test_a_queue_from_before_evidence_was_asked_for_is_held_and_the_desk_is_told(chat: Chat) -> None:
    scene = chat.scene
    await asks(scene, "evidence.required = []")
    await queue(chat)
    await chat.says("/at 1 18:30", QUEUED[chat.language])
    await asks(scene, "")

    scene.advance(hours=5, minutes=30)
    await chat.hears(HELD[chat.language])
    assert not scene.channel()
    assert not scene.viber_channel()


async def test_what_lacks_evidence_does_not_change_places(editor: Chat) -> None:
    scene = editor.scene
    await editor.says(f"/queue {ARTICLE}\nстатус: підтверджено", "#1")
    await editor.says(f"/queue Другий\n\n{BARE['uk']}", "#2")
    await editor.holds([("/at 1 18:30", "#1 у черзі"), ("/at 2 19:30", "#2 у черзі")])
    await asks(scene, "", base=STRICT)

    await editor.says("/swap 1 2", "#2 ще без статусу й без джерела")


# The hold of a rule


RISKY = {"uk": "Про влучання повідомили о 12:40.", "en": "The shelling was reported at 12:40."}
NOT_BEFORE = written("#{id} may not go out before", id=1)


async def test_a_hold_counts_from_when_the_article_came_in(chat: Chat) -> None:
    """It came at 13:00 and is held for six hours; at 18:30 and 9:00 are slots."""
    language = chat.language
    await queue(chat, "", RISKY[language], "", *COMPLETE[language].split(" 1 ", 1)[1].split("\n"))
    chat.scene.advance(hours=1)

    assert written("⏳ Not before {when}", when=written("today at {time}", time="19:00"))[language] in card(chat)
    await chat.holds(
        [("/now 1", written("today at {time}", time="19:00")[language]), ("/at 1 18:59", NOT_BEFORE[language])]
    )
    assert "наслідки удару" in (await chat.says("/at 1 15:00", NOT_BEFORE[language])).text
    await chat.says("/next 1", written("tomorrow at {time}", time="09:00")[language])
    await chat.says("/at 1 2026-11-24 19:00", QUEUED[language])

    chat.scene.advance(hours=5)
    await chat.scene.until(lambda: chat.scene.channel() and chat.scene.viber_channel())


async def test_a_hold_that_began_within_a_minute_ends_with_a_whole_one(chat: Chat) -> None:
    chat.scene.advance(seconds=20)
    language = chat.language
    await queue(chat, "", RISKY[language], "", *COMPLETE[language].split(" 1 ", 1)[1].split("\n"))

    await chat.holds([("/at 1 19:00", "19:01 ("), ("/at 1 19:01", QUEUED[language])])


async def test_the_slot_at_which_a_hold_ends_may_be_taken(chat: Chat) -> None:
    """It came at 3:00 and is held for six hours; at 9:00 is a slot."""
    chat.scene.advance(hours=14)
    language = chat.language
    await queue(chat, "", RISKY[language], "", *COMPLETE[language].split(" 1 ", 1)[1].split("\n"))

    await chat.says("/next 1", written("today at {time}", time="09:00")[language])


async def test_an_edit_that_makes_a_queued_article_risky_holds_it(chat: Chat) -> None:
    language = chat.language
    await queue(chat, *COMPLETE[language].split(" 1 ", 1)[1].split("\n"))
    await chat.says("/at 1 18:30", QUEUED[language])

    await chat.says(f"/edit 1 lead: {RISKY[language]}", HELD_UNTIL[language])
    chat.scene.advance(hours=6)
    await chat.says("/show 1", titled(1, "on hold")[language])
    assert not chat.scene.channel()


async def test_a_rule_that_is_new_holds_what_is_queued_already(chat: Chat) -> None:
    language = chat.language
    await asks(chat.scene, "", base=STRICT.partition("[[risks]]")[0])
    await queue(chat, "", RISKY[language], "", *COMPLETE[language].split(" 1 ", 1)[1].split("\n"))
    await chat.says("/at 1 18:30", QUEUED[language])
    await asks(chat.scene, "")

    chat.scene.advance(hours=5, minutes=30)
    await chat.hears(HELD_UNTIL[language])
    assert not chat.scene.channel()


async def asks(scene: Scene, evidence: str, base: str = STRICT) -> None:
    """The newsroom's file says this from the next start on."""
    await scene.stop()
    scene.settings.newsroom.write_text(base.replace("desk.approvals = 0", f"desk.approvals = 0\n{evidence}"), "utf-8")
    await scene.start()


def labels(chat: Chat) -> set[str]:
    """Of the newest screen that has buttons."""
    if not chat.on_telegram:
        return {unnumbered(label) for row in chat.scene.sandbox.viber.keyboard(VIBER_OWNER) for label, _ in row}
    return {label for row in newest(chat).buttons for label, _ in row}


def newest(chat: Chat) -> Bubble:
    return [bubble for bubble in chat.heard() if bubble.buttons][-1]


def card(chat: Chat) -> str:
    return [bubble.text for bubble in chat.heard() if chat.draft(1) in bubble.text][-1]


async def test_a_word_under_marks_is_found_and_the_card_says_how(chat: Chat) -> None:
    text = "/queue Новина\n\nУ селі _влучання_ в дім.\n\nsource: ДСНС\nstatus: confirmed"
    card = await chat.asks(text, "🔎 Found under marks or look-alike letters: {titles}", titles="наслідки удару")

    assert "🛡 наслідки удару" in card.text
    assert any("У селі _влучання_ в дім." in bubble.text.replace("\u2060", "") for bubble in chat.heard())
