"""/proof: anybody learns where an article stands in the public record, and how to check that without us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.change import ChangeKind, Mark
from bot.domain.codes import article_code, code_of
from bot.newsroom.desk import Desk
from bot.newsroom.public_record import put_on_record, withdraw
from bot.record.entries import Act
from bot.record.notes import SignerKey
from bot.sandbox import Bubble
from bot.storage import Queries
from tests.conftest import Scene, a_scene
from tests.dialogues.conftest import Chat
from tests.helpers.crowd import an_article, publishes
from tests.helpers.doors import look

KEY = SignerKey("news.example/record", bytes(range(32)))
ON_RECORD = "Version {version} of #{id} has been in our public record since {when}, as entry {index}."


@pytest.fixture
async def scene(tmp_path: Path, newsroom: str) -> AsyncIterator[Scene]:
    (tmp_path / "newsroom.toml").write_text(newsroom, encoding="utf-8")
    async with a_scene(tmp_path, RECORD_KEY=KEY.written) as scene:
        yield scene


async def becomes(chat: Chat, act: Act) -> None:
    """Record what became of article 1, as a change does when it goes out."""
    app = chat.scene.app

    async def work(tx: Queries) -> None:
        entry = await tx.entry(1)
        assert entry is not None
        await put_on_record(Desk(app.newsroom, tx, chat.scene.clock()), entry, act)

    await app.store.write(work)


async def test_a_reader_learns_how_to_check_an_article_without_us(reader: Chat) -> None:
    await reader.asks("/proof", "Send the number of an article, or the code under a post, like this: /proof 12")
    await publishes(reader.scene, replace(an_article("Story 1"), language=reader.language))

    for typed in ("/proof 1", f"/proof {code_of(0)}", f"/proof https://news.example/v/{code_of(0)}"):
        shown = await reader.asks(typed, ON_RECORD, version=1, id=1, index=0)
        assert "Story 1" in shown.text
        assert reader.labelled(shown, "🔎 Check it yourself") and reader.labelled(shown, "📄 The proof, a file")
    for text in ("To check it without us: open the page", "The record proves that we published this, not that"):
        assert reader.reads(shown, text)
    for typed in ("/proof 2", f"/proof {code_of(7)}"):
        await reader.asks(typed, "That is not in our public record.")
    await reader.asks("/proof word", "Send the number of an article, or the code under a post, like this: /proof 12")


def links(bubble: Bubble) -> list[str]:
    return [extra for *_, extra in bubble.entities if extra.startswith("http")]


async def test_a_posts_link_to_the_record_stood_in_what_was_approved(reader: Chat) -> None:
    scene, desk = reader.scene, Chat(reader.scene, reader.platform, reader.language).arrives()
    await desk.says(f"/queue {desk.article}", desk.draft(1))

    link = f"/v/{article_code(1)}"

    def previews() -> list[Bubble]:
        return [each for each in desk.heard() if link in f"{each.text} {links(each)}" and desk.reads(each, "Verify")]

    await scene.until(previews)
    await desk.types("/urgent 1")
    await scene.until(lambda: len(scene.channel()) == 1 and len(scene.viber_channel()) == 1)
    post = (scene.channel() if reader.on_telegram else scene.viber_channel())[0]

    # On Telegram the word itself leads there; on Viber the address stands behind it.
    assert reader.reads(post, "Verify") and previews()
    assert (link in post.text) is not reader.on_telegram
    assert (await look(scene, link))[0] == 200
    assert (await look(scene, f"/v/{article_code(2)}"))[0] == 404
    copied = f"{post.text}\n{links(post)[-1]}" if reader.on_telegram else post.text
    await reader.asks(f"/check {copied}", "✅ Yes, this is ours, word for word:")
    shown = await reader.asks(f"/check {scene.app.url}{link}", "🔗 This link opens our own post:")
    assert reader.headline in shown.text
    await reader.asks(f"/proof {article_code(1)}", ON_RECORD, version=1, id=1, index=0)


async def test_a_proof_says_first_what_became_of_the_version_since(reader: Chat) -> None:
    await publishes(reader.scene, replace(an_article("Story 1"), language=reader.language))
    for act, text in (
        (Act.CHECKING, "⚠️ We are checking it right now. Please don't pass it on for now."),
        (Act.RETRACTED, "⛔ We have taken it back. Please don't pass it on."),
    ):
        await becomes(reader, act)
        shown = await reader.asks("/proof 1", ON_RECORD)
        assert reader.reads(shown, text)

    await reader.scene.app.store.write(lambda tx: withdraw(tx, 1, reader.scene.clock()))
    shown = await reader.asks("/proof 1", "Its text was removed as the law demands.")
    assert "Story 1" not in shown.text and not reader.labelled(shown, "🔎 Check it yourself")


async def test_an_older_version_points_to_the_newest(reader: Chat) -> None:
    article = replace(an_article("Story 1"), language=reader.language)
    await publishes(reader.scene, article)
    mark = Mark(ChangeKind.CORRECTION, "14:05", "12, not 15.")
    app = reader.scene.app

    async def corrected(tx: Queries) -> None:
        entry = await tx.entry(1)
        assert entry is not None
        await tx.add_version(entry, replace(article, changes=(mark,)), reader.address, reader.scene.clock())

    await app.store.write(corrected)
    await becomes(reader, Act.CORRECTED)

    shown = await reader.asks(f"/proof {code_of(0)}", ON_RECORD, version=1, index=0)
    assert reader.reads(shown, "There is a newer version: /proof {id}")
    await reader.asks("/proof 1", ON_RECORD, version=2, index=1)


async def test_a_record_that_nobody_can_see_is_said_to_be_closed(reader: Chat) -> None:
    scene = reader.scene
    await publishes(scene, replace(an_article("Story 1"), language=reader.language))
    await scene.stop()
    scene.settings = scene.settings.model_copy(update={"record_key": None})
    await scene.start()

    shown = await reader.asks("/proof 1", "We record what we publish, but nobody can see that record yet")
    assert not reader.labelled(shown, "🔎 Check it yourself")
