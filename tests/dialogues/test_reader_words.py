"""Readers say what they wish in their own words, and are answered as people are."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain import ChatKind, Forward, Incoming, Run, Said, Sender
from bot.domain.chat import Attachment, AttachmentKind
from bot.domain.entry import ReaderState
from tests.conftest import Scene
from tests.dialogues.conftest import Chat

UNSUBSCRIBED = "You have unsubscribed. If you change your mind: /start"
NO_SOUND = "To hear no sound at any hour, mute this chat in the app: the news still comes. To unsubscribe: /stop"
#: In each language: what is said, and the text that answers it.
WORDS = {
    "uk": (
        ("дякую!", "Thank you for reading us!"),
        ("Добрий вечір", "Good day! Ask about any of our news in your own words. The latest: /latest"),
        ("до побачення", "All the best! Come back any time."),
        ("як зв'язатися з редакцією?", "Write what the desk should know, in one message."),
        ("це безкоштовно?", "You pay nothing here: our news comes for free."),
        ("це правда?", "Forward the post to me or send its whole text, and I will compare it"),
        ("مرحبا كيف حالك", "I understand Ukrainian and English. The latest: /latest"),
        ("😂" * 4096, "Write in a few words what you are looking for. The latest: /latest. All I can do: /help"),
        ("хто ви?", "I am the bot of the newsroom “{name}”: I send its news and find what it published."),
        ("як часто ви пишете?", "We write when there is something to tell: not more than once a day lately."),
        ("не шліть вночі", NO_SOUND),
        ("забагато повідомлень", "Too much of our news? To unsubscribe: /stop."),
        ("чому не приходять новини?", "You are subscribed. There is simply nothing new yet."),
        ("де новини про міст?", "I found nothing like that in our news. Try another word, or see the latest: /latest"),
        ("/пошук", "Say what to look for: /search bridge"),
        ("Останні новини", "Nothing has been published yet. Subscribe: /start"),
        ("що ти вмієш?", "what you can say"),
        ("'; DROP TABLE article; -- <b>{id}%s</b>", "Is this for our desk? Press a button, and I pass it on."),
        ("українською", "Done. Our news comes in: {language}"),
        ("які мої дані у вас?", "What we keep about you:"),
        ("забудьте мене", "Delete all we keep about you?"),
    ),
    "en": (
        ("thanks!", "Thank you for reading us!"),
        ("Good evening", "Good day! Ask about any of our news in your own words. The latest: /latest"),
        ("bye", "All the best! Come back any time."),
        ("I have a tip", "Write what the desk should know, in one message."),
        ("is it free?", "You pay nothing here: our news comes for free."),
        ("Is this true?", "Forward the post to me or send its whole text, and I will compare it"),
        ("مرحبا كيف حالك", "I understand Ukrainian and English. The latest: /latest"),
        ("😂" * 4096, "Write in a few words what you are looking for. The latest: /latest. All I can do: /help"),
        ("who are you?", "I am the bot of the newsroom “{name}”: I send its news and find what it published."),
        ("how often do you write?", "We write when there is something to tell: not more than once a day lately."),
        ("why do you write at night?", NO_SOUND),
        ("too many messages", "Too much of our news? To unsubscribe: /stop."),
        ("why don't I get any news?", "You are subscribed. There is simply nothing new yet."),
        ("where is the news about the bridge?", "I found nothing like that in our news. Try another word, or see"),
        ("/search", "Say what to look for: /search bridge"),
        ("Latest news", "Nothing has been published yet. Subscribe: /start"),
        ("what can you do?", "what you can say"),
        ("'; DROP TABLE article; -- <b>{id}%s</b>", "Is this for our desk? Press a button, and I pass it on."),
        ("english please", "Done. Our news comes in: {language}"),
        ("what do you know about me?", "What we keep about you:"),
        ("forget me", "Delete all we keep about you?"),
    ),
}
LEAVING = {"uk": ("Стоп!!!", "не присилайте більше", "отпишите меня"), "en": ("STOP", "don't write me", "unsubscribe")}
BACK = {"uk": "хочу знову отримувати новини", "en": "subscribe me again"}


async def state_of(chat: Chat) -> ReaderState | None:
    return await chat.scene.app.store.read.reader_state(chat.address)


async def test_a_reader_who_writes_as_people_write_is_answered_so(reader: Chat) -> None:
    await reader.asks("/start", "Thank you for subscribing.")

    for said, answer in WORDS[reader.language]:
        await reader.asks(said, answer)


async def test_a_reader_who_is_woken_learns_the_hours_without_a_sound(reader: Chat) -> None:
    at_night = {"uk": ("чому ви пишете вночі?", "коли ви пишете?"), "en": ("don't send at night", "when do you write?")}
    quiet = reader.written(
        "From {start} to {end} our news comes without a sound; only urgent news rings.", start="23:00", end="07:00"
    )
    for said, answer in zip(
        at_night[reader.language], (NO_SOUND, "We write when there is something to tell"), strict=True
    ):
        told = await reader.asks(said, answer)

        # Viber rings for every message.
        assert (quiet in told.text) is reader.on_telegram
    assert await state_of(reader) is not ReaderState.MUTED


async def test_a_reader_leaves_and_comes_back_in_their_own_words(reader: Chat) -> None:
    for said in LEAVING[reader.language]:
        await reader.asks("/start", "Thank you for subscribing.")
        await reader.asks(said, UNSUBSCRIBED)
        assert await state_of(reader) is ReaderState.MUTED
    await reader.asks(BACK[reader.language], "Thank you for subscribing.")

    assert await state_of(reader) is ReaderState.ACTIVE


@pytest.mark.parametrize("typed", ["/стоп!", "/відписатися", "/unsubscribe", "/Stop"])
async def test_a_stop_with_a_slash_is_one_however_it_is_spelt(scene: Scene, typed: str) -> None:
    reader = Chat(scene, "telegram", reader=True).arrives()
    await reader.asks("/start", "Thank you for subscribing.")
    await reader.asks(typed, UNSUBSCRIBED)

    assert await state_of(reader) is ReaderState.MUTED


async def test_whoever_is_not_subscribed_learns_why_nothing_comes(reader: Chat) -> None:
    await reader.asks("/start", "Thank you for subscribing.")
    await reader.asks("/stop", UNSUBSCRIBED)
    await reader.asks("чому не приходять новини?", "You are not subscribed. To subscribe: /start")
    await reader.pushes("Subscribe", "Thank you for subscribing.")

    assert await state_of(reader) is ReaderState.ACTIVE


async def test_published_news_is_found_and_nothing_that_waits(reader: Chat) -> None:
    owner = Chat(reader.scene, reader.platform, reader.language).arrives()
    await owner.drafts()
    word = {"uk": "міст", "en": "library"}[reader.language]
    question = {"uk": "Що там з мостом?", "en": "what about libraries?"}[reader.language]
    await reader.asks(question, "I found nothing like that in our news.")
    await owner.types("/urgent 1")
    await reader.scene.until(lambda: owner.headline in str(reader.scene.channel()))

    found = await reader.asks(question, "Found in what we published:")
    again = await reader.asks(f"/search {word}", "Found in what we published:")

    # A copied post has its source, its links and our signature too.
    copied = reader.scene.viber_channel()[0].text + "\nПоширте серед своїх друзів, бо завтра це видалять назавжди"
    copy = await reader.asks(copied, "🔴 Somebody added words to our text.")

    assert owner.headline in found.text
    assert owner.headline in copy.text
    assert owner.headline in again.text


#: What a reader may send that is not words, and the answer.
OTHER_THINGS = (
    (Said(untaken=Attachment(AttachmentKind.STICKER)), "😊 Thank you! I read only words: ask about any of our news."),
    (Said(untaken=Attachment(AttachmentKind.PLACE)), "😊 Thank you! I read only words: ask about any of our news."),
    (Said(untaken=Attachment(AttachmentKind.VOICE)), "I can't listen to recordings. Please write it in words."),
    (Said(untaken=Attachment(AttachmentKind.FILE)), "I can't look at pictures and files. Please write it in words."),
    (
        Said((Run("Міст закрили"),), forward=Forward("Чужий канал")),
        "That is too little to compare. Send the whole text, or forward the post itself.",
    ),
)


async def test_what_is_not_words_gets_a_sentence(reader: Chat) -> None:
    app = reader.scene.app
    await reader.asks("/start", "Thank you for subscribing.")

    for said, answer in OTHER_THINGS:
        now = reader.scene.clock()
        sender = Sender(reader.address, "Ivan", reader.language)
        incoming = Incoming(sender, reader.address, ChatKind.PRIVATE, said, now)
        await app.store.write(partial(app.commands.handle, incoming=incoming, now=now))
        await reader.sees(answer)


async def test_news_that_came_out_shows_how_often_and_when(reader: Chat) -> None:
    owner = Chat(reader.scene, reader.platform, reader.language).arrives()
    await owner.drafts()
    await owner.types("/urgent 1")
    await reader.scene.until(lambda: owner.headline in str(reader.scene.channel()))
    await reader.asks("/start", "Thank you for subscribing.")

    await reader.asks("why no news?", "You are subscribed. Our last news came out {when}: /latest")
