"""/duty, /mute and /notify: when each one of the desk may be called, and what they hear unasked."""

from __future__ import annotations

from bot.domain.people import Role
from tests.dialogues.conftest import Chat, Four

MUTED = (
    "🔕 Only alarms ring now, and that ends {when}. Questions go to your colleagues; then one message tells what waits "
    "for you. To end it now: /mute off"
)
#: What nobody understands, and what is said instead.
NONSENSE = {
    "/duty banana": "I don't understand the hours “{typed}”.",
    "/mute banana": "I don't understand how long: “{typed}”.",
    "/notify banana": "I don't know “{typed}”. Type one of these: /notify mine, /notify all, /notify digest",
    "/mute 40 days": "At most {limit} at a time. For hours of every week: /duty 8-16",
}


async def test_each_one_sets_their_own_hours_and_takes_them_back(four: Four) -> None:
    for chat in four.chats:
        shown = await chat.asks("/duty", "You have set no hours. On duty: {hours}.")
        assert "07:00–23:00" in shown.text and chat.words("daily")[0] in shown.text
        set_ = await chat.asks("/duty mon-fri 8-16, sat 22-6", "Noted. You are on duty: {hours}.")
        assert "08:00–16:00" in set_.text and "22:00–06:00" in set_.text
        assert ("пн–пт 08:00" if chat.language == "uk" else "Mon–Fri 08:00") in set_.text
        await chat.asks("/чергування", "You are on duty: {hours}. At other times only alarms ring.")
        await chat.asks("/duty off", "You have no hours of your own now. On duty: {hours}.")

    assert await _hours(four) == [""] * 4


async def test_silence_is_asked_for_by_a_press_or_in_words_and_ended(four: Four) -> None:
    for chat in four.chats:
        await chat.asks("/mute", "For how long shall only alarms ring? Press, or type: /mute 2 h")
        await chat.taps(_two_hours(chat))
        await chat.hears("15:00")
        await chat.asks("/тиша", "🔕 Only alarms ring now, and that ends {when}.")
        await chat.pushes("🔔 End the silence", "🔔 The silence is over: you hear again what is yours.")
        await chat.asks("/mute off", "There is no silence to end: you hear what is yours.")
        assert "13:30" in (await chat.asks("/mute 30 min", MUTED)).text
        assert "18:00" in (await chat.asks("/mute until 18:00", MUTED)).text
        await chat.asks("/mute off", "🔔 The silence is over: you hear again what is yours.")


async def test_what_one_hears_unasked_is_chosen_with_three_buttons(four: Four) -> None:
    for chat in four.chats:
        shown = await chat.asks("/notify mine", "What do you want to hear unasked? Alarms always ring.")
        assert all(chat.labelled(shown, label) for label in ("All", "Digest"))
        for text in (
            "Mine: questions that are put to me, and news of articles I have a part in.",
            "All: whatever the desk does while I am on duty.",
            "Digest: a question only if nobody else answers it; all else once, when my shift begins.",
        ):
            assert chat.reads(shown, text)
        await chat.taps(chat.words("Digest")[0])
        await chat.hears(f"✅ {chat.words('Digest')[0]}:")
        await chat.asks("/сповіщення усе", "What do you want to hear unasked?")

    assert {heed.wish for heed in (await four.scene.app.store.read.heeds()).values()} == {"all"}


async def test_nonsense_gets_a_sentence_that_says_what_to_type(four: Four) -> None:
    for chat in four.chats:
        for typed, text in NONSENSE.items():
            await chat.asks(typed, text)


async def test_a_reporter_has_no_choice_of_hearing_everything(four: Four) -> None:
    for chat in (await four.seats(Role.REPORTER)).chats:
        shown = await chat.asks("/notify", "What do you want to hear unasked? Alarms always ring.")
        assert not chat.labelled(shown, "All") and chat.labelled(shown, "Digest")


def _two_hours(chat: Chat) -> str:
    return "2 год" if chat.language == "uk" else "2 hr"


async def _hours(four: Four) -> list[str]:
    return [heed.hours for heed in (await four.scene.app.store.read.heeds()).values()]
