"""A reader asks whether something is really ours, and learns what differs and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.commands import cards
from bot.commands.reading import LABEL
from bot.domain import Address, ChatKind, Forward, Incoming, Platform, Run, Said, Sender
from bot.domain.change import ChangeKind, Mark
from bot.domain.chat import Attachment, AttachmentKind
from bot.domain.picture import digest_of
from bot.newsroom import imprint
from bot.storage import Queries
from tests.conftest import CHANNEL, OWNER, READER
from tests.dialogues.conftest import TELEGRAM, Chat
from tests.dialogues.conftest import said as said_to
from tests.helpers.asking import OTHER, PIECES, goes_out
from tests.helpers.crowd import hear_all, rows
from tests.helpers.pictures import huge_png
from tests.trials.genuine.photos import as_jpeg, cut
from tests.trials.genuine.photos import scene as drawn

FOREIGN = {
    "uk": "ТЕРМІНОВО! Запасайтеся готівкою й водою!",
    "en": "BREAKING! Stock up on cash and water!",
}
RETOLD = {
    "uk": "Міст через Сулу відкрили лише вчора ввечері. Рух відновили в обох напрямках, кажуть водії. Решта стоїть.",
    "en": "The library on Market Square closes for good. From December readers may come only on Mondays, they said.",
}
ARABIC = "أعلنت البلدية اليوم عن افتتاح الجسر الجديد أمام المارة والسيارات"


async def hand_over(chat: Chat, said: Said) -> None:
    """Hand over an event that the sandbox can't send for a person, in the form that an adapter gives it."""
    app, now = chat.scene.app, chat.scene.clock()
    incoming = Incoming(Sender(chat.address, "Ivan", chat.language), chat.address, ChatKind.PRIVATE, said, now)
    await app.store.write(partial(app.commands.handle, incoming=incoming, now=now))


def right_to_left(text: str) -> str:
    """Return the text with marks that turn the direction of writing, as copying from some apps puts them in."""
    return "\u2067" + text.replace(" ", " \u200f", 5) + "\u2069"


def checks(language: str, post: str) -> Iterable[tuple[str, str]]:
    number, more, _, sentence = PIECES[language]
    foreign = FOREIGN[language]
    yield post, "✅ Yes, this is ours, word for word:"
    yield right_to_left(post), "✅ Yes, this is ours, word for word:"
    yield post.replace("о" if language == "uk" else "o", "o" if language == "uk" else "о", 1), "🟡 It reads like ours"
    yield post.replace(".", "?", 1), "🟡 The words are ours, the punctuation is not. The original:"
    yield post.replace(f"{sentence} ", "").replace(f"{sentence}\n\n", ""), "🟡 This is ours, but shortened."
    yield f"{foreign}\n\n{post}", "🔴 Somebody added words to our text."
    yield f"{foreign} https://evil.example/pay\n\n{post}", "🔗 A link that is not ours, don't open it: {hosts}"
    yield f"{post}\nhttps://evil.example/pay", "🔴 The words are ours, but the link is not: {hosts}."
    yield post.replace(number, more), "🔴 This was altered: we wrote something else."
    yield sentence, "🟡 Such a short piece says little: these words are in our article"
    yield RETOLD[language], "⚪ This is not our text. The nearest of ours:"
    yield OTHER[language], "⚪ We have not published this."
    yield ARABIC, "⚪ We have not published this."
    yield "?", "That is too little to compare."
    yield "😀🔥🙏🇺🇦 👨‍👩‍👧", "That is too little to compare."
    yield "https://evil.example/pay", "I don't open links."


async def test_a_reader_learns_what_a_text_is_beside_ours(reader: Chat) -> None:
    post = await goes_out(reader)
    await reader.asks("/start", "Thank you for subscribing.")

    await reader.asks("/check", "Forward a post to me, or paste its text after the command, like this: /check text")
    for said, answer in checks(reader.language, post):
        shown = await reader.asks(f"/check {said}", answer)
        assert ("✅" in shown.text) is (said in (post, right_to_left(post)))
    number, more, *_ = PIECES[reader.language]
    altered = await reader.sees("🔴 This was altered")
    for text in ("✖️ Here: “{text}”", "✔️ In ours: “{text}”"):
        assert reader.reads(altered, text)
    assert (more in altered.text, number in altered.text) == (True, True)


async def test_an_excerpt_shows_what_we_wrote_around_it(reader: Chat) -> None:
    body = {
        "uk": "Перше речення про міст і про річку біля нього. " * 2
        + "Друге каже, що рух ним відновили ще вранці. Третє.",
        "en": "The first sentence tells of the bridge and the river there. " * 2
        + "The second tells of traffic. Third.",
    }[reader.language]
    headline = {"uk": "Заголовок про міст", "en": "A headline about the bridge"}[reader.language]
    await goes_out(reader, more=f"{headline}\n\n{body}")
    await reader.asks("/start", "Thank you for subscribing.")

    excerpt = " ".join(body.split()[4:-1])
    shown = await reader.asks(f"/check {excerpt}", "🟡 This is a part of our text, word for word. Read all of it:")

    for text in ("Before it we wrote: “{text}”", "After it we wrote: “{text}”"):
        assert reader.reads(shown, text)


async def test_a_sentence_of_two_articles_and_a_link_are_found(reader: Chat) -> None:
    await goes_out(reader)
    sentence = PIECES[reader.language][3]
    second = {"uk": "Зовсім інше про погоду", "en": "Quite another story"}[reader.language]
    await goes_out(reader, 2, f"{second}\n\n{sentence}")
    await reader.asks("/start", "Thank you for subscribing.")

    await reader.asks(f"/check {sentence}", "🟡 Such a short piece says little: these words stand in several")
    page = {"uk": "sula-bridge", "en": "library"}[reader.language]
    shown = await reader.asks(f"/check https://example.org/news/{page}", "🔗 This link opens our own post:")

    assert reader.headline in shown.text


async def test_pictures_and_endless_texts_get_a_sentence(reader: Chat) -> None:
    post = await goes_out(reader)
    await reader.asks("/start", "Thank you for subscribing.")

    await hand_over(reader, Said((Run("/check"),), untaken=Attachment(AttachmentKind.PICTURE_FILE)))
    await reader.sees("I can't read pictures. Send the text, or forward the post itself.")
    await hand_over(reader, Said((Run(f"/check {post}{' ' * 20_000}слово"),)))
    await reader.sees("Only the first 20,000 characters were compared.")


async def sends(chat: Chat, content: bytes, words: str = "") -> None:
    if chat.on_telegram:
        await chat.scene.sandbox.telegram.send_photo(int(chat.address.id), words, content)
    else:
        url = f"https://dl-media.viber.com/{digest_of(content)[:9]}.jpg"
        await chat.scene.sandbox.viber.send_picture(chat.address.id, url, words, file=content)


async def test_a_picture_of_ours_is_known_and_never_called_ours(reader: Chat) -> None:
    ours, others, anothers = (drawn(number) for number in (1, 2, 3))
    owner = Chat(reader.scene, reader.platform, reader.language).arrives()
    other = f"{OTHER[reader.language]}\n\n{FOREIGN[reader.language]}\n\nsource: City council"
    for number, (picture, text) in enumerate(((ours, owner.article), (anothers, other)), 1):
        await sends(owner, as_jpeg(picture), text)
        await reader.scene.until(partial(said_to, owner, owner.draft(number)))
        await owner.types(f"/urgent {number}")
        await reader.scene.until(lambda number=number: len(reader.scene.channel()) == number)  # type: ignore[misc]
    post = owner.article.partition("\n\nsource")[0]
    await reader.asks("/start", "Thank you for subscribing.")

    await sends(reader, as_jpeg(ours.resize((320, 213)), 40))
    known = await reader.sees("🟡 We published a picture like this with:")
    assert reader.headline in known.text and "✅" not in known.text
    assert reader.reads(known, "Whether something in it was changed, and whether its caption is ours")
    await sends(reader, as_jpeg(others), "/check")
    unknown = await reader.sees("⚪ We have not published a picture like this lately.")
    assert reader.reads(unknown, "If it shows a text, as a screenshot does: I can't read that.")
    for content, text in (
        (as_jpeg(cut(ours, 0.05)), "🖼 The picture looks like the one in the original."),
        (as_jpeg(others, 60), "🖼 We have not published a picture like this lately: it may be somebody else's."),
        (as_jpeg(anothers), "🖼 The picture looks like one that we published with another article: “{headline}”."),
        (huge_png(60_000), "🖼 I could not compare the picture: look whether the one in the original is the same."),
    ):
        await sends(reader, content, f"/check {post}")
        await reader.sees(text)


async def test_the_21st_check_within_an_hour_waits(reader: Chat) -> None:
    store, now = reader.scene.app.store, reader.scene.clock()
    await reader.asks("/start", "Thank you for subscribing.")
    for _ in range(20):
        await store.write(lambda tx: tx.note_check(reader.address, 0, 0, now))

    await reader.asks(f"/check {OTHER[reader.language]}", "That is 20 checks within an hour. Ask again: {when}.")
    reader.scene.advance(hours=1, minutes=1)
    await reader.asks(f"/check {OTHER[reader.language]}", "⚪ We have not published this.")


async def test_a_pasted_post_needs_no_command_and_its_text_is_not_kept(reader: Chat) -> None:
    post = await goes_out(reader)
    await reader.asks("/start", "Thank you for subscribing.")
    question = {"uk": "Це правда?", "en": "Is this true?"}[reader.language]

    await reader.asks(f"{question}\n{post}", "✅ Yes, this is ours, word for word:")
    number, more, *_ = PIECES[reader.language]
    await reader.asks(post.replace(number, more), "🔴 This was altered")

    kept = await reader.scene.app.store.read.all("SELECT * FROM checked")
    assert [(row["chat"], row["article_id"], row["version"]) for row in kept] == [(str(reader.address), 1, 1)] * 2


async def changes(chat: Chat, kind: ChangeKind, note: str = "") -> None:
    """The article is changed after it went out."""
    house, now = chat.scene.app.newsroom, chat.scene.clock()

    async def change(tx: Queries) -> None:
        entry = await tx.entry(1)
        assert entry is not None
        article = replace(entry.article, changes=(*entry.article.changes, Mark(kind, "14:05", note)))
        if kind is ChangeKind.UPDATE:
            article = replace(article, lead=f"{article.lead} 24.")
        version = await tx.add_version(entry, article, chat.address, now)
        await imprint.make(tx, house, 1, version, article, now)

    await chat.scene.app.store.write(change)


async def test_what_became_of_an_article_is_said_of_every_copy_of_it(reader: Chat) -> None:
    post = await goes_out(reader)
    await reader.asks("/start", "Thank you for subscribing.")

    note = "12, not 15."
    for kind, answer in (
        (ChangeKind.UPDATE, "🟡 This is an earlier version of ours. The newest:"),
        (ChangeKind.CHECKING, "⚠️ This is ours, and we are checking it right now."),
        (ChangeKind.CORRECTION, "🟡 This was ours, and we have corrected it since."),
        (ChangeKind.STUB, "⌛ This is ours, but its time is over, and we took it off:"),
        (ChangeKind.RETRACTION, "⛔ We published this and took it back. Please don't pass it on:"),
    ):
        await changes(reader, kind, note)
        shown = await reader.asks(f"/check {post}", answer)
        assert note in shown.text
        assert "✅" not in shown.text
        if kind is ChangeKind.STUB:
            await reader.asks("/latest", "The latest:")
            await reader.taps(f"📖 {cards.short(reader.headline, LABEL)}")
            await reader.sees("We took the text off because its time is over.")


@pytest.fixture
async def forwarder(scene, language: str) -> Chat:  # type: ignore[no-untyped-def]
    """A reader on Telegram, the one platform that tells where a message comes from."""
    return Chat(scene, TELEGRAM, language, reader=True).arrives()


async def test_a_forward_is_judged_by_where_it_comes_from(forwarder: Chat) -> None:
    telegram = forwarder.scene.sandbox.telegram
    post = await goes_out(forwarder)
    telegram.add_channel(-1009, title="Вісник", username="visnyk_new5")
    copied = await telegram.post(-1009, post)
    by_hand = await telegram.post(CHANNEL, "Цього редакція не писала зовсім")

    await telegram.forward(READER, CHANNEL, forwarder.scene.channel()[0].message_id)
    ours = await forwarder.sees("It was forwarded from our channel.")
    await telegram.forward(READER, -1009, copied)
    theirs = await forwarder.sees("It was forwarded from “{name}”, a channel that is not ours.")
    await telegram.forward(READER, CHANNEL, by_hand)
    await forwarder.sees("🟡 This post is in our channel, but the newsroom's own record does not know it.")

    assert "✅" in ours.text
    assert "✅" not in theirs.text
    assert forwarder.reads(theirs, "🔴 This is not our channel: {name} only looks like ours, {ours}.")
    assert forwarder.reads(theirs, "🟡 The words of this post itself are ours. The original:")
    assert await forwarder.scene.app.store.read.entry(2) is None


async def test_the_desks_forward_of_our_own_post_says_so_on_the_draft(forwarder: Chat) -> None:
    desk = Chat(forwarder.scene, TELEGRAM, forwarder.language).arrives()
    await goes_out(forwarder)

    await forwarder.scene.sandbox.telegram.forward(OWNER, CHANNEL, forwarder.scene.channel()[0].message_id)

    await desk.sees("This is #{id} of ours, version {version}.", id=1, version=1)
    assert (
        await forwarder.scene.app.store.read.checks_since(
            Address(Platform.TELEGRAM, str(OWNER)), forwarder.scene.clock() - timedelta(days=1), 5
        )
        == []
    )


LOOKS = "👀 A channel looks like ours ({ours}):"
NOT_OURS = "🔴 This is not our channel: {name} only looks like ours, {ours}."


async def test_everybody_sees_which_channels_are_ours(reader: Chat) -> None:
    desk = Chat(reader.scene, reader.platform, reader.language).arrives()
    for chat in (desk, reader):
        shown = await chat.asks("/channels", "Only these are ours:")

        assert chat.reads(shown, "The number never changes and can't be imitated; a name can.")
        assert chat.reads(shown, "our bot")
        for part in (str(CHANNEL), "100001", "Вісник", "visnyk_news", "invite.viber.com"):
            assert part in shown.text or part in str(shown.entities)


async def test_a_name_like_ours_is_no_place_of_ours_and_the_desk_hears_of_it_once(reader: Chat) -> None:
    scene = reader.scene
    desk = Chat(scene, reader.platform, reader.language).arrives()
    await desk.asks("/list", "The queue is empty. Add an article: /queue")
    await hear_all(scene)
    await reader.asks("/start", "Thank you for subscribing.")

    await reader.asks("/check @visnyk_new5", NOT_OURS, name="@visnyk_new5", ours="@visnyk_news")
    told = await desk.sees(LOOKS, ours="@visnyk_news")
    assert desk.reads(told, "A reader asked about it. It may be chance: look at it before you say anything in public.")
    await reader.asks("/check https://t.me/visnyk_new5/12", NOT_OURS)
    await reader.asks("/check https://t.me/visnyk_news", "🔗 This is our own:")
    near = await reader.asks("/check @visnyk_news_ua", "I don't open links.")
    await reader.asks("/check @weather_today", "I don't open links.")

    assert "visnyk_news_ua" not in near.text
    await scene.until(lambda: any("@visnyk_news_ua" in bubble.text for bubble in desk.heard()))
    hints = [bubble.text for bubble in desk.heard() if desk.reads(bubble, LOOKS)]
    assert sorted("_ua" in text for text in hints) == [False, True]
    asked = await rows(scene, "SELECT id, asked FROM suspect ORDER BY id")
    assert [tuple(row) for row in asked] == [("@visnyk_new5", 2), ("@visnyk_news_ua", 1)]


async def test_a_message_of_our_own_bot_is_ours_by_its_number(forwarder: Chat) -> None:
    post = await goes_out(forwarder)
    await forwarder.asks("/start", "Thank you for subscribing.")
    forwarded = Forward("Вісник", private=True, bot="100001")
    other = Forward("Вісник", private=True, bot="100002", username="weather_bot")

    await hand_over(forwarder, Said((Run(post),), forward=forwarded))
    assert "✅" in (await forwarder.sees("It came from our own bot.")).text
    await hand_over(forwarder, Said((Run(post),), forward=other))
    assert "✅" not in (await forwarder.sees(NOT_OURS, name="@weather_bot")).text
